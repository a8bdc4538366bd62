package dev.firstup.probe;

import dev.firstup.model.Server;

/**
 * An HTTP/1.1 check (RFC 9110, RFC 9112) as the options of an endpoint describe it. Redirects are not followed.
 *
 * @param method the request's method
 * @param statuses what counts as up
 * @param needle what the body must contain; null if the body is not read
 * @param usualPort the port that is left out of the Host header
 */
record Http(String method, Statuses statuses, Needle needle, int usualPort) implements Protocol {
    private static final String VERSION = version();

    @Override
    public Dialogue dialogue(Server server) {
        StringBuilder request = new StringBuilder(200)
                .append(method)
                .append(' ')
                .append(server.path().isEmpty() ? "/" : server.path())
                .append(" HTTP/1.1\r\nHost: ");
        boolean bare =
                server.publicName().indexOf(':') >= 0 && !server.publicName().startsWith("[");
        request.append(bare ? "[" + server.publicName() + "]" : server.publicName());
        if (server.port() != 0 && server.port() != usualPort) {
            request.append(':').append(server.port());
        }
        request.append("\r\nUser-Agent: firstup/").append(VERSION).append("\r\nAccept: */*\r\nConnection: close\r\n");
        if (method.equals("POST") || method.equals("PUT")) {
            request.append("Content-Length: 0\r\n");
        }
        return new HttpDialogue(this, request.append("\r\n").toString());
    }

    /** A line break in either would be a header of somebody else's making. */
    @Override
    public String obstacle(Server server) {
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

    private static String version() {
        String version = Http.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
