package dev.firstup.health.sim;

import java.util.Arrays;

/** How the world is, whatever the monitor makes of it. Places are those of servers, then of witnesses. */
final class Truth {
    enum Behaviour {
        UP,
        REFUSES,
        SILENT,
        SLOW,
        LOSSY,
        /** Our probes of it cannot be made. */
        UNPROBED;

        boolean dead() {
            return this == REFUSES || this == SILENT;
        }
    }

    final Scenario scenario;
    final Behaviour[] behaviour;
    final long[] since;
    final long[] value;
    boolean link = true;
    boolean trouble;
    /** Since when link and trouble are as they are. */
    long linkSince;

    Truth(Scenario scenario) {
        this.scenario = scenario;
        int places = scenario.size() + scenario.witnesses();
        behaviour = new Behaviour[places];
        Arrays.fill(behaviour, Behaviour.UP);
        since = new long[places];
        value = new long[places];
    }

    /** Whether probes tell how servers are. */
    boolean whole() {
        return link && !trouble;
    }

    void apply(Happening it) {
        switch (it.kind()) {
            case UP, WITNESS_UP -> set(it, Behaviour.UP);
            case DOWN -> set(it, Behaviour.REFUSES);
            case SILENT, WITNESS_DOWN -> set(it, Behaviour.SILENT);
            case SLOW -> set(it, Behaviour.SLOW);
            case LOSSY -> set(it, Behaviour.LOSSY);
            case TROUBLE -> {
                if (it.place() < 0) {
                    trouble = true;
                    linkSince = it.at();
                } else {
                    set(it, Behaviour.UNPROBED);
                }
            }
            case CUT -> {
                link = false;
                linkSince = it.at();
            }
            case LINK -> {
                link = true;
                trouble = false;
                linkSince = it.at();
            }
            default -> {}
        }
    }

    private void set(Happening it, Behaviour now) {
        if (behaviour[it.place()] != now || value[it.place()] != it.value()) {
            behaviour[it.place()] = now;
            value[it.place()] = it.value();
            since[it.place()] = it.at();
        }
    }

    /** How a probe of {@code place} that begins now will end. */
    Behaviour probed(int place, long now) {
        if (trouble || behaviour[place] == Behaviour.UNPROBED) {
            return Behaviour.UNPROBED;
        }
        if (!link) {
            return Behaviour.SILENT;
        }
        if (behaviour[place] == Behaviour.LOSSY) {
            // The same at the same time in a story that is shorter.
            long hash = mix(scenario.seed() ^ mix(now ^ scenario.name(place).hashCode()));
            boolean lost = Long.remainderUnsigned(hash, 100) < value[place];
            return !lost ? Behaviour.UP : (hash & 1 << 20) == 0 ? Behaviour.REFUSES : Behaviour.SILENT;
        }
        return behaviour[place];
    }

    int latency(int place) {
        return behaviour[place] == Behaviour.SLOW
                ? (int) value[place]
                : place < scenario.size() ? scenario.members().get(place).latency() : 30;
    }

    private static long mix(long it) {
        long one = (it ^ it >>> 30) * 0xBF58476D1CE4E5B9L;
        long two = (one ^ one >>> 27) * 0x94D049BB133111EBL;
        return two ^ two >>> 31;
    }
}
