package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Event.Step;
import dev.firstup.model.RecordType;
import dev.firstup.rehearsal.ToyServers.State;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScriptTest {
    private final StringWriter printed = new StringWriter();
    private final List<Event> events = new ArrayList<>();
    private Rehearsal rehearsal;

    @BeforeEach
    void start() throws IOException {
        rehearsal = Rehearsal.start(0);
    }

    @AfterEach
    void stop() {
        rehearsal.close();
    }

    @Test
    void showsTheMoveAndTheWayBack() {
        assertThat(play(Duration.ofSeconds(10), () -> {
                    follow(false);
                    return events;
                }))
                .isZero();
        assertThat(printed.toString().lines().map(it -> it.replaceAll(" +[\\d,]+ ms", " N ms")))
                .containsExactly(
                        "chat.rehearsal.test -> 192.0.2.10 (paris)",
                        "",
                        "paris is taken down",
                        "chat.rehearsal.test -> 192.0.2.20 (tokyo)",
                        "  detected N ms after paris was taken down",
                        "  decided N ms",
                        "  sent N ms",
                        "  confirmed N ms",
                        "  visible N ms",
                        "",
                        "paris is brought back",
                        "chat.rehearsal.test -> 192.0.2.10 (paris)",
                        "  detected N ms after paris was brought back",
                        "  decided N ms",
                        "  sent N ms",
                        "  confirmed N ms",
                        "  visible N ms",
                        "  paris had been down for N ms",
                        "",
                        "The rehearsal went as it should.");
    }

    @Test
    void isNotMistakenWhenTheFirstMoveIsToldLate() {
        assertThat(play(Duration.ofSeconds(10), () -> {
                    if (rehearsal.servers().state("paris") == State.DOWN && events.isEmpty()) {
                        events.add(event(Kind.MOVED, "paris", "paris is up"));
                    }
                    follow(false);
                    return events;
                }))
                .isZero();
    }

    @Test
    void saysThatPublishingIsStopped() {
        assertThat(play(Duration.ofSeconds(10), () -> {
                    if (rehearsal.servers().state("paris") == State.DOWN) {
                        events.add(event(Kind.PUBLISH_STOPPED, null, "badauth: the account was not accepted"));
                    } else {
                        follow(false);
                    }
                    return events;
                }))
                .isEqualTo(1);
        assertThat(lastLine())
                .isEqualTo(
                        "The rehearsal went otherwise: publishing is stopped: badauth: the account was not accepted");
    }

    @Test
    void saysThatTheRecordWentElsewhere() {
        assertThat(play(Duration.ofSeconds(10), () -> {
                    follow(true);
                    return events;
                }))
                .isEqualTo(1);
        assertThat(lastLine())
                .isEqualTo("The rehearsal went otherwise: the record moved to quebec, expected tokyo: paris is down");
    }

    @Test
    void saysWhatItWaitedForInVain() {
        events.add(event(Kind.PUBLISH_WAITING, null, "911: asked again in 30 min"));
        assertThat(play(Duration.ofMillis(100), () -> events)).isEqualTo(1);
        assertThat(lastLine())
                .isEqualTo("The rehearsal went otherwise: after 100 ms chat.rehearsal.test says nothing, "
                        + "expected 192.0.2.10 (paris); PUBLISH_WAITING: 911: asked again in 30 min");
    }

    private int play(Duration deadline, Supplier<List<Event>> told) {
        PrintWriter out = new PrintWriter(printed);
        return new Script(rehearsal.servers(), rehearsal.addresses(), rehearsal::published, told, out, deadline).run();
    }

    private String lastLine() {
        return printed.toString()
                .strip()
                .lines()
                .reduce((first, second) -> second)
                .orElse("");
    }

    /** Does what the pipeline would: publishes the first server that is up, and tells of it. */
    private void follow(boolean skipTokyo) {
        String up = rehearsal.servers().state("paris") == State.UP ? "paris" : skipTokyo ? "quebec" : "tokyo";
        List<String> wanted = List.of(rehearsal.addresses().get(up));
        if (!rehearsal.published().equals(wanted)) {
            boolean first = rehearsal.published().isEmpty();
            rehearsal.service().put(Rehearsal.RECORD, RecordType.A, wanted);
            if (!first) {
                events.add(event(Kind.MOVED, up, "paris is " + (up.equals("paris") ? "up" : "down")));
            }
        }
    }

    private static Event event(Kind kind, String to, String reason) {
        Instant now = Instant.now();
        Map<Step, Instant> times = kind == Kind.MOVED
                ? Map.of(Step.DETECTED, now, Step.DECIDED, now, Step.SENT, now, Step.CONFIRMED, now)
                : Map.of();
        return new Event(
                0,
                now,
                "chat",
                kind,
                Rehearsal.RECORD,
                null,
                null,
                to,
                "rehearsal",
                reason,
                "paris".equals(to) ? Duration.ofMillis(1234) : null,
                times,
                true);
    }
}
