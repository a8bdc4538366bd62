package dev.firstup.probe;

import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every answer to the ready-made dialogues, from peers that say just that. */
class ReadyMadeProbeTest {
    private static final String EHLO = "<EHLO [127.0.0.1]\r\n";
    private static final String PASSWORD = "a&b=c%+#)";

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static Probing probing;

    @BeforeAll
    static void start() throws Exception {
        certificates = new Certificates(folder).signed("good", "CN=chat.example", "-ext", "san=dns:chat.example");
        probing = new Probing();
        probing.context().getPropertiesComponent().addInitialProperty("firstup.secrets", folder.toString());
        Files.writeString(folder.resolve("redis"), PASSWORD + "\n");
    }

    @AfterAll
    static void stop() {
        probing.close();
    }

    /** In what peers say, two tildes end a line, and a semicolon stands before they wait for something, and after. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp | 220 mail ESMTP~~;<EHLO [127.0.0.1]~~;250-mail~~250-PIPELINING~~250 HELP~~ | L7OK: \"220 mail ESMTP\"",
                "smtp | 220-be patient~~220 mail ESMTP~~;<EHLO [127.0.0.1]~~;250 mail~~ | L7OK: \"220 mail ESMTP\"",
                "smtp | 220~~;<EHLO [127.0.0.1]~~;250~~ | L7OK: \"220\"",
                "smtp?helo=monitor.example.org | 220 mail~~;<EHLO monitor.example.org~~;250 mail~~ | L7OK: \"220 mail\"",
                "smtp | 220 caf\u0085~~;<EHLO [127.0.0.1]~~;250 caf\u0085~~ | L7OK: \"220 caf?\"",
                "smtp | 554 no~~ | L7STS: expected 220, received \"554 no\"",
                "smtp | 554-no~~ | L7STS: expected 220, received \"554-no\"",
                "smtp | 421 too many connections~~ | L7STS: expected 220, received \"421 too many connections\"",
                "smtp | 220 mail~~;<EHLO [127.0.0.1]~~;250-mail~~421 shutting down~~ | L7STS: expected 250, received \"421 shutting down\"",
                "smtp | 220 mail~~;<EHLO [127.0.0.1]~~;502 what~~ | L7STS: expected 250, received \"502 what\"",
                "smtp | SSH-2.0-x~~ | L7RSP: expected 220, received \"SSH-2.0-x\"",
                "smtp | 2200 mail~~ | L7RSP: expected 220, received \"2200 mail\"",
                "smtp | ~~ | L7RSP: expected 220, received \"\"",
                "smtp?security=starttls | 220 mail~~;<EHLO [127.0.0.1]~~;250 mail~~;<STARTTLS~~;454 TLS not available~~ | L7STS: expected 220 after STARTTLS, received \"454 TLS not available\"",
                "smtp?security=starttls | 220 mail~~;<EHLO [127.0.0.1]~~;250 mail~~;<STARTTLS~~;220 go~~220 injected~~ | L7RSP: PEER says more in clear after it agreed to TLS",
                "imap | * OK ready~~;<a CAPABILITY~~;* CAPABILITY IMAP4rev1~~a OK done~~ | L7OK: \"* OK ready\"",
                "imap | * preauth you are known~~;<a CAPABILITY~~;a ok done~~ | L7OK: \"* preauth you are known\"",
                "imap | * BYE overloaded~~ | L7STS: expected * OK, received \"* BYE overloaded\"",
                "imap | * OK ready~~;<a CAPABILITY~~;* BYE going down~~ | L7STS: expected a OK, received \"* BYE going down\"",
                "imap | * OK ready~~;<a CAPABILITY~~;a NO not now~~ | L7STS: expected a OK, received \"a NO not now\"",
                "imap | * OK ready~~;<a CAPABILITY~~;x OK~~ | L7RSP: expected a OK, received \"x OK\"",
                "imap | +OK ready~~ | L7RSP: expected * OK, received \"+OK ready\"",
                "imap?security=starttls | * OK ready~~;<a CAPABILITY~~;a OK done~~;<b STARTTLS~~;b BAD what~~ | L7STS: expected b OK after STARTTLS, received \"b BAD what\"",
                "pop3 | +OK ready~~;<CAPA~~;+OK~~TOP~~.~~ | L7OK: \"+OK ready\"",
                "pop3 | +OK ready~~;<CAPA~~;-ERR what~~ | L7OK: \"+OK ready\"",
                "pop3 | +OK ready~~;<CAPA~~;-ERR [SYS/TEMP] disk~~ | L7STS: expected +OK, received \"-ERR [SYS/TEMP] disk\"",
                "pop3 | -ERR overloaded~~ | L7STS: expected +OK, received \"-ERR overloaded\"",
                "pop3 | 220 mail~~ | L7RSP: expected +OK, received \"220 mail\"",
                "pop3?security=starttls | +OK ready~~;<CAPA~~;+OK~~.~~;<STLS~~;-ERR what~~ | L7STS: expected +OK after STLS, received \"-ERR what\"",
                "ssh | SSH-2.0-OpenSSH_9.2p1 Debian-2~~ | L7OK: \"SSH-2.0-OpenSSH_9.2p1 Debian-2\"",
                "ssh | SSH-1.99-old~~ | L7OK: \"SSH-1.99-old\"",
                "ssh | SSH-1.5-older~~ | L7RSP: expected SSH-2.0-, received \"SSH-1.5-older\"",
                "ssh | Welcome,~~~~stranger~~SSH-2.0-x~~ | L7OK: \"SSH-2.0-x\"",
                "ssh | SSH-2.0-caf\u0085~~ | L7OK: \"SSH-2.0-caf?\"",
                "ssh | Not allowed at this time~~ | L7STS: expected SSH-2.0-, received \"Not allowed at this time\"",
                "ssh | Exceeded MaxStartups~~ | L7STS: expected SSH-2.0-, received \"Exceeded MaxStartups\"",
                "redis | <*1~~$4~~PING~~;+PONG~~ | L7OK: \"+PONG\"",
                "redis | <*1~~$4~~PING~~;-NOAUTH Authentication required.~~ | L7OK: \"-NOAUTH Authentication required.\"",
                "redis | <*1~~$4~~PING~~;-LOADING Redis is loading~~ | L7STS: expected +PONG, received \"-LOADING Redis is loading\"",
                "redis | <*1~~$4~~PING~~;-MASTERDOWN Link with MASTER is down~~ | L7STS: expected +PONG, received \"-MASTERDOWN Link with MASTER is down\"",
                "redis | <*1~~$4~~PING~~;HTTP 400~~ | L7RSP: expected +PONG, received \"HTTP 400\"",
                "redis?password=file:redis | <*2~~$4~~AUTH~~$9~~a&b=c%+#)~~;+OK~~;<*1~~$4~~PING~~;+PONG~~ | L7OK: \"+PONG\"",
                "redis?password=file:redis&username=me | <*3~~$4~~AUTH~~$2~~me~~$9~~a&b=c%+#)~~;+OK~~;<*1~~$4~~PING~~;-LOADING x~~ | L7STS: expected +PONG, received \"-LOADING x\"",
                "redis?password=file:redis | <*2~~$4~~AUTH~~$9~~a&b=c%+#)~~;-WRONGPASS no~~ | L7STS: expected +OK after AUTH, received \"-WRONGPASS no\"",
                "redis?password=file:redis | <*2~~$4~~AUTH~~$9~~a&b=c%+#)~~;-ERR unknown command AUTH a&b=c%+#)~~ | L7STS: expected +OK after AUTH, received \"-ERR unknown command AUTH ***\"",
                "redis?password=file:none |  | SOCKERR: cannot probe 127.0.0.1: file:none cannot be read (NoSuchFileException): expected it in the file FOLDER/none"
            })
    void everyAnswerHasItsVerdict(String uri, String said, String expected) throws Exception {
        Script script = new Script(said == null ? new String[0] : lines(said));
        try (Peer peer = Peer.of(script)) {
            Verdict verdict = probing.probe("probe:" + uri, server(peer.port()));

            assertThat(verdict.explained())
                    .isEqualTo(
                            expected.replace("PEER", "127.0.0.1:" + peer.port()).replace("FOLDER", folder.toString()));
            assertThat(verdict.outcome())
                    .isEqualTo(
                            expected.startsWith("L7OK")
                                    ? ProbeOutcome.UP
                                    : expected.startsWith("SOCKERR") ? ProbeOutcome.UNKNOWN : ProbeOutcome.DOWN);
            assertThat(script.surprises).isEmpty();
        }
    }

    @Test
    void itSaysGoodbye() throws Exception {
        Script script = new Script("220 mail\r\n", EHLO, "250 mail\r\n");
        try (Peer peer = Peer.of(script)) {
            probing.probe("probe:smtp", server(peer.port()));

            await().until(() -> script.farewells.contains("QUIT\r\n"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp | 220 mail~~;<EHLO [127.0.0.1]~~;250 mail~~;<STARTTLS~~;220 go~~ | <EHLO [127.0.0.1]~~;250 mail~~ | \"220 mail\"",
                "imap | * OK ready~~;<a CAPABILITY~~;a OK~~;<b STARTTLS~~;b OK go~~ | <c CAPABILITY~~;c OK~~ | \"* OK ready\"",
                "pop3 | +OK ready~~;<CAPA~~;+OK~~.~~;<STLS~~;+OK go~~ | <CAPA~~;+OK~~TOP~~.~~ | \"+OK ready\""
            })
    void tlsBeginsInTheMiddle(String kind, String clear, String encrypted, String reason) throws Exception {
        try (Peer peer = Peer.of(socket -> {
            new Script(lines(clear)).talk(socket);
            try (SSLSocket tls = certificates.server("good", socket, new ConcurrentLinkedQueue<>())) {
                new Script(lines(encrypted)).meet(tls);
            }
        })) {
            String uri = "probe:" + kind + "?security=starttls&ca=" + certificates.pem("ca");
            Verdict verdict = probing.probe(uri, server(peer.port()));

            assertThat(verdict.explained()).isEqualTo("L7OK: " + reason);
            assertThat(verdict.certificateExpires()).isEqualTo(certificates.expires("good"));
        }
    }

    @Test
    void tlsMayComeFirst() throws Exception {
        Script script = new Script("220 mail\r\n", EHLO, "250 mail\r\n");
        try (Peer peer = Peer.on(certificates.listener("good", new ConcurrentLinkedQueue<>()), script)) {
            assertThat(probing.probe("probe:smtp?security=tls&ca=" + certificates.pem("ca"), server(peer.port()))
                            .explained())
                    .isEqualTo("L7OK: \"220 mail\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "smtp, ', expected 220'",
        "imap, ', expected * OK'",
        "pop3, ', expected +OK'",
        "ssh, ', expected SSH-2.0-'",
        "redis, ', expected +PONG'",
        "postgres, ''"
    })
    void whoeverHangsUpOrSaysNothingOrTooMuchIsDown(String kind, String expected) throws Exception {
        String uri = "probe:" + kind;
        try (Peer peer = Peer.of(socket -> {})) {
            assertThat(probing.probe(uri, server(peer.port())).explained())
                    .matches("L7RSP: connection (closed|reset) by 127.0.0.1:" + peer.port() + " before any answer");
        }
        try (Peer peer = Peer.of(Peer.silent())) {
            assertThat(probing.probe(uri, server("127.0.0.1", peer.port(), SHORT))
                            .explained())
                    .isEqualTo("L7TOUT: no answer from 127.0.0.1:" + peer.port() + " within 400 ms" + expected);
        }
        try (Peer peer = Peer.of(socket -> {
            while (true) {
                Peer.say(socket, "*".repeat(1000));
            }
        })) {
            assertThat(probing.probe(uri, server(peer.port())).explained())
                    .startsWith("L7RSP: expected ")
                    .contains("received \"****");
        }
    }

    @Test
    void anEndlessAnswerIsCut() throws Exception {
        try (Peer peer = Peer.of(socket -> {
            while (true) {
                Peer.say(socket, "220-patience\r\n");
            }
        })) {
            assertThat(probing.probe("probe:smtp", server(peer.port())).explained())
                    .startsWith("L7RSP: expected 220, received \"")
                    .endsWith(" at the end of 64 KiB");
        }
    }

    @Test
    void aHalfLineIsShown() throws Exception {
        try (Peer peer = Peer.of(Script.andGone("220 ma"))) {
            assertThat(probing.probe("probe:smtp", server(peer.port())).explained())
                    .isEqualTo("L7RSP: expected 220, received \"220 ma\" and no more");
        }
        try (Peer peer = Peer.of(Script.andGone("220-mail\r\n"))) {
            assertThat(probing.probe("probe:smtp", server(peer.port())).explained())
                    .isEqualTo("L7RSP: expected 220, received \"220-mail\" and no more");
        }
        try (Peer peer = Peer.of(Script.andGone("HTTP/1.1 400 Bad Request\r\n"))) {
            assertThat(probing.probe("probe:ssh", server(peer.port())).explained())
                    .isEqualTo("L7RSP: expected SSH-2.0-, received \"HTTP/1.1 400 Bad Request\" and no more");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp?security=ssl | probe:smtp: security is \"ssl\". Expected one of none, starttls, tls",
                "smtp?helo=RAW(a%20b) | probe:smtp: helo is \"a b\", expected a host name such as monitor.example.org, or an address such as [192.0.2.1]",
                "smtp?helo=RAW(a%0D%0AQUIT) | probe:smtp: helo is \"a\", expected a host name such as monitor.example.org, or an address such as [192.0.2.1]",
                "postgres?security=tls | probe:postgres: security is \"tls\". Expected one of none, starttls",
                "imap?verify=false | probe:imap: verify means nothing here: TLS is spoken with security=starttls or security=tls only",
                "postgres?username= | probe:postgres: \"\" is not the name of a user or a database, expected some text",
                "redis?username=me | probe:redis: username is given without a password, expected password=env:NAME or file:NAME",
                "redis?password=hunter2 | probe:redis: password: a secret is given by name, as env:NAME or file:NAME, never by its value",
                "ssh?username=me | probe:ssh: unknown option \"username\". It has none"
            })
    void whatIsWrongIsExplained(String uri, String message) {
        assertThatThrownBy(() -> probing.context().getEndpoint("probe:" + uri))
                .hasMessageNotContaining("hunter2")
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static String[] lines(String text) {
        return text.replace("~~", "\r\n").split(";");
    }
}
