package dev.firstup.model.probe;

/** What one probe says of a server. */
public enum ProbeOutcome {
    UP,
    DOWN,
    /** The monitor's own trouble: says nothing about the server. */
    UNKNOWN
}
