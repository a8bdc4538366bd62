package dev.firstup.probe;

import dev.firstup.model.Server;

/**
 * Connects; then speaks TLS, if asked to; then HTTP, if asked to.
 *
 * @param tls null for none
 * @param http null for none
 * @param usualPort the port of a server that names none; 0 if this kind has no usual one
 */
record NetworkCheck(Tls tls, Http http, int usualPort) implements Check {
    @Override
    public void begin(Attempt attempt, Engine engine) {
        Server server = attempt.server();
        String obstacle = port(server) == 0 ? "no port is given" : http == null ? null : Http.obstacle(server);
        if (obstacle != null) {
            attempt.settle(Finding.unknown(obstacle));
            return;
        }
        new Connection(this, attempt, engine).begin();
    }

    int port(Server server) {
        return server.port() == 0 ? usualPort : server.port();
    }

    /** What is said once the connection stands; null if that is enough. */
    Dialogue dialogue(Server server) {
        return http == null ? null : http.dialogue(server);
    }
}
