package dev.firstup.model;

import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One record at one publisher: what was decided, what is confirmed, and what may be done next. Values have no order in DNS: here
 * they are sorted, so that equal ones are equal.
 *
 * @param queue the queue whose record this is
 * @param target where it is written, and what can be done there
 * @param type the type of its records
 * @param ttl the time to live that is asked for
 * @param move why and when the decided values were decided; null before the first decision
 * @param decided the values it should have; empty for none, null before the first decision
 * @param held nothing is written: since the program started, nothing has been decided yet
 * @param confirmed the values it has as far as we know; empty for none, null while that is not known
 * @param confirmedAt when that was confirmed
 * @param attempted the values that were sent and not answered for; null when there are none
 * @param ticket under which the host tells what has become of what was sent; null where it gave none
 * @param sentAt when something was last sent
 * @param notBefore nothing is sent before; null where nothing forbids it
 * @param due when to look at it again; null for never
 * @param failures attempts in a row that were not confirmed
 * @param lost attempts in a row, up to the last one, of which nobody knows what became
 * @param ambiguous answers in a row, up to the last attempt, that may mean anything
 * @param unchanged answers in a row that said the host had the value already
 * @param unseen writes that the host took, or may have taken, since its name servers were last known to show the latest one
 * @param stopped why the publisher is not asked any more; null while it is
 * @param troubleTold when people were last told that the publisher does not take it; null once it does
 * @param told whether the move has been followed to its end: every authoritative server that could be reached shows it, or they
 *     had their time
 * @param reported what was reported as odd about the record and still is; null where nothing is
 * @param repairs when the record was written again because somebody else had changed it, within the last day
 * @param proof when the credential was last known to work
 * @param note what was last found or answered, for people
 * @param ask what is asked of the endpoint that gets this
 */
