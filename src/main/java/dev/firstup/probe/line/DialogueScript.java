package dev.firstup.probe.line;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firstup.model.Server;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.Protocol;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as a user has written it down: {@code send}, {@code expect}, {@code send2}, {@code expect2}, and so on to
 * {@code expect9}.
 *
 * @param turns at least one
 */
public record DialogueScript(List<DialogueTurn> turns) implements Protocol {
    public static final String SEND = "send";
    public static final String EXPECT = "expect";
    private static final int MOST = 9;

    /** Whether {@code option} is one of its own, which are bytes and not text. */
    public static boolean has(String option) {
        return unnumbered(option).equals(SEND) || unnumbered(option).equals(EXPECT);
    }

    /** What an option is without its number: {@code send} for {@code send2}. */
    public static String unnumbered(String option) {
        return option.matches("(" + SEND + "|" + EXPECT + ")[2-" + MOST + "]")
                ? option.substring(0, option.length() - 1)
                : option;
    }

    /**
     * @param send what is sent, by the number of its turn; empty for the first one
     * @param expect what must be answered, likewise
     * @param starttls the number of the turn after which TLS begins; null for none
     * @return null if there is nothing to say, nor to hear
     * @throws IllegalArgumentException if one of them is wrong
     */
    public static @Nullable DialogueScript of(Map<String, ?> send, Map<String, ?> expect, @Nullable String starttls) {
        List<DialogueTurn> turns = new ArrayList<>();
        String gap = null;
        for (int i = 1; i <= MOST; i++) {
            String number = i == 1 ? "" : String.valueOf(i);
            Object said = send.get(number);
            Object expected = expect.get(number);
            if (said == null && expected == null) {
                gap = gap == null ? number : gap;
                continue;
            }
            if (gap != null) {
                throw new IllegalArgumentException((said == null ? EXPECT : SEND) + number + " is given, but neither "
                        + SEND + gap + " nor " + EXPECT + gap + ": number them without a gap");
            }
            turns.add(new DialogueTurn(
                    said == null ? null : bytes(SEND + number, said),
                    expected == null ? null : expectation(EXPECT + number, expected),
                    String.valueOf(i).equals(starttls)));
        }
        if (starttls != null && turns.stream().noneMatch(DialogueTurn::thenTls)) {
            throw new IllegalArgumentException("starttls is \"" + starttls + "\", expected the number of the "
                    + SEND + " or " + EXPECT + " after which TLS begins"
                    + (turns.isEmpty() ? ", but there is neither" : ", 1 to " + turns.size()));
        }
        return turns.isEmpty() ? null : new DialogueScript(List.copyOf(turns));
    }

    @Override
    public Dialogue dialogue(Server server) {
        return new ScriptedDialogue(turns);
    }

    private static ExpectedReply expectation(String option, Object value) {
        String text = value.toString();
        if (!text.startsWith("~")) {
            return ExpectedReply.literal(bytes(option, text));
        }
        byte[] regex = bytes(option, text.substring(1));
        try {
            return ExpectedReply.regex(regex);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(String option, Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String[] parts = value.toString().split("%", -1);
        bytes.writeBytes(parts[0].getBytes(UTF_8));
        for (int i = 1; i < parts.length; i++) {
            if (!parts[i].matches("(?s)[0-9A-Fa-f]{2}.*")) {
                throw new IllegalArgumentException(option + " has a % that begins no byte such as %0D, expected %25");
            }
            bytes.write(Integer.parseInt(parts[i].substring(0, 2), 16));
            bytes.writeBytes(parts[i].substring(2).getBytes(UTF_8));
        }
        if (bytes.size() == 0) {
            throw new IllegalArgumentException(option + " is empty, expected some text");
        }
        return bytes.toByteArray();
    }
}
