package dev.firstup.zone;

import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.publish.Receipt;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;

/**
 * What the answer to a signed UPDATE means (RFC 2136, 3.8; RFC 8945, 5.3 and 5.4).
 *
 * @param answer as it came, its signature already looked at
 * @param server who answered, for people
 * @param primary who was asked, and with which key
 * @param record what was to be updated, for people
 * @param now the time here
 */
record UpdateResponse(Message answer, String server, PrimaryServer primary, String record, Instant now) {

    private static final Duration CLOCKS = Duration.ofMinutes(1);
    private static final int TIME_LENGTH = 6;

    /** Whether it counts: it is whole, and signed by who has the key. */
    boolean trusted() {
        return !cut() && answer.isVerified();
    }

    private boolean cut() {
        return answer.getHeader().getFlag(Flags.TC);
    }

    /**
     * The receipt, if the server has made the change.
     *
     * @throws WaitException if it may be made later
     * @throws StopException if no repetition can mend it
     * @throws IllegalStateException if it is not known whether it was made
     */
    Receipt receipt() {
        if (cut()) {
            // Such an answer says NOERROR whatever happened (RFC 8945, 5.3.1).
            throw new IllegalStateException(server + " answered, but its answer is cut off");
        }
        int rcode = answer.getRcode();
        TSIGRecord signature = answer.getTSIG();
        int error = signature == null ? Rcode.NOERROR : signature.getError();
        if (rcode == Rcode.NOTAUTH && error != Rcode.NOERROR) {
            throw refusedKey(signature);
        }
        if (rcode == Rcode.NOERROR && !trusted()) {
            throw new IllegalStateException("the answer NOERROR of " + server + " is "
                    + (signature == null ? "not signed" : "wrongly signed") + ", so it may be anybody's");
        }
        return switch (rcode) {
            case Rcode.NOERROR -> Receipt.of("NOERROR from " + server);
            case Rcode.SERVFAIL ->
                throw new IllegalStateException(
                        server + " answered SERVFAIL: the server has trouble of its own, which its log tells");
            case Rcode.NOTZONE ->
                throw new StopException(server + " answered NOTZONE: " + record + " does not lie in its zone "
                        + PrimaryServer.shown(primary.zone()));
            case Rcode.REFUSED ->
                throw ambiguous("the server refuses the update: is the key " + PrimaryServer.shown(primary.keyName())
                        + " allowed to update this zone (allow-update or update-policy), or is the zone frozen?");
            case Rcode.NOTAUTH ->
                throw ambiguous("the server is not authoritative for " + PrimaryServer.shown(primary.zone())
                        + ": is the zone there, and is this its primary server?");
            case Rcode.NOTIMP -> throw ambiguous("the server takes no updates at all");
            default -> throw ambiguous("expected NOERROR");
        };
    }

    private WaitException ambiguous(String sentence) {
        return WaitException.ambiguous(server + " answered " + Rcode.string(answer.getRcode()) + ": " + sentence);
    }

    /**
     * These answers are not signed where the server has no key to sign them with. BADKEY has more than one cause, a key of another
     * algorithm or another view of the server, but each of them needs a person who mends it there or here.
     */
    private RuntimeException refusedKey(TSIGRecord signature) {
        String key = PrimaryServer.shown(primary.keyName());
        return switch (signature.getError()) {
            case Rcode.BADKEY ->
                new StopException(
                        server + " answered BADKEY: the server knows no key " + key + " of "
                                + PrimaryServer.shown(primary.algorithm())
                                + " (or not in the view that it shows us): compare keyName and algorithm with its configuration");
            case Rcode.BADSIG ->
                new StopException(server + " answered BADSIG: the key's secret is wrong: "
                        + primary.secret().reference() + " is not the one that the server has for " + key);
            case Rcode.BADTIME ->
                new WaitException(
                        CLOCKS,
                        server + " answered BADTIME: this machine's clock and the server's differ by more than "
                                + TSIG.FUDGE.toSeconds() + " s (the server says " + time(signature.getOther())
                                + ", here it is " + now.truncatedTo(ChronoUnit.SECONDS) + ")");
            default -> ambiguous("with " + Rcode.TSIGstring(signature.getError()));
        };
    }

    /** 48 bits of seconds (RFC 8945, 5.2.3). */
    private static String time(byte @Nullable [] other) {
        if (other == null || other.length != TIME_LENGTH) {
            return "nothing";
        }
        ByteBuffer time = ByteBuffer.wrap(other);
        return Instant.ofEpochSecond((long) (time.getShort() & 0xFFFF) << 32 | time.getInt() & 0xFFFFFFFFL)
                .toString();
    }
}
