package dev.firstup.zone;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * One name server, as far as one address family goes.
 *
 * @param name as it was found or given: a host name or an IP literal, with a port where that is not the usual one
 * @param literal whether {@code name} is an IP literal
 * @param addresses at least one, all of one family and of equal standing
 */
record AuthoritativeServer(String name, boolean literal, List<InetSocketAddress> addresses) {
    /** What people read: the name, and the address that was asked where that says more. */
    String shown(InetSocketAddress asked) {
        return literal ? name : name + " (" + asked.getAddress().getHostAddress() + ")";
    }

    static AuthoritativeServer named(String name, List<InetAddress> addresses, int port) {
        return new AuthoritativeServer(
                name,
                false,
                addresses.stream().map(it -> new InetSocketAddress(it, port)).toList());
    }
}
