package dev.firstup.publish.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** The command {@code bench/simulate-publishing [HISTORIES] [FIRST-SEED]}. */
public final class Simulate {
    private static final int BATCH = 20;

    /** What broke the rules, and where. */
    record Broken(Ways ways, long seed, String what) {}

    /**
     * @param broken the first seeds first
     * @param requests how many updates the hosts got
     * @param told how many moves were told
     */
    record Outcome(List<Broken> broken, long requests, long told) {}

    private Simulate() {}

    /** Plays days of each kind of host. */
    static Outcome play(Core.Maker maker, long first, long count) {
        AtomicLong requests = new AtomicLong();
        AtomicLong told = new AtomicLong();
        List<Broken> broken = LongStream.range(first, first + count)
                .parallel()
                .boxed()
                .flatMap(seed -> {
                    List<Broken> found = new ArrayList<>();
                    for (Ways ways : Ways.values()) {
                        Run run = new Run(seed, ways, maker, null).play();
                        requests.addAndGet(run.requests());
                        told.addAndGet(run.told());
                        if (!run.broken().isEmpty()) {
                            found.add(new Broken(ways, seed, run.broken().get(0)));
                        }
                    }
                    return found.stream();
                })
                .toList();
        return new Outcome(broken, requests.get(), told.get());
    }

    /** All of the day until it broke. */
    static String tell(Broken broken, Core.Maker maker) {
        List<String> log = new ArrayList<>();
        new Run(broken.seed(), broken.ways(), maker, log).play();
        int last = 0;
        for (int i = 0; i < log.size(); i++) {
            if (last == 0 && log.get(i).contains("BROKEN:")) {
                last = i;
            }
        }
        return "seed " + broken.seed() + " of " + broken.ways() + ": " + broken.what() + "\n"
                + String.join("\n", log.subList(Math.max(0, last - 40), Math.min(log.size(), last + 1))) + "\n";
    }

    /** @param args how many days of each host (100), and the first seed (1) */
    public static void main(String[] args) {
        long count = args.length > 0 ? Long.parseLong(args[0]) : 100;
        long first = args.length > 1 ? Long.parseLong(args[1]) : 1;
        long begun = System.nanoTime();
        long requests = 0;
        long told = 0;
        int broken = 0;
        Map<String, Integer> kinds = new TreeMap<>();
        for (long done = 0; done < count; done += BATCH) {
            Outcome part = play(Core::real, first + done, Math.min(BATCH, count - done));
            requests += part.requests();
            told += part.told();
            broken += part.broken().size();
            for (Broken it : part.broken()) {
                if (kinds.merge(kind(it.what()), 1, Integer::sum) == 1) {
                    System.out.println(tell(it, Core::real));
                }
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(
                    "%,d days of each of %d hosts, %,d updates, %,d moves told in %.0f s; %d days broken%n",
                    Math.min(done + BATCH, count), Ways.values().length, requests, told, seconds, broken);
        }
        kinds.forEach((kind, times) -> System.out.println(times + " x " + kind));
        System.exit(broken == 0 ? 0 : 1);
    }

    /** Without what differs from day to day. */
    private static String kind(String what) {
        String text = what.substring(what.indexOf("BROKEN"));
        int end = text.indexOf(';');
        return (end < 0 ? text : text.substring(0, end))
                .replaceAll("[A-Z0-9_]+:|\\[[^]]*]|PT[0-9HMS.]+|[0-9T:.-]+Z?|chat|mail", "_");
    }
}
