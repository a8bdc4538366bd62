package dev.firstup.rehearsal;

import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A story that a rehearsal plays without anybody, and whether it went as it should. */
public final class Script {
    private static final Duration STEP = Duration.ofSeconds(30);
    private static final Duration FLAP = Duration.ofSeconds(3);
    private static final Duration FLAPPING = Duration.ofMinutes(5);
    private static final Duration FAILBACK = Duration.ofMinutes(1);
    private static final String SORRY = "192.0.2.99";

    private static final List<Entry> STORIES = List.of(
            new Entry("failover", Duration.ZERO, Duration.ZERO, length -> Map.of(), length -> new FailoverStory()),
            new Entry(
                    "link-cut",
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(5),
                    length -> Map.of(),
                    length -> new LinkCutStory(length, Duration.ofSeconds(3))),
            new Entry(
                    "flapping",
                    FLAPPING,
                    FLAP.multipliedBy(2),
                    length -> Map.of("failback", failback(length).toMillis() + "ms"),
                    length -> new FlappingStory(length, FLAP, failback(length), Duration.ofSeconds(1))),
            new Entry(
                    "all-down",
                    Duration.ZERO,
                    Duration.ZERO,
                    length -> Map.of("all-down", SORRY),
                    length -> new AllDownStory(SORRY)));

    private final Story story;
    private final Map<String, String> settings;

    private Script(Story story, Map<String, String> settings) {
        this.story = story;
        this.settings = settings;
    }

    /** What can be played, what there was first at the head. */
    public static List<String> names() {
        return STORIES.stream().map(Entry::name).toList();
    }

    /**
     * The story called {@code name}.
     *
     * @param length how long what happens in it shall last; null for as long as it usually does
     * @throws IllegalArgumentException if there is none, or it cannot last so long; the message says what is possible
     */
    public static Script of(String name, @Nullable Duration length) {
        Entry entry = STORIES.stream()
                .filter(it -> it.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no story \"" + name + "\", expected one of " + String.join(", ", names())));
        if (length != null && entry.usual.isZero()) {
            throw new IllegalArgumentException("the story " + name + " lasts as long as it takes");
        }
        if (length != null && length.compareTo(entry.least) < 0) {
            throw new IllegalArgumentException(
                    "the story " + name + " lasts at least " + entry.least.toSeconds() + "s");
        }
        Duration lasts = length == null ? entry.usual : length;
        return new Script(entry.story.apply(lasts), entry.settings.apply(lasts));
    }

    /** What its queue file says otherwise than usual, by key. */
    public Map<String, String> settings() {
        return settings;
    }

    /**
     * Plays it, and waits at most 30 seconds for each step.
     *
     * @param rehearsal the world that it is played in
     * @param view the queue as it stands now; null before the first view
     * @param events all events so far, in order
     * @param out gets the times of each step, and what went otherwise
     * @return 0 if everything went as it should, otherwise 1
     */
    public int play(
            Rehearsal rehearsal, Supplier<@Nullable HealthView> view, Supplier<List<Event>> events, PrintWriter out) {
        return play(story, new Stage(rehearsal, view, events, out, STEP));
    }

    static int play(Story story, Stage stage) {
        try {
            story.play(stage);
            stage.say("%nThe rehearsal went as it should.");
            return 0;
        } catch (UnexpectedOutcomeException | IllegalStateException e) {
            stage.say("%nThe rehearsal went otherwise: %s", e.getMessage());
            return 1;
        }
    }

    /** A played-down length plays down the way back with it, but a server that flaps must never look well for so long. */
    private static Duration failback(Duration length) {
        Duration part = FAILBACK.multipliedBy(length.toMillis()).dividedBy(FLAPPING.toMillis());
        Duration least = FLAP.plusSeconds(2);
        Duration most = part.compareTo(FAILBACK) < 0 ? part : FAILBACK;
        return most.compareTo(least) < 0 ? least : most;
    }

    /**
     * One story.
     *
     * @param usual how long what happens in it lasts unless somebody says otherwise; zero where nobody can
     * @param least how short that may be
     * @param settings what its queue file says otherwise, for a length
     * @param story the story itself, for a length
     */
    private record Entry(
            String name,
            Duration usual,
            Duration least,
            Function<Duration, Map<String, String>> settings,
            Function<Duration, Story> story) {}
}
