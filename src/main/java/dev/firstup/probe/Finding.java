package dev.firstup.probe;

import dev.firstup.model.Code;
import dev.firstup.model.Outcome;

/**
 * What a probe has found, before its clock is read.
 *
 * @param outcome up, down or unknown
 * @param code how far the probe came
 * @param reason one sentence with the actual value
 */
record Finding(Outcome outcome, Code code, String reason) {
    static Finding up(Code code, String reason) {
        return new Finding(Outcome.UP, code, reason);
    }

    static Finding down(Code code, String reason) {
        return new Finding(Outcome.DOWN, code, reason);
    }

    /** The monitor's own trouble: it says nothing about the server. */
    static Finding unknown(String reason) {
        return new Finding(Outcome.UNKNOWN, Code.SOCKERR, reason);
    }
}
