package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.AllDown;
import dev.firstup.model.Choice;
import dev.firstup.model.Code;
import dev.firstup.model.Failback;
import dev.firstup.model.HealthView;
import dev.firstup.model.Outcome;
import dev.firstup.model.Queue;
import dev.firstup.model.RecordType;
import dev.firstup.model.Rules;
import dev.firstup.model.Server;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.Standing;
import dev.firstup.model.State;
import dev.firstup.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String RECORD = "chat.rehearsal.test -> 192.0.2.10 (paris)";

    @Test
    void drawsTheQueueInOrder() {
        Scene scene = new Scene(
                view("paris", health("paris", State.UP, "status 200"), health("tokyo", State.DOWN, "refused")),
                RECORD,
                List.of("12:00:01 tokyo is down"),
                "q quit");
        assertThat(new Screen(80, false).lines(scene))
                .containsExactly(
                        "  chat.rehearsal.test -> 192.0.2.10 (paris)",
                        "",
                        "    #  server     state         ms   last probe",
                        "  > 1  paris      UP             3   L7OK: status 200",
                        "    2  tokyo      DOWN           3   L4CON: refused",
                        "",
                        "  12:00:01 tokyo is down",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "  q quit");
    }

    @Test
    void saysThatNothingIsKnownYet() {
        assertThat(new Screen(80, false).lines(new Scene(null, RECORD, List.of(), "q quit")))
                .contains("    no probe has answered yet");
    }

    @Test
    void keepsItsHeightAndShowsTheLastEvents() {
        List<String> events =
                IntStream.range(0, 20).mapToObj(it -> "event " + it).toList();
        HealthView view = view(null, health("paris", State.UP, "status 200"));
        List<String> lines = new Screen(80, false).lines(new Scene(view, RECORD, events, "q quit"));
        assertThat(lines).contains("  event 12", "  event 19").doesNotContain("  event 11");
        assertThat(lines).hasSameSizeAs(new Screen(80, false).lines(new Scene(view, RECORD, List.of(), "q quit")));
    }

    @Test
    void coloursTheStatesAndCutsBeforeItColours() {
        HealthView view = view(
                null,
                health("paris", State.UP, "x".repeat(100)),
                health("tokyo", State.DOWN, ""),
                health("quebec", State.FALLING, ""));
        List<String> lines = new Screen(50, true).lines(new Scene(view, RECORD, List.of(), "q quit"));
        assertThat(lines)
                .anyMatch(it -> it.contains("\u001b[32mUP      \u001b[0m"))
                .anyMatch(it -> it.contains("\u001b[31mDOWN    \u001b[0m"))
                .anyMatch(it -> it.contains("\u001b[33mFALLING \u001b[0m"))
                .allMatch(it -> it.replaceAll("\u001b\\[\\d+m", "").length() < 50);
    }

    @Test
    void whatAServerSaysCannotSteerTheTerminal() {
        HealthView view = view(null, health("paris", State.UP, "\u001b[2Jgone\r\n"));
        Scene scene = new Scene(view, RECORD, List.of("\u0007 bell"), "q quit");
        assertThat(new Screen(80, false).lines(scene)).noneMatch(it -> it.matches(".*\\p{Cntrl}.*"));
        assertThat(Screen.changes(null, scene)).noneMatch(it -> it.matches(".*\\p{Cntrl}.*"));
    }

    @Test
    void whereNothingCanBeDrawnOverItTellsChangesOnly() {
        Scene first = new Scene(view("paris", health("paris", State.UP, "status 200")), RECORD, List.of(), "");
        assertThat(Screen.changes(null, first)).containsExactly(RECORD, "paris UP L7OK: status 200");
        assertThat(Screen.changes(first, first)).isEmpty();
        Scene next = new Scene(
                view("paris", health("paris", State.FALLING, "refused")), RECORD, List.of("paris is falling"), "");
        assertThat(Screen.changes(first, next)).containsExactly("paris FALLING L4CON: refused", "paris is falling");
    }

    private static HealthView view(String chosen, ServerHealth... servers) {
        Duration second = Duration.ofSeconds(1);
        Queue queue = new Queue(
                "chat",
                1,
                Rehearsal.RECORD,
                null,
                second,
                List.of(servers).stream().map(ServerHealth::server).toList(),
                new Queue.Pace(second, second, second, second),
                new Rules(3, 2, null, Failback.AT_ONCE, AllDown.HOLD, 1, false),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        Choice choice = chosen == null ? null : new Choice(List.of(chosen), Map.of());
        return new HealthView(queue, List.of(servers), choice, Standing.PLAIN, NOW);
    }

    private static ServerHealth health(String name, State state, String reason) {
        Server server = new Server(
                "chat",
                1,
                name,
                Map.of(RecordType.A, "192.0.2.10"),
                "probe:http",
                "127.0.0.1",
                80,
                "/",
                name,
                Duration.ofSeconds(1));
        Verdict last = state == State.UP
                ? Verdict.of(server, NOW, Outcome.UP, Code.L7OK, reason, Duration.ofMillis(3))
                : Verdict.of(server, NOW, Outcome.DOWN, Code.L4CON, reason, Duration.ofMillis(3));
        return new ServerHealth(server, state, NOW, 1, 0, 0, NOW, null, null, last, null, Set.of());
    }
}
