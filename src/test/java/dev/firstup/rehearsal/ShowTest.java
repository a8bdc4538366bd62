package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.dns.RecordType;
import dev.firstup.rehearsal.ToyServers.State;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShowTest {
    private final StringWriter shown = new StringWriter();
    private Rehearsal rehearsal;

    @BeforeEach
    void start() throws IOException {
        rehearsal = Rehearsal.start(0, Map.of());
        rehearsal.service().put(Rehearsal.RECORD, RecordType.A, List.of("192.0.2.10"));
    }

    @AfterEach
    void stop() {
        rehearsal.close();
    }

    @Test
    void keysChangeTheWorld() throws IOException {
        show("1h2bq").print();
        assertThat(rehearsal.servers().state("paris")).isEqualTo(State.DOWN);
        assertThat(rehearsal.servers().state("tokyo")).isEqualTo(State.HUNG);
        assertThat(rehearsal.servers().state("quebec")).isEqualTo(State.UP);
        assertThat(rehearsal.service().healthy()).isFalse();
        show("1\n2\n9\n?\nb\nq\n").print();
        assertThat(rehearsal.servers().state("paris")).isEqualTo(State.UP);
        assertThat(rehearsal.servers().state("tokyo")).isEqualTo(State.UP);
        assertThat(rehearsal.service().healthy()).isTrue();
    }

    @Test
    void theLinkIsCutAndRestored() throws IOException {
        Show cut = show("l", "q");
        cut.draw(new Screen(80, false));
        assertThat(rehearsal.link().isCut()).isTrue();
        assertThat(rehearsal.published()).isEmpty();
        assertThat(shown.toString())
                .contains("chat.rehearsal.test -> no answer: the link is cut", "l restore link", "badauth, q quit");
        show("l", "q").print();
        assertThat(rehearsal.link().isCut()).isFalse();
        assertThat(rehearsal.published()).containsExactly("192.0.2.10");
        assertThat(shown.toString()).endsWith("chat.rehearsal.test -> 192.0.2.10 (paris)\n");
    }

    @Test
    void printsEachChangeOnce() throws IOException {
        show("q").print();
        assertThat(shown.toString().lines())
                .containsExactly("chat.rehearsal.test -> 192.0.2.10 (paris)", "12:00:00 started");
    }

    @Test
    void drawsOverWhatItDrew() throws IOException {
        Show show = show("h", "q");
        show.draw(new Screen(80, false));
        String[] frames = shown.toString().split("\u001b\\[\\d+A");
        assertThat(frames).hasSize(2);
        assertThat(frames[0]).contains("1-3 server down or up, h hang, l cut link, b service says badauth, q quit");
        assertThat(frames[1]).contains("1-3: which server shall hang?");
    }

    private Show show(String... keysOfEachFrame) {
        return new Show(
                rehearsal,
                () -> null,
                () -> List.of("12:00:00 started"),
                new Typed(List.of(keysOfEachFrame)),
                new PrintWriter(shown));
    }

    /** Keys that come frame by frame. */
    private static final class Typed extends InputStream {
        private final List<String> frames;
        private int next;
        private ByteArrayInputStream current;

        Typed(List<String> frames) {
            this.frames = frames;
            this.current = bytes(frames.get(next++));
        }

        @Override
        public int available() {
            if (current.available() == 0 && next < frames.size()) {
                current = bytes(frames.get(next++));
                return 0;
            }
            return current.available();
        }

        @Override
        public int read() {
            return current.read();
        }

        private static ByteArrayInputStream bytes(String keys) {
            return new ByteArrayInputStream(keys.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
