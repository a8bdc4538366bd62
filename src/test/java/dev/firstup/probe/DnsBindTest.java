package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.zone.Bind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The probe {@code dns} against a real BIND, in each state that it can be in. */
class DnsBindTest {
    @TempDir
    Path folder;

    private final Verdicts table = new Verdicts("BIND");

    @Test
    void whatBindSaysIsUnderstood() throws Exception {
        List<Bind.Zone> zones = List.of(
                new Bind.Zone(
                        "example.test",
                        "",
                        """
                        @ IN MX 10 mail
                        chat IN A 192.0.2.1
                        chat IN AAAA 2001:db8::1
                        long IN TXT %s
                        www IN CNAME chat
                        """
                                .formatted(("\"" + "a".repeat(200) + "\" ").repeat(4))),
                new Bind.Zone("broken.test", "", "this is no record"));
        try (Probing probing = new Probing();
                Bind bind = Bind.start(folder, "", zones)) {
            Asking ask = (state, options) -> {
                String uri = "probe:dns" + options;
                Verdict verdict = probing.probe(
                        uri,
                        Probing.server("127.0.0.1", port(bind), "", "chat.example.test", Probing.SHORT.plusSeconds(1)));
                return table.note(state + " " + options, verdict);
            };

            assertThat(ask.about("up", "")).isEqualTo("L7OK: NOERROR, answers 192.0.2.1");
            assertThat(ask.about("up", "?authoritative=true&answer=192.0.2.1"))
                    .isEqualTo("L7OK: NOERROR, answers 192.0.2.1");
            assertThat(ask.about("up", "?answer=192.0.2.2")).isEqualTo("L7RSP: answers 192.0.2.1, expected 192.0.2.2");
            assertThat(ask.about("up", "?type=AAAA&answer=2001:db8::1"))
                    .isEqualTo("L7OK: NOERROR, answers 2001:db8::1");
            assertThat(ask.about("up", "?name=example.test&type=MX&answerMatches=[0-9]* mail[.].*"))
                    .isEqualTo("L7OK: NOERROR, answers 10 mail.example.test");
            assertThat(ask.about("up", "?name=www.example.test"))
                    .isEqualTo("L7OK: NOERROR, answers chat.example.test, 192.0.2.1");
            assertThat(ask.about("answer too long for UDP", "?name=long.example.test&type=TXT&answerMatches=a+"))
                    .isEqualTo("L7OK: NOERROR, answers " + "a".repeat(60) + "...");
            assertThat(ask.about("no such name", "?name=none.example.test"))
                    .isEqualTo("L7STS: NXDOMAIN, expected NOERROR");
            assertThat(ask.about("no such name", "?name=none.example.test&rcode=NXDOMAIN&authoritative=true"))
                    .isEqualTo("L7OK: NXDOMAIN, no answers");
            assertThat(ask.about("no such zone", "?name=example.net")).isEqualTo("L7STS: REFUSED, expected NOERROR");
            assertThat(ask.about("zone not loaded", "?name=broken.test"))
                    .isEqualTo("L7STS: SERVFAIL, expected NOERROR");

            bind.hang();
            try {
                // The signal takes a moment.
                await().until(() -> probing.probe("probe:dns", quick(bind)).outcome() == ProbeOutcome.DOWN);
                assertThat(ask.about("hung (SIGSTOP)", ""))
                        .isEqualTo("L7TOUT: no answer from " + bind.address() + " within 1.4 s");
            } finally {
                bind.goOn();
            }
            assertThat(ask.about("goes on", "")).isEqualTo("L7OK: NOERROR, answers 192.0.2.1");
            bind.stop();
            assertThat(ask.about("stopped", "")).isEqualTo("L4CON: connection refused by " + bind.address());
        } finally {
            table.print();
        }
    }

    private interface Asking {
        String about(String state, String options);
    }

    private static Server quick(Bind bind) {
        return Probing.server("127.0.0.1", port(bind), "", "chat.example.test", Probing.SHORT);
    }

    private static int port(Bind bind) {
        return Integer.parseInt(bind.address().substring("127.0.0.1:".length()));
    }
}
