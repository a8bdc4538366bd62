package dev.firstup.rehearsal;

import static dev.firstup.rehearsal.Views.health;
import static dev.firstup.rehearsal.Views.view;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.HealthView;
import dev.firstup.model.ServerState;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private static final String RECORD = "chat.rehearsal.test -> 192.0.2.10 (paris)";

    @Test
    void drawsTheQueueInOrder() {
        Scene scene = new Scene(
                view(
                        "paris",
                        health("paris", ServerState.UP, "status 200"),
                        health("tokyo", ServerState.DOWN, "refused")),
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
    void saysThatThisMonitorLooksCutOff() {
        HealthView view = Views.stasis("paris", health("paris", ServerState.FALLING, "no answer"));
        List<String> lines = new Screen(80, false).lines(new Scene(view, RECORD, List.of(), "q quit"));
        assertThat(lines).startsWith("  " + RECORD, "  Stasis: this monitor looks cut off, and nothing is changed.");
        HealthView plain = view("paris", health("paris", ServerState.FALLING, "no answer"));
        assertThat(lines).hasSameSizeAs(new Screen(80, false).lines(new Scene(plain, RECORD, List.of(), "q quit")));
    }

    @Test
    void keepsItsHeightAndShowsTheLastEvents() {
        List<String> events =
                IntStream.range(0, 20).mapToObj(it -> "event " + it).toList();
        HealthView view = view(null, health("paris", ServerState.UP, "status 200"));
        List<String> lines = new Screen(80, false).lines(new Scene(view, RECORD, events, "q quit"));
        assertThat(lines).contains("  event 12", "  event 19").doesNotContain("  event 11");
        assertThat(lines).hasSameSizeAs(new Screen(80, false).lines(new Scene(view, RECORD, List.of(), "q quit")));
    }

    @Test
    void coloursTheStatesAndCutsBeforeItColours() {
        HealthView view = view(
                null,
                health("paris", ServerState.UP, "x".repeat(100)),
                health("tokyo", ServerState.DOWN, ""),
                health("quebec", ServerState.FALLING, ""));
        List<String> lines = new Screen(50, true).lines(new Scene(view, RECORD, List.of(), "q quit"));
        assertThat(lines)
                .anyMatch(it -> it.contains("\u001b[32mUP      \u001b[0m"))
                .anyMatch(it -> it.contains("\u001b[31mDOWN    \u001b[0m"))
                .anyMatch(it -> it.contains("\u001b[33mFALLING \u001b[0m"))
                .allMatch(it -> it.replaceAll("\u001b\\[\\d+m", "").length() < 50);
    }

    @Test
    void whatAServerSaysCannotSteerTheTerminal() {
        HealthView view = view(null, health("paris", ServerState.UP, "\u001b[2Jgone\r\n"));
        Scene scene = new Scene(view, RECORD, List.of("\u0007 bell"), "q quit");
        assertThat(new Screen(80, false).lines(scene)).noneMatch(it -> it.matches(".*\\p{Cntrl}.*"));
        assertThat(Screen.changes(null, scene)).noneMatch(it -> it.matches(".*\\p{Cntrl}.*"));
    }

    @Test
    void whereNothingCanBeDrawnOverItTellsChangesOnly() {
        Scene first = new Scene(view("paris", health("paris", ServerState.UP, "status 200")), RECORD, List.of(), "");
        assertThat(Screen.changes(null, first)).containsExactly(RECORD, "paris UP L7OK: status 200");
        assertThat(Screen.changes(first, first)).isEmpty();
        Scene next = new Scene(
                view("paris", health("paris", ServerState.FALLING, "refused")),
                RECORD,
                List.of("paris is falling"),
                "");
        assertThat(Screen.changes(first, next)).containsExactly("paris FALLING L4CON: refused", "paris is falling");
    }
}