public record Publication(
        String queue,
        PublishTarget target,
        RecordType type,
        Duration ttl,
        Move move,
        List<String> decided,
        boolean held,
        List<String> confirmed,
        Instant confirmedAt,
        List<String> attempted,
        String ticket,
        Instant sentAt,
        Instant notBefore,
        Instant due,
        int failures,
        int lost,
        int ambiguous,
        int unchanged,
        int unseen,
        String stopped,
        Instant troubleTold,
        boolean told,
        String reported,
        List<Instant> repairs,
        Proof proof,
        String note,
        Ask ask) {
    public Publication {
        decided = sorted(decided);
        confirmed = sorted(confirmed);
        attempted = sorted(attempted);
        repairs = List.copyOf(repairs);
    }

    private static List<String> sorted(List<String> values) {
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

    /**
     * When the credential was last known to work.
     *
     * @param written when the host last took a write; null where it never did
     * @param read when the host was last asked with it; null where it never was
     * @param told when people were last told that no write has been proved for long, or when the counting began
     */
    public record Proof(Instant written, Instant read, Instant told) {
        /** Nothing is known yet. */
        public static final Proof NONE = new Proof(null, null, null);
    }

    /** Whether the record is known to hold what was decided. */
    public boolean agrees() {
        return decided != null && decided.equals(confirmed);
    }

    /** The publisher's name. */
    public String publisher() {
        return target.to();
    }

    /** The DNS name. */
    public String record() {
        return target.record();
    }

    /** Where it is read back; empty means the servers of its zone. */
    public List<String> nameservers() {
        return target.nameservers();
    }

    /** Of the publisher's configuration. */
    public String fingerprint() {
        return target.fingerprint();
    }

    /** One of which nothing is known yet, and about which nothing is decided. */
    public static Draft of(String queue, PublishTarget target, RecordType type, Duration ttl) {
        return new Draft(new Publication(
                queue,
                target,
                type,
                ttl,
                null,
                null,
                true,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                0,
                0,
                0,
                0,
                0,
                null,
                null,
                true,
                null,
                List.of(),
                Proof.NONE,
                null,
                Ask.NOTHING));
    }

    /** The same, of which some fields are to be changed. */
    public Draft edit() {
        return new Draft(this);
    }

    /** A publication of which some fields are being changed. */
    public static final class Draft {
        private final Publication it;
        private Move move;
        private List<String> decided;
        private boolean held;
        private List<String> confirmed;
        private Instant confirmedAt;
        private List<String> attempted;
        private String ticket;
        private Instant sentAt;
        private Instant notBefore;
        private Instant due;
        private int failures;
        private int lost;
        private int ambiguous;
        private int unchanged;
        private int unseen;
        private String stopped;
        private Instant troubleTold;
        private boolean told;
        private String reported;
        private List<Instant> repairs;
        private Proof proof;
        private String note;
        private Ask ask;

        private Draft(Publication it) {
            this.it = it;
            move = it.move();
            decided = it.decided();
            held = it.held();
            confirmed = it.confirmed();
            confirmedAt = it.confirmedAt();
            attempted = it.attempted();
            ticket = it.ticket();
            sentAt = it.sentAt();
            notBefore = it.notBefore();
            due = it.due();
            failures = it.failures();
            lost = it.lost();
            ambiguous = it.ambiguous();
            unchanged = it.unchanged();
            unseen = it.unseen();
            stopped = it.stopped();
            troubleTold = it.troubleTold();
            told = it.told();
            reported = it.reported();
            repairs = it.repairs();
            proof = it.proof();
            note = it.note();
            ask = it.ask();
        }

        public Draft move(Move move) {
            this.move = move;
            return this;
        }

        public Draft decided(List<String> decided) {
            this.decided = decided;
            return this;
        }

        public Draft held(boolean held) {
            this.held = held;
            return this;
        }

        public Draft confirmed(List<String> confirmed) {
            this.confirmed = confirmed;
            return this;
        }

        public Draft confirmedAt(Instant confirmedAt) {
            this.confirmedAt = confirmedAt;
            return this;
        }

        public Draft attempted(List<String> attempted) {
            this.attempted = attempted;
            return this;
        }

        public Draft ticket(String ticket) {
            this.ticket = ticket;
            return this;
        }

        public Draft sentAt(Instant sentAt) {
            this.sentAt = sentAt;
            return this;
        }

        public Draft notBefore(Instant notBefore) {
            this.notBefore = notBefore;
            return this;
        }

        public Draft due(Instant due) {
            this.due = due;
            return this;
        }

        public Draft failures(int failures) {
            this.failures = failures;
            return this;
        }

        public Draft lost(int lost) {
            this.lost = lost;
            return this;
        }

        public Draft ambiguous(int ambiguous) {
            this.ambiguous = ambiguous;
            return this;
        }

        public Draft unchanged(int unchanged) {
            this.unchanged = unchanged;
            return this;
        }

        public Draft unseen(int unseen) {
            this.unseen = unseen;
            return this;
        }

        public Draft stopped(String stopped) {
            this.stopped = stopped;
            return this;
        }

        public Draft troubleTold(Instant troubleTold) {
            this.troubleTold = troubleTold;
            return this;
        }

        public Draft told(boolean told) {
            this.told = told;
            return this;
        }

        public Draft reported(String reported) {
            this.reported = reported;
            return this;
        }

        public Draft repairs(List<Instant> repairs) {
            this.repairs = repairs;
            return this;
        }

        public Draft proof(Proof proof) {
            this.proof = proof;
            return this;
        }

        public Draft note(String note) {
            this.note = note;
            return this;
        }

        public Draft ask(Ask ask) {
            this.ask = ask;
            return this;
        }

        /** What was changed so far, and the rest as it was. */
        public Publication done() {
            return new Publication(
                    it.queue(),
                    it.target(),
                    it.type(),
                    it.ttl(),
                    move,
                    decided,
                    held,
                    confirmed,
                    confirmedAt,
                    attempted,
                    ticket,
                    sentAt,
                    notBefore,
                    due,
                    failures,
                    lost,
                    ambiguous,
                    unchanged,
                    unseen,
                    stopped,
                    troubleTold,
                    told,
                    reported,
                    repairs,
                    proof,
                    note,
                    ask);
        }
    }
}
