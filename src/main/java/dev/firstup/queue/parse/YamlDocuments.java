package dev.firstup.queue.parse;

import dev.firstup.queue.text.QuotedValue;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Bytes to YAML nodes with marks, within bounds that no honest file comes near. */
public final class YamlDocuments {
    public static final int LARGEST = 1 << 20;
    static final int DEEPEST = 20;
    static final int MOST_ALIASES = 100;

    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setCodePointLimit(Integer.MAX_VALUE)
            .setAllowNonScalarKeys(true)
            .setMaxAliasesForCollections(Integer.MAX_VALUE)
            .build();

    private YamlDocuments() {}

    /** The root nodes of all documents before the first mistake in the syntax; that mistake goes to {@code report}. */
    static List<Node> read(byte[] bytes, ProblemCollector report) {
        List<Node> roots = new ArrayList<>();
        if (bytes.length > LARGEST) {
            report.add(1, 1, ProblemMessage.FILE_TOO_LARGE);
            return roots;
        }
        String text = decode(bytes, report);
        if (text == null) {
            return roots;
        }
        try {
            Parser parser = new Bounded(new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text)), report);
            Composer composer = new Composer(SETTINGS, parser);
            while (composer.hasNext()) {
                roots.add(composer.next());
            }
        } catch (OutOfBounds e) {
            // Reported where it was found.
        } catch (MarkedYamlEngineException e) {
            syntax(e, report);
        } catch (YamlEngineException e) {
            report.add(1, 1, ProblemMessage.SYNTAX, oneLine(Objects.requireNonNull(e.getMessage())));
        }
        return roots;
    }

    private static void syntax(MarkedYamlEngineException e, ProblemCollector report) {
        var mark = e.getProblemMark().or(e::getContextMark);
        int line = mark.map(it -> it.getLine() + 1).orElse(1);
        int column = mark.map(it -> it.getColumn() + 1).orElse(1);
        String problem = e.getProblem() == null ? e.getContext() : e.getProblem();
        if (problem.contains("\\t(TAB)")) {
            report.add(line, column, ProblemMessage.TAB);
        } else if (problem.equals("mapping values are not allowed here")) {
            report.add(line, column, ProblemMessage.COLON);
        } else {
            String context = e.getProblem() == null || e.getContext() == null ? "" : " " + e.getContext();
            report.add(line, column, ProblemMessage.SYNTAX, oneLine(problem + context));
        }
    }

    private static String oneLine(String text) {
        return QuotedValue.shortened(text.strip().replaceAll("\\s+", " "), 200);
    }

    private static @Nullable String decode(byte[] bytes, ProblemCollector report) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
        String text = chars.flip().toString();
        int bad = text.codePoints().allMatch(StreamReader::isPrintable) ? -1 : unprintable(text);
        if (bad >= 0) {
            at(
                    text.substring(0, bad),
                    report,
                    ProblemMessage.CONTROL_CHARACTER,
                    String.format("U+%04X", text.codePointAt(bad)));
            return null;
        }
        if (result.isError()) {
            at(text, report, ProblemMessage.NOT_UTF8);
            return null;
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static int unprintable(String text) {
        int index = 0;
        while (StreamReader.isPrintable(text.codePointAt(index))) {
            index += Character.charCount(text.codePointAt(index));
        }
        return index;
    }

    private static void at(String before, ProblemCollector report, ProblemMessage message, Object... values) {
        int line = 1 + (int) before.chars().filter(it -> it == '\n').count();
        String lastLine = before.substring(before.lastIndexOf('\n') + 1);
        report.add(line, 1 + lastLine.codePointCount(0, lastLine.length()), message, values);
    }

    private static final class OutOfBounds extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutOfBounds() {
            super(null, null, false, false);
        }
    }

    /** Ends the parsing before depth or aliases can cost anything: the composer recurses, and aliases multiply. */
    private static final class Bounded implements Parser {
        private final Parser parser;
        private final ProblemCollector report;
        private int depth;
        private int aliases;

        Bounded(Parser parser, ProblemCollector report) {
            this.parser = parser;
            this.report = report;
        }

        @Override
        public boolean checkEvent(Event.ID id) {
            return parser.checkEvent(id);
        }

        @Override
        public Event peekEvent() {
            return parser.peekEvent();
        }

        @Override
        public boolean hasNext() {
            return parser.hasNext();
        }

        @Override
        public Event next() {
            Event event = parser.next();
            switch (event.getEventId()) {
                case SequenceStart, MappingStart -> refuse(++depth > DEEPEST, event, ProblemMessage.TOO_DEEP, DEEPEST);
                case SequenceEnd, MappingEnd -> depth--;
                case Alias -> refuse(++aliases > MOST_ALIASES, event, ProblemMessage.TOO_MANY_ALIASES, MOST_ALIASES);
                default -> {}
            }
            return event;
        }

        private void refuse(boolean tooMuch, Event event, ProblemMessage message, int most) {
            if (tooMuch) {
                report.add(event.getStartMark().orElseThrow(), message, most);
                throw new OutOfBounds();
            }
        }
    }
}
