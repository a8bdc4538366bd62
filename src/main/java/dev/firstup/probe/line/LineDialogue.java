package dev.firstup.probe.line;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.secret.SecretRedactor;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.DialogueStep;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.ReasonText;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks one question after the other, and reads what is answered line by line. */
final class LineDialogue implements Dialogue {
    private static final int LONGEST_LINE = 8 * 1024;
    private static final int MOST = 64 * 1024;

    private final List<LineCommand> questions;
    private final byte @Nullable [] farewell;
    private final @Nullable String secret;

    private int question;
    private boolean first = true;
    private byte[] line = new byte[128];
    private int length;
    private boolean taken;
    private int received;
    private @Nullable String greeting;

    /**
     * @param questions at least one
     * @param farewell the last word, which is not answered; null for none
     * @param secret what must not be shown if the server repeats it; null for nothing
     */
    LineDialogue(List<LineCommand> questions, @Nullable String farewell, @Nullable String secret) {
        this.questions = questions;
        this.farewell = farewell == null ? null : farewell.getBytes(UTF_8);
        this.secret = secret;
    }

    @Override
    public DialogueStep connected() {
        return say();
    }

    @Override
    public DialogueStep secured() {
        return say();
    }

    @Override
    public DialogueStep read(ByteBuf in) {
        while (in.isReadable()) {
            boolean complete = readLine(in);
            if (length > LONGEST_LINE) {
                return over(ReasonCode.L7RSP, ", which is too long for a line");
            }
            if (received >= MOST) {
                return over(ReasonCode.L7RSP, " at the end of 64 KiB");
            }
            if (complete) {
                DialogueStep step = take();
                first = step != DialogueStep.LISTEN;
                taken = true;
                if (first) {
                    return step;
                }
            }
        }
        return DialogueStep.LISTEN;
    }

    @Override
    public String awaited() {
        return questions.get(question).expected();
    }

    @Override
    public @Nullable ProbeResult end() {
        return first && (taken || length == 0)
                ? null
                : over(ReasonCode.L7RSP, " and no more").result();
    }

    private DialogueStep take() {
        return switch (questions.get(question).reply().take(new String(line, 0, length, ISO_8859_1), first)) {
            case MORE -> DialogueStep.LISTEN;
            case REFUSED -> over(ReasonCode.L7STS, "");
            case ALIEN -> over(ReasonCode.L7RSP, "");
            case GOOD -> next();
        };
    }

    private DialogueStep next() {
        LineCommand done = questions.get(question++);
        String greeted = greeting == null ? shown() : greeting;
        greeting = greeted;
        if (done.thenTls()) {
            return DialogueStep.SECURE;
        }
        return question < questions.size()
                ? say()
                : new DialogueStep(
                        farewell,
                        false,
                        ProbeResult.up(ReasonCode.L7OK, questions.get(0).say() == null ? greeted : shown()));
    }

    private DialogueStep say() {
        String say = questions.get(question).say();
        return say == null ? DialogueStep.LISTEN : DialogueStep.say(say);
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

    private DialogueStep over(ReasonCode code, String more) {
        return DialogueStep.over(ProbeResult.down(
                code, "expected " + questions.get(question).expected() + ", received " + shown() + more));
    }

    private String shown() {
        byte[] text = Arrays.copyOf(line, length);
        byte[] shown = secret == null ? text : SecretRedactor.strict(secret).redact(text);
        return ReasonText.excerpt(shown, shown.length);
    }
}
