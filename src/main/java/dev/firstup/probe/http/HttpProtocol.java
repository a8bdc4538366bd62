package dev.firstup.probe.http;

import dev.firstup.model.Server;
import dev.firstup.probe.connection.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * One request over HTTP/1.1 and its answer, as the options of an endpoint describe them.
 *
 * @param request what is asked
 * @param expected what must be answered
 * @param usualPort the port that is left out of the Host header
 */
public record HttpProtocol(HttpRequestTemplate request, HttpExpectation expected, int usualPort) implements Protocol {
    @Override
    public HttpDialogue dialogue(Server server) {
        return dialogue(server, HttpLogin.Value.NONE);
    }

    HttpDialogue dialogue(Server server, HttpLogin.Value login) {
        return new HttpDialogue(expected, request.bytes(server, usualPort, login.header()), login.redactor());
    }

    @Override
    public boolean endsByReset() {
        return true;
    }

    /** A line break in either would be a header of somebody else's making. */
    @Override
    public @Nullable String obstacle(Server server) {
        return plain(server.path())
                ? plain(server.publicName()) && !server.publicName().isEmpty()
                        ? null
                        : "the public name \"" + server.publicName() + "\" is not a host name"
                : "the path \"" + server.path() + "\" has characters that must be percent-encoded";
    }

    private static boolean plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 127) {
                return false;
            }
        }
        return true;
    }
}
