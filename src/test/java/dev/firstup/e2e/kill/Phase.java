package dev.firstup.e2e.kill;

/** How far a move had come when the kill hit it. */
enum Phase {
    /** The state was being opened, or nothing was decided since. */
    STARTING,
    /** Decided, and what was sent before is in doubt. */
    IN_DOUBT,
    /** Decided, and not yet claimed for sending. */
    DECIDED,
    /** The attempt is written down, and nothing has come to the host. */
    CLAIMED,
    /** The request has come, and is not taken yet. */
    ON_ITS_WAY,
    /** Taken, and not answered. */
    TAKEN,
    /** Answered, and that is not written down. */
    ANSWERED,
    /** Confirmed, and not yet seen at the name servers. */
    CONFIRMED,
    /** Nothing was left to do. */
    DONE
}
