package dev.firstup.health;

import java.util.List;

/**
 * What one group of record types names.
 *
 * @param servers the names of servers, in order of preference; they may have left the queue since
 * @param sorry whether it is the address of a server that says sorry instead
 */
record Pick(List<String> servers, boolean sorry) {
    static final Pick NOBODY = new Pick(List.of(), false);
    static final Pick SORRY = new Pick(List.of(), true);

    Pick {
        servers = List.copyOf(servers);
    }
}
