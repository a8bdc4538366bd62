package dev.firstup.probe;

import dev.firstup.model.Code;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
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
    /**
     * What a handshake must come to.
     *
     * @param days how many days the certificate must be valid still; 0 for any
     * @param version as Java names it; null for any that Java speaks
     * @param protocols of which the server must choose one (ALPN, RFC 7301); empty for none
     */
    record Least(int days, String version, List<String> protocols) {
        static final Least NOTHING = new Least(0, null, List.of());
    }

    private final SSLContext context;
    private final boolean verify;
    private final Least least;
    private final List<String> offered;
    private final Shown shown;
    private final AtomicInteger handshakes = new AtomicInteger();

    private Tls(boolean verify, TrustManager trust, Shown shown, KeyManager[] own, Least least)
            throws GeneralSecurityException {
        this.verify = verify;
        this.least = least;
        offered = least.protocols();
        this.shown = shown;
        context = SSLContext.getInstance("TLS");
        context.init(own, new TrustManager[] {trust}, null);
        context.getClientSessionContext().setSessionCacheSize(1);
    }

    private Tls(Tls other, List<String> offered) {
        verify = other.verify;
        least = other.least;
        context = other.context;
        this.offered = offered;
        shown = other.shown;
    }

    /** The same, and says by ALPN (RFC 7301) what will be spoken. A server that knows no ALPN is spoken to all the same. */
    Tls offering(String... protocols) {
        return new Tls(this, List.of(protocols));
    }

    /**
     * Trusts whom the Java runtime trusts.
     *
     * @param own what is shown to servers that ask for it; null for nothing
     */
    static Tls ofSystem(KeyManager[] own, Least least) throws GeneralSecurityException {
        return trusting(null, own, least);
    }

    /** Trusts the certificates in {@code trusted}, and nobody else. */
    static Tls trusting(KeyStore trusted, KeyManager[] own, Least least) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        Shown shown = new Shown();
        for (TrustManager trust : factory.getTrustManagers()) {
            if (trust instanceof X509ExtendedTrustManager judge) {
                return new Tls(true, new ExplainingTrust(judge, shown), shown, own, least);
            }
        }
        throw new GeneralSecurityException("this Java runtime has no X.509 trust manager");
    }

    /** Accepts every certificate. */
    static Tls blind(KeyManager[] own, Least least) throws GeneralSecurityException {
        Shown shown = new Shown();
        return new Tls(false, new BlindTrust(shown), shown, own, least);
    }

    /** One connection's TLS, under {@code name} for SNI (RFC 6066: never an address) and certificate. */
    SslHandler handler(String name) {
        // The port is a hint for finding a session to resume. A new one each time: every probe shall see a certificate.
        SSLEngine engine = context.createSSLEngine(name, 1 + (handshakes.getAndIncrement() & 0x7fff));
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(isAddress(name) ? List.of() : List.of(new SNIHostName(name)));
        if (verify) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        parameters.setApplicationProtocols(offered.toArray(String[]::new));
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        // The probe's own deadline is over all its phases.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /** The end of the validity of the certificate that a handshake has shown, whatever came of it; null if none was. */
    Instant shown(SSLEngine handshake) {
        return shown.expires(handshake);
    }

    /** What is wrong with a handshake that succeeded; null if nothing is. */
    Finding objection(SSLEngine engine) {
        SSLSession session = engine.getSession();
        // Older versions are offered too: what the server would have spoken is worth knowing.
        if (least.version() != null && session.getProtocol().compareTo(least.version()) < 0) {
            return Finding.down(
                    Code.L6RSP,
                    "the server speaks " + session.getProtocol() + ", expected at least " + least.version());
        }
        if (!least.protocols().isEmpty() && !least.protocols().contains(engine.getApplicationProtocol())) {
            return Finding.down(
                    Code.L6RSP,
                    "the server chose no protocol (ALPN), expected " + String.join(" or ", least.protocols()));
        }
        Instant expires = expires(session);
        return least.days() == 0 || expires == null ? null : tooSoon(expires);
    }

    private Finding tooSoon(Instant expires) {
        Duration left = Duration.between(Instant.now(), expires);
        if (left.toDays() >= least.days() && !left.isNegative()) {
            return null;
        }
        return Finding.down(
                Code.L6RSP,
                "certificate "
                        + (left.isNegative() ? "expired on " : "expires on ")
                        + LocalDate.ofInstant(expires, ZoneOffset.UTC)
                        + (left.isNegative() ? "" : ", in " + days(left.toDays()))
                        + ", expected at least "
                        + days(least.days()));
    }

    private static String days(long days) {
        return days == 1 ? "1 day" : days + " days";
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
