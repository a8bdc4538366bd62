package dev.firstup.probe.http;

import java.util.Set;

/** What a redirect (RFC 9110, section 15.4) means. */
public enum RedirectPolicy {
    /** What its status means. */
    UP,
    /** The server is down. */
    DOWN,
    /** What it leads to, at the same server, decides. */
    FOLLOW;

    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    static boolean is(int status) {
        return status >= 300 && STATUSES.contains(status);
    }
}
