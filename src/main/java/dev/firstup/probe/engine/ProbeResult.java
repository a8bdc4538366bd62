package dev.firstup.probe.engine;

import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;

/**
 * What a probe has found, before its clock is read.
 *
 * @param outcome up, down or unknown
 * @param code how far the probe came
 * @param reason one sentence with the actual value
 */
public record ProbeResult(ProbeOutcome outcome, ReasonCode code, String reason) {
    public static ProbeResult up(ReasonCode code, String reason) {
        return new ProbeResult(ProbeOutcome.UP, code, reason);
    }

    public static ProbeResult down(ReasonCode code, String reason) {
        return new ProbeResult(ProbeOutcome.DOWN, code, reason);
    }

    /** The monitor's own trouble: it says nothing about the server. */
    public static ProbeResult unknown(String reason) {
        return new ProbeResult(ProbeOutcome.UNKNOWN, ReasonCode.SOCKERR, reason);
    }
}
