package dev.firstup.health.sim;

import dev.firstup.model.Order;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * A queue, and what happens to it.
 *
 * @param length how long it lasts in ms
 * @param happenings in order of time
 */
record Story(Scenario scenario, long length, List<Happening> happenings) {
    static final long DAY = 86_400_000;
    private static final Order.Kind[] ORDERS = Order.Kind.values();

    static Story draw(long seed) {
        // Neighbouring seeds begin alike.
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        random.nextLong();
        Scenario scenario = Scenario.draw(seed, random);
        List<Happening> happenings = new ArrayList<>();
        int incidents = 5 + random.nextInt(30);
        long at = 0;
        for (int i = 0; i < incidents; i++) {
            // Trouble comes in company: that is where decisions are hard.
            at = i > 0 && random.nextInt(5) < 2
                    ? at + (long) (random.nextDouble() * random.nextDouble() * 300_000)
                    : (long) (random.nextDouble() * DAY);
            incident(random, scenario, at, happenings);
        }
        happenings.removeIf(it -> it.at() >= DAY);
        happenings.sort(Comparator.comparingLong(Happening::at));
        return new Story(scenario, DAY, List.copyOf(happenings));
    }

    private static void incident(Random random, Scenario scenario, long at, List<Happening> into) {
        int server = random.nextInt(3) == 0 ? 0 : random.nextInt(scenario.size());
        long end = at + duration(random, 1_000, 3 * 3_600_000);
        int what = random.nextInt(100);
        if (what < 20) {
            into.add(new Happening(at, Happening.Kind.DOWN, server, 0));
            into.add(new Happening(end, Happening.Kind.UP, server, 0));
        } else if (what < 34) {
            into.add(new Happening(at, Happening.Kind.SILENT, server, 0));
            into.add(new Happening(end, Happening.Kind.UP, server, 0));
        } else if (what < 38) {
            into.add(new Happening(at, Happening.Kind.SLOW, server, 200 + random.nextInt(scenario.timeout() - 300)));
            into.add(new Happening(end, Happening.Kind.UP, server, 0));
        } else if (what < 44) {
            into.add(new Happening(at, Happening.Kind.LOSSY, server, 30 + random.nextInt(51)));
            into.add(new Happening(end, Happening.Kind.UP, server, 0));
        } else if (what < 52) {
            flap(random, server, at, into);
        } else if (what < 57) {
            // A whole place fails: all servers, or all but one.
            int spared = random.nextInt(2 * scenario.size());
            for (int i = 0; i < scenario.size(); i++) {
                if (i != spared) {
                    Happening.Kind kind = random.nextBoolean() ? Happening.Kind.DOWN : Happening.Kind.SILENT;
                    into.add(new Happening(at + random.nextInt(5_000), kind, i, 0));
                    into.add(new Happening(end + 6_000 + random.nextInt(60_000), Happening.Kind.UP, i, 0));
                }
            }
        } else if (what < 65) {
            long whole = at + duration(random, 500, 2 * 3_600_000);
            into.add(new Happening(at, Happening.Kind.CUT, -1, 0));
            into.add(new Happening(whole, Happening.Kind.LINK, -1, 0));
        } else if (what < 71) {
            int witness = scenario.size() + random.nextInt(scenario.witnesses());
            into.add(new Happening(at, Happening.Kind.WITNESS_DOWN, witness, 0));
            into.add(new Happening(end, Happening.Kind.WITNESS_UP, witness, 0));
        } else if (what < 79) {
            boolean brief = random.nextInt(3) > 0;
            long pause = brief ? duration(random, 500, 100_000) : duration(random, 140_000, 2 * 3_600_000);
            into.add(new Happening(at, Happening.Kind.RESTART, -1, pause));
        } else if (what < 80) {
            long step = duration(random, 100, 3 * 3_600_000);
            into.add(new Happening(at, Happening.Kind.STEP, -1, random.nextBoolean() ? step : -step));
        } else if (what < 84) {
            int place = random.nextBoolean() ? -1 : server;
            into.add(new Happening(at, Happening.Kind.TROUBLE, place, 0));
            long over = at + duration(random, 500, 1_800_000);
            into.add(new Happening(over, place < 0 ? Happening.Kind.LINK : Happening.Kind.UP, place, 0));
        } else {
            order(random, scenario.apart(), server, at, into);
        }
    }

    private static void flap(Random random, int server, long at, List<Happening> into) {
        long time = at;
        int times = 2 + random.nextInt(12);
        int low = 1_000 + random.nextInt(60_000);
        int high = 1_000 + random.nextInt(400_000);
        for (int i = 0; i < times; i++) {
            into.add(new Happening(time, Happening.Kind.DOWN, server, 0));
            time += low;
            into.add(new Happening(time, Happening.Kind.UP, server, 0));
            time += high;
        }
    }

    private static void order(Random random, boolean apart, int server, long at, List<Happening> into) {
        Order.Kind drawn = ORDERS[random.nextInt(ORDERS.length)];
        // The oracle knows of one move at a time; apart, there may be one for each family.
        Order.Kind kind = apart && drawn == Order.Kind.MOVE ? Order.Kind.DRAIN : drawn;
        boolean ofServer = kind.ofServer() || kind == Order.Kind.READY && random.nextBoolean();
        long end = kind.lasts() && random.nextBoolean() ? duration(random, 5_000, 2 * 3_600_000) : 0;
        into.add(new Happening(at, Happening.Kind.ORDER, ofServer ? server : -1, end, kind));
        if (kind.lasts() && random.nextInt(5) > 0) {
            long ready = at + duration(random, 5_000, 2 * 3_600_000);
            into.add(new Happening(ready, Happening.Kind.ORDER, ofServer ? server : -1, 0, Order.Kind.READY));
        }
    }

    /** Short ones are as likely as long ones. */
    private static long duration(Random random, long least, long most) {
        return (long) (least * Math.exp(random.nextDouble() * Math.log((double) most / least)));
    }
}
