package dev.firstup.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One record at one publisher: what was decided, what is confirmed, and what may be done next. Values have no order in DNS: here
 * they are sorted, so that equal ones are equal.
 *
 * @param queue the queue whose record this is
 * @param publisher the publisher's name
 * @param record the DNS name
 * @param type the type of its records
 * @param ttl the time to live that is asked for
 * @param nameservers where it is read back; empty means the servers of its zone
 * @param fingerprint of the publisher's configuration
 * @param move why and when the decided values were decided; null before the first decision
 * @param decided the values it should have; empty for none, null before the first decision
 * @param held nothing is written: since the program started, nothing has been decided yet
 * @param confirmed the values it has as far as we know; empty for none, null while that is not known
 * @param confirmedAt when that was confirmed
 * @param attempted the values that were sent and not answered for; null when there are none
 * @param sentAt when something was last sent
 * @param notBefore nothing is sent before; null where nothing forbids it
 * @param due when to look at it again; null for never
 * @param failures attempts in a row that were not confirmed
 * @param ambiguous answers in a row, up to the last attempt, that may mean anything
 * @param unchanged answers in a row that said the host had the value already
 * @param stopped why the publisher is not asked any more; null while it is
 * @param troubleTold when people were last told that the publisher does not take it; null once it does
 * @param told whether the move has been followed to its end: every authoritative server that could be reached shows it, or they
 *     had their time
 * @param reported what was reported as odd about the record and still is; null where nothing is
 * @param note what was last found or answered, for people
 * @param ask what is asked of the endpoint that gets this
 */
public record Publication(
        String queue,
        String publisher,
        String record,
        RecordType type,
        Duration ttl,
        List<String> nameservers,
        String fingerprint,
        Move move,
        List<String> decided,
        boolean held,
        List<String> confirmed,
        Instant confirmedAt,
        List<String> attempted,
        Instant sentAt,
        Instant notBefore,
        Instant due,
        int failures,
        int ambiguous,
        int unchanged,
        String stopped,
        Instant troubleTold,
        boolean told,
        String reported,
        String note,
        Ask ask) {
    public Publication {
        decided = sorted(decided);
        confirmed = sorted(confirmed);
        attempted = sorted(attempted);
    }

    private static List<String> sorted(List<String> values) {
        return values == null ? null : values.stream().sorted().toList();
    }

    /** What a publication asks of the endpoint that gets it. */
    public enum Ask {
        NOTHING,
        /** Say what the record holds. */
        READ,
        /** Make the record hold exactly the decided values. */
        WRITE,
        /** Remove all records of this name and type. */
        WITHDRAW
    }

    /**
     * The decision behind the decided values.
     *
     * @param from what the record named before, as {@link Choice#label()} says it; null where that is not known
     * @param to what it should name, said likewise
     * @param cause why
     * @param detected when the verdict arrived that made the difference
     * @param decided when it was decided
     * @param downtime how long the chosen server had been down before; null where it had not
     */
    public record Move(String from, String to, String cause, Instant detected, Instant decided, Duration downtime) {}

    /** Whether the record is known to hold what was decided. */
    public boolean agrees() {
        return decided != null && decided.equals(confirmed);
    }
}
