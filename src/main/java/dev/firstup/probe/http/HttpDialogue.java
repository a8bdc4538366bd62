package dev.firstup.probe.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.secret.SecretRedactor;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.DialogueStep;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.Re2Pattern;
import dev.firstup.probe.engine.ReasonText;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One request and the reading of its answer, piece by piece and within bounds (RFC 9112). */
final class HttpDialogue implements Dialogue {
    private static final int LONGEST_HEAD = 16 * 1024;
    private static final int LONGEST_BODY = 64 * 1024;
    private static final int LONGEST_CHUNK_LINE = 4 * 1024;

    /** How much of the framing of chunks is taken for each byte that it brings, and at the beginning. */
    private static final int MOST_FRAMING = 16;

    private static final int FIRST_FRAMING = 16 * 1024;
    private static final long UNTIL_THE_END = Long.MAX_VALUE;
    private static final byte[] PROTOCOL = "HTTP/1.".getBytes(US_ASCII);

    private enum Part {
        STATUS_LINE,
        HEADER,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END
    }

    private final HttpExpectation expected;
    private final byte[] request;
    private final SecretRedactor redactor;

    private Part part = Part.STATUS_LINE;
    private byte[] line = new byte[128];
    private int length;
    private int headBytes;
    private byte[] body = {};
    private int bodyBytes;
    private int framingBytes;
    private boolean longer;
    private int contained;
    private int refused;
    private int status;
    private @Nullable String location;
    private @Nullable String redirect;
    private @Nullable Map<String, List<String>> headers;
    private @Nullable String coding;
    private long size = UNTIL_THE_END;
    private @Nullable ProbeResult wrongSize;
    private long left;

    /**
     * @param request what is sent
     * @param redactor what must not be shown of the answer
     */
    HttpDialogue(HttpExpectation expected, byte[] request, SecretRedactor redactor) {
        this.expected = expected;
        this.request = request;
        this.redactor = redactor;
    }

    /** The status of the answer; 0 before there is one. */
    int status() {
        return status;
    }

    /** Where a redirect leads to, if that matters; null where there is none. */
    @Nullable
    String redirect() {
        return redirect;
    }

    @Override
    public DialogueStep connected() {
        return DialogueStep.say(request);
    }

    @Override
    public DialogueStep read(ByteBuf in) {
        ProbeResult result = null;
        while (result == null && in.isReadable()) {
            result = switch (part) {
                case STATUS_LINE, HEADER -> readHead(in);
                case BODY, CHUNK -> readBody(in);
                case CHUNK_SIZE, CHUNK_END -> readChunkLine(in);
            };
        }
        if (result == null && part == Part.STATUS_LINE && !looksLikeHttp()) {
            result = notHttp();
        }
        return result == null ? DialogueStep.LISTEN : DialogueStep.over(result);
    }

    @Override
    public @Nullable ProbeResult end() {
        return part == Part.BODY && size == UNTIL_THE_END ? whole() : null;
    }

    private @Nullable ProbeResult readHead(ByteBuf in) {
        int before = in.readableBytes();
        boolean complete = readLine(in, LONGEST_HEAD - headBytes);
        headBytes += before - in.readableBytes();
        if (!complete) {
            return headBytes < LONGEST_HEAD
                    ? null
                    : ProbeResult.down(
                            ReasonCode.L7RSP,
                            part == Part.STATUS_LINE && !looksLikeHttp()
                                    ? notHttp().reason()
                                    : "the header section is longer than 16 KiB");
        }
        ProbeResult result = part == Part.STATUS_LINE ? statusLine() : length == 0 ? judge() : header();
        length = 0;
        return result;
    }

    private @Nullable ProbeResult statusLine() {
        boolean valid = length >= 12
                && looksLikeHttp()
                && digit(7)
                && line[8] == ' '
                && line[9] != '0'
                && digit(9)
                && digit(10)
                && digit(11)
                && (length == 12 || line[12] == ' ');
        if (!valid) {
            return notHttp();
        }
        status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
        part = Part.HEADER;
        return null;
    }

