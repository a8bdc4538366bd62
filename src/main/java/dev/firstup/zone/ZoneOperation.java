package dev.firstup.zone;

/** What is done with a record. */
enum ZoneOperation {
    /** Its values are read at each of its authoritative servers. */
    read,
    /** It is read, and so are the names around it that people have told Firstup about. */
    names,
    /** One of its authoritative servers answers, whatever it says. */
    reach,
    /** It is replaced or removed at the primary server of its zone. */
    update
}
