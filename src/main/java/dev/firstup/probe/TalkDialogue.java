package dev.firstup.probe;

import dev.firstup.model.Code;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the turns of a {@link Talk} one after the other. What a server says beyond what is expected, up to the end of its line, is
 * read and skipped before anything is sent or TLS begins.
 */
final class TalkDialogue implements Dialogue {
    private static final int MOST = 64 * 1024;

    private final List<Turn> turns;
    private final Patience patience = new Patience();

    private int turn;
    private byte[] heard = new byte[512];
    private int from;
    private int to;
    private int received;
    private boolean tail;
    private boolean midLine;
    private String last;

    TalkDialogue(List<Turn> turns) {
        this.turns = turns;
    }

    @Override
    public Step connected() {
        return proceed();
    }

    @Override
    public Step secured() {
        return proceed();
    }

    @Override
    public Step read(ByteBuf in) {
        int n = Math.min(in.readableBytes(), MOST - received);
        if (to + n > heard.length) {
            heard = Arrays.copyOf(heard, Math.max(heard.length * 2, to + n));
        }
        in.readBytes(heard, to, n);
        to += n;
        received += n;
        Step step = tail ? finishLine(in) : listen(in);
        if (step == Step.LISTEN && received == MOST) {
            return missed(" in 64 KiB");
        }
        return step;
    }

    @Override
    public Finding end() {
        return to == from || tail ? null : missed(" and no more").finding();
    }

    /** Goes on with what is said in this turn. */
    private Step proceed() {
        ByteArrayOutputStream say = new ByteArrayOutputStream();
        while (turn < turns.size()) {
            Turn now = turns.get(turn);
            if (now.send() != null) {
                say.writeBytes(now.send());
            }
            if (now.expect() != null) {
                break;
            }
            turn++;
            if (now.thenTls()) {
                return new Step(bytes(say), true, null);
            }
        }
        return new Step(
                bytes(say),
                false,
                turn < turns.size()
                        ? null
                        : Finding.up(Code.L7OK, last == null ? "all is said, nothing expected" : "received " + last));
    }

    /** Holds what was heard against what is expected in this turn. */
    private Step listen(ByteBuf in) {
        while (true) {
            Turn now = turns.get(turn);
            int end = now.expect().find(heard, from, to, patience);
            if (end == Expectation.MISSED && midLine) {
                // Not an answer yet, but the rest of the line before it.
                int next = afterLine();
                if (next < 0) {
                    return Step.LISTEN;
                }
                midLine = false;
                from = next;
                continue;
            }
            if (end < 0) {
                return end == Expectation.OPEN ? Step.LISTEN : missed("");
            }
            last = line();
            midLine = end == to && printable(from, end);
            from = end;
            boolean done = turn + 1 == turns.size();
            if (now.thenTls() || !done && turns.get(turn + 1).send() != null) {
                return finishLine(in);
            }
            turn++;
            if (done) {
                return proceed();
            }
        }
    }

    /** Goes on once the line is complete that what was expected stands in. */
    private Step finishLine(ByteBuf in) {
        int next = from == to ? to : afterLine();
        tail = next < 0;
        if (tail) {
            return Step.LISTEN;
        }
        Turn now = turns.get(turn++);
        if (from != to) {
            midLine = heard[to - 1] != '\n';
        }
        if (now.thenTls()) {
            // Whoever runs this must see what came in clear after the word for TLS.
            in.readerIndex(in.readerIndex() - Math.min(to - next, in.readerIndex()));
            midLine = false;
        }
        from = 0;
        to = 0;
        return now.thenTls() ? Step.SECURE : proceed();
    }

    /** Where the next line begins; negative if this one has no end yet. */
    private int afterLine() {
        for (int i = from; i < to; i++) {
            if (heard[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private boolean printable(int begin, int end) {
        for (int i = begin; i < end; i++) {
            if (heard[i] < ' ' || heard[i] > '~') {
                return false;
            }
        }
        return true;
    }

    private Step missed(String where) {
        return Step.over(
                Finding.down(Code.L7RSP, "expected " + turns.get(turn).expect() + ", received " + line() + where));
    }

    /** What was heard in this turn, up to its first line break. */
    private String line() {
        int end = from;
        while (end < to && heard[end] != '\r' && heard[end] != '\n') {
            end++;
        }
        end = end == from ? to : end;
        return Text.encoded(heard, from, end);
    }

    private static byte[] bytes(ByteArrayOutputStream say) {
        return say.size() == 0 ? null : say.toByteArray();
    }
}
