package dev.firstup.model.probe;

/**
 * How far a probe came and how it ended, in HAProxy's words (its management guide, "show stat", field {@code check_status}).
 */
public enum ReasonCode {
    /** The probe could not be made: the monitor's own trouble. */
    SOCKERR,
    L4OK,
    L4TOUT,
    L4CON,
    L6OK,
    L6TOUT,
    L6RSP,
    L7OK,
    L7TOUT,
    L7RSP,
    L7STS
}
