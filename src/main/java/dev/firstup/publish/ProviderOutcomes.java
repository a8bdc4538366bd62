package dev.firstup.publish;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.Publication.Draft;
import dev.firstup.model.Publication.Proof;
import dev.firstup.model.Publication.Taken;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.model.publish.Settlement;
import dev.firstup.model.time.WaitLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What comes of what a host answered to a request, or did not answer. */
final class ProviderOutcomes {
    /** How long an ambiguous answer is waited for, before the second, third and fourth attempt; then it is a stop. */
    private static final List<Duration> PATIENCE =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15));

    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_UNREACHABLE = Duration.ofMinutes(2);

    private final PublishTiming timing;

    ProviderOutcomes(PublishTiming timing) {
        this.timing = timing;
    }

    Settlement confirmed(Publication it, Receipt receipt, Instant now) {
        Draft next = it.edit()
                .attempt(Attempt::succeeded)
                .notBefore(now.plus(timing.gap(it)))
                .proof(new Proof(now, now, it.proof().told()))
                .note(receipt.answer());
        if (receipt.ticket() != null) {
            // Taken, and not done: what the host says of it later counts.
            return settlement(
                    next.taken(taken -> taken.under(receipt.ticket())).due(now.plus(PublishTiming.SOON)),
                    "accepted",
                    List.of());
        }
        next.confirmed(it.attempt().values(), now)
                .attempt(Attempt::closed)
                .taken(taken -> taken.answered(receipt.unchanged()))
                .due(now);
        List<Event> events = PublicationEvents.resumed(it, next, receipt.answer(), now);
        return settlement(next, receipt.unchanged() ? "unchanged" : "confirmed", events);
    }

    private static Settlement settlement(Draft next, String outcome, List<Event> events) {
        return new Settlement(next.done(), outcome, events);
    }

    /** Nothing was sent, and nothing will be until something else is decided. */
    static Settlement dry(Publication it, String what, Instant now) {
        Draft next = it.edit()
                .attempt(attempt -> attempt.found().closed())
                .notBefore(null)
                .note("dry run: " + what)
                .due(now.plus(WaitLimit.LONGEST));
        return settlement(next, "dry", List.of(PublicationEvents.event(it, Kind.WOULD_SEND, what, now, false)));
    }

    /** The host was asked with the credential only to see that it still works. */
    static Settlement proved(Publication it, @Nullable Object body, @Nullable Throwable failure, Instant now) {
        boolean settled = failure instanceof StopException || failure == null && body instanceof RecordReading;
        // What is only a trouble of the moment is tried again sooner.
        Instant at = settled ? now : now.minus(PublishTiming.PROOF).plus(PublishTiming.REMINDER);
        Draft next = it.edit()
                .proof(new Proof(it.proof().written(), at, it.proof().told()))
                .due(now);
        if (!(failure instanceof StopException refusal)) {
            return settlement(next, "read", List.of());
        }
        String reason = "the host was asked what the record holds, to see that the credential works: "
                + refusal.getMessage() + "; mend it before the next move needs it";
        Event event = PublicationEvents.event(it, Kind.CREDENTIAL, reason, now, true);
        return new Settlement(next.note(reason).done(), "read", List.of(event), refusal.account());
    }

    /** The host does not want to be read now: what was to be read is still to be, and what it is doing it may still do. */
    static Settlement barred(Publication it, WaitException wait, Instant now) {
        Instant until = now.plus(WaitLimit.atMost(wait.delay()));
        Draft next = it.edit()
                .attempt(attempt -> attempt.failed(attempt.ambiguous()).found())
                .notBefore(PublishTiming.later(it.schedule().notBefore(), until))
                .note(wait.getMessage())
                .due(PublishTiming.earlier(until, now.plus(PublishTiming.REMINDER)));
        boolean missed = it.attempt().open() && !it.wanted().held() && !it.agrees();
        return settlement(
                next, "waiting", missed ? PublicationEvents.trouble(it, next, wait.getMessage(), now) : List.of());
    }

    static Settlement stopped(Publication it, StopException stop, Instant now) {
        return stopped(it, stop.getMessage(), stop.account(), now);
    }

    private static Settlement stopped(Publication it, String reason, boolean account, Instant now) {
        // It says nothing of what was sent before: what became of that is still found out.
        Attempt last = it.attempt();
        boolean doubt = it.ask() == Ask.LOOK && last.open() || last.lost() > 1 || last.ambiguous() > 0;
        Draft next = it.edit()
                .attempt(attempt -> refused(attempt, 0, doubt))
                .taken(Taken::closed)
                .stopped(reason)
                .told(told -> told.trouble(now))
                .note(reason)
                .due(now.plus(doubt ? PublishTiming.UNREADABLE_RETRY : PublishTiming.REMINDER));
        Event event =
                PublicationEvents.event(it, Kind.PUBLISH_STOPPED, reason + PublicationEvents.advice(it), now, true);
        return new Settlement(next.done(), "stopped", List.of(event), account);
    }

    static Settlement refused(Publication it, WaitException wait, Instant now) {
        if (wait.ambiguous()) {
            return ambiguous(it, wait.getMessage(), now);
        }
        return wait.delay().isZero()
                ? unreachable(it, wait.getMessage(), now)
                : waiting(it, wait.delay(), 0, wait.getMessage(), now);
    }

    private static Settlement ambiguous(Publication it, String reason, Instant now) {
        int before = it.attempt().ambiguous();
        return before < PATIENCE.size()
                ? waiting(it, PATIENCE.get(before), before + 1, reason, now)
                : stopped(it, reason + ", " + (before + 1) + " times in a row", false, now);
    }

    /** @param doubt whether what was sent may have arrived all the same */
    private static Attempt refused(Attempt attempt, int ambiguous, boolean doubt) {
        Attempt refused = attempt.failed(ambiguous).found();
        return doubt ? refused : refused.closed();
    }

    /** The host may have taken what it answered with an error: as after a time-out, the record is read before the next attempt. */
    private static Settlement waiting(Publication it, Duration asked, int ambiguous, String reason, Instant now) {
        // A host's own gap counts whatever it said last.
        Duration own = it.target().gap();
        Instant notBefore = now.plus(WaitLimit.atMost(asked.compareTo(own) < 0 ? own : asked));
        Draft next = it.edit()
                .attempt(attempt -> refused(attempt, ambiguous, true))
                .taken(Taken::closed)
                .notBefore(notBefore)
                .note(reason)
                .due(PublishTiming.earlier(notBefore, now.plus(PublishTiming.REMINDER)));
        return settlement(next, "waiting", PublicationEvents.trouble(it, next, reason, now));
    }

    /** The host was certainly not told, and forbids nothing: another decision does not wait for the next attempt. */
    private static Settlement unreachable(Publication it, String reason, Instant now) {
        // Where an attempt before this one got lost, the record is read before the next.
        boolean doubt = !it.confirmed().known();
        Draft next = it.edit()
                .attempt(attempt -> refused(attempt, 0, doubt))
                .notBefore(doubt ? now : null)
                .note(reason)
                .due(now.plus(PublishTiming.backoff(FIRST_WAIT, it.attempt().failures(), LONGEST_UNREACHABLE)));
        return settlement(next, "waiting", PublicationEvents.trouble(it, next, reason, now));
    }

    /** The request may have arrived: the record is read before anything is sent again. */
    Settlement unknown(Publication it, String reason, Instant now) {
        Draft next = it.edit()
                .attempt(attempt -> attempt.failed(0))
                .notBefore(now.plus(timing.gap(it)))
                .note(reason)
                .due(now.plus(PublishTiming.SOON));
        return settlement(next, "unknown", PublicationEvents.trouble(it, next, reason, now));
    }
}
