package dev.firstup.rehearsal;

import dev.firstup.model.HealthView;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rehearsal for somebody who watches: the queue, the record and the events as they change, and keys to make them change. */
public final class Show {
    private static final Duration FRAME = Duration.ofMillis(100);

    private final Rehearsal rehearsal;
    private final Supplier<@Nullable HealthView> view;
    private final Supplier<List<String>> events;
    private final InputStream in;
    private final PrintWriter out;
    private final KeyControls keys;

    /**
     * @param rehearsal the world that the keys change
     * @param view the queue as it stands now; null before the first view
     * @param events all events so far, one line each, in order
     * @param in the keys
     * @param out where it is shown
     */
    public Show(
            Rehearsal rehearsal,
            Supplier<@Nullable HealthView> view,
            Supplier<List<String>> events,
            InputStream in,
            PrintWriter out) {
        this.rehearsal = rehearsal;
        this.view = view;
        this.events = events;
        this.in = in;
        this.out = out;
        this.keys = new KeyControls(rehearsal.servers(), rehearsal.service(), rehearsal.link());
    }

    /**
     * Shows it until the key {@code q} or an interrupt: drawn in place on a terminal, elsewhere one line for each change.
     *
     * @throws IOException if the keys cannot be read
     */
    public void run() throws IOException {
        Terminal terminal = Terminal.open();
        try {
            if (Terminal.drawable()) {
                draw(new Screen(Terminal.width(), Terminal.colourful()));
            } else {
                print();
            }
        } finally {
            terminal.close();
        }
    }

    void print() throws IOException {
        Scene shown = null;
        do {
            Scene scene = scene();
            Screen.changes(shown, scene).forEach(out::println);
            out.flush();
            shown = scene;
        } while (next());
    }

    void draw(Screen screen) throws IOException {
        List<String> shown = List.of();
        do {
            List<String> lines = screen.lines(scene());
            if (!lines.equals(shown)) {
                if (!shown.isEmpty()) {
                    out.print("\u001b[" + shown.size() + "A");
                }
                lines.forEach(it -> out.print("\r\u001b[2K" + it + "\n"));
                out.print("\u001b[J");
                out.flush();
                shown = lines;
            }
        } while (next());
    }

    private Scene scene() {
        return new Scene(view.get(), Rehearsal.RECORD + " -> " + record(), events.get(), keys.footer());
    }

    private String record() {
        if (rehearsal.link().isCut()) {
            return "no answer: the link is cut";
        }
        List<String> published = rehearsal.published();
        return published.isEmpty()
                ? "nothing yet"
                : String.join(
                        ", ",
                        published.stream()
                                .map(it -> it + " (" + rehearsal.nameOf(it) + ")")
                                .toList());
    }

    /** Waits for the next frame; false if it was the last one. */
    private boolean next() throws IOException {
        while (in.available() > 0) {
            if (!keys.press((char) in.read())) {
                return false;
            }
        }
        LockSupport.parkNanos(FRAME.toNanos());
        return !Thread.currentThread().isInterrupted();
    }
}
