package dev.firstup.probe.line;

import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.text.RegexBudget;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.DialogueStep;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.ReasonText;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes the turns of a {@link DialogueScript} one after the other. What it makes of an answer depends on its bytes only, and not on how the
 * network cuts them.
 */
final class ScriptedDialogue implements Dialogue {
    private static final int MOST = 64 * 1024;
    /** Some ten milliseconds, on a thread that many probes share. */
    private static final int MOST_LOOKS = 2_000_000;

    private final List<DialogueTurn> turns;
    /** Of all matches, of which there is one for each piece of an answer that the network brings, and of one. */
    private final RegexBudget budget = new RegexBudget("a regular expression", 64 * MOST_LOOKS, MOST_LOOKS);

    private int turn;
    private byte[] heard = new byte[512];
    private int from;
    private int to;
    private int received;
    private boolean matched;
    private @Nullable String last;

    ScriptedDialogue(List<DialogueTurn> turns) {
        this.turns = turns;
    }

    @Override
    public DialogueStep connected() {
        return proceed();
    }

    @Override
    public DialogueStep secured() {
        return proceed();
    }

    @Override
    public DialogueStep read(ByteBuf in) {
        int n = Math.min(in.readableBytes(), MOST - received);
        if (to + n > heard.length) {
            heard = Arrays.copyOf(heard, Math.max(heard.length * 2, to + n));
        }
        in.readBytes(heard, to, n);
        to += n;
        received += n;
        DialogueStep step = listen(in);
        if (step == DialogueStep.LISTEN && received == MOST) {
            return missed(" in 64 KiB");
        }
        return step;
    }

    @Override
    public String awaited() {
        return matched
                ? "the end of the line after " + turns.get(turn).expect()
                : "" + turns.get(turn).expect();
    }

    @Override
    public @Nullable ProbeResult end() {
        if (to == from || matched) {
            return null;
        }
        boolean found = expected().find(heard, from, to, true, budget) >= 0;
        return found && turn + 1 == turns.size()
                ? ProbeResult.up(ReasonCode.L7OK, "received " + line())
                : missed(" and no more").result();
    }

    /** What is listened for: nobody listens in a turn that expects nothing. */
    private ExpectedReply expected() {
        return Objects.requireNonNull(turns.get(turn).expect());
    }

    /** Goes on with what is said in this turn. */
    private DialogueStep proceed() {
        ByteArrayOutputStream say = new ByteArrayOutputStream();
        while (turn < turns.size()) {
            DialogueTurn now = turns.get(turn);
            if (now.send() != null) {
                say.writeBytes(now.send());
            }
            if (now.expect() != null) {
                break;
            }
            turn++;
            if (now.thenTls()) {
                return new DialogueStep(bytes(say), true, null);
            }
        }
        return new DialogueStep(
                bytes(say),
                false,
                turn < turns.size()
                        ? null
                        : ProbeResult.up(
                                ReasonCode.L7OK, last == null ? "all is said, nothing expected" : "received " + last));
    }

    /** Holds what was heard against what is expected in this turn and, as long as nothing is said, in the next ones. */
    private DialogueStep listen(ByteBuf in) {
        while (true) {
            DialogueTurn now = turns.get(turn);
            if (!matched) {
                int end = expected().find(heard, from, to, false, budget);
                if (end < 0) {
                    return end == ExpectedReply.OPEN ? DialogueStep.LISTEN : missed("");
                }
                last = line();
                from = end;
                matched = true;
            }
            if (endsLine()) {
                int next = afterAnswer();
                if (next < 0) {
                    return DialogueStep.LISTEN;
                }
                from = next;
            }
            matched = false;
            turn++;
            if (now.thenTls() || turn == turns.size() || turns.get(turn).send() != null) {
                giveBack(in);
                return now.thenTls() ? DialogueStep.SECURE : proceed();
            }
        }
    }

    /** Whether the line must be complete that what was expected stands in: before a line is said, and before TLS among lines. */
    private boolean endsLine() {
        if (!turns.get(turn).thenTls()) {
            return turn + 1 < turns.size() && isLine(turns.get(turn + 1).send());
        }
        for (int i = turn; i >= 0; i--) {
            if (turns.get(i).send() != null) {
                return isLine(turns.get(i).send());
            }
        }
        return true;
    }

    private static boolean isLine(byte @Nullable [] said) {
        return said != null && said[said.length - 1] == '\n';
    }

    /**
     * Where the next answer begins; negative if this one has no end yet. An answer of several lines has a code and a hyphen at its
     * beginning, and ends with a line that begins with this code and a blank (RFC 959, section 4.2; RFC 5321, section 4.2.1).
     */
    private int afterAnswer() {
        int begin = Math.max(0, from - 1);
        int next = afterLine(begin);
        while (begin > 0 && heard[begin - 1] != '\n') {
            begin--;
        }
        boolean more = to - begin > 3 && heard[begin + 3] == '-' && hasCode(begin);
        while (more && next >= 0) {
            int line = next;
            next = afterLine(line);
            more = next - line < 4
                    || heard[line + 3] > ' '
                    || !Arrays.equals(heard, begin, begin + 3, heard, line, line + 3);
        }
        return next;
    }

    private boolean hasCode(int at) {
        for (int i = at; i < at + 3; i++) {
            if (heard[i] < '0' || heard[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /** Where the line ends that {@code at} stands in; negative if it has no end yet. */
    private int afterLine(int at) {
        for (int i = at; i < to; i++) {
            if (heard[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    /** What comes next is heard once more by whoever it is for: after TLS that is not us. */
    private void giveBack(ByteBuf in) {
        int left = Math.min(to - from, in.readerIndex());
        in.readerIndex(in.readerIndex() - left);
        to -= left;
        received -= left;
    }

    private DialogueStep missed(String where) {
        return DialogueStep.over(ProbeResult.down(
                ReasonCode.L7RSP, "expected " + turns.get(turn).expect() + ", received " + line() + where));
    }

    /** What was heard in this turn, up to its first line break. */
    private String line() {
        int end = from;
        while (end < to && heard[end] != '\r' && heard[end] != '\n') {
            end++;
        }
        end = end == from ? to : end;
        return ReasonText.encoded(heard, from, end);
    }

    private static byte @Nullable [] bytes(ByteArrayOutputStream say) {
        return say.size() == 0 ? null : say.toByteArray();
    }
}
