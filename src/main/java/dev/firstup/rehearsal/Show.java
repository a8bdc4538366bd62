package dev.firstup.rehearsal;

import dev.firstup.model.HealthView;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The rehearsal for somebody who watches: the queue, the record and the events as they change, and keys to make them change. */
public final class Show {
    private static final Duration FRAME = Duration.ofMillis(100);
    private static final int END = -1;

    private final Rehearsal rehearsal;
    private final Supplier<HealthView> view;
    private final Supplier<List<String>> events;
    private final InputStream in;
    private final PrintWriter out;
    private final KeyControls keys;
    private final BlockingQueue<Integer> pressed = new LinkedBlockingQueue<>();
    private boolean onTerminal;

    /**
     * @param rehearsal the world that the keys change
     * @param view the queue as it stands now; null before the first view
     * @param events all events so far, one line each, in order
     * @param in the keys
     * @param out where it is shown
     */
    public Show(
            Rehearsal rehearsal,
            Supplier<HealthView> view,
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
     * Shows it until the key {@code q}, the end of the keys or an interrupt: drawn in place on a terminal, elsewhere one line for
     * each change.
     */
    public void run() {
        Terminal terminal = Terminal.open();
        onTerminal = terminal.isOpen();
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

    void print() {
        listen();
        Scene shown = null;
        do {
            Scene scene = scene();
            Screen.changes(shown, scene).forEach(out::println);
            out.flush();
            shown = scene;
        } while (next());
    }

    void draw(Screen screen) {
        listen();
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

    /** A stream can be asked whether a key has come, but not whether one still may. */
    private void listen() {
        Thread listening = new Thread(
                () -> {
                    int key;
                    do {
                        key = read();
                        pressed.add(key);
                    } while (key != END);
                },
                "rehearsal-keys");
        listening.setDaemon(true);
        listening.start();
    }

    private int read() {
        try {
            // Who reads from a terminal in its background is stopped. It has no end, so asking is enough.
            while (onTerminal && in.available() == 0) {
                LockSupport.parkNanos(FRAME.toNanos());
            }
            return in.read();
        } catch (IOException e) {
            return END;
        }
    }

    /** Waits for a key, at most until the next frame; false if this one was the last. */
    private boolean next() {
        try {
            Integer key = pressed.poll(FRAME.toMillis(), TimeUnit.MILLISECONDS);
            if (key == null) {
                return true;
            }
            if (key == END) {
                out.println("No more keys can come from here, so this ends. A terminal has keys, and"
                        + " ./firstup rehearse --script plays alone.");
                out.flush();
                return false;
            }
            return keys.press((char) key.intValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
