package dev.firstup.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users' own routes say of what they are given: these names stay, however the records are parted. */
class RouteNamesTest {
    private static final Instant AT = Instant.parse("2025-01-31T10:15:07Z");

    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private String said(Object body, String simple) {
        DefaultExchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        return context.resolveLanguage("simple").createExpression(simple).evaluate(exchange, String.class);
    }

    @Test
    void ofAPublication() {
        Publication it = Publication.of("chat", Fixtures.NO_IP, RecordType.A, Duration.ofMinutes(1))
                .wanted(null, List.of("192.0.2.20"))
                .ask(Publication.Ask.WRITE)
                .done();

        assertThat(said(it, "${body.queue} ${body.publisher} ${body.target.dry}"))
                .isEqualTo("chat no-ip false");
        assertThat(said(it, "${body.record}/${body.type}/${body.decided[0]} ${body.ttl} ${body.ask}"))
                .isEqualTo("chat.example.org/A/192.0.2.20 PT1M WRITE");
        assertThat(said(it, "${body.decided}")).isEqualTo("[192.0.2.20]");
    }

    @Test
    void ofAnEvent() {
        Event it = Event.of(
                        Event.Kind.MOVED,
                        AT,
                        new Event.About("chat", Fixtures.RECORD, "tokyo", "no-ip"),
                        "paris is down")
                .with(new Event.Change("paris", "tokyo", Map.of(Event.Step.DETECTED, AT)))
                .after(Duration.ofSeconds(5))
                .telling(true);

        assertThat(said(it, "${body.id} ${body.at.toEpochMilli} ${body.kind} ${body.tell}"))
                .isEqualTo("0 1738318507000 MOVED true");
        assertThat(said(it, "${body.queue} ${body.record} ${body.server} ${body.publisher}"))
                .isEqualTo("chat chat.example.org tokyo no-ip");
        assertThat(said(it, "${body.from} ${body.to} ${body.times} ${body.reason} ${body.downtime}"))
                .isEqualTo("paris tokyo {DETECTED=2025-01-31T10:15:07Z} paris is down PT5S");
    }
}
