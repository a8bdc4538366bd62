package dev.firstup.probe.line;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.DialogueStep;
import dev.firstup.probe.connection.Protocol;
import dev.firstup.probe.engine.ProbeResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;

/** What Jazzer runs: whatever a server says, and however the network cuts it, a dialogue goes on or ends with a sentence. */
public final class LineFuzz {
    private static final List<Protocol> PROTOCOLS = List.of(
            LineProtocol.smtp(true, "[127.0.0.1]"),
            LineProtocol.imap(true),
            LineProtocol.pop3(true),
            LineProtocol.ssh(),
            new RedisProtocol(null, null, null),
            new PostgresProtocol("firstup", null, true),
            new PostgresProtocol("firstup", "shop", false),
            DialogueScript.of(
                    Map.of("2", "b", "3", "c"), Map.of("", "220", "2", "~25[0-9] .*x", "4", "~(?s).*end"), "2"),
            DialogueScript.of(
                    Map.of("", "a", "3", "b"), Map.of("", "~(a|b)*c", "2", "~\\x00+", "3", "~(x+x+)+y"), null));

    private LineFuzz() {}

    /** What is loaded at the first input is loaded before the time is taken. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(new byte[100]);
    }

    /** The first byte says which dialogue; then the length of each piece stands before it. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        Dialogue dialogue = PROTOCOLS.get((data[0] & 0xff) % PROTOCOLS.size()).dialogue(null);
        if (over(dialogue.connected(), dialogue)) {
            return;
        }
        int at = 1;
        while (at < data.length) {
            int n = Math.min(data[at] & 0xff, data.length - at - 1);
            ByteBuf in = Unpooled.wrappedBuffer(data, at + 1, n);
            at += n + 1;
            while (in.isReadable()) {
                DialogueStep step;
                try {
                    step = dialogue.read(in);
                } catch (IllegalStateException e) {
                    if (e.getMessage().startsWith("a regular expression takes too much")) {
                        return;
                    }
                    throw e;
                }
                if (step.secure() && in.isReadable() || over(step, dialogue)) {
                    return;
                }
                if (step == DialogueStep.LISTEN && in.isReadable()) {
                    throw new AssertionError("it listens, and has not heard " + in.toString(ISO_8859_1));
                }
            }
        }
        ProbeResult end = dialogue.end();
        if (end != null) {
            check(end);
        }
    }

    private static boolean over(DialogueStep step, Dialogue dialogue) {
        if (step.result() != null) {
            check(step.result());
            return true;
        }
        return step.secure() && over(dialogue.secured(), dialogue);
    }

    private static void check(ProbeResult result) {
        if (result.reason().length() > 250 || !result.reason().matches("[ -~]+")) {
            throw new AssertionError("no sentence for people: " + result.reason());
        }
    }
}
