package dev.firstup.health.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * Histories of a day each, on all processors.
 *
 * @param histories how many were played
 * @param serverDays how many days of a server that is
 * @param probes how many probes they took
 * @param broken what broke an invariant, the first seeds first
 */
record Simulation(long histories, long serverDays, long probes, List<Broken> broken) {
    /** One history in so many is played twice. */
    private static final int TWICE = 20;

    record Broken(long seed, Breach breach) {}

    /** @param progress hears the number of histories after each one */
    static Simulation play(Core.Maker maker, long first, long histories, LongConsumer progress) {
        AtomicLong done = new AtomicLong();
        AtomicLong days = new AtomicLong();
        AtomicLong probes = new AtomicLong();
        Queue<Broken> broken = new ConcurrentLinkedQueue<>();
        LongStream.range(first, first + histories).parallel().forEach(seed -> {
            Story story = Story.draw(seed);
            Run run = new Run(story, maker, null);
            Breach breach = run.play();
            if (breach == null && seed % TWICE == 0) {
                breach = again(story, maker, run.digest());
            }
            if (breach != null) {
                broken.add(new Broken(seed, breach));
            }
            days.addAndGet(story.scenario().size());
            probes.addAndGet(run.probes());
            progress.accept(done.incrementAndGet());
        });
        List<Broken> sorted = new ArrayList<>(broken);
        sorted.sort((one, other) -> Long.compare(one.seed(), other.seed()));
        return new Simulation(histories, days.get(), probes.get(), List.copyOf(sorted));
    }

    private static Breach again(Story story, Core.Maker maker, long digest) {
        Run run = new Run(story, maker, null);
        run.play();
        return run.digest() == digest
                ? null
                : new Breach(Invariant.DETERMINISM, story.length(), "the same history was decided about otherwise");
    }

    /** The shortest story that breaks what {@code broken} broke, as lines. */
    static String tell(Broken broken, Core.Maker maker) {
        Story story = Story.draw(broken.seed());
        if (broken.breach().invariant() != Invariant.DETERMINISM) {
            story = Shrinker.shrink(story, maker, broken.breach());
        }
        List<String> log = new ArrayList<>();
        new Run(story, maker, log).play();
        return "seed " + broken.seed() + ": " + broken.breach() + "\n"
                + story.scenario().describe() + "\n" + String.join("\n", log) + "\n";
    }
}
