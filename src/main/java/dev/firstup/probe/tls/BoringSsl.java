package dev.firstup.probe.tls;

import dev.firstup.probe.engine.ReasonText;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.lang.ref.Cleaner;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS as BoringSSL speaks it, at a sixth of the CPU that Java's takes. Certificates are Java's affair here too. It knows less than
 * Java, such as no Ed25519, no P-521 and no DHE: where it fails, that says little of a server.
 */
public final class BoringSsl {
    private static final Logger LOG = LoggerFactory.getLogger(BoringSsl.class);
    private static final AtomicBoolean TOLD = new AtomicBoolean();
    private static final Cleaner CLEANER = Cleaner.create();
    private static final String ALERTED = "Received fatal alert: ";
    private static final Pattern ALERT = Pattern.compile("error:.*:(?:SSLV3|TLSV1)_ALERT_(\\w+)");
    private static final Set<String> KEYS = Set.of("RSA", "EC");
    private static final Pattern SIGNATURE = Pattern.compile("SHA\\d+with(RSA|ECDSA)");
    private static final Pattern ERROR = Pattern.compile("error:.*:(\\w+)");

    private final SslContext context;

    private BoringSsl(SslContext context) {
        this.context = context;
        CLEANER.register(this, () -> ReferenceCountUtil.release(context));
    }

    /**
     * Null where this machine does not have it, or where it cannot show what is {@code own}: where that is asked for, a handshake
     * may succeed and be objected to only afterwards.
     *
     * @param own what is shown to servers that ask for it; null for nothing
     * @param verify whether the certificate must be for the server's name
     * @param offered protocols (ALPN); empty for none
     */
    static @Nullable BoringSsl of(
            TrustManager trust, KeyManager @Nullable [] own, boolean verify, List<String> offered) {
        if (!OpenSsl.isAvailable()) {
            if (!TOLD.getAndSet(true)) {
                LOG.info(
                        "TLS is spoken by Java, which takes more CPU: {}",
                        ReasonText.reason(OpenSsl.unavailabilityCause()));
            }
            return null;
        }
        if (own != null && own[0] instanceof X509KeyManager keys && !shows(keys)) {
            return null;
        }
        try {
            return new BoringSsl(SslContextBuilder.forClient()
                    // Unlike OPENSSL, it needs no finalizer for each connection.
                    .sslProvider(SslProvider.OPENSSL_REFCNT)
                    // With tasks, it waits for ever where a server asks for our certificate in a renegotiation.
                    .option(OpenSslContextOption.USE_TASKS, false)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .trustManager(trust)
                    .keyManager(own == null ? null : own[0])
                    .endpointIdentificationAlgorithm(verify ? "HTTPS" : null)
                    .applicationProtocolConfig(offered.isEmpty() ? ApplicationProtocolConfig.DISABLED : alpn(offered))
                    .sessionCacheSize(1)
                    .build());
        } catch (SSLException e) {
            LOG.warn("TLS is spoken by Java, which takes more CPU: {}", ReasonText.reason(e));
            return null;
        }
    }

    /** Whether it knows all that we might show, and how that is signed: what it does not, it leaves out without a word. */
    private static boolean shows(X509KeyManager keys) {
        List<X509Certificate> known = KEYS.stream()
                .map(it -> keys.getClientAliases(it, null))
                .filter(Objects::nonNull)
                .flatMap(Stream::of)
                .flatMap(it -> Stream.of(keys.getCertificateChain(it)))
                .toList();
        return !known.isEmpty()
                && known.stream()
                        .allMatch(it -> KEYS.contains(it.getPublicKey().getAlgorithm())
                                && SIGNATURE.matcher(it.getSigAlgName()).matches());
    }

    private static ApplicationProtocolConfig alpn(List<String> offered) {
        return new ApplicationProtocolConfig(
                Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, offered);
    }

    /** The client's side of one connection. Who takes it out of its pipeline again gives it back. */
    SSLEngine engine(ByteBufAllocator buffers, String name, int port) {
        return context.newEngine(buffers, name, port);
    }

    /** Whether {@code engine} is of this kind. */
    public static boolean speaks(SSLEngine engine) {
        return engine instanceof ReferenceCountedOpenSslEngine;
    }

    /** Whether it is what the other side says that has failed. */
    public static boolean isAlert(SSLException failure) {
        return reason(failure).startsWith(ALERTED);
    }

    /** What has failed, in the words of Java for alerts (RFC 8446, section 6). */
    public static String reason(SSLException failure) {
        String reason = ReasonText.reason(failure);
        Matcher alert = ALERT.matcher(reason);
        if (alert.matches()) {
            return ALERTED + alert.group(1).toLowerCase(Locale.ROOT);
        }
        Matcher error = ERROR.matcher(reason);
        return error.matches() ? error.group(1).toLowerCase(Locale.ROOT).replace('_', ' ') : reason;
    }
}
