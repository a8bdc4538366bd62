package dev.firstup.probe.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** The certificates that servers have shown in handshakes under way: one that comes to nothing leaves no session to ask. */
final class PeerCertificates {
    private final Map<SSLEngine, Instant> ends = Collections.synchronizedMap(new WeakHashMap<>());

    void in(SSLEngine handshake, X509Certificate certificate) {
        ends.put(handshake, certificate.getNotAfter().toInstant());
    }

    /** The end of the validity of what was shown; null if nothing was. It is told once. */
    @Nullable
    Instant expires(SSLEngine handshake) {
        return ends.remove(handshake);
    }
}