    private @Nullable ProbeResult header() {
        boolean folded = line[0] == ' ' || line[0] == '\t';
        if (folded) {
            return null;
        }
        int colon = 0;
        while (colon < length && line[colon] != ':') {
            colon++;
        }
        if (colon == 0 || colon == length) {
            return ProbeResult.down(
                    ReasonCode.L7RSP, "expected a header, received " + ReasonText.excerpt(redactor, line, length));
        }
        if (!expected.readsBody() && expected.headers().isEmpty() && expected.redirects() == RedirectPolicy.UP) {
            return null;
        }
        String name = new String(line, 0, colon, ISO_8859_1).toLowerCase(Locale.ROOT);
        String value = new String(line, colon + 1, length - colon - 1, ISO_8859_1).strip();
        if (expected.headers().containsKey(name)) {
            headers = headers == null ? new TreeMap<>() : headers;
            headers.computeIfAbsent(name, it -> new ArrayList<>()).add(value);
        }
        if (name.equals("transfer-encoding")) {
            for (String one : value.split(",")) {
                coding = one.isBlank() ? coding : one.strip().toLowerCase(Locale.ROOT);
            }
        } else if (name.equals("content-length")) {
            size(value);
        } else if (name.equals("location")) {
            location = value;
        }
        return null;
    }

    /** The same size may be given several times, by proxies in between (RFC 9112, section 6.3). */
    private void size(String value) {
        for (String one : value.split(",", -1)) {
            String digits = one.strip();
            long its = digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
            if (wrongSize == null && (its < 0 || size != UNTIL_THE_END && size != its)) {
                wrongSize = ProbeResult.down(
                        ReasonCode.L7RSP,
                        its < 0
                                ? "expected a header Content-Length, received "
                                        + ReasonText.excerpt(redactor, line, length)
                                : "the Content-Length is " + size + " and also " + its);
            }
            size = its;
        }
    }

    private @Nullable ProbeResult judge() {
        if (status < 200 && status != 101) {
            part = Part.STATUS_LINE;
            coding = null;
            size = UNTIL_THE_END;
            wrongSize = null;
            headers = null;
            location = null;
            return null;
        }
        if (expected.redirects() != RedirectPolicy.UP && RedirectPolicy.is(status)) {
            redirect = location;
            String to =
                    location == null ? " without a Location" : " to " + ReasonText.excerptOfHeader(redactor, location);
            return ProbeResult.down(ReasonCode.L7STS, "status " + status + to + ", expected no redirect");
        }
        if (!expected.statuses().contain(status)) {
            return ProbeResult.down(ReasonCode.L7STS, "status " + status + ", expected " + expected.statuses());
        }
        for (Map.Entry<String, Re2Pattern> header : expected.headers().entrySet()) {
            List<String> values = headers == null ? List.of() : headers.getOrDefault(header.getKey(), List.of());
            if (values.stream().noneMatch(header.getValue()::foundIn)) {
                return ProbeResult.down(
                        ReasonCode.L7RSP,
                        "status " + status + ", but the header " + header.getKey() + " is "
                                + (values.isEmpty() ? "missing" : ReasonText.excerptOfHeader(redactor, values.get(0)))
                                + ", expected a match of " + header.getValue());
            }
        }
        if (!expected.readsBody()) {
            return ProbeResult.up(ReasonCode.L7OK, "status " + status);
        }
        return beginBody();
    }

    /** How long the body is (RFC 9112, section 6.3). */
    private @Nullable ProbeResult beginBody() {
        part = Part.BODY;
        if (status == 101 || status == 204 || status == 304) {
            return whole();
        }
        if ("chunked".equals(coding)) {
            part = Part.CHUNK_SIZE;
            return null;
        }
        if (coding != null) {
            size = UNTIL_THE_END;
        } else if (wrongSize != null) {
            return wrongSize;
        }
        left = size;
        return left == 0 ? whole() : null;
    }

    private @Nullable ProbeResult readBody(ByteBuf in) {
        if (bodyBytes == LONGEST_BODY) {
            longer = true;
            return whole();
        }
        int n = (int) Math.min(Math.min(in.readableBytes(), left), LONGEST_BODY - bodyBytes);
        if (expected.keepsBody()) {
            if (bodyBytes + n > body.length) {
                body = Arrays.copyOf(body, Math.max(body.length * 2, bodyBytes + n));
            }
            in.getBytes(in.readerIndex(), body, bodyBytes, n);
        }
        for (int i = 0; i < n; i++) {
            ProbeResult result = search(in.readByte());
            if (result != null) {
                return result;
            }
        }
        bodyBytes += n;
        left -= n;
        boolean enough = bodyBytes == LONGEST_BODY && expected.json() == null;
        if (enough || left == 0 && part == Part.BODY) {
            return whole();
        }
        if (left == 0) {
            part = Part.CHUNK_END;
        }
        return null;
    }

    /** What one more byte of the body decides. */
    private @Nullable ProbeResult search(byte next) {
        SubstringMatcher contains = expected.contains();
        if (contains != null && !contains.found(contained)) {
            contained = contains.advance(contained, next);
            if (contains.found(contained) && expected.containsOnly()) {
                return ProbeResult.up(ReasonCode.L7OK, "status " + status + ", the body contains " + contains);
            }
        }
        SubstringMatcher absent = expected.absent();
        if (absent != null) {
            refused = absent.advance(refused, next);
            if (absent.found(refused)) {
                return ProbeResult.down(ReasonCode.L7RSP, "status " + status + ", but the body contains " + absent);
            }
        }
        return null;
    }

