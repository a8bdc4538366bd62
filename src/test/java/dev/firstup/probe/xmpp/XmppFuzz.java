package dev.firstup.probe.xmpp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.firstup.model.SecretReference;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.DialogueStep;
import dev.firstup.probe.engine.ProbeResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What Jazzer runs: whatever an XMPP server sends, in whatever pieces, each of them is a step of the dialogue, and its end has a
 * sentence for people without control characters, and without the password once that was told.
 */
public final class XmppFuzz {
    private static final String PASSWORD = "correct horse battery staple";
    private static final XmppProtocol.Account ACCOUNT =
            new XmppProtocol.Account("monitor", new SecretReference("file:password"), folder());
    private static final List<XmppProtocol> KINDS = List.of(
            new XmppProtocol(false, true, false, null, null),
            new XmppProtocol(true, true, true, null, null),
            new XmppProtocol(false, true, false, "firstup.invalid", null),
            new XmppProtocol(true, true, false, null, ACCOUNT));

    /** What servers really say, each for one byte: by chance alone no login would come about. */
    private static final List<String> WORDS = List.of(
            "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
            "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
            "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>",
            "<mechanism>PLAIN</mechanism>",
            "<mechanism>SCRAM-SHA-1</mechanism>",
            "</mechanisms></stream:features>",
            "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>",
            "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>",
            "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
            "<iq type='result' id='bind'/>",
            "<iq type='error' id='ping'><error><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>",
            "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>",
            "</error></iq>",
            "</stream:error>");

    private static final int FIRST_WORD = 0xF0;

    private final Dialogue dialogue;
    private boolean told;

    private XmppFuzz(Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    /** What is loaded at the first input is loaded before the time is taken. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(new byte[100]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        XmppFuzz run = new XmppFuzz(new XmppDialogue(KINDS.get(Math.floorMod(data[0], KINDS.size())), "chat.example"));
        ProbeResult result = run.result(spelt(data), 1 + Math.floorMod(data[1], 64));
        if (result == null) {
            return;
        }
        String reason = result.reason();
        if (!reason.matches("[ -~\\p{L}\\p{N}\\p{M}]{1,500}") || run.told && reason.contains(PASSWORD)) {
            throw new AssertionError("no sentence for people: " + reason);
        }
    }

    private ProbeResult result(byte[] data, int size) {
        ProbeResult result = done(dialogue.connected());
        for (int at = 0; at < data.length && result == null; at += size) {
            ByteBuf in = Unpooled.wrappedBuffer(data, at, Math.min(size, data.length - at));
            while (in.isReadable() && result == null) {
                int before = in.readableBytes();
                DialogueStep step = dialogue.read(in);
                if (step.result() == null && in.readableBytes() == before) {
                    throw new AssertionError("it does not come on");
                }
                result = done(step);
            }
        }
        return result == null ? dialogue.end() : result;
    }

    private static byte[] spelt(byte[] data) {
        ByteArrayOutputStream spelt = new ByteArrayOutputStream();
        for (int i = 2; i < data.length; i++) {
            int it = Byte.toUnsignedInt(data[i]);
            if (it < FIRST_WORD) {
                spelt.write(it);
            } else {
                spelt.writeBytes(WORDS.get(it - FIRST_WORD).getBytes(ISO_8859_1));
            }
        }
        return spelt.toByteArray();
    }

    /** Does what the step asks for. */
    private ProbeResult done(DialogueStep step) {
        DialogueStep next = step;
        while (next.result() == null && (next.secure() || next == DialogueStep.THINK)) {
            told |= next == DialogueStep.THINK;
            next = next.secure() ? dialogue.secured() : dialogue.think();
        }
        return next.result();
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
