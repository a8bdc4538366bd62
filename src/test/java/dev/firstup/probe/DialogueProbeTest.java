package dev.firstup.probe;

import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users write with {@code send} and {@code expect}. */
class DialogueProbeTest {
    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static Probing probing;

    @BeforeAll
    static void start() throws Exception {
        certificates = new Certificates(folder).signed("good", "CN=chat.example", "-ext", "san=dns:chat.example");
        probing = new Probing();
    }

    @AfterAll
    static void stop() {
        probing.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "expect=RAW(220)|220 hi%|L7OK: received \"220 hi\"",
                "expect=RAW(220)|554 no%|L7RSP: expected \"220\", received \"554 no\"",
                "expect=RAW(220)|2|L7RSP: expected \"220\", received \"2\" and no more",
                "expect=RAW(220)||L7RSP: connection closed by PEER before any answer",
                "expect=RAW(220%0D%0A)|220%|L7OK: received \"220\"",
                "expect=RAW(+PONG)|+PONG%|L7OK: received \"+PONG\"",
                "expect=RAW(%2BPONG)|+PONG%|L7OK: received \"+PONG\"",
                "expect=RAW(k%C3%A4se 100%2525)|kÃ¤se 100%25|L7OK: received \"k%C3%A4se 100%25\"",
                "expect=RAW(%00%FF)|\u0000ÿ|L7OK: received \"%00%FF\"",
                "expect=RAW(%00%FF)|\u0000þ|L7RSP: expected \"%00%FF\", received \"%00%FE\"",
                "expect=RAW(~[25]x?)|5%|L7OK: received \"5\"",
                "expect=RAW(~220 .*ESMTP)|220 hi ESMTP ok%|L7OK: received \"220 hi ESMTP ok\"",
                "expect=RAW(~220 [a-z]+%0D%0A)|220 hi%|L7OK: received \"220 hi\"",
                "expect=RAW(~220 .*ESMTP)|554 no%|L7RSP: expected a match of \"220 .*ESMTP\", received \"554 no\"",
                "expect=RAW(~220 .*ESMTP)|220 hi%|L7RSP: expected a match of \"220 .*ESMTP\", received \"220 hi\"",
                "expect=RAW(~(?s).*\\d{3})|one%two 345%|L7OK: received \"one\"",
                "expect=RAW(~%5Cx00\\xff)|\u0000ÿ|L7OK: received \"%00%FF\"",
                "expect=RAW(~(?s).*x)|a%b%|L7RSP: expected a match of \"(?s).*x\", received \"a\" and no more",
                "expect=RAW(a)&expect2=RAW(b)|abc|L7OK: received \"bc\"",
                "expect=RAW(a)&expect2=RAW(~b+c)&expect3=RAW(d)|abbcd%|L7OK: received \"d\"",
                "expect=RAW(a)&expect2=RAW(c)|abc|L7RSP: expected \"c\", received \"bc\""
            })
    void whatAServerSaysFirstIsHeldAgainstWhatIsExpected(String options, String said, String expected)
            throws Exception {
        // In what is said, a percent sign alone stands for a line break.
        String text = said == null ? "" : said.replaceAll("%(?!25)", "\r\n").replace("%25", "%");
        try (Peer peer = Peer.of(Script.andGone(text))) {
            assertThat(probing.probe("probe:tcp?" + options, server(peer.port()))
                            .explained())
                    .isEqualTo(expected.replace("PEER", "127.0.0.1:" + peer.port()));
        }
    }

    @Test
    void turnsAreTakenOneAfterTheOther() throws Exception {
        Script script =
                new Script("220 hi there\r\n", "<EHLO x\r\n", "250-one\r\n250 two\r\n", "<QUIT\r\n", "221 bye\r\n");
        try (Peer peer = Peer.of(script)) {
            Verdict verdict = probing.probe(
                    "probe:tcp?expect=RAW(220)&send2=RAW(EHLO x%0D%0A)&expect2=RAW(250)&send3=RAW(QUIT%0D%0A)&expect3=RAW(221)",
                    server(peer.port()));

            assertThat(verdict.explained()).isEqualTo("L7OK: received \"221 bye\"");
            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UP);
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.CONNECT, ProbePhase.RESPONSE);
            assertThat(script.surprises).isEmpty();
        }
    }

    @Test
    void theLastWordNeedsNoAnswer() throws Exception {
        Script script = new Script("220 hi\r\n");
        try (Peer peer = Peer.of(script)) {
            assertThat(probing.probe("probe:tcp?expect=RAW(220)&send2=RAW(QUIT%0D%0A)", server(peer.port()))
                            .explained())
                    .isEqualTo("L7OK: received \"220 hi\"");
            await().until(() -> script.farewells.contains("QUIT\r\n"));
        }
        try (Peer peer = Peer.of(new Script())) {
            assertThat(probing.probe("probe:tcp?send=RAW(hello)", server(peer.port()))
                            .explained())
                    .isEqualTo("L7OK: all is said, nothing expected");
        }
    }

    @Test
    void bytesAreSentAsTheyAreWritten() throws Exception {
        Script script = new Script("<\0\0\0\b\4\u00d2\u0016/ +a&b\u00c3\u00a4", "S");
        try (Peer peer = Peer.of(script)) {
            assertThat(probing.probe(
                                    "probe:tcp?send=RAW(%00%00%00%08%04%D2%16/ +a%26b\u00e4)&expect=RAW(S)",
                                    server(peer.port()))
                            .explained())
                    .isEqualTo("L7OK: received \"S\"");
            assertThat(script.surprises).isEmpty();
        }
    }

    /** However the network cuts it, a line is a line. */
    @Test
    void anAnswerMayComeByteByByte() throws Exception {
        try (Peer peer = Peer.of(socket -> {
            socket.setTcpNoDelay(true);
            trickle(socket, "220 hi there\r\n");
            socket.getInputStream().readNBytes(6);
            trickle(socket, "250 fine, thank you\r\n");
            socket.getInputStream().readNBytes(6);
            trickle(socket, "221 bye\r\n");
        })) {
            assertThat(probing.probe(
                                    "probe:tcp?expect=RAW(220)&send2=RAW(EHLO%0D%0A)&expect2=RAW(~250 .*thank)"
                                            + "&send3=RAW(QUIT%0D%0A)&expect3=RAW(221 bye)",
                                    server(peer.port()))
                            .explained())
                    .isEqualTo("L7OK: received \"221 bye\"");
        }
    }

    @Test
    void whatCanNoLongerMatchIsDownAtOnce() throws Exception {
        try (Peer peer = Peer.of(new Script("554 no\r\n"))) {
            for (String expect : new String[] {"220", "~220", "~[a-z]+", "~(220|250)"}) {
                Verdict verdict = probing.probe("probe:tcp?expect=RAW(" + expect + ")", server(peer.port()));

                assertThat(verdict.explained()).startsWith("L7RSP: expected ").endsWith(", received \"554 no\"");
            }
        }
    }

    @Test
    void whatMayStillComeIsWaitedFor() throws Exception {
        try (Peer peer = Peer.of(new Script("22"))) {
            assertThat(probing.probe("probe:tcp?expect=RAW(220)", server("127.0.0.1", peer.port(), SHORT))
                            .explained())
                    .isEqualTo("L7TOUT: no complete answer from 127.0.0.1:" + peer.port()
                            + " within 400 ms, expected \"220\", received 2 bytes");
        }
        try (Peer peer = Peer.of(new Script("220 without an end"))) {
            assertThat(probing.probe(
                                    "probe:tcp?expect=RAW(220)&send2=RAW(QUIT%0D%0A)",
                                    server("127.0.0.1", peer.port(), SHORT))
                            .explained())
                    .isEqualTo("L7TOUT: no complete answer from 127.0.0.1:" + peer.port()
                            + " within 400 ms, expected the end of the line after \"220\", received 18 bytes");
        }
    }

    @Test
    void noMoreThan64KiBAreRead() throws Exception {
        String flood = "x".repeat(1000) + "\r\n";
        try (Peer peer = Peer.of(socket -> {
            while (true) {
                Peer.say(socket, flood);
            }
        })) {
            assertThat(probing.probe("probe:tcp?expect=RAW(~(?s).*needle)", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: expected a match of \"(?s).*needle\", received \"" + "x".repeat(60)
                            + "...\" in 64 KiB");
        }
    }

    @ParameterizedTest
    @CsvSource({"(a*)*b", "(?:a|aa)+b", "(a|b|ab)*c", "(?s)(.*)*x.*y"})
    void aRegexThatTakesForEverIsOurTroubleAndHoldsUpNobody(String regex) throws Exception {
        try (Peer peer = Peer.of(new Script("a".repeat(60_000)))) {
            Verdict verdict = probing.probe("probe:tcp?expect=RAW(~" + regex + ")", server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
            assertThat(verdict.explained())
                    .isEqualTo("SOCKERR: cannot probe 127.0.0.1: a regular expression takes too much for what was"
                            + " answered: make it simpler, without repetitions of repetitions");
            assertThat(verdict.took()).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void theSameIsSaidWithinTls() throws Exception {
        Script script = new Script("220 hi\r\n", "<QUIT\r\n", "221 bye\r\n");
        try (Peer peer = Peer.on(certificates.listener("good", new ConcurrentLinkedQueue<>()), script)) {
            Verdict verdict = probing.probe(
                    "probe:tls?expect=RAW(220)&send2=RAW(QUIT%0D%0A)&expect2=RAW(221)&ca=" + certificates.pem("ca"),
                    server(peer.port()));

            assertThat(verdict.explained()).isEqualTo("L7OK: received \"221 bye\"");
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.CONNECT, ProbePhase.TLS, ProbePhase.RESPONSE);
        }
    }

    @Test
    void tlsBeginsInTheMiddle() throws Exception {
        Queue<String> names = new ConcurrentLinkedQueue<>();
        try (Peer peer = Peer.of(socket -> {
            new Script("220 hi\r\n", "<STARTTLS\r\n", "220 go ahead\r\n").talk(socket);
            try (SSLSocket tls = certificates.server("good", socket, names)) {
                new Script("<HELLO\r\n", "250 encrypted\r\n").meet(tls);
            }
        })) {
            String uri = "probe:tcp?expect=RAW(220)&send2=RAW(STARTTLS%0D%0A)&expect2=RAW(220)&starttls=2"
                    + "&send3=RAW(HELLO%0D%0A)&expect3=RAW(250)";
            Verdict verdict = probing.probe(uri + "&ca=" + certificates.pem("ca"), server(peer.port()));

            assertThat(verdict.explained()).isEqualTo("L7OK: received \"250 encrypted\"");
            assertThat(verdict.certificateExpires()).isEqualTo(certificates.expires("good"));
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.CONNECT, ProbePhase.TLS, ProbePhase.RESPONSE);
            assertThat(names).containsExactly("chat.example");
            assertThat(probing.probe(uri, server(peer.port())).explained())
                    .isEqualTo("L6RSP: certificate is issued by CN=Test CA, which is not trusted");
        }
    }

    /** As PostgreSQL does it: one byte, and no line. */
    @Test
    void tlsMayBeginWithoutALine() throws Exception {
        try (Peer peer = Peer.of(socket -> {
            new Script("<\0\0\0\b\4\u00d2\u0016/", "S").talk(socket);
            try (SSLSocket tls = certificates.server("good", socket, new ConcurrentLinkedQueue<>())) {
                tls.getInputStream().read();
            }
        })) {
            assertThat(probing.probe(
                                    "probe:tcp?send=RAW(%00%00%00%08%04%D2%16%2F)&expect=RAW(S)&starttls=1&ca="
                                            + certificates.pem("ca"),
                                    server(peer.port()))
                            .explained())
                    .isEqualTo("L7OK: received \"S\"");
        }
    }

    @Test
    void whatComesInClearAfterTheWordForTlsIsAnAttack() throws Exception {
        try (Peer peer = Peer.of(new Script("220 go\r\n250 injected\r\n"))) {
            assertThat(probing.probe("probe:tcp?expect=RAW(220)&starttls=1&expect2=RAW(250)", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: 127.0.0.1:" + peer.port() + " says more in clear after it agreed to TLS");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tcp?send2=x | send2 is given, but neither send nor expect: number them without a gap",
                "tcp?send=x&expect4=y | expect4 is given, but neither send2 nor expect2: number them without a gap",
                "tcp?send= | send is empty, expected some text",
                "tcp?expect=~ | expect is empty, expected some text",
                "tcp?expect=RAW(100%) | expect has a % that begins no byte such as %0D, expected %25",
                "tcp?expect=RAW(~a{) | expect: \"a{\" is no regular expression: Illegal repetition near 2",
                "tcp?starttls=1 | starttls is \"1\", expected the number of the send or expect after which TLS begins, but there is neither",
                "tcp?send=x&starttls=yes | starttls is \"yes\", expected the number of the send or expect after which TLS begins, 1 to 1",
                "tcp?send=x&verify=false | verify means nothing here: TLS is spoken with starttls only",
                "tls?send=x&starttls=1 | unknown option \"starttls\". Expected one of alpn, ca, certificate-days, client-cert, client-key, expect, send, tls-min, verify",
                "tcp?send10=x | unknown option \"send10\", did you mean \"send\"? Expected one of ca, certificate-days, client-cert, client-key, expect, send, starttls, tls-min, verify"
            })
    void whatIsWrongIsExplained(String uri, String message) {
        assertThatThrownBy(() -> probing.context().getEndpoint("probe:" + uri))
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("probe:" + uri.substring(0, 3) + ": " + message);
    }

    private static void trickle(Socket socket, String text) throws Exception {
        for (char it : text.toCharArray()) {
            Peer.say(socket, String.valueOf(it));
        }
    }

    /** As queue files have it: Camel leaves the bytes as they are. */
    @Test
    void aPercentSignIsWrittenAsOne() throws Exception {
        try (Peer peer = Peer.of(socket -> Peer.say(socket, "100%\r\n"))) {
            assertThat(probing.probe("probe:tcp?expect=RAW(100%2525%0D)", server(peer.port()))
                            .outcome())
                    .isEqualTo(ProbeOutcome.UP);
        }
    }
}
