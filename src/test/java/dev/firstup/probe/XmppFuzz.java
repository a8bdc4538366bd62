package dev.firstup.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.firstup.model.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What Jazzer runs: whatever an XMPP server sends, in whatever pieces, each of them is a step of the dialogue, and its end has a
 * sentence for people that shows nothing but printable ASCII.
 */
public final class XmppFuzz {
    private static final String PASSWORD = "correct horse battery staple";
    private static final Xmpp.Account ACCOUNT = new Xmpp.Account("monitor", new Secret("file:password"), folder());
    private static final List<Xmpp> KINDS = List.of(
            new Xmpp(false, true, false, null, null),
            new Xmpp(true, true, true, null, null),
            new Xmpp(false, true, false, "firstup.invalid", null),
            new Xmpp(true, true, false, null, ACCOUNT));

    private XmppFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        Dialogue dialogue = new XmppDialogue(KINDS.get(Math.floorMod(data[0], KINDS.size())), "chat.example");
        int size = 1 + Math.floorMod(data[1], 64);
        Finding finding = finding(dialogue, dialogue.connected());
        for (int at = 2; at < data.length && finding == null; at += size) {
            ByteBuf in = Unpooled.wrappedBuffer(data, at, Math.min(size, data.length - at));
            while (in.isReadable() && finding == null) {
                int before = in.readableBytes();
                Step step = dialogue.read(in);
                if (step.finding() == null && in.readableBytes() == before) {
                    throw new AssertionError("it does not come on");
                }
                finding = finding(dialogue, step);
            }
        }
        if (finding == null) {
            dialogue.end();
        } else if (!finding.reason().matches("[ -~\\p{L}\\p{N}\\p{M}]{1,500}")
                || finding.reason().contains(PASSWORD)) {
            throw new AssertionError("no sentence for people: " + finding.reason());
        }
    }

    /** Does what the step asks for. */
    private static Finding finding(Dialogue dialogue, Step step) {
        Step next = step;
        while (next.finding() == null && (next.secure() || next == Step.THINK)) {
            next = next.secure() ? dialogue.secured() : dialogue.think();
        }
        return next.finding();
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("xmpp-fuzz");
            folder.toFile().deleteOnExit();
            Path password = Files.write(folder.resolve("password"), PASSWORD.getBytes(ISO_8859_1));
            password.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
