package dev.firstup.zone;

/** What is done with a record. */
enum Operation {
    /** Its values are read at each of its authoritative servers. */
    read,
    /** One of its authoritative servers answers, whatever it says. */
    reach,
    /** It is replaced or removed at the primary server of its zone. */
    update
}
