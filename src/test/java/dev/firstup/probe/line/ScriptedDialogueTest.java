package dev.firstup.probe.line;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.DialogueStep;
import dev.firstup.probe.engine.ProbeResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However the network cuts what a server says, it means the same. */
class ScriptedDialogueTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "expect=220&send2=QUIT%0A                   | 220 hi%        | UP",
                "expect=220&send2=QUIT%0A                   | 220 hi         | waits",
                "expect=220&send2=QUIT                      | 220 hi         | UP",
                "expect=220&send2=EHLO%0A&expect2=250       | 220-a%220 b%/250 ok% | UP",
                "expect=220&send2=EHLO%0A&expect2=250       | 220-a%220-b%220%/250 ok% | UP",
                "expect=220&send2=EHLO%0A&expect2=250       | 220-a%  b%22%220  c%/250 ok% | UP",
                "expect=220&send2=EHLO%0A&expect2=250       | 220-a%220-b%   | waits",
                "expect=220&send2=EHLO%0A&expect2=250       | 220 a%220 b%/250 ok% | DOWN",
                "expect=220-&expect2=a&send3=x%0A&expect3=y | 220-a%220 b%/yes  | UP",
                "expect=~(220-.*%0D%0A)*220 &send2=EHLO%0A&expect2=250 | 220-a%220 b%/250 ok% | UP",
                "expect=~(?s).*\\n220 &expect2=b&send3=x%0A | 220-a%220 b%    | UP",
                "expect=220&expect2=250                     | 220 hi%250      | DOWN",
                "expect=220&expect2= hi&expect3=%0D%0A250   | 220 hi%250      | UP",
                "expect=~[a-z]+&expect2=b                   | abc             | UP",
                "expect=~.*ab&expect2=c                     | abcabd          | UP",
                "expect=~(?s).*ready&expect2=!              | a%ready!%ready? | UP",
                "expect=~(?s).*x                            | a%b%            | no more: DOWN",
                "expect=~220 .*$                            | 220 hi%         | no more: UP",
                "expect=~220 hi$&expect2=x                  | 220 hi%x        | DOWN",
                "expect=~(?m)220 .*$&send2=x%0A             | 220 hi%         | UP",
                "expect=~a\\b&expect2=b                     | a b             | DOWN",
                "expect=login: &send2=me&send3=%0A&expect3=Password: | login: /Password: | UP",
                "send=%00%08&expect=S&starttls=1            | /S              | TLS",
                "send=STARTTLS%0A&expect=220&starttls=1     | /220-a%220 b%   | TLS",
                "send=STARTTLS%0A&expect=220&starttls=1     | /220-a%         | waits",
                "expect=220&starttls=1                      | 220 a%          | TLS",
            })
    void everyCutMeansTheSame(String options, String said, String expected) {
        // In what is said, a percent sign stands for a line break, and a stroke for what comes after our next line
        // only.
        String whole = said.replace("%", "\r\n");

        assertThat(play(options, whole, at -> false)).isEqualTo(expected);
        for (int i = 1; i < whole.length(); i++) {
            int cut = i;
            assertThat(play(options, whole, at -> at == cut))
                    .as("cut at " + cut)
                    .isEqualTo(expected);
            assertThat(play(options, whole, at -> at >= cut))
                    .as("cut to pieces from " + cut)
                    .isEqualTo(expected);
        }
    }

    /** What happens; a last word that is said together with the verdict is no answer to be waited for. */
    private static String play(String options, String whole, IntPredicate cut) {
        Dialogue dialogue = talk(options).dialogue(null);
        boolean spoken = dialogue.connected().say() != null;
        int at = 0;
        for (String text : whole.split("/", -1)) {
            if (at > 0 || text.isEmpty()) {
                if (!spoken) {
                    return "waits";
                }
                at++;
            }
            int begin = at;
            for (int end = begin + 1; end <= begin + text.length(); end++) {
                if (end == begin + text.length() || cut.test(end)) {
                    ByteBuf in = Unpooled.copiedBuffer(text.substring(at - begin, end - begin), ISO_8859_1);
                    at = end;
                    spoken = false;
                    while (in.isReadable()) {
                        DialogueStep step = dialogue.read(in);
                        spoken |= step.say() != null;
                        if (step.result() != null) {
                            return step.result().outcome().name();
                        }
                        if (step.secure()) {
                            return in.isReadable() ? "more in clear" : "TLS";
                        }
                        if (step == DialogueStep.LISTEN && in.isReadable()) {
                            throw new AssertionError("it has not heard all");
                        }
                    }
                }
            }
        }
        ProbeResult end = dialogue.end();
        return end == null ? "waits" : "no more: " + end.outcome();
    }

    private static DialogueScript talk(String options) {
        Map<String, String> send = new TreeMap<>();
        Map<String, String> expect = new TreeMap<>();
        String starttls = null;
        for (String option : options.split("&")) {
            String[] parts = option.split("=", 2);
            if (parts[0].equals("starttls")) {
                starttls = parts[1];
            } else if (parts[0].startsWith("send")) {
                send.put(parts[0].substring(4), parts[1]);
            } else {
                expect.put(parts[0].substring(6), parts[1]);
            }
        }
        return DialogueScript.of(send, expect, starttls);
    }
}
