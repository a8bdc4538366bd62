package dev.firstup.zone;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one server said, or why it did not.
 *
 * @param server who was asked
 * @param asked at which of its addresses
 * @param values of the record, in order; null where there is a failure
 * @param ttl the largest time to live of these, in seconds; 0 where there are none
 * @param failure why there are no values; null where there are
 * @param unroutable whether it is this machine that has no way there
 * @param problem a trouble of the name itself; null where there is none
 */
record NameServerAnswer(
        AuthoritativeServer server,
        InetSocketAddress asked,
        @Nullable List<String> values,
        long ttl,
        @Nullable String failure,
        boolean unroutable,
        @Nullable String problem) {

    static NameServerAnswer values(
            AuthoritativeServer server,
            InetSocketAddress asked,
            List<String> values,
            long ttl,
            @Nullable String problem) {
        return new NameServerAnswer(server, asked, values, ttl, null, false, problem);
    }

    static NameServerAnswer failure(AuthoritativeServer server, InetSocketAddress asked, String failure) {
        return new NameServerAnswer(server, asked, null, 0, failure, false, null);
    }

    String shown() {
        return server.shown(asked);
    }
}
