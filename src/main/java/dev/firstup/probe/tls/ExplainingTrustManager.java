package dev.firstup.probe.tls;

import dev.firstup.probe.engine.ReasonText;
import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Judges as another one does, and says in people's words what was wrong. */
final class ExplainingTrustManager extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;
    private static final int NAMES_SHOWN = 3;

    private final X509ExtendedTrustManager judge;
    private final PeerCertificates shown;

    ExplainingTrustManager(X509ExtendedTrustManager judge, PeerCertificates shown) {
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
            if (BoringSsl.speaks(engine) && constrained(chain, authType, e)) {
                // Not the certificate is at fault: the judge has heard that this TLS does not know how it is signed,
                // but Java may.
                throw e;
            }
            throw new CertificateRefusedException(
                    why(chain, authType, engine.getPeerHost(), e),
                    chain[0].getNotAfter().toInstant(),
                    e);
        }
    }

    private String why(X509Certificate[] chain, String authType, String expected, CertificateException e) {
        boolean current = dated(chain[0]) == null;
        boolean constrained = constrained(chain, authType, e);
        if (current && !constrained && trusted(chain, authType)) {
            return "certificate is for " + names(chain[0]) + ", expected " + expected;
        }
        List<X509Certificate> path = path(chain);
        for (X509Certificate certificate : path) {
            if (dated(certificate) != null) {
                return (certificate == chain[0] ? "certificate" : "certificate of " + subject(certificate))
                        + dated(certificate);
            }
        }
        if (constrained || !(rootOf(e) instanceof CertPathBuilderException)) {
            return "certificate of " + subject(chain[0]) + " is not accepted: "
                    + ReasonText.firstLine("" + e.getMessage());
        }
        String issuer = ReasonText.firstLine(
                path.get(path.size() - 1).getIssuerX500Principal().toString());
        return path.size() == 1 && issuer.equals(subject(chain[0]))
                ? "certificate is self-signed by " + issuer
                : "certificate is issued by " + issuer + ", which is not trusted";
    }

    /** What is wrong with its dates; null if nothing is. */
    private static @Nullable String dated(X509Certificate certificate) {
        Instant now = Instant.now();
        if (certificate.getNotAfter().toInstant().isBefore(now)) {
            return " expired on " + day(certificate.getNotAfter());
        }
        return certificate.getNotBefore().toInstant().isAfter(now)
                ? " is not valid before " + day(certificate.getNotBefore())
                : null;
    }

    /** The server's certificate, its issuer's, and so on. A server may send others, in any order, that have no part in it. */
    private static List<X509Certificate> path(X509Certificate[] chain) {
        List<X509Certificate> path = new ArrayList<>(List.of(chain[0]));
        X509Certificate next = issuer(chain[0], chain);
        while (next != null && !path.contains(next)) {
            path.add(next);
            next = issuer(next, chain);
        }
        return path;
    }

    /** One that is valid now, if there are several; null if it was not sent. */
    private static @Nullable X509Certificate issuer(X509Certificate certificate, X509Certificate[] chain) {
        X509Certificate found = null;
        for (X509Certificate it : chain) {
            boolean names = it.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
            if (names && (found == null || dated(found) != null)) {
                found = it;
            }
        }
        return found;
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

    /** Whether it is only this handshake's algorithms that do not allow for it. Who builds a path does not say so. */
    private boolean constrained(X509Certificate[] chain, String authType, CertificateException e) {
        Throwable root = rootOf(e);
        return root instanceof CertPathValidatorException broken
                        && broken.getReason() == BasicReason.ALGORITHM_CONSTRAINED
                || root instanceof CertPathBuilderException && trusted(chain, authType);
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
        return ReasonText.firstLine(certificate.getSubjectX500Principal().toString());
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
