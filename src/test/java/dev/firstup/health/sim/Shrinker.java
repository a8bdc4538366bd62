package dev.firstup.health.sim;

import java.util.ArrayList;
import java.util.List;

/** Finds the shortest story that still breaks the same invariant. */
final class Shrinker {
    /** Each attempt plays a story; more of them seldom find a shorter one. */
    private static final int ATTEMPTS = 1_500;

    private static final long AFTERWARDS = 60_000;
    private static final int LEAST = 2;

    private final Core.Maker maker;
    private final Invariant invariant;
    private Story best;
    private int attempts;

    private Shrinker(Story story, Core.Maker maker, Invariant invariant) {
        this.maker = maker;
        this.invariant = invariant;
        best = story;
    }

    static Story shrink(Story story, Core.Maker maker, Breach breach) {
        Shrinker shrinker = new Shrinker(story, maker, breach.invariant());
        shrinker.until(breach.at());
        int before;
        do {
            before =
                    shrinker.best.happenings().size() + shrinker.best.scenario().size();
            shrinker.happenings();
            shrinker.servers();
        } while (shrinker.best.happenings().size() + shrinker.best.scenario().size() < before);
        return shrinker.best;
    }

    private void until(long at) {
        attempt(new Story(
                best.scenario(),
                Math.min(best.length(), at + AFTERWARDS),
                best.happenings().stream().filter(it -> it.at() <= at).toList()));
    }

    private void happenings() {
        for (int piece = Math.max(1, best.happenings().size() / 2); piece > 0; piece /= 2) {
            for (int from = best.happenings().size() - piece; from >= 0; from -= piece) {
                List<Happening> fewer = new ArrayList<>(best.happenings());
                fewer.subList(from, Math.min(from + piece, fewer.size())).clear();
                attempt(new Story(best.scenario(), best.length(), List.copyOf(fewer)));
                from = Math.min(from, best.happenings().size());
            }
        }
    }

    private void servers() {
        for (int place = best.scenario().size() - 1;
                place >= 0 && best.scenario().size() > LEAST;
                place--) {
            List<Happening> fewer = new ArrayList<>();
            for (Happening it : best.happenings()) {
                if (it.place() != place) {
                    fewer.add(it.place() > place ? it.elsewhere(it.place() - 1) : it);
                }
            }
            attempt(new Story(best.scenario().without(place), best.length(), List.copyOf(fewer)));
        }
    }

    private void attempt(Story story) {
        if (attempts++ < ATTEMPTS) {
            Breach breach = new Run(story, maker, null).play();
            if (breach != null && breach.invariant() == invariant) {
                best = story;
            }
        }
    }
}
