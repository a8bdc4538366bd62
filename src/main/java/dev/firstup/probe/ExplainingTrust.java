package dev.firstup.probe;

import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Judges as another one does, and says in people's words what was wrong. */
final class ExplainingTrust extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;
    private static final int NAMES_SHOWN = 3;

    private final X509ExtendedTrustManager judge;
    private final Shown shown;

    ExplainingTrust(X509ExtendedTrustManager judge, Shown shown) {
        this.judge = judge;
        this.shown = shown;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        shown.in(engine, chain[0]);
        try {
            // The judge takes a certificate that it was told to trust itself, however old.
            chain[0].checkValidity();
            judge.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw new CertificateRefused(
                    why(chain, authType, engine.getPeerHost(), e),
                    chain[0].getNotAfter().toInstant(),
                    e);
        }
    }

    private String why(X509Certificate[] chain, String authType, String expected, CertificateException e) {
        Instant now = Instant.now();
        for (X509Certificate certificate : chain) {
            String whose = certificate == chain[0] ? "certificate" : "certificate of " + subject(certificate);
            if (certificate.getNotAfter().toInstant().isBefore(now)) {
                return whose + " expired on " + day(certificate.getNotAfter());
            }
            if (certificate.getNotBefore().toInstant().isAfter(now)) {
                return whose + " is not valid before " + day(certificate.getNotBefore());
            }
        }
        if (trusted(chain, authType)) {
            return "certificate is for " + names(chain[0]) + ", expected " + expected;
        }
        if (!(rootOf(e) instanceof CertPathBuilderException)) {
            return "certificate of " + subject(chain[0]) + " is not accepted: " + Text.firstLine("" + e.getMessage());
        }
        String issuer =
                Text.firstLine(chain[chain.length - 1].getIssuerX500Principal().toString());
        return chain.length == 1 && issuer.equals(subject(chain[0]))
                ? "certificate is self-signed by " + issuer
                : "certificate is issued by " + issuer + ", which is not trusted";
    }

    private boolean trusted(X509Certificate[] chain, String authType) {
        try {
            judge.checkServerTrusted(chain, authType);
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private static Throwable rootOf(Throwable e) {
        return e.getCause() == null ? e : rootOf(e.getCause());
    }

    private static LocalDate day(Date date) {
        return LocalDate.ofInstant(date.toInstant(), ZoneOffset.UTC);
    }

    /** The names that the certificate is for (RFC 9525), the first few of them. */
    private static String names(X509Certificate certificate) {
        try {
            List<String> names = certificate.getSubjectAlternativeNames() == null
                    ? List.of()
                    : certificate.getSubjectAlternativeNames().stream()
                            .filter(it ->
                                    it.get(0).equals(DNS_NAME) || it.get(0).equals(ADDRESS))
                            .map(it -> it.get(1).toString())
                            .toList();
            return names.isEmpty()
                    ? subject(certificate)
                    : String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())))
                            + (names.size() > NAMES_SHOWN ? ", ..." : "");
        } catch (CertificateException e) {
            return subject(certificate);
        }
    }

    private static String subject(X509Certificate certificate) {
        return Text.firstLine(certificate.getSubjectX500Principal().toString());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }
}
