package dev.firstup.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.firstup.model.Code;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Locale;

/** One request and the reading of its answer, piece by piece and within bounds (RFC 9112). */
final class HttpDialogue implements Dialogue {
    private static final int LONGEST_HEAD = 16 * 1024;
    private static final int LONGEST_BODY = 64 * 1024;
    private static final byte[] PROTOCOL = "HTTP/1.".getBytes(US_ASCII);

    private enum Part {
        STATUS_LINE,
        HEADER,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END
    }

    private final Http http;
    private final String request;

    private Part part = Part.STATUS_LINE;
    private byte[] line = new byte[128];
    private int length;
    private int headBytes;
    private int bodyBytes;
    private int searched;
    private int matched;
    private int status;
    private boolean chunked;
    private boolean sized;
    private long left = Long.MAX_VALUE;

    HttpDialogue(Http http, String request) {
        this.http = http;
        this.request = request;
    }

    @Override
    public Step connected() {
        return Step.say(request.getBytes(US_ASCII));
    }

    @Override
    public Step read(ByteBuf in) {
        Finding finding = null;
        while (finding == null && in.isReadable()) {
            finding = switch (part) {
                case STATUS_LINE, HEADER -> readHead(in);
                case BODY, CHUNK -> readBody(in);
                case CHUNK_SIZE, CHUNK_END -> readChunkLine(in);
            };
        }
        if (finding == null && part == Part.STATUS_LINE && !looksLikeHttp()) {
            finding = notHttp();
        }
        return finding == null ? Step.LISTEN : Step.over(finding);
    }

    @Override
    public Finding end() {
        return part == Part.BODY && !sized ? absent() : null;
    }

    private Finding readHead(ByteBuf in) {
        int before = in.readableBytes();
        boolean complete = readLine(in, LONGEST_HEAD - headBytes);
        headBytes += before - in.readableBytes();
        if (!complete) {
            return headBytes < LONGEST_HEAD
                    ? null
                    : Finding.down(
                            Code.L7RSP,
                            part == Part.STATUS_LINE && !looksLikeHttp()
                                    ? notHttp().reason()
                                    : "the header section is longer than 16 KiB");
        }
        Finding finding = part == Part.STATUS_LINE ? statusLine() : length == 0 ? judge() : header();
        length = 0;
        return finding;
    }

    private Finding statusLine() {
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

    private Finding header() {
        boolean folded = line[0] == ' ' || line[0] == '\t';
        if (folded) {
            return null;
        }
        String header = new String(line, 0, length, ISO_8859_1);
        int colon = header.indexOf(':');
        if (colon < 1) {
            return Finding.down(Code.L7RSP, "expected a header, received " + Text.excerpt(line, length));
        }
        if (http.needle() == null) {
            return null;
        }
        String name = header.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = header.substring(colon + 1).strip();
        if (name.equals("transfer-encoding")) {
            chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
        } else if (name.equals("content-length")) {
            if (!value.matches("\\d{1,18}")) {
                return Finding.down(
                        Code.L7RSP, "expected a header Content-Length, received " + Text.excerpt(line, length));
            }
            sized = true;
            left = Long.parseLong(value);
        }
        return null;
    }

    private Finding judge() {
        if (status < 200 && status != 101) {
            part = Part.STATUS_LINE;
            chunked = false;
            sized = false;
            left = Long.MAX_VALUE;
            return null;
        }
        if (!http.statuses().contain(status)) {
            return Finding.down(Code.L7STS, "status " + status + ", expected " + http.statuses());
        }
        if (http.needle() == null) {
            return Finding.up(Code.L7OK, "status " + status);
        }
        if (chunked) {
            part = Part.CHUNK_SIZE;
            return null;
        }
        part = Part.BODY;
        return left == 0 || status == 101 || status == 204 || status == 304 ? absent() : null;
    }

    private Finding readBody(ByteBuf in) {
        int n = (int) Math.min(Math.min(in.readableBytes(), left), LONGEST_BODY - bodyBytes);
        for (int i = 0; i < n; i++) {
            matched = http.needle().advance(matched, in.readByte());
            if (http.needle().found(matched)) {
                return Finding.up(Code.L7OK, "status " + status + ", the body contains " + http.needle());
            }
        }
        searched += n;
        bodyBytes += n;
        if (bodyBytes == LONGEST_BODY) {
            return absent();
        }
        left -= n;
        if (left == 0) {
            if (part == Part.BODY) {
                return absent();
            }
            part = Part.CHUNK_END;
        }
        return null;
    }

    private Finding readChunkLine(ByteBuf in) {
        int before = in.readableBytes();
        boolean complete = readLine(in, LONGEST_BODY - bodyBytes);
        bodyBytes += before - in.readableBytes();
        if (!complete) {
            return bodyBytes < LONGEST_BODY ? null : absent();
        }
        String text = new String(line, 0, length, ISO_8859_1);
        String size = text.split(";", 2)[0].strip();
        boolean valid = part == Part.CHUNK_END ? text.isEmpty() : size.matches("[0-9A-Fa-f]{1,15}");
        if (!valid) {
            return Finding.down(
                    Code.L7RSP,
                    "expected " + (part == Part.CHUNK_END ? "the end of a chunk" : "the size of a chunk")
                            + ", received " + Text.excerpt(line, length));
        }
        length = 0;
        if (part == Part.CHUNK_END) {
            part = Part.CHUNK_SIZE;
            return null;
        }
        left = Long.parseLong(size, 16);
        part = Part.CHUNK;
        return left == 0 ? absent() : null;
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

    private Finding notHttp() {
        return Finding.down(Code.L7RSP, "expected an HTTP status, received " + Text.excerpt(line, length));
    }

    private Finding absent() {
        String where = bodyBytes == LONGEST_BODY ? "first 64 KiB" : searched + " bytes";
        return Finding.down(
                Code.L7RSP, "status " + status + ", but no " + http.needle() + " in the " + where + " of the body");
    }
}
