package dev.firstup.model;

import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one probe found. A message of its own: it can come from another process, twice, or late.
 *
 * @param queue the queue of the server that was probed
 * @param server that server's name
 * @param revision the revision of the configuration that it was probed with
 * @param sequence grows with every verdict of one monitor; 0 until the health room has stamped it
 * @param at when the probe was settled
 * @param outcome up, down, or unknown
 * @param code how far the probe came
 * @param reason one sentence with the actual value: {@code status 503, expected 200-399}
 * @param took from the start of the probe to its verdict
 * @param phases how long each phase took that was entered
 * @param certificateExpires the end of the validity of the certificate that the server showed, or null
 */
public record Verdict(
        String queue,
        String server,
        long revision,
        long sequence,
        Instant at,
        ProbeOutcome outcome,
        ReasonCode code,
        String reason,
        Duration took,
        Map<ProbePhase, Duration> phases,
        @Nullable Instant certificateExpires) {
    public Verdict {
        phases = Map.copyOf(phases);
    }

    /** A verdict on {@code server} that knows nothing of phases or certificates. */
    public static Verdict of(
            Server server, Instant at, ProbeOutcome outcome, ReasonCode code, String reason, Duration took) {
        return new Verdict(
                server.queue(), server.name(), server.revision(), 0, at, outcome, code, reason, took, Map.of(), null);
    }

    /** This verdict with the place in the order of its monitor and the time on that monitor's clock. */
    public Verdict stamped(long sequence, Instant at) {
        return new Verdict(
                queue, server, revision, sequence, at, outcome, code, reason, took, phases, certificateExpires);
    }

    /** Code and reason as people read them: {@code L7STS: status 503, expected 200-399}. */
    public String explained() {
        return code + ": " + reason;
    }
}
