package dev.firstup.model;

/** What one probe says of a server. */
public enum Outcome {
    UP,
    DOWN,
    /** The monitor's own trouble: says nothing about the server. */
    UNKNOWN
}
