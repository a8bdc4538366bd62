package dev.firstup.model;

import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What a server must answer besides its first probe.
 *
 * @param need how many of all probes, the first one included, must be good
 * @param others the further probes, each as a message that asks for it
 */
public record ProbeConditions(int need, List<Server> others) {
    /** There is only the one probe. */
    public static final ProbeConditions NONE = new ProbeConditions(1, List.of());

    public ProbeConditions {
        others = List.copyOf(others);
    }

    /**
     * What the newest verdicts on all conditions of {@code server} amount to: UP if as many as it needs are good, DOWN if so many
     * failed that these cannot be met any more, else UNKNOWN.
     *
     * <p>Code and reason are those of the worst condition that explains the outcome, the one that came least far: a good one for
     * UP, with what failed beside it. It took as long as the longest, and the certificate that ends first counts.
     *
     * @param verdicts one for each condition, in any order; a condition without one is not known yet
     * @throws IllegalArgumentException if there is no verdict at all
     */
    public static Verdict combine(Server server, List<Verdict> verdicts) {
        if (verdicts.isEmpty()) {
            throw new IllegalArgumentException("no verdict on server " + server.name());
        }
        int all = 1 + server.conditions().others().size();
        int need = server.conditions().need();
        List<Verdict> good = with(ProbeOutcome.UP, verdicts);
        List<Verdict> failed = with(ProbeOutcome.DOWN, verdicts);
        List<Verdict> unknown = with(ProbeOutcome.UNKNOWN, verdicts);
        if (good.size() >= need) {
            Verdict worst = worst(good);
            String reason = failed.isEmpty()
                    ? worst.reason()
                    : worst.reason() + "; " + failed.size() + " of " + all + " probes failed: "
                            + worst(failed).explained();
            return combined(server, verdicts, ProbeOutcome.UP, worst, reason);
        }
        if (all - failed.size() < need) {
            Verdict worst = worst(failed);
            return combined(server, verdicts, ProbeOutcome.DOWN, worst, worst.reason());
        }
        if (unknown.isEmpty()) {
            // Shown for its code alone: its time is not read.
            @SuppressWarnings("NullAway")
            Verdict missing = Verdict.of(server, null, ProbeOutcome.UNKNOWN, ReasonCode.SOCKERR, "", Duration.ZERO);
            String reason = (all - verdicts.size()) + " of " + all + " probes have no verdict yet";
            return combined(server, verdicts, ProbeOutcome.UNKNOWN, missing, reason);
        }
        Verdict worst = worst(unknown);
        return combined(server, verdicts, ProbeOutcome.UNKNOWN, worst, worst.reason());
    }

    private static List<Verdict> with(ProbeOutcome outcome, List<Verdict> verdicts) {
        return verdicts.stream().filter(it -> it.outcome() == outcome).toList();
    }

    /** The first of those that came least far: the codes are in the order of the layers. */
    private static Verdict worst(List<Verdict> verdicts) {
        return verdicts.stream().min(Comparator.comparing(Verdict::code)).orElseThrow();
    }

    private static Verdict combined(
            Server server, List<Verdict> verdicts, ProbeOutcome outcome, Verdict shown, String reason) {
        return new Verdict(
                server.queue(),
                server.name(),
                server.revision(),
                verdicts.stream().mapToLong(Verdict::sequence).max().orElseThrow(),
                verdicts.stream()
                        .map(Verdict::at)
                        .max(Comparator.naturalOrder())
                        .orElseThrow(),
                outcome,
                shown.code(),
                reason,
                verdicts.stream()
                        .map(Verdict::took)
                        .max(Comparator.naturalOrder())
                        .orElseThrow(),
                shown.phases(),
                verdicts.stream()
                        .map(Verdict::certificateExpires)
                        .filter(Objects::nonNull)
                        .min(Comparator.<Instant>naturalOrder())
                        .orElse(null));
    }
}
