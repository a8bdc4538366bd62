package dev.firstup.probe.connection;

import dev.firstup.model.Server;
import dev.firstup.probe.engine.ProbeAttempt;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.Prober;
import dev.firstup.probe.tls.TlsClient;
import org.jspecify.annotations.Nullable;

/**
 * Connects; then speaks TLS, if asked to; then a protocol, if asked to.
 *
 * @param tls how TLS is spoken, first of all or in the middle; null for never
 * @param tlsFirst whether it is spoken before anything else
 * @param protocol null for none
 * @param usualPort the port of a server that names none; 0 if this kind has no usual one
 */
public record NetworkProber(@Nullable TlsClient tls, boolean tlsFirst, @Nullable Protocol protocol, int usualPort)
        implements Prober {
    /** Nothing is encrypted. */
    public static NetworkProber plain(Protocol protocol, int usualPort) {
        return new NetworkProber(null, false, protocol, usualPort);
    }

    /** All is encrypted. */
    public static NetworkProber encrypted(TlsClient tls, @Nullable Protocol protocol, int usualPort) {
        return new NetworkProber(tls, true, protocol, usualPort);
    }

    @Override
    public void begin(ProbeAttempt attempt, ProbeEngine engine) {
        Server server = attempt.server();
        String obstacle = port(server) == 0 ? "no port is given" : protocol == null ? null : protocol.obstacle(server);
        if (obstacle != null) {
            attempt.settle(ProbeResult.unknown(obstacle));
            return;
        }
        new ProbeConnection(this, attempt, engine).begin();
    }

    @Override
    public int port(Server server) {
        return server.port() == 0 ? usualPort : server.port();
    }
}
