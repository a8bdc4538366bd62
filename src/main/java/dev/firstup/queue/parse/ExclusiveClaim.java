package dev.firstup.queue.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What only one queue may have: its name, or a record at a publisher.
 *
 * @param key the same for two claims that exclude each other
 * @param refusal what the second one is told
 * @param what what is claimed, for people
 * @param file where
 * @param line where
 * @param column where
 */
public record ExclusiveClaim(String key, ProblemMessage refusal, String what, String file, int line, int column) {

    /** Problems of those {@code claims} that are held already; the others are added to {@code held}. */
    public static List<Problem> clashes(List<ExclusiveClaim> claims, Map<String, ExclusiveClaim> held) {
        List<Problem> problems = new ArrayList<>();
        for (ExclusiveClaim claim : claims) {
            ExclusiveClaim holder = held.putIfAbsent(claim.key(), claim);
            // Within one file its parser has told it.
            if (holder != null && !holder.file().equals(claim.file())) {
                problems.add(claim.refusedFor(holder));
            }
        }
        return problems;
    }

    Problem refusedFor(ExclusiveClaim holder) {
        return refusal.at(file, line, column, what, holder.file() + ":" + holder.line() + ":" + holder.column());
    }
}
