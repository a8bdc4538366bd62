package dev.firstup.probe.line;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firstup.model.SecretReference;
import dev.firstup.model.Server;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.Protocol;
import dev.firstup.probe.line.ReplyReader.Heard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Redis: PING, after AUTH where there is a password. A server that asks for a password that we have not is up: it answers, as a
 * database does that asks who is there. While it loads, it says so only to those who are logged in.
 *
 * @param user who logs in; null for the default user
 * @param password null for none
 * @param secrets where {@code file:} secrets lie
 */
public record RedisProtocol(@Nullable String user, @Nullable SecretReference password, Path secrets)
        implements Protocol {
    @Override
    public Dialogue dialogue(Server server) {
        List<LineCommand> questions = new ArrayList<>();
        String secret = password == null ? null : password.read(secrets);
        if (secret != null) {
            questions.add(new LineCommand(
                    user == null ? command("AUTH", secret) : command("AUTH", user, secret),
                    "+OK after AUTH",
                    (line, first) -> line.equals("+OK") ? Heard.GOOD : refusal(line)));
        }
        questions.add(new LineCommand(command("PING"), "+PONG", (line, first) -> {
            boolean locked = secret == null && (line.startsWith("-NOAUTH ") || line.startsWith("-NOPERM "));
            return locked || line.equals("+PONG") ? Heard.GOOD : refusal(line);
        }));
        return new LineDialogue(questions, null, secret);
    }

    @Override
    public boolean readsFiles() {
        return password != null;
    }

    private static Heard refusal(String line) {
        return line.startsWith("-") ? Heard.REFUSED : Heard.ALIEN;
    }

    /** A command as the protocol has it (RESP): a list of strings, each with its length in bytes. */
    private static String command(String... words) {
        StringBuilder text = new StringBuilder("*").append(words.length).append("\r\n");
        for (String word : words) {
            text.append('$')
                    .append(word.getBytes(UTF_8).length)
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        return text.toString();
    }
}
