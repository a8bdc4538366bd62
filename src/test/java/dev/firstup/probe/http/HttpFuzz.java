package dev.firstup.probe.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.secret.SecretRedactor;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.Re2Pattern;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;

/** What Jazzer runs: whatever bytes a web server sends, in whatever pieces, they are an answer, or down for a reason. */
public final class HttpFuzz {
    private static final StatusRanges STATUSES = new StatusRanges("200-399");
    private static final SubstringMatcher OK = new SubstringMatcher("ok");
    private static final SubstringMatcher BAD = new SubstringMatcher("bad");
    private static final List<HttpExpectation> EXPECTED = List.of(
            HttpExpectation.of(STATUSES),
            new HttpExpectation(STATUSES, RedirectPolicy.UP, Map.of(), OK, null, null, null),
            new HttpExpectation(STATUSES, RedirectPolicy.DOWN, Map.of(), OK, BAD, null, null),
            new HttpExpectation(
                    STATUSES, RedirectPolicy.FOLLOW, Map.of("x", new Re2Pattern("a+$")), null, BAD, null, null),
            new HttpExpectation(
                    STATUSES, RedirectPolicy.UP, Map.of(), null, null, new Re2Pattern("^a*(b|c)\\d{1,9}"), null),
            new HttpExpectation(STATUSES, RedirectPolicy.UP, Map.of(), null, null, null, JsonCondition.of("a.0.b=c")));
    private static final HttpLocation HERE = new HttpLocation("http", "chat.example", 0, "/a/b?c");
    private static final SecretRedactor BLOT = SecretRedactor.of("HTTP secret");
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
        HttpExpectation expected = EXPECTED.get((data[1] & 0xff) % EXPECTED.size());
        ProbeResult whole = result(expected, data, data.length);
        ProbeResult pieces = result(expected, data, piece);
        if ((whole == null) != (pieces == null)
                || whole != null && (whole.outcome() != pieces.outcome() || whole.code() != pieces.code())) {
            throw new AssertionError("at once " + whole + ", in pieces of " + piece + " " + pieces);
        }
    }

    /** Whatever a redirect leads to, a request for it has one line. */
    private static void follow(String location) {
        HttpLocation target = location == null ? null : HERE.resolve(location);
        if (target != null && !target.path().matches("/[!-~]*")) {
            throw new AssertionError("no path of a request: " + target);
        }
    }

    private static ProbeResult result(HttpExpectation expected, byte[] data, int piece) {
        HttpDialogue dialogue = new HttpDialogue(expected, new byte[0], BLOT);
        dialogue.connected();
        ProbeResult result = null;
        for (int i = 2; i < data.length && result == null; i += piece) {
            ByteBuf in = Unpooled.wrappedBuffer(data, i, Math.min(piece, data.length - i));
            result = dialogue.read(in).result();
            follow(dialogue.redirect());
            if (result == null && in.isReadable()) {
                throw new AssertionError("bytes are left that decide nothing");
            }
        }
        result = result == null ? dialogue.end() : result;
        if (result != null) {
            boolean shown = result.reason().chars().allMatch(it -> it >= ' ' && it <= '~');
            if (!shown || result.reason().length() > LONGEST_REASON || result.outcome() == ProbeOutcome.UNKNOWN) {
                throw new AssertionError("no reason for people: " + result);
            }
        }
        return result;
    }
}
