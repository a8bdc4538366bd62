package dev.firstup.health;

import dev.firstup.model.Degradation;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.rules.Rules;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is worth a look at a server that serves.
 *
 * @param now all of it
 * @param news what of it is new, as sentences
 */
record DegradationReport(Set<Degradation> now, List<String> news) {
    private static final Duration CERTIFICATE = Duration.ofDays(14);

    /** After the member's last verdict. */
    static DegradationReport of(Member member, Rules rules) {
        Verdict last = member.last();
        Set<Degradation> before = member.health.degraded();
        Instant expires = last.certificateExpires();
        boolean certificate = expires == null
                ? before.contains(Degradation.CERTIFICATE)
                : expires.isBefore(last.at().plus(CERTIFICATE));
        boolean slow = slow(member, last, rules, before.contains(Degradation.SLOW));
        if (!certificate && !slow) {
            return new DegradationReport(Set.of(), List.of());
        }
        Set<Degradation> now = EnumSet.noneOf(Degradation.class);
        List<String> news = new ArrayList<>();
        if (certificate) {
            now.add(Degradation.CERTIFICATE);
            if (!before.contains(Degradation.CERTIFICATE) && expires != null) {
                long days = Math.max(0, Duration.between(last.at(), expires).toDays());
                news.add("its certificate expires on "
                        + expires.atZone(ZoneOffset.UTC).toLocalDate() + ", in " + days + " days");
            }
        }
        if (slow) {
            now.add(Degradation.SLOW);
            if (!before.contains(Degradation.SLOW) && rules.slow() != null) {
                news.add("its probes take " + last.took().toMillis() + " ms, expected at most "
                        + rules.slow().toMillis() + " ms");
            }
        }
        return new DegradationReport(now, news);
    }

    /** As with rise and fall, one slow probe is no news, and one quick one no end of it. */
    private static boolean slow(Member member, Verdict last, Rules rules, boolean before) {
        if (rules.slow() == null) {
            return false;
        }
        if (last.outcome() != ProbeOutcome.UP) {
            return before;
        }
        boolean now = last.took().compareTo(rules.slow()) > 0;
        member.slow = now ? Math.max(member.slow, 0) + 1 : Math.min(member.slow, 0) - 1;
        return before ? -member.slow < rules.rise() : member.slow >= rules.fall();
    }
}
