package dev.firstup.probe;

import dev.firstup.model.Server;

/**
 * Connects; then speaks TLS, if asked to; then a protocol, if asked to.
 *
 * @param tls how TLS is spoken, first of all or in the middle; null for never
 * @param tlsFirst whether it is spoken before anything else
 * @param protocol null for none
 * @param usualPort the port of a server that names none; 0 if this kind has no usual one
 */
record NetworkCheck(Tls tls, boolean tlsFirst, Protocol protocol, int usualPort) implements Check {
    /** Nothing is encrypted. */
    static NetworkCheck plain(Protocol protocol, int usualPort) {
        return new NetworkCheck(null, false, protocol, usualPort);
    }

    /** All is encrypted. */
    static NetworkCheck encrypted(Tls tls, Protocol protocol, int usualPort) {
        return new NetworkCheck(tls, true, protocol, usualPort);
    }

    @Override
    public void begin(Attempt attempt, Engine engine) {
        Server server = attempt.server();
        String obstacle = port(server) == 0 ? "no port is given" : protocol == null ? null : protocol.obstacle(server);
        if (obstacle != null) {
            attempt.settle(Finding.unknown(obstacle));
            return;
        }
        new Connection(this, attempt, engine).begin();
    }

    @Override
    public int port(Server server) {
        return server.port() == 0 ? usualPort : server.port();
    }
}
