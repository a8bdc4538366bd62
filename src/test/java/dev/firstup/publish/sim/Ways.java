package dev.firstup.publish.sim;

import dev.firstup.model.PublishTarget.Api;
import java.time.Duration;

/** The ways of each kind of host, as its own pages say them. */
enum Ways {
    DYN("dyn", 60, 5, 0, 0, 30),
    NO_IP("no-ip", 60, 5, 0, 0, 30),
    DYNU("dynu", 60, 0, 0, 0, 10),
    /** Two updates in two minutes for a name, and none that changes nothing. */
    DESEC("desec", 120, 5, 2, 120, 0),
    HE("he", 60, 0, 10, 120, 30),
    ZONEEDIT(null, 600, 0, 0, 0, 0),
    EASYDNS(null, 600, 0, 0, 0, 0),
    /** Says KO to whatever it does not like, a wrong token included. */
    DUCKDNS(null, 0, 0, 0, 0, 0),
    CLOUDFLARE(null, 60, 0, 1200, 300, 0),
    /** A record behind a proxy: name servers answer something else. */
    PROXIED(null, 60, 0, 1200, 300, 0),
    /** Takes a change, and does it later. */
    HETZNER(null, 60, 0, 0, 0, 0),
    /** Has trouble often, and says how long. */
    BUSY(null, 120, 0, 30, 60, 0),
    /** An RFC 2136 server, which is told again after a second. */
    BIND(null, 1, 0, 0, 0, 0);

    /** Of the dyndns2 publisher; null where another one speaks with it. */
    final String service;
    /** Declared, and asked for; zero where the host says nothing. */
    final Duration gap;
    /** So many updates in a row that change nothing, and it blocks the record; zero where it does not. */
    final int unchanged;
    /** So many requests in {@code within}; zero where it does not count them. */
    final int most;

    final Duration within;
    /** What 911 asks to be waited for. */
    final Duration trouble;

    Ways(String service, int gap, int unchanged, int most, int within, int trouble) {
        this.service = service;
        this.gap = Duration.ofSeconds(gap);
        this.unchanged = unchanged;
        this.most = most;
        this.within = Duration.ofSeconds(within);
        this.trouble = Duration.ofMinutes(trouble);
    }

    Api api() {
        return switch (this) {
            case CLOUDFLARE, HETZNER, BUSY -> Api.READS;
            case PROXIED -> Api.ALONE;
            default -> Api.NONE;
        };
    }

    boolean withdraws() {
        return service == null && this != DUCKDNS && this != ZONEEDIT && this != EASYDNS;
    }

    /** How long a decision may stand, with nothing in its way, until the record is right at the latest. */
    Duration patience() {
        return service == null || this == DYNU ? Duration.ofMinutes(75) : Duration.ofMinutes(150);
    }
}
