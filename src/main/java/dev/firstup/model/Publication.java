package dev.firstup.model;

import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One record at one publisher: what is wanted, what was attempted, taken and confirmed, and what may be done next. Values have no
 * order in DNS: here they are sorted, so that equal ones are equal.
 *
 * @param subject what it is about
 * @param wanted what was decided
 * @param attempt what was sent, and how that went
 * @param taken what the provider said yes to
 * @param confirmed what the record holds as far as we know
 * @param schedule what may be done next, and when
 * @param told what people were told
 * @param proof when the credential was last known to work
 * @param note what was last found or answered, for people
 * @param ask what is asked of the endpoint that gets this
 */
public record Publication(
        Subject subject,
        Wanted wanted,
        Attempt attempt,
        Taken taken,
        Confirmed confirmed,
        Schedule schedule,
        Told told,
        Proof proof,
        @Nullable String note,
        Ask ask) {

    private static @Nullable List<String> sorted(@Nullable List<String> values) {
        return values == null ? null : values.stream().sorted().toList();
    }

    /** What a publication asks of the endpoint that gets it. */
    public enum Ask {
        NOTHING,
        /** Say what the record's authoritative servers answer. */
        READ,
        /** Say what the host itself says that the record holds, by its API and with the credential. */
        LOOK,
        /** Make the record hold exactly the decided values. */
        WRITE,
        /** Remove all records of this name and type. */
        WITHDRAW
    }

    /**
     * What a publication is about.
     *
     * @param queue the queue whose record this is
     * @param target where it is written, and what can be done there
     * @param type the type of its records
     * @param ttl the time to live that is asked for
     */
    public record Subject(String queue, PublishTarget target, RecordType type, Duration ttl) {}

    /**
     * What the record should hold.
     *
     * @param move why and when that was decided; null before the first decision
     * @param values the values it should have; empty for none, null before the first decision
     * @param held nothing is written: since the program started, nothing has been decided yet
     */
    public record Wanted(@Nullable Move move, @Nullable List<String> values, boolean held) {
        /** Nothing is decided yet. */
        public static final Wanted UNDECIDED = new Wanted(null, null, true);

        public Wanted {
            values = sorted(values);
        }
    }

    /**
     * The decision behind the wanted values.
     *
     * @param from what the record named before, as {@link Choice#label()} says it; null where that is not known
     * @param to what it should name, said likewise
     * @param cause why
     * @param detected when the verdict arrived that made the difference
     * @param decided when it was decided
     * @param downtime how long the chosen server had been down before; null where it had not
     */
    public record Move(
            @Nullable String from,
            String to,
            String cause,
            Instant detected,
            Instant decided,
            @Nullable Duration downtime) {}

    /**
     * What was sent to the provider, and how attempts went.
     *
     * @param values the values that were sent and not answered for; null when there are none
     * @param sentAt when something was last sent
     * @param failures attempts in a row that were not confirmed
     * @param lost attempts in a row, up to the last one, of which nobody knows what became
     * @param ambiguous answers in a row, up to the last attempt, that may mean anything
     */
    public record Attempt(
            @Nullable List<String> values, @Nullable Instant sentAt, int failures, int lost, int ambiguous) {
        /** Nothing was ever sent. */
        public static final Attempt NONE = new Attempt(null, null, 0, 0, 0);

        public Attempt {
            values = sorted(values);
        }

        /** Whether something was sent that is not answered for. */
        public boolean open() {
            return values != null;
        }

        /** Another one. Until somebody knows what became of it, it counts as lost. */
        public Attempt sent(List<String> values, Instant now) {
            return new Attempt(values, now, failures, lost + 1, ambiguous);
        }

        /** Nothing is open any more. */
        public Attempt closed() {
            return new Attempt(null, sentAt, failures, lost, ambiguous);
        }

        /** It is known what became of the last one. */
        public Attempt found() {
            return new Attempt(values, sentAt, failures, 0, ambiguous);
        }

        /** One more was not confirmed, after so many ambiguous answers in a row. */
        public Attempt failed(int ambiguous) {
            return new Attempt(values, sentAt, failures + 1, lost, ambiguous);
        }

        /** What went wrong before counts no more. */
        public Attempt forgiven() {
            return new Attempt(values, sentAt, 0, lost, ambiguous);
        }

        /** The provider, or the record, says that it arrived. */
        public Attempt succeeded() {
            return new Attempt(values, sentAt, 0, 0, 0);
        }

        /** The clock may have been set back since it was sent. */
        public Attempt notAfter(Instant now) {
            boolean later = sentAt != null && sentAt.isAfter(now);
            return later ? new Attempt(values, now, failures, lost, ambiguous) : this;
        }
    }

    /**
     * What the provider said yes to.
     *
     * @param ticket under which it tells what has become of what was sent; null where it gave none
     * @param unchanged answers in a row that said the host had the value already
     * @param unseen writes that the host took, or may have taken, since its name servers were last known to show the latest one
     */
    public record Taken(@Nullable String ticket, int unchanged, int unseen) {
        public static final Taken NOTHING = new Taken(null, 0, 0);

        /** The provider does it later, and tells under this ticket. */
        public Taken under(@Nullable String ticket) {
            return new Taken(ticket, unchanged, unseen);
        }

        /** There is nothing more to be asked under a ticket. */
        public Taken closed() {
            return under(null);
        }

        /** It said yes, and perhaps that it had the value already. */
        public Taken answered(boolean unchanged) {
            return new Taken(ticket, unchanged ? this.unchanged + 1 : 0, unseen).another();
        }

        /** It took one more, or may have. */
        public Taken another() {
            return new Taken(ticket, unchanged, unseen + 1);
        }

        /** Its name servers show the latest one. */
        public Taken seen() {
            return new Taken(ticket, unchanged, 0);
        }
    }

    /**
     * What the record holds as far as we know: by the provider's word, or because it was read.
     *
     * @param values the values it has; empty for none, null while that is not known
     * @param at when that was confirmed
     */
    public record Confirmed(@Nullable List<String> values, @Nullable Instant at) {
        public static final Confirmed UNKNOWN = new Confirmed(null, null);

        public Confirmed {
            values = sorted(values);
        }

        public boolean known() {
            return values != null;
        }
    }

    /**
     * What may be done next.
     *
     * @param notBefore nothing is sent before; null where nothing forbids it
     * @param due when to look at it again; null for never
     * @param stopped why the publisher is not asked any more; null while it is
     */
    public record Schedule(@Nullable Instant notBefore, @Nullable Instant due, @Nullable String stopped) {
        public static final Schedule NEVER = new Schedule(null, null, null);
    }

    /**
     * What people were told.
     *
     * @param moved whether the move has been followed to its end: every authoritative server that could be reached shows it, or they
     *     had their time
     * @param trouble when people were last told that the publisher does not take it; null once it does
     * @param oddity what was reported as odd about the record and still is; null where nothing is
     * @param repairs when the record was written again because somebody else had changed it, within the last day
     */
    public record Told(boolean moved, @Nullable Instant trouble, @Nullable String oddity, List<Instant> repairs) {
        /** There is nothing to tell. */
        public static final Told NOTHING = new Told(true, null, null, List.of());

        public Told {
            repairs = List.copyOf(repairs);
        }

        public Told moved(boolean moved) {
            return new Told(moved, trouble, oddity, repairs);
        }

        public Told trouble(@Nullable Instant trouble) {
            return new Told(moved, trouble, oddity, repairs);
        }

        public Told oddity(@Nullable String oddity) {
            return new Told(moved, trouble, oddity, repairs);
        }

        public Told repairs(List<Instant> repairs) {
            return new Told(moved, trouble, oddity, repairs);
        }
    }

    /**
     * When the credential was last known to work.
     *
     * @param written when the host last took a write; null where it never did
     * @param read when the host was last asked with it; null where it never was
     * @param told when people were last told that no write has been proved for long, or when the counting began
     */
    public record Proof(@Nullable Instant written, @Nullable Instant read, @Nullable Instant told) {
        /** Nothing is known yet. */
        public static final Proof NONE = new Proof(null, null, null);
    }

    /** Whether the record is known to hold what was decided. */
    public boolean agrees() {
        return decided() != null && decided().equals(confirmed.values());
    }

    /** Whether something else is wanted than the record is known to hold, and may be written. */
    public boolean differs() {
        return !wanted.held() && decided() != null && !agrees();
    }

    /** The queue whose record this is. */
    public String queue() {
        return subject.queue();
    }

    /** Where it is written, and what can be done there. */
    public PublishTarget target() {
        return subject.target();
    }

    /** The type of its records. */
    public RecordType type() {
        return subject.type();
    }

    /** The time to live that is asked for. */
    public Duration ttl() {
        return subject.ttl();
    }

    /** The values it should have; empty for none, null before the first decision. */
    public @Nullable List<String> decided() {
        return wanted.values();
    }

    /** The publisher's name. */
    public String publisher() {
        return target().to();
    }

    /** The DNS name. */
    public String record() {
        return target().record();
    }

    /** Where it is read back; empty means the servers of its zone. */
    public List<String> nameservers() {
        return target().nameservers();
    }

    /** Of the publisher's configuration. */
    public String fingerprint() {
        return target().fingerprint();
    }

    /** One of which nothing is known yet, and about which nothing is decided. */
    public static Draft of(String queue, PublishTarget target, RecordType type, Duration ttl) {
        return new Draft(new Publication(
                new Subject(queue, target, type, ttl),
                Wanted.UNDECIDED,
                Attempt.NONE,
                Taken.NOTHING,
                Confirmed.UNKNOWN,
                Schedule.NEVER,
                Told.NOTHING,
                Proof.NONE,
                null,
                Ask.NOTHING));
    }

    /** The same, of which some parts are to be changed. */
    public Draft edit() {
        return new Draft(this);
    }

    /** A publication of which some parts are being changed. */
    public static final class Draft {
        private final Subject subject;
        private Wanted wanted;
        private Attempt attempt;
        private Taken taken;
        private Confirmed confirmed;
        private Schedule schedule;
        private Told told;
        private Proof proof;
        private @Nullable String note;
        private Ask ask;

        private Draft(Publication it) {
            subject = it.subject;
            wanted = it.wanted;
            attempt = it.attempt;
            taken = it.taken;
            confirmed = it.confirmed;
            schedule = it.schedule;
            told = it.told;
            proof = it.proof;
            note = it.note;
            ask = it.ask;
        }

        public Draft wanted(@Nullable Move move, @Nullable List<String> values) {
            wanted = new Wanted(move, values, false);
            return this;
        }

        public Draft held(boolean held) {
            wanted = new Wanted(wanted.move(), wanted.values(), held);
            return this;
        }

        public Draft attempt(UnaryOperator<Attempt> change) {
            attempt = change.apply(attempt);
            return this;
        }

        public Draft taken(UnaryOperator<Taken> change) {
            taken = change.apply(taken);
            return this;
        }

        public Draft confirmed(@Nullable List<String> values, @Nullable Instant at) {
            confirmed = new Confirmed(values, at);
            return this;
        }

        public Draft notBefore(@Nullable Instant notBefore) {
            schedule = new Schedule(notBefore, schedule.due(), schedule.stopped());
            return this;
        }

        public Draft due(@Nullable Instant due) {
            schedule = new Schedule(schedule.notBefore(), due, schedule.stopped());
            return this;
        }

        public Draft stopped(@Nullable String stopped) {
            schedule = new Schedule(schedule.notBefore(), schedule.due(), stopped);
            return this;
        }

        public Draft told(UnaryOperator<Told> change) {
            told = change.apply(told);
            return this;
        }

        public Draft proof(Proof proof) {
            this.proof = proof;
            return this;
        }

        public Draft note(@Nullable String note) {
            this.note = note;
            return this;
        }

        public Draft ask(Ask ask) {
            this.ask = ask;
            return this;
        }

        /** What was changed so far, and the rest as it was. */
        public Publication done() {
            return new Publication(subject, wanted, attempt, taken, confirmed, schedule, told, proof, note, ask);
        }
    }
}
