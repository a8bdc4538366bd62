package dev.firstup.health.sim;

import java.util.EnumMap;
import java.util.Map;

/** The command {@code bench/simulate [HISTORIES] [FIRST-SEED]}. */
public final class Simulate {
    private static final int BATCH = 500;
    private static final int TOLD = 3;

    private Simulate() {}

    /** @param args how many histories (2,000), and the first seed (1) */
    public static void main(String[] args) {
        long histories = args.length > 0 ? Long.parseLong(args[0]) : 2_000;
        long first = args.length > 1 ? Long.parseLong(args[1]) : 1;
        long begun = System.nanoTime();
        long days = 0;
        long probes = 0;
        long broken = 0;
        Map<Invariant, Integer> told = new EnumMap<>(Invariant.class);
        for (long done = 0; done < histories; done += BATCH) {
            long count = Math.min(BATCH, histories - done);
            Simulation part = Simulation.play(RealCore::new, first + done, count, it -> {});
            days += part.serverDays();
            probes += part.probes();
            broken += part.broken().size();
            for (Simulation.Broken it : part.broken()) {
                if (told.merge(it.breach().invariant(), 1, Integer::sum) <= TOLD) {
                    System.out.println(Simulation.tell(it, RealCore::new));
                }
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(
                    "%,d histories, %,d server-days, %,d probes in %.0f s: %,.0f server-days a second, %d broken%n",
                    done + count, days, probes, seconds, days / seconds, broken);
        }
        System.out.println(broken + " histories break an invariant" + (told.isEmpty() ? "" : " " + told) + ", seeds "
                + first + " to " + (first + histories - 1));
        System.exit(broken == 0 ? 0 : 1);
    }
}
