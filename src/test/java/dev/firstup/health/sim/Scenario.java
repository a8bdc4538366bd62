package dev.firstup.health.sim;

import dev.firstup.Fixtures;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.rules.AllDown;
import dev.firstup.model.rules.Failback;
import dev.firstup.model.rules.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A queue under test. All times in ms.
 *
 * @param dns what the record says at first: a server's name, {@code nobody}, or {@code foreign}
 */
record Scenario(
        long seed,
        List<Member> members,
        int witnesses,
        int interval,
        int fast,
        int down,
        int timeout,
        int fall,
        int rise,
        int slow,
        int after,
        boolean manual,
        AllDown allDown,
        int answers,
        boolean apart,
        int gap,
        String dns) {
    static final String RECORD = "chat.example.org";

    private static final List<String> NAMES =
            List.of("paris", "tokyo", "quebec", "lagos", "lima", "oslo", "perth", "cairo");

    /**
     * A server.
     *
     * @param latency after how many ms it answers
     */
    record Member(String name, Map<RecordType, String> addresses, int latency) {}

    static Scenario draw(long seed, Random random) {
        boolean apart = random.nextInt(10) == 0;
        int count = 3 + random.nextInt(6);
        int kind = random.nextInt(4);
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean four = kind < 3 || random.nextBoolean();
            boolean six = kind == 2 || !four || kind == 3 && random.nextBoolean();
            members.addAll(members(i, four, six, apart, 5 + random.nextInt(100)));
        }
        int interval = pick(random, 10_000, 20_000, 30_000, 30_000, 60_000, 60_000);
        Failback failback = new Failback(Duration.ZERO, random.nextInt(7) == 0);
        String dns = random.nextInt(10) < 6
                ? members.get(0).name()
                : random.nextInt(2) == 0
                        ? members.get(random.nextInt(members.size())).name()
                        : random.nextBoolean() ? "nobody" : "foreign";
        return new Scenario(
                seed,
                List.copyOf(members),
                1 + random.nextInt(3),
                interval,
                pick(random, 500, 1_000, 1_000, 2_000),
                Math.max(interval, pick(random, 10_000, 30_000, 30_000, 120_000)),
                pick(random, 1_000, 2_000, 3_000, 3_000, 5_000),
                pick(random, 1, 2, 3, 3, 3, 5),
                pick(random, 1, 2, 2, 2, 4),
                pick(random, 0, 300),
                pick(random, 0, 0, 30_000, 120_000, 600_000, 600_000, 1_800_000),
                failback.manual(),
                allDown(random),
                pick(random, 1, 1, 1, 2, 3),
                apart,
                pick(random, 0, 0, 30_000, 300_000),
                apart && !dns.equals("nobody") ? "foreign" : dns);
    }

    private static int pick(Random random, int... values) {
        return values[random.nextInt(values.length)];
    }

    private static List<Member> members(int place, boolean four, boolean six, boolean apart, int latency) {
        String name = NAMES.get(place);
        Map<RecordType, String> addresses = new EnumMap<>(RecordType.class);
        if (four) {
            addresses.put(RecordType.A, "192.0.2." + (10 + place));
        }
        if (six) {
            addresses.put(RecordType.AAAA, "2001:db8::" + (10 + place));
        }
        if (!apart || addresses.size() == 1) {
            return List.of(new Member(name, addresses, latency));
        }
        // As the parser makes them.
        return List.of(
                new Member(name + "/ipv4", Map.of(RecordType.A, addresses.get(RecordType.A)), latency),
                new Member(name + "/ipv6", Map.of(RecordType.AAAA, addresses.get(RecordType.AAAA)), latency));
    }

    private static AllDown allDown(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> new AllDown(AllDown.Policy.FIRST, null, null);
            case 1 -> new AllDown(AllDown.Policy.WITHDRAW, null, null);
            case 2 -> new AllDown(AllDown.Policy.SORRY, RecordType.A, "198.51.100.1");
            default -> AllDown.HOLD;
        };
    }

    int size() {
        return members.size();
    }

    /** The name of the server or witness at {@code place}. */
    String name(int place) {
        return place < size() ? members.get(place).name() : "witness" + (place - size() + 1);
    }

    Scenario without(int place) {
        List<Member> fewer = new ArrayList<>(members);
        String gone = fewer.remove(place).name();
        return with(fewer, gone.equals(dns) ? fewer.get(0).name() : dns);
    }

    private Scenario with(List<Member> others, String says) {
        return new Scenario(
                seed,
                List.copyOf(others),
                witnesses,
                interval,
                fast,
                down,
                timeout,
                fall,
                rise,
                slow,
                after,
                manual,
                allDown,
                answers,
                apart,
                gap,
                says);
    }

    Queue queue() {
        Duration limit = Duration.ofMillis(timeout);
        List<Server> servers = members.stream()
                .map(it -> new Server(
                        "chat", 1, it.name(), it.addresses(), "probe:tcp", it.name(), 5222, "", RECORD, limit))
                .toList();
        List<Server> others = new ArrayList<>();
        for (int i = size(); i < size() + witnesses; i++) {
            others.add(new Server("", 1, name(i), Map.of(), "probe:tcp", name(i), 53, "", RECORD, limit));
        }
        return new Queue(
                "chat",
                1,
                RECORD,
                null,
                List.of(),
                Duration.ofMinutes(1),
                servers,
                new Queue.Pace(Duration.ofMillis(interval), Duration.ofMillis(fast), Duration.ofMillis(down), limit),
                new Rules(
                        fall,
                        rise,
                        slow == 0 ? null : Duration.ofMillis(slow),
                        new Failback(Duration.ofMillis(after), manual),
                        allDown,
                        answers,
                        apart),
                others,
                List.of(),
                List.of(Fixtures.target("no-ip", RECORD, Duration.ofMillis(gap))),
                List.of("ops"));
    }

    String describe() {
        StringBuilder text = new StringBuilder("servers ");
        members.forEach(it -> text.append(it.name())
                .append(' ')
                .append(it.addresses().values())
                .append(' ')
                .append(it.latency())
                .append(" ms, "));
        return text + "\nwitnesses " + witnesses + ", interval " + interval + ", fast " + fast + ", down " + down
                + ", timeout " + timeout + ", fall " + fall + ", rise " + rise + ", slow " + slow + "\nfailback "
                + (manual ? "manual" : after == 0 ? "auto" : String.valueOf(after)) + ", all-down "
                + allDown.policy() + ", answers " + answers + (apart ? ", apart" : "") + ", gap " + gap
                + ", the record says at first: " + dns;
    }
}
