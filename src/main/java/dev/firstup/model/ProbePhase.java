package dev.firstup.model;

/** The parts of a probe, in the order in which they happen. */
public enum ProbePhase {
    RESOLVE,
    CONNECT,
    TLS,
    RESPONSE
}
