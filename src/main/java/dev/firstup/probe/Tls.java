package dev.firstup.probe;

import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** How a client of ours speaks TLS: whom it trusts, and what it makes of the certificate that it is shown. */
final class Tls {
    private final SSLContext context;
    private final boolean verify;
    private final String[] protocols;
    private final AtomicInteger handshakes = new AtomicInteger();

    private Tls(boolean verify, TrustManager trust) throws GeneralSecurityException {
        this.verify = verify;
        protocols = new String[0];
        context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust}, null);
        context.getClientSessionContext().setSessionCacheSize(1);
    }

    private Tls(Tls other, String... protocols) {
        verify = other.verify;
        context = other.context;
        this.protocols = protocols;
    }

    /** The same, and says by ALPN (RFC 7301) what will be spoken. A server that knows no ALPN is spoken to all the same. */
    Tls offering(String... protocols) {
        return new Tls(this, protocols);
    }

    /** Trusts whom the Java runtime trusts. */
    static Tls ofSystem() throws GeneralSecurityException {
        return verifying(null);
    }

    /** Trusts the certificates in the PEM file {@code ca}, and nobody else. */
    static Tls trusting(Path ca) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(ca)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
            }
        }
        if (trusted.size() == 0) {
            throw new CertificateException("it has no certificate");
        }
        return verifying(trusted);
    }

    /** Accepts every certificate. */
    static Tls blind() throws GeneralSecurityException {
        return new Tls(false, new BlindTrust());
    }

    private static Tls verifying(KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        for (TrustManager trust : factory.getTrustManagers()) {
            if (trust instanceof X509ExtendedTrustManager judge) {
                return new Tls(true, new ExplainingTrust(judge));
            }
        }
        throw new GeneralSecurityException("this Java runtime has no X.509 trust manager");
    }

    /** One connection's TLS, under {@code name} for SNI (RFC 6066: never an address) and certificate. */
    SslHandler handler(String name) {
        // The port is a hint for finding a session to resume. A new one each time: every probe shall see a certificate.
        SSLEngine engine = context.createSSLEngine(name, 1 + (handshakes.getAndIncrement() & 0x7fff));
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(isAddress(name) ? List.of() : List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(protocols);
        if (verify) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        // The probe's own deadline is over all its phases.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /** The end of the validity of the certificate that was shown; null if none was. */
    static Instant expires(SSLSession session) {
        try {
            return ((X509Certificate) session.getPeerCertificates()[0])
                    .getNotAfter()
                    .toInstant();
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private static boolean isAddress(String name) {
        return NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name);
    }
}
