package dev.firstup.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firstup.model.Code;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;

/** Asks one question after the other, and reads what is answered line by line. */
final class LineDialogue implements Dialogue {
    private static final int LONGEST_LINE = 8 * 1024;
    private static final int MOST = 64 * 1024;

    private final List<Question> questions;
    private final byte[] farewell;
    private final String secret;

    private int question;
    private boolean first = true;
    private byte[] line = new byte[128];
    private int length;
    private boolean taken;
    private int received;
    private String greeting;

    /**
     * @param questions at least one
     * @param farewell the last word, which is not answered; null for none
     * @param secret what must not be shown if the server repeats it; null for nothing
     */
    LineDialogue(List<Question> questions, String farewell, String secret) {
        this.questions = questions;
        this.farewell = farewell == null ? null : farewell.getBytes(UTF_8);
        this.secret = secret;
    }

    @Override
    public Step connected() {
        return say();
    }

    @Override
    public Step secured() {
        return say();
    }

    @Override
    public Step read(ByteBuf in) {
        while (in.isReadable()) {
            boolean complete = readLine(in);
            if (length > LONGEST_LINE) {
                return over(Code.L7RSP, ", which is too long for a line");
            }
            if (received >= MOST) {
                return over(Code.L7RSP, " at the end of 64 KiB");
            }
            if (complete) {
                Step step = take();
                first = step != Step.LISTEN;
                taken = true;
                if (first) {
                    return step;
                }
            }
        }
        return Step.LISTEN;
    }

    @Override
    public String awaited() {
        return questions.get(question).expected();
    }

    @Override
    public Finding end() {
        return first && (taken || length == 0)
                ? null
                : over(Code.L7RSP, " and no more").finding();
    }

    private Step take() {
        return switch (questions.get(question).reply().take(new String(line, 0, length, ISO_8859_1), first)) {
            case MORE -> Step.LISTEN;
            case REFUSED -> over(Code.L7STS, "");
            case ALIEN -> over(Code.L7RSP, "");
            case GOOD -> next();
        };
    }

    private Step next() {
        Question done = questions.get(question++);
        if (greeting == null) {
            greeting = shown();
        }
        if (done.thenTls()) {
            return Step.SECURE;
        }
        return question < questions.size()
                ? say()
                : new Step(
                        farewell, false, Finding.up(Code.L7OK, questions.get(0).say() == null ? greeting : shown()));
    }

    private Step say() {
        String say = questions.get(question).say();
        return say == null ? Step.LISTEN : Step.say(say);
    }

    /** Appends to {@link #line}, and says whether it is complete now, its line break left out. */
    private boolean readLine(ByteBuf in) {
        if (taken) {
            length = 0;
            taken = false;
        }
        int most = Math.min(in.readableBytes(), LONGEST_LINE + 1 - length);
        int end = in.indexOf(in.readerIndex(), in.readerIndex() + most, (byte) '\n');
        int n = end < 0 ? most : end - in.readerIndex();
        if (length + n > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, length + n));
        }
        in.readBytes(line, length, n);
        length += n;
        received += n;
        if (end < 0) {
            return false;
        }
        in.skipBytes(1);
        received++;
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return true;
    }

    private Step over(Code code, String more) {
        return Step.over(
                Finding.down(code, "expected " + questions.get(question).expected() + ", received " + shown() + more));
    }

    private String shown() {
        byte[] text = line;
        int n = length;
        if (secret != null) {
            text = new String(line, 0, length, UTF_8).replace(secret, "***").getBytes(UTF_8);
            n = text.length;
        }
        return Text.excerpt(text, n);
    }
}
