package dev.firstup.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments of a move. {@code -Dfirstup.kills} says how many (200), {@code -Dfirstup.kills.seed} from
 * which seed on (1). The seed gives the plan; what the machine makes of it differs by a little each time.
 */
class KillsIT {
    private static final int KILLS = Integer.getInteger("firstup.kills", 200);
    private static final long SEED = Long.getLong("firstup.kills.seed", 1);
    private static final int EACH = 10;

    /** Much of a life is waiting for the gap to pass. */
    private static final int AT_ONCE = 4;

    @TempDir
    Path folder;

    @Test
    void theRecordEndsRightAndNothingIsSentTwice() throws Exception {
        Launcher launcher = new Launcher(folder);
        // It leaves the archive of classes with which the others start.
        KillHistory first = new KillHistory(SEED, Files.createDirectory(folder.resolve("first")), launcher).play(0);
        assertThat(first.broken()).as(first::toString).isEmpty();

        List<KillHistory> played = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<KillHistory>> playing = new ArrayList<>();
            for (int i = 0; i < KILLS / EACH; i++) {
                long seed = SEED + i;
                Path own = Files.createDirectory(folder.resolve("seed" + seed));
                playing.add(threads.submit(() -> new KillHistory(seed, own, launcher).play(EACH)));
            }
            for (Future<KillHistory> it : playing) {
                played.add(it.get());
            }
        } finally {
            threads.shutdownNow();
        }

        Map<Phase, Integer> phases = new EnumMap<>(Phase.class);
        played.forEach(it -> it.phases().forEach((phase, times) -> phases.merge(phase, times, Integer::sum)));
        System.out.println("seeds " + SEED + " to " + (SEED + played.size() - 1) + " were killed at " + phases);
        assertThat(played)
                .as(() -> "seed " + SEED)
                .allSatisfy(it -> assertThat(it.broken()).as(it::toString).isEmpty());
        if (KILLS >= 200) {
            assertThat(phases).as("where it was killed").containsOnlyKeys(Phase.values());
        }
    }
}
