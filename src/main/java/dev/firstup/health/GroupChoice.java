package dev.firstup.health;

import java.util.List;

/**
 * What one group of record types names.
 *
 * @param servers the names of servers, in order of preference; they may have left the queue since
 * @param sorry whether it is the address of a server that says sorry instead
 */
record GroupChoice(List<String> servers, boolean sorry) {
    static final GroupChoice NOBODY = new GroupChoice(List.of(), false);
    static final GroupChoice SORRY = new GroupChoice(List.of(), true);

    GroupChoice {
        servers = List.copyOf(servers);
    }
}
