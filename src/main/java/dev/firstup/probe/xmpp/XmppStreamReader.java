package dev.firstup.probe.xmpp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firstup.probe.engine.ReasonText;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One stream of XML, read from its bytes as they arrive: the start tag of its root, then each child of the root as a whole, then
 * {@link #END}. It is as strict as XMPP (RFC 6120, section 11): UTF-8, no DTD, no comments, no processing instructions, and no
 * entities but the five. Bounded in size, depth and numbers.
 */
final class XmppStreamReader {
    /** The root has ended. */
    static final XmppElement END = new XmppElement("", "", Map.of(), List.of(), "");

    /** All streams of one connection together. */
    static final int LONGEST = 64 * 1024;

    private static final int DEEPEST = 10;
    private static final int MOST_ELEMENTS = 500;
    private static final int MOST_ATTRIBUTES = 20;

    private static final String CDATA = "<![CDATA[";
    private static final String SPACE = "[ \\t\\r\\n]";
    private static final String PART = "[\\p{L}_][\\p{L}\\p{N}\\p{M}._-]*+";
    private static final String NAME = PART + "(?::" + PART + ")?";
    private static final Pattern DECLARATION =
            Pattern.compile("<\\?xml(?:" + SPACE + "++(?:[^?'\"]|'[^'?]*+'|\"[^\"?]*+\"){1,60})?\\?>");
    private static final Pattern START = Pattern.compile("<(" + NAME + ")");
    private static final Pattern ATTRIBUTE =
            Pattern.compile(SPACE + "++(" + NAME + ")" + SPACE + "*+=" + SPACE + "*+(?:'([^'<]*+)'|\"([^\"<]*+)\")");
    private static final Pattern START_END = Pattern.compile(SPACE + "*+(/?)>");
    private static final Pattern END_TAG = Pattern.compile("</(" + NAME + ")" + SPACE + "*+>");
    private static final Pattern REFERENCE =
            Pattern.compile("&(?:(lt|gt|amp|apos|quot)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));");
    private static final Map<String, String> ENTITIES =
            Map.of("lt", "<", "gt", ">", "amp", "&", "apos", "'", "quot", "\"");

    private final Deque<Open> open = new ArrayDeque<>();
    private byte[] token = new byte[256];
    private int length;
    private boolean markup;
    private byte quote;
    private boolean begun;
    private int received;
    private int elements;

    /** @param received how many bytes this connection has received before */
    XmppStreamReader(int received) {
        this.received = received;
    }

    /** How many bytes this connection has received. */
    int received() {
        return received;
    }

    /**
     * The root's start tag, the next child of it, or {@link #END}; null if more bytes are needed. Nothing after it is read.
     *
     * @throws XmppStreamException if what was received is something else; nothing may be read after that
     */
    @Nullable
    XmppElement next(ByteBuf in) throws XmppStreamException {
        while (in.isReadable()) {
            byte next = in.readByte();
            if (++received > LONGEST) {
                throw new XmppStreamException("more than 64 KiB were received");
            }
            if (!markup && next == '<') {
                text(decoded());
                length = 0;
                markup = true;
            }
            if (!markup && open.size() < 2) {
                // Servers send blanks to see whether a connection is alive.
                if (!isSpace(next)) {
                    throw unexpected(next, in);
                }
                continue;
            }
            append(next);
            if (markup && ends(next)) {
                XmppElement complete = markup(decoded());
                markup = false;
                begun = true;
                length = 0;
                if (complete != null) {
                    return complete;
                }
            }
        }
        return null;
    }

    private void append(byte next) {
        if (length == token.length) {
            token = Arrays.copyOf(token, length * 2);
        }
        token[length++] = next;
    }

    /** Whether the markup in {@link #token} is complete with its last byte. */
    private boolean ends(byte last) throws XmppStreamException {
        if (length > 1 && token[1] == '!') {
            if (length <= CDATA.length() && last != CDATA.charAt(length - 1)) {
                throw broken("a comment or a document type");
            }
            return last == '>' && length >= CDATA.length() + 3 && token[length - 2] == ']' && token[length - 3] == ']';
        }
        if (last == '<' && length > 1) {
            throw broken("a tag within a tag");
        }
        if (quote != 0) {
            quote = last == quote ? 0 : quote;
        } else if (last == '\'' || last == '"') {
            quote = last;
        }
        return last == '>' && quote == 0;
    }

    private @Nullable XmppElement markup(String markup) throws XmppStreamException {
        if (markup.startsWith("<!")) {
            if (open.size() < 2) {
                throw broken("text between elements");
            }
            open.peek().text.append(markup, CDATA.length(), markup.length() - 3);
            return null;
        }
        if (markup.startsWith("<?")) {
            if (begun || !DECLARATION.matcher(markup).matches()) {
                throw broken("a processing instruction");
            }
            return null;
        }
        return markup.startsWith("</") ? close(markup) : open(markup);
    }

    private @Nullable XmppElement open(String tag) throws XmppStreamException {
        Matcher start = START.matcher(tag);
        if (!start.lookingAt()) {
            throw broken("no tag");
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(tag);
        int at = start.end();
        while (attribute.region(at, tag.length()).lookingAt()) {
            String value = attribute.group(2) == null ? attribute.group(3) : attribute.group(2);
            if (attributes.put(attribute.group(1), resolved(value)) != null) {
                throw broken("an attribute twice");
            }
            if (attributes.size() > MOST_ATTRIBUTES) {
                throw broken("more than " + MOST_ATTRIBUTES + " attributes");
            }
            at = attribute.end();
        }
        Matcher end = START_END.matcher(tag).region(at, tag.length());
        if (!end.matches()) {
            throw broken("a broken tag");
        }
        if (++elements > MOST_ELEMENTS) {
            throw new XmppStreamException("more than " + MOST_ELEMENTS + " elements were received");
        }
        if (open.size() == DEEPEST) {
            throw new XmppStreamException("elements are nested more than " + DEEPEST + " deep");
        }
        Open element = new Open(start.group(1), attributes, namespaces(attributes));
        for (String name : attributes.keySet()) {
            if (name.contains(":") && !name.startsWith("xmlns:")) {
                namespace(name, element.namespaces);
            }
        }
        open.push(element);
        if (open.size() == 1) {
            if (!end.group(1).isEmpty()) {
                throw broken("an empty stream");
            }
            return element.complete();
        }
        return end.group(1).isEmpty() ? null : closed();
    }

    private @Nullable XmppElement close(String tag) throws XmppStreamException {
        Matcher end = END_TAG.matcher(tag);
        if (!end.matches() || open.isEmpty() || !open.peek().tag.equals(end.group(1))) {
            throw broken("the wrong end tag");
        }
        if (open.size() == 1) {
            open.pop();
            return END;
        }
        return closed();
    }

    /** The newest element, if it is a child of the root; otherwise it becomes a child. */
    private @Nullable XmppElement closed() throws XmppStreamException {
        XmppElement complete = open.pop().complete();
        if (open.size() == 1) {
            return complete;
        }
        open.peek().children.add(complete);
        return null;
    }

    private void text(String text) throws XmppStreamException {
        if (!text.isEmpty()) {
            open.peek().text.append(resolved(text));
        }
    }

    private Map<String, String> namespaces(Map<String, String> attributes) throws XmppStreamException {
        Map<String, String> outer =
                open.isEmpty() ? Map.of("", "", "xml", "http://www.w3.org/XML/1998/namespace") : open.peek().namespaces;
        Map<String, String> own = null;
        for (var attribute : attributes.entrySet()) {
            String name = attribute.getKey();
            if (name.equals("xmlns") || name.startsWith("xmlns:")) {
                own = own == null ? new HashMap<>(outer) : own;
                own.put(name.substring(Math.min(name.length(), "xmlns:".length())), attribute.getValue());
            }
        }
        return own == null ? outer : own;
    }

    private String namespace(String name, Map<String, String> namespaces) throws XmppStreamException {
        int colon = name.indexOf(':');
        String namespace = namespaces.get(colon < 0 ? "" : name.substring(0, colon));
        if (namespace == null) {
            throw broken("a prefix without a namespace");
        }
        return namespace;
    }

    private String resolved(String text) throws XmppStreamException {
        int at = text.indexOf('&');
        if (at < 0) {
            return text;
        }
        StringBuilder resolved = new StringBuilder();
        Matcher reference = REFERENCE.matcher(text);
        int from = 0;
        for (; at >= 0; at = text.indexOf('&', from)) {
            if (!reference.region(at, text.length()).lookingAt()) {
                throw broken("an entity");
            }
            resolved.append(text, from, at);
            if (reference.group(1) != null) {
                resolved.append(ENTITIES.get(reference.group(1)));
            } else {
                int character = reference.group(2) != null
                        ? Integer.parseInt(reference.group(2))
                        : Integer.parseInt(reference.group(3), 16);
                if (!isCharacter(character)) {
                    throw broken("a character that XML does not have");
                }
                resolved.appendCodePoint(character);
            }
            from = reference.end();
        }
        return resolved.append(text, from, text.length()).toString();
    }

    private String decoded() throws XmppStreamException {
        if (length == 0) {
            return "";
        }
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(token, 0, length)).toString();
        } catch (CharacterCodingException e) {
            throw broken("bytes that are not UTF-8");
        }
        if (!text.codePoints().allMatch(XmppStreamReader::isCharacter)) {
            throw broken("a character that XML does not have");
        }
        return text;
    }

    /** XML 1.0, section 2.2. */
    private static boolean isCharacter(int it) {
        return it == '\t'
                || it == '\n'
                || it == '\r'
                || it >= ' ' && it <= 0xD7FF
                || it >= 0xE000 && it <= 0xFFFD
                || it >= 0x10000 && it <= 0x10FFFF;
    }

    private static boolean isSpace(byte it) {
        return it == ' ' || it == '\t' || it == '\r' || it == '\n';
    }

    private XmppStreamException broken(String what) {
        return new XmppStreamException(
                "expected an XMPP stream, received " + what + ": " + ReasonText.excerpt(token, length));
    }

    /** Shows the rest of the line too: {@code HTTP/1.1 400 Bad Request} says more than its first letter. */
    private static XmppStreamException unexpected(byte first, ByteBuf in) {
        byte[] line = new byte[1 + Math.min(in.readableBytes(), 100)];
        line[0] = first;
        in.readBytes(line, 1, line.length - 1);
        int end = 0;
        while (end < line.length && line[end] != '\r' && line[end] != '\n') {
            end++;
        }
        return new XmppStreamException("expected an XMPP stream, received " + ReasonText.excerpt(line, end));
    }

    /** An element whose end tag has not come yet. */
    private final class Open {
        private final String tag;
        private final Map<String, String> attributes;
        private final Map<String, String> namespaces;
        private final List<XmppElement> children = new ArrayList<>(0);
        private final StringBuilder text = new StringBuilder(0);

        private Open(String tag, Map<String, String> attributes, Map<String, String> namespaces) {
            this.tag = tag;
            this.attributes = attributes;
            this.namespaces = namespaces;
        }

        private XmppElement complete() throws XmppStreamException {
            return new XmppElement(
                    namespace(tag, namespaces),
                    tag.substring(tag.indexOf(':') + 1),
                    attributes,
                    List.copyOf(children),
                    text.toString());
        }
    }
}
