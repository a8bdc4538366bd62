package dev.firstup.model.probe;

/** The parts of a probe, in the order in which they happen. */
public enum ProbePhase {
    RESOLVE,
    CONNECT,
    TLS,
    RESPONSE
}
