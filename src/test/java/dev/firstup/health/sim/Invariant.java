package dev.firstup.health.sim;

/** What must hold in every history. */
enum Invariant {
    /** The record names no server that is down for longer than the bound while another one is plainly up. */
    NO_DEAD_SERVER,
    /** A record's A and AAAA name the same servers, unless they are chosen apart. */
    ONE_SERVER,
    /** Every change of choice comes with exactly one event that says why, and the chain of these events is unbroken. */
    CAUSE,
    /** A server that serves is left for a better-ranked one only as {@code failback} allows. */
    FAILBACK,
    /** With our own link cut no server becomes down and nothing moves; with a witness answering there is no stasis. */
    STASIS,
    /** The same history gives the same decisions. */
    DETERMINISM,
    /** A short restart changes nothing. */
    RESTART,
    /** At most four returns to a better server in any hour. */
    FLAPS,
    /** Nothing is told twice. */
    TOLD_ONCE,
    /** What people order does what it says. */
    ORDERS,
    /** The record returns to the first server when that is allowed. */
    RETURN,
    /** No server is probed twice at once, and no verdict makes the core fail. */
    SANE
}
