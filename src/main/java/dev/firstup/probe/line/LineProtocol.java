package dev.firstup.probe.line;

import dev.firstup.model.Server;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.Protocol;
import dev.firstup.probe.engine.ReasonText;
import dev.firstup.probe.line.ReplyReader.Heard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A protocol of lines: what its server is asked, and what a good answer is.
 *
 * @param questions at least one
 * @param farewell the last word; null for none
 */
public record LineProtocol(List<LineCommand> questions, @Nullable String farewell) implements Protocol {
    private static final Pattern SMTP_LINE = Pattern.compile("[2-5][0-9]{2}(?:[ -].*)?", Pattern.DOTALL);
    private static final Pattern SSH_BANNER = Pattern.compile("SSH-(?:2\\.0|1\\.99)-.+", Pattern.DOTALL);

    /** What OpenSSH says to those whom it does not let in. */
    private static final Pattern SSH_REFUSAL =
            Pattern.compile("Exceeded MaxStartups.*|Not allowed at this time.*", Pattern.DOTALL);

    /** A host name, or an address (RFC 5321, section 4.1.3). */
    private static final Pattern HELO =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253})|\\[(?:IPv6:)?[0-9A-Fa-f.:]{2,45}]");

    @Override
    public Dialogue dialogue(Server server) {
        return new LineDialogue(questions, farewell, null);
    }

    /**
     * SMTP (RFC 5321): greeting and EHLO.
     *
     * @param starttls whether TLS begins after that (RFC 3207), and EHLO comes again
     * @param helo who asks
     * @throws IllegalArgumentException if {@code helo} is nobody
     */
    public static LineProtocol smtp(boolean starttls, String helo) {
        if (!HELO.matcher(helo).matches()) {
            throw new IllegalArgumentException("helo is \"" + ReasonText.firstLine(helo)
                    + "\", expected a host name such as monitor.example.org, or an address such as [192.0.2.1]");
        }
        String ehlo = "EHLO " + helo + "\r\n";
        List<LineCommand> questions = new ArrayList<>();
        questions.add(new LineCommand(null, "220", smtp("220")));
        questions.add(new LineCommand(ehlo, "250", smtp("250")));
        if (starttls) {
            questions.add(new LineCommand("STARTTLS\r\n", "220 after STARTTLS", smtp("220"), true));
            questions.add(new LineCommand(ehlo, "250", smtp("250")));
        }
        return new LineProtocol(questions, "QUIT\r\n");
    }

    /**
     * IMAP (RFC 9051): greeting and CAPABILITY.
     *
     * @param starttls whether TLS begins after that, and CAPABILITY comes again
     */
    public static LineProtocol imap(boolean starttls) {
        List<LineCommand> questions = new ArrayList<>();
        questions.add(new LineCommand(null, "* OK", LineProtocol::imapGreeting));
        questions.add(new LineCommand("a CAPABILITY\r\n", "a OK", imap("a")));
        if (starttls) {
            questions.add(new LineCommand("b STARTTLS\r\n", "b OK after STARTTLS", imap("b"), true));
            questions.add(new LineCommand("c CAPABILITY\r\n", "c OK", imap("c")));
        }
        return new LineProtocol(questions, "d LOGOUT\r\n");
    }

    /**
     * POP3 (RFC 1939): greeting and CAPA (RFC 2449), which old servers do not know.
     *
     * @param starttls whether TLS begins after that (RFC 2595), and CAPA comes again
     */
    public static LineProtocol pop3(boolean starttls) {
        List<LineCommand> questions = new ArrayList<>();
        questions.add(new LineCommand(null, "+OK", LineProtocol::pop3));
        questions.add(new LineCommand("CAPA\r\n", "+OK", LineProtocol::pop3Capabilities));
        if (starttls) {
            questions.add(new LineCommand("STLS\r\n", "+OK after STLS", LineProtocol::pop3, true));
            questions.add(new LineCommand("CAPA\r\n", "+OK", LineProtocol::pop3Capabilities));
        }
        return new LineProtocol(questions, "QUIT\r\n");
    }

    /** SSH (RFC 4253, section 4.2): lines before the banner are skipped, within the 64 KiB of any answer. */
    public static LineProtocol ssh() {
        return new LineProtocol(List.of(new LineCommand(null, "SSH-2.0-", LineProtocol::ssh)), null);
    }

    private static Heard ssh(String line, boolean first) {
        if (SSH_BANNER.matcher(line).matches()) {
            return Heard.GOOD;
        }
        if (SSH_REFUSAL.matcher(line).matches()) {
            return Heard.REFUSED;
        }
        return line.startsWith("SSH-") ? Heard.ALIEN : Heard.MORE;
    }

    private static ReplyReader smtp(String code) {
        return (line, first) -> {
            if (!SMTP_LINE.matcher(line).matches()) {
                return Heard.ALIEN;
            }
            if (!line.startsWith(code)) {
                return Heard.REFUSED;
            }
            return line.startsWith("-", code.length()) ? Heard.MORE : Heard.GOOD;
        };
    }

    private static Heard imapGreeting(String line, boolean first) {
        return switch (word(line, "* ")) {
            case "OK", "PREAUTH" -> Heard.GOOD;
            case "BYE" -> Heard.REFUSED;
            default -> Heard.ALIEN;
        };
    }

    private static ReplyReader imap(String tag) {
        return (line, first) -> {
            if (line.startsWith("* ")) {
                return word(line, "* ").equals("BYE") ? Heard.REFUSED : Heard.MORE;
            }
            return switch (word(line, tag + " ")) {
                case "OK" -> Heard.GOOD;
                case "NO", "BAD" -> Heard.REFUSED;
                default -> Heard.ALIEN;
            };
        };
    }

    private static Heard pop3(String line, boolean first) {
        return switch (word(line, "")) {
            case "+OK" -> Heard.GOOD;
            case "-ERR" -> Heard.REFUSED;
            default -> Heard.ALIEN;
        };
    }

    private static Heard pop3Capabilities(String line, boolean first) {
        if (!first) {
            return line.equals(".") ? Heard.GOOD : Heard.MORE;
        }
        return switch (pop3(line, true)) {
            case GOOD -> Heard.MORE;
            // RFC 3206: trouble of the server, other than that it knows no CAPA.
            case REFUSED -> line.toUpperCase(Locale.ROOT).startsWith("-ERR [SYS/") ? Heard.REFUSED : Heard.GOOD;
            default -> Heard.ALIEN;
        };
    }

    /** The word that follows {@code prefix}, in capitals; empty if {@code line} begins otherwise. */
    private static String word(String line, String prefix) {
        if (!line.startsWith(prefix)) {
            return "";
        }
        int end = line.indexOf(' ', prefix.length());
        return line.substring(prefix.length(), end < 0 ? line.length() : end).toUpperCase(Locale.ROOT);
    }
}
