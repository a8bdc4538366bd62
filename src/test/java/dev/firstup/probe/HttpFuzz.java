package dev.firstup.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.firstup.model.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;

/** What Jazzer runs: whatever bytes a web server sends, in whatever pieces, they are an answer, or down for a reason. */
public final class HttpFuzz {
    private static final Statuses STATUSES = new Statuses("200-399");
    private static final Needle OK = new Needle("ok");
    private static final Needle BAD = new Needle("bad");
    private static final List<Expected> EXPECTED = List.of(
            Expected.of(STATUSES),
            new Expected(STATUSES, Redirects.UP, Map.of(), OK, null, null, null),
            new Expected(STATUSES, Redirects.DOWN, Map.of(), OK, BAD, null, null),
            new Expected(STATUSES, Redirects.FOLLOW, Map.of("x", new Regex("a+$")), null, BAD, null, null),
            new Expected(STATUSES, Redirects.UP, Map.of(), null, null, new Regex("^a*(b|c)\\d{1,9}"), null),
            new Expected(STATUSES, Redirects.UP, Map.of(), null, null, null, JsonValue.of("a.0.b=c")));
    private static final Location HERE = new Location("http", "chat.example", 0, "/a/b?c");
    private static final Blot BLOT = Blot.of("HTTP secret");
    private static final int LONGEST_REASON = 600;

    private HttpFuzz() {}

    /** What is loaded at first is not to count as the time of an input. */
    public static void fuzzerInitialize() {
        for (int i = 0; i < EXPECTED.size(); i++) {
            fuzzerTestOneInput(("A" + (char) i + "HTTP/1.1 200 OK\r\nX: a\r\n\r\n{}").getBytes(ISO_8859_1));
        }
    }

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        int piece = 1 + (data[0] & 0xff);
        Expected expected = EXPECTED.get((data[1] & 0xff) % EXPECTED.size());
        Finding whole = finding(expected, data, data.length);
        Finding pieces = finding(expected, data, piece);
        if ((whole == null) != (pieces == null)
                || whole != null && (whole.outcome() != pieces.outcome() || whole.code() != pieces.code())) {
            throw new AssertionError("at once " + whole + ", in pieces of " + piece + " " + pieces);
        }
    }

    /** Whatever a redirect leads to, a request for it has one line. */
    private static void follow(String location) {
        Location target = location == null ? null : HERE.resolve(location);
        if (target != null && !target.path().matches("/[!-~]*")) {
            throw new AssertionError("no path of a request: " + target);
        }
    }

    private static Finding finding(Expected expected, byte[] data, int piece) {
        HttpDialogue dialogue = new HttpDialogue(expected, new byte[0], BLOT);
        dialogue.connected();
        Finding finding = null;
        for (int i = 2; i < data.length && finding == null; i += piece) {
            ByteBuf in = Unpooled.wrappedBuffer(data, i, Math.min(piece, data.length - i));
            finding = dialogue.read(in).finding();
            follow(dialogue.redirect());
            if (finding == null && in.isReadable()) {
                throw new AssertionError("bytes are left that decide nothing");
            }
        }
        finding = finding == null ? dialogue.end() : finding;
        if (finding != null) {
            boolean shown = finding.reason().chars().allMatch(it -> it >= ' ' && it <= '~');
            if (!shown || finding.reason().length() > LONGEST_REASON || finding.outcome() == Outcome.UNKNOWN) {
                throw new AssertionError("no reason for people: " + finding);
            }
        }
        return finding;
    }
}
