package dev.firstup.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Event;
import dev.firstup.model.Event.About;
import dev.firstup.model.Event.Change;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Event.Step;
import dev.firstup.model.notify.ChannelMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.TypeConverter;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageRendererTest {
    private static final Instant AT = Instant.parse("2025-01-31T10:15:07.250Z");
    private static final Map<Step, Instant> TIMES = Map.of(
            Step.DETECTED, AT.minusMillis(1250),
            Step.DECIDED, AT.minusMillis(1240),
            Step.SENT, AT.minusMillis(1000),
            Step.CONFIRMED, AT.minusMillis(700),
            Step.VISIBLE, AT);

    private final MessageRenderer messages = new MessageRenderer();

    @ParameterizedTest
    @EnumSource(Kind.class)
    void rendersEveryKind(Kind kind) throws IOException {
        Path golden = Path.of("src/test/resources/messages", kind + ".txt");

        assertThat(messages.render(example(kind), "ops") + "\n").isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void rendersEveryKindThatKnowsNothingButWhen(Kind kind) {
        Event bare = Event.of(kind, AT, About.PROGRAM, null).telling(true);

        ChannelMessage message = messages.render(bare, "ops");

        assertThat(message.toString()).startsWith("firstup: ").doesNotContain("null");
        assertThat(message.notifier()).isEqualTo("ops");
    }

    @Test
    void saysWhenAMoveIsNotVisibleEverywhere() {
        Map<Step, Instant> times = Map.of(Step.DETECTED, AT, Step.CONFIRMED, AT.plusSeconds(61));
        Event moved = Event.of(Kind.MOVED, AT, new About("chat", "r", null, "no-ip"), "x")
                .with(new Change(null, "tokyo", times))
                .telling(true);

        assertThat(messages.render(moved, "ops").text())
                .contains("r names tokyo now.")
                .contains("Confirmed: 2025-01-31T10:16:08.250Z  +61.000 s")
                .endsWith("\nNot every authoritative name server shows it yet.");
    }

    @Test
    void keepsValuesOnTheirLineAndShort() {
        String hostile = "p\r\nBcc: x@example.org\u2028\u202e\u0000" + "\ud83d\ude00".repeat(2000);
        Event event = Event.of(Kind.MOVED, AT, new About(hostile, hostile, hostile, hostile), hostile)
                .with(new Change(hostile, hostile, TIMES))
                .telling(true);

        ChannelMessage message = messages.render(event, "ops");

        assertThat(message.subject())
                .doesNotContainPattern("[\\p{Cntrl}\u2028\u202e]")
                .startsWith("p Bcc: x@");
        assertThat(message.subject().length()).isLessThan(400);
        assertThat(message.text().length()).isLessThan(2000);
        assertThat(message.text().lines()).noneMatch(line -> line.startsWith("Bcc"));
        assertThat(new String(message.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(message.toString());
    }

    @Test
    void anyEndpointThatTakesTextTakesAMessage() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            TypeConverter converter = context.getTypeConverter();
            String text = Accounts.MESSAGE.toString();

            assertThat(converter.convertTo(String.class, Accounts.MESSAGE)).isEqualTo(text);
            assertThat(converter.convertTo(byte[].class, Accounts.MESSAGE))
                    .asString()
                    .isEqualTo(text + "\n");
            assertThat(converter.convertTo(InputStream.class, Accounts.MESSAGE)).hasContent(text + "\n");
        }
    }

    private static Event example(Kind kind) {
        boolean server = kind.name().startsWith("SERVER")
                || kind.name().startsWith("ORDER")
                || kind == Kind.DEGRADED
                || kind == Kind.RECOVERED;
        boolean move = kind == Kind.MOVED || kind == Kind.DECIDED;
        boolean publisher = kind.name().startsWith("PUBLISH")
                || kind == Kind.MOVED
                || kind == Kind.DRIFT
                || kind == Kind.REPAIRED
                || kind == Kind.CREDENTIAL
                || kind == Kind.WOULD_SEND;
        boolean monitor = kind.name().startsWith("STASIS") || kind == Kind.WITNESS_LEFT_OUT;
        boolean recovery = kind == Kind.STASIS_OVER || kind == Kind.SERVER_UP || kind == Kind.RECOVERED;
        String reason =
                switch (kind) {
                    case SERVER_DOWN -> "L7STS: status 503, expected 200-399";
                    case SERVER_UP -> "L7OK: status 200";
                    case SERVER_UNKNOWN -> "SOCKERR: too many open files";
                    case DECIDED, MOVED -> "paris is DOWN, L4CON: connection refused";
                    case ALL_DOWN -> "paris L4CON: connection refused; tokyo L4TOUT: no answer in 3 s";
                    case RECOVERED -> "L4OK: connected";
                    case DEGRADED -> "its certificate expires in 13 days, on 2025-02-13";
                    case STASIS -> "no server of any queue and no witness has answered for 13 s";
                    case STASIS_OVER -> "ns1.example.net answers";
                    case WITNESS_LEFT_OUT ->
                        "probe:tcp://192.0.2.53:53 has not answered for 10 min: L4TOUT: no answer in 3 s";
                    case FAILBACK_LIMITED -> "4 times in an hour";
                    case FAILBACK_FREE -> "no server was down for an hour";
                    case ORDERED -> "drain for 30 min: kernel";
                    case ORDER_ENDED -> "drain, 30 min ago: kernel";
                    case FOREIGN -> "it holds 203.0.113.9";
                    case UNREADABLE -> "ns1.example.net: SERVFAIL";
                    case NAMES ->
                        """
                            chat.example.org is no CNAME to chat.example.dyndns.org: it has neither a CNAME nor an address record; \
                            make chat.example.org. 300 IN CNAME chat.example.dyndns.org.
                            chat.example.dyndns.org is served with a TTL of 3600 s, asked were 60 s: for so long after a move \
                            users may still be sent to a dead server; set it at the DNS host, or publish at one that takes it
                            """;
                    case NAMES_OK -> "right again: chat.example.dyndns.org, chat.example.org";
                    case DRIFT -> "it holds 203.0.113.9, confirmed was 192.0.2.20";
                    case REPAIRED -> "it holds 203.0.113.9 instead of 192.0.2.20; 192.0.2.20 is written again";
                    case CREDENTIAL -> "the host last took a write on 2025-01-01T00:00:00Z";
                    case WOULD_SEND -> "would have sent GET https://dynupdate.no-ip.com/nic/update";
                    case PUBLISH_WAITING -> "no-ip answered 911; asked again after 30 min";
                    case PUBLISH_STOPPED -> "no-ip answered badauth; check username and env:NOIP_PASSWORD";
                    case PUBLISH_RESUMED -> "no-ip answered good 192.0.2.20";
                    case CONFIG_REJECTED ->
                        """
                            chat.queue.yaml:3:1: unknown key intervall, did you mean interval
                            chat.queue.yaml:9:5: 192.0.2.300 is not an IP address
                            """;
                    case CONFIG_CHANGED -> "chat.queue.yaml was changed";
                };
        return new Event(
                7,
                AT,
                kind,
                new About(
                        monitor ? "" : "chat",
                        monitor ? null : "chat.example.dyndns.org",
                        server ? "paris" : null,
                        publisher ? "no-ip" : null),
                new Change(move ? "paris" : null, move ? "tokyo" : null, kind == Kind.MOVED ? TIMES : Map.of()),
                reason,
                recovery ? Duration.ofSeconds(200) : null,
                true);
    }
}
