package dev.firstup.model;

/** What can be worth a look at a server that serves. It never changes a choice. */
public enum Degradation {
    /** Its certificate has less than 14 days left. */
    CERTIFICATE,
    /** Its probes take longer than the queue's {@code slow}. */
    SLOW
}