    private @Nullable ProbeResult readChunkLine(ByteBuf in) {
        int before = in.readableBytes();
        boolean complete = readLine(in, LONGEST_CHUNK_LINE - length);
        framingBytes += before - in.readableBytes();
        if (framingBytes > FIRST_FRAMING + MOST_FRAMING * bodyBytes || !complete && length == LONGEST_CHUNK_LINE) {
            return ProbeResult.down(ReasonCode.L7RSP, "the body has far more framing than content");
        }
        if (!complete) {
            return null;
        }
        String text = new String(line, 0, length, ISO_8859_1);
        String digits = text.split(";", 2)[0].strip();
        boolean valid = part == Part.CHUNK_END ? text.isEmpty() : digits.matches("[0-9A-Fa-f]{1,15}");
        if (!valid) {
            return ProbeResult.down(
                    ReasonCode.L7RSP,
                    "expected " + (part == Part.CHUNK_END ? "the end of a chunk" : "the size of a chunk")
                            + ", received " + ReasonText.excerpt(redactor, line, length));
        }
        length = 0;
        if (part == Part.CHUNK_END) {
            part = Part.CHUNK_SIZE;
            return null;
        }
        left = Long.parseLong(digits, 16);
        part = Part.CHUNK;
        return left == 0 ? whole() : null;
    }

    /** Appends to {@link #line}; says whether it is complete now, its line break left out. */
    private boolean readLine(ByteBuf in, int limit) {
        int most = Math.min(in.readableBytes(), limit);
        int end = in.indexOf(in.readerIndex(), in.readerIndex() + most, (byte) '\n');
        int n = end < 0 ? most : end - in.readerIndex();
        if (length + n > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, length + n));
        }
        in.readBytes(line, length, n);
        length += n;
        if (end < 0) {
            return false;
        }
        in.skipBytes(1);
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return true;
    }

    private boolean looksLikeHttp() {
        int n = Math.min(length, PROTOCOL.length);
        return Arrays.equals(line, 0, n, PROTOCOL, 0, n);
    }

    private boolean digit(int i) {
        return line[i] >= '0' && line[i] <= '9';
    }

    private ProbeResult notHttp() {
        return ProbeResult.down(
                ReasonCode.L7RSP, "expected an HTTP status, received " + ReasonText.excerpt(redactor, line, length));
    }

    /** What the body decides, of which no more is read. */
    private ProbeResult whole() {
        String but = "status " + status + ", but ";
        String where = bodyBytes == LONGEST_BODY ? "first 64 KiB" : bodyBytes + " bytes";
        if (expected.contains() != null && !expected.contains().found(contained)) {
            return ProbeResult.down(
                    ReasonCode.L7RSP, but + "no " + expected.contains() + " in the " + where + " of the body");
        }
        Re2Pattern matches = expected.matches();
        if (matches != null) {
            String text = new String(body, 0, bodyBytes, StandardCharsets.UTF_8);
            if (!matches.foundIn(text)) {
                return ProbeResult.down(
                        ReasonCode.L7RSP,
                        but + "no match of " + matches + " in the "
                                + (text.length() > matches.reach() ? "first " + matches.reach() + " characters" : where)
                                + " of the body, which is " + ReasonText.excerpt(redactor, body, bodyBytes));
            }
        }
        JsonCondition json = expected.json();
        if (json != null) {
            JsonNode found = longer ? null : json.in(body, bodyBytes);
            if (found == null || !json.is(found)) {
                return ProbeResult.down(ReasonCode.L7RSP, but + otherwise(json, found));
            }
        }
        return ProbeResult.up(
                ReasonCode.L7OK,
                "status " + status + ", the body "
                        + (expected.containsOnly() ? "contains " + expected.contains() : "is as expected"));
    }

    private String otherwise(JsonCondition expected, @Nullable JsonNode found) {
        if (found == null) {
            return longer
                    ? "the body is longer than 64 KiB, too long for a look at " + expected
                    : "the body is not JSON: " + ReasonText.excerpt(redactor, body, bodyBytes);
        }
        String actual = found.isValueNode()
                ? ReasonText.excerpt(redactor, found.asText())
                : found.isMissingNode() ? "missing" : found.isArray() ? "a list" : "an object";
        return expected + " is " + actual + ", expected \"" + expected.expected() + "\"";
    }
}
