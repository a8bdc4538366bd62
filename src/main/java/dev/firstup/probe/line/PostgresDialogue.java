package dev.firstup.probe.line;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.firstup.model.probe.ReasonCode;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.DialogueStep;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.ReasonText;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what PostgreSQL answers to one who wants to connect. It is up if it asks who is there, or refuses for a reason that
 * concerns this user or this database only.
 */
final class PostgresDialogue implements Dialogue {
    private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f};

    private static final byte[] TERMINATE = {'X', 0, 0, 0, 4};

    /** What may come first: authentication, an error, a notice, another version of the protocol. */
    private static final String BEFORE = "RENv";

    /** What may come once we are let in: the server's settings, a key to cancel with, and that it is ready. */
    private static final String AFTER = "ENSKZ";

    /** What libpq takes for a message at this point. */
    private static final int LONGEST = 30_000;

    private static final Pattern SQLSTATE = Pattern.compile("[0-9A-Z]{5}");

    /**
     * Trouble of the connection, insufficient resources, the operator's intervention, errors of the system, errors within: nobody
     * is let in. PgBouncer says the first when it has no more connections, or its server is down.
     */
    private static final Pattern NOT_FOR_ANYBODY = Pattern.compile("(?:08|53|57|58|XX).*");

    private final byte[] startup;
    private final boolean starttls;

    private boolean asksForTls;
    private boolean letIn;
    private byte[] message = new byte[256];
    private int length;
    private int skipped;

    PostgresDialogue(byte[] startup, boolean starttls) {
        this.startup = startup;
        this.starttls = starttls;
    }

    @Override
    public DialogueStep connected() {
        asksForTls = starttls;
        return DialogueStep.say(starttls ? SSL_REQUEST : startup);
    }

    @Override
    public DialogueStep secured() {
        asksForTls = false;
        return DialogueStep.say(startup);
    }

    @Override
    public DialogueStep read(ByteBuf in) {
        if (asksForTls && length == 0 && in.getByte(in.readerIndex()) != 'E') {
            byte answer = in.readByte();
            return switch (answer) {
                case 'S' -> DialogueStep.SECURE;
                case 'N' ->
                    DialogueStep.over(
                            ProbeResult.down(ReasonCode.L7STS, "TLS is refused: SSLRequest was answered \"N\""));
                default -> {
                    in.readerIndex(in.readerIndex() - 1);
                    append(in, in.readableBytes());
                    yield alien();
                }
            };
        }
        while (in.isReadable()) {
            append(in, 5 - length);
            if ((letIn ? AFTER : BEFORE).indexOf(message[0]) < 0) {
                append(in, in.readableBytes());
                return alien();
            }
            if (length < 5) {
                return DialogueStep.LISTEN;
            }
            int size = ByteBuffer.wrap(message).getInt(1);
            if (size < (letIn ? 5 : 8) || size > LONGEST) {
                append(in, in.readableBytes());
                return alien();
            }
            append(in, size + 1 - length);
            if (length < size + 1) {
                return DialogueStep.LISTEN;
            }
            DialogueStep step =
                    switch (message[0]) {
                        case 'R' -> authentication();
                        case 'E' -> error();
                        case 'Z' -> new DialogueStep(TERMINATE, false, ProbeResult.up(ReasonCode.L7OK, "lets us in"));
                        default -> null;
                    };
            if (step != null) {
                return step;
            }
            skipped += length;
            if (skipped > LONGEST) {
                return alien();
            }
            length = 0;
        }
        return DialogueStep.LISTEN;
    }

    @Override
    public @Nullable ProbeResult end() {
        return length == 0 ? null : alien().result();
    }

    private @Nullable DialogueStep authentication() {
        int kind = ByteBuffer.wrap(message).getInt(5);
        if (kind == 0) {
            // Whether there is room for one more is told after this.
            letIn = true;
            return null;
        }
        String name =
                switch (kind) {
                    case 3 -> "asks for a password";
                    case 5 -> "asks for a password (MD5)";
                    case 10 -> "asks for a password (SASL)";
                    default -> "asks who is there (" + kind + ")";
                };
        return DialogueStep.over(ProbeResult.up(ReasonCode.L7OK, name));
    }

    /** Fields, each a letter and a text that a zero ends; a zero instead of a letter ends them all. */
    private DialogueStep error() {
        String code = null;
        String text = "";
        int at = 5;
        while (at < length && message[at] != 0) {
            int end = at + 1;
            while (end < length && message[end] != 0) {
                end++;
            }
            String field = new String(message, at + 1, end - at - 1, ISO_8859_1);
            if (message[at] == 'C') {
                code = field;
            } else if (message[at] == 'M') {
                text = field;
            }
            at = end + 1;
        }
        if (at != length - 1 || code == null || !SQLSTATE.matcher(code).matches()) {
            return alien();
        }
        byte[] said = text.getBytes(ISO_8859_1);
        String reason = "SQLSTATE " + code + " " + ReasonText.excerpt(said, said.length);
        return DialogueStep.over(
                NOT_FOR_ANYBODY.matcher(code).matches()
                        ? ProbeResult.down(ReasonCode.L7STS, reason)
                        : ProbeResult.up(ReasonCode.L7OK, reason));
    }

    /** At most so many bytes that a message could have. */
    private void append(ByteBuf in, int wanted) {
        int n = Math.min(Math.min(Math.max(wanted, 0), in.readableBytes()), LONGEST + 1 - length);
        if (length + n > message.length) {
            message = Arrays.copyOf(message, Math.max(message.length * 2, length + n));
        }
        in.readBytes(message, length, n);
        length += n;
    }

    private DialogueStep alien() {
        return DialogueStep.over(ProbeResult.down(
                ReasonCode.L7RSP, "expected an answer of PostgreSQL, received " + ReasonText.excerpt(message, length)));
    }
}
