package dev.firstup.probe.tls;

import dev.firstup.model.probe.ReasonCode;
import dev.firstup.probe.engine.ProbeResult;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How a client of ours speaks TLS: whom it trusts, and what it makes of the certificate that it is shown.
 *
 * <p>It is spoken by {@link BoringSsl} where this machine has that, else by Java, and by Java to servers that the other one did not
 * come to terms with: it knows less.
 */
public final class TlsClient {
    /**
     * What a handshake must come to.
     *
     * @param days how many days the certificate must be valid still; 0 for any
     * @param version as Java names it; null for any that is spoken here
     * @param offered protocols that the server is told we would speak (ALPN, RFC 7301); empty for none
     * @param chosen whether the server must choose one of them
     */
    public record Least(int days, @Nullable String version, List<String> offered, boolean chosen) {}

    /** Of so many servers it is remembered that they are Java's. */
    private static final int MOST_KNOWN = 10_000;

    /** How many handshakes in a row are Java's with such a server. */
    public static final int WHILE = 1000;

    /** How many if that is not certain: enough for a server to fall. */
    public static final int FEW = 10;

    private final SSLContext context;
    private final @Nullable BoringSsl cheap;
    private final boolean verify;
    private final boolean showsItsOwn;
    private final Least least;
    private final PeerCertificates shown;
    private final AtomicInteger handshakes = new AtomicInteger();
    /** The servers that are Java's, and for how many handshakes still. */
    private final ConcurrentMap<InetSocketAddress, Integer> javas = new ConcurrentHashMap<>();

    private TlsClient(
            boolean verify, TrustManager trust, PeerCertificates shown, KeyManager @Nullable [] own, Least least)
            throws GeneralSecurityException {
        this.verify = verify;
        showsItsOwn = own != null;
        this.least = least;
        this.shown = shown;
        context = SSLContext.getInstance("TLS");
        context.init(own, new TrustManager[] {trust}, null);
        context.getClientSessionContext().setSessionCacheSize(1);
        cheap = BoringSsl.of(trust, own, verify, least.offered());
    }

    /**
     * Trusts whom the Java runtime trusts.
     *
     * @param own what is shown to servers that ask for it; null for nothing
     */
    public static TlsClient ofSystem(KeyManager @Nullable [] own, Least least) throws GeneralSecurityException {
        return trusting(null, own, least);
    }

    /** Trusts the certificates in {@code trusted}, and nobody else. */
    public static TlsClient trusting(@Nullable KeyStore trusted, KeyManager @Nullable [] own, Least least)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        PeerCertificates shown = new PeerCertificates();
        for (TrustManager trust : factory.getTrustManagers()) {
            if (trust instanceof X509ExtendedTrustManager judge) {
                return new TlsClient(true, new ExplainingTrustManager(judge, shown), shown, own, least);
            }
        }
        throw new GeneralSecurityException("this Java runtime has no X.509 trust manager");
    }

    /** Accepts every certificate. */
    public static TlsClient blind(KeyManager @Nullable [] own, Least least) throws GeneralSecurityException {
        PeerCertificates shown = new PeerCertificates();
        return new TlsClient(false, new InsecureTrustManager(shown), shown, own, least);
    }

    /**
     * One connection's TLS.
     *
     * @param name for SNI (RFC 6066: never an address) and certificate
     * @param to the server
     * @param second whether {@link BoringSsl} has just failed there, so that it is Java's turn
     */
    public SslHandler handler(String name, InetSocketAddress to, boolean second, ByteBufAllocator buffers) {
        // Before there is an engine, which would be lost if this name were refused.
        List<SNIServerName> names = isAddress(name) ? List.of() : List.of(new SNIHostName(name));
        // The port is a hint for finding a session to resume. A new one each time: every probe shall see a certificate.
        int port = 1 + (handshakes.getAndIncrement() & 0x7fff);
        SSLEngine engine = cheap == null || second || takesJava(to)
                ? context.createSSLEngine(name, port)
                : cheap.engine(buffers, name, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(names);
        if (verify) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        parameters.setApplicationProtocols(least.offered().toArray(String[]::new));
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        // The probe's own deadline is over all its phases.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /** Whether the next handshake with this server is Java's; it is counted. */
    private boolean takesJava(InetSocketAddress to) {
        return javas.computeIfPresent(to, (it, left) -> left == 0 ? null : left - 1) != null;
    }

    /** {@link BoringSsl} came to no terms with a server: at least the next so many handshakes are Java's. Servers change. */
    public void atLeast(InetSocketAddress server, int many) {
        if (javas.size() >= MOST_KNOWN && !javas.containsKey(server)) {
            // One that is gone, perhaps: if it is not, it will be back.
            javas.keySet().stream().findAny().ifPresent(javas::remove);
        }
        javas.merge(server, many, Math::max);
    }

    /** Nor did Java: no more than so many are. */
    public void atMost(InetSocketAddress server, int many) {
        javas.computeIfPresent(server, (it, left) -> many == 0 ? null : Math.min(left, many));
    }

    /** Whether there is a certificate of our own to show. */
    public boolean showsItsOwn() {
        return showsItsOwn;
    }

    /** The end of the validity of the certificate that a handshake has shown, whatever came of it; null if none was. */
    public @Nullable Instant shown(SSLEngine handshake) {
        return shown.expires(handshake);
    }

    /** What is wrong with a handshake that succeeded; null if nothing is. */
    public @Nullable ProbeResult objection(SSLEngine engine) {
        SSLSession session = engine.getSession();
        // Older versions are offered too: what the server would have spoken is worth knowing.
        if (least.version() != null && session.getProtocol().compareTo(least.version()) < 0) {
            return ProbeResult.down(
                    ReasonCode.L6RSP,
                    "the server speaks " + session.getProtocol() + ", expected at least " + least.version());
        }
        String chosen = engine.getApplicationProtocol();
        if (least.chosen() && (chosen == null || !least.offered().contains(chosen))) {
            return ProbeResult.down(
                    ReasonCode.L6RSP,
                    "the server chose no protocol (ALPN), expected " + String.join(" or ", least.offered()));
        }
        Instant expires = expires(session);
        return least.days() == 0 || expires == null ? null : tooSoon(expires);
    }

    private @Nullable ProbeResult tooSoon(Instant expires) {
        Duration left = Duration.between(Instant.now(), expires);
        if (left.toDays() >= least.days() && !left.isNegative()) {
            return null;
        }
        return ProbeResult.down(
                ReasonCode.L6RSP,
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
    public static @Nullable Instant expires(SSLSession session) {
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
