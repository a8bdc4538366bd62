package dev.firstup.health.sim;

import dev.firstup.model.Choice;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Order;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.rules.AllDown;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Says what must not be, from how the world is, what the monitor heard, and what people ordered. It knows nothing of how the
 * core decides: a bound here is what the manual promises. Times in ms of true time, servers as bits of a mask.
 */
final class Oracle {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long HOUR = 3_600_000;
    private static final long MINUTE = 60_000;
    private static final long REMIND = 15 * MINUTE;
    private static final long YOUNG = 2 * MINUTE;
    private static final int MOST_FAILBACKS = 4;
    private static final int BLIND = 3;
    private static final int WINDOW = (1 << 20) - 1;
    private static final int LOSSY = 10;
    /** Ticks are rounded up, for each probe in a row and for the candidates. */
    private static final int TICK = 100;

    private final Scenario scenario;
    private final Truth truth;
    private final int size;
    private final int[] groups;

    /** How long it takes at most until a server that is plainly up counts as up. */
    private final long rises;

    private final long refusing;
    private final long silent;
    private final long candidates;

    private Breach breach;
    private boolean running;
    private long startedAt;

    // What people ordered.
    private final Order.Kind[] by;
    private final long[] byAt;
    private final long[] byEnd;
    private boolean freeze;
    private long freezeEnd;
    private int moveTo = -1;
    private long moveEnd;
    private long ordersAt;
    private long failbackUntil = -1;
    private long moveDeadline = NEVER;
    private long failbackDeadline = NEVER;
    private int failbackTo;
    private int orderedEvents;
    private boolean stepped;
    /** Remembered times may be wrong, since the clock was set. */
    private boolean foggy;

    // What the monitor heard.
    private final int[] fails;
    private final int[] goods;
    private final int[] unknowns;
    private final int[] window;
    private final boolean[] seenDown;
    private final boolean[] known;
    private final ProbeOutcome[] last;
    private final long[] heardAt;
    private final long[] lastFail;
    private final long[] knownSince;
    private final long[] failingSince;
    private long lastAnswer = -1;

    // Since when a server's state may be unknown to the monitor; -1 where it is not.
    private final long[] unsettled;
    private final Truth.Behaviour[] was;
    private final long[] wasSince;
    private boolean wasWhole = true;

    // What the record should say.
    private boolean adopted;
    private long adoptedAt;
    private boolean chain;
    private String label;
    private int named;
    private boolean first;

    // What was told.
    private final boolean[] toldDown;
    private final boolean[] toldUnknown;
    private final boolean[] toldLeftOut;
    private int toldAllDown;
    private boolean recoveryOpen;
    private boolean limited;
    /** The return that reaches the limit is the last one. */
    private boolean limitedBefore;

    private long limitedChanged;
    private boolean stasis;
    private long stasisAt;
    private final Deque<Long> failbacks = new ArrayDeque<>();

    private HealthView before;
    private boolean brief;

    private boolean dirty = true;
    private long deadline = NEVER;
    private Invariant missed;
    private String missing;

    Oracle(Scenario scenario, Truth truth) {
        this.scenario = scenario;
        this.truth = truth;
        size = scenario.size();
        int places = size + scenario.witnesses();
        by = new Order.Kind[size];
        byAt = new long[size];
        byEnd = new long[size];
        fails = new int[places];
        goods = new int[places];
        unknowns = new int[places];
        window = new int[places];
        seenDown = new boolean[places];
        known = new boolean[places];
        last = new ProbeOutcome[places];
        heardAt = new long[places];
        lastFail = new long[places];
        knownSince = new long[places];
        failingSince = new long[places];
        unsettled = new long[size];
        was = truth.behaviour.clone();
        wasSince = truth.since.clone();
        toldDown = new boolean[size];
        toldUnknown = new boolean[size];
        toldLeftOut = new boolean[places];
        groups = groups();
        int slowest = scenario.members().stream()
                .mapToInt(Scenario.Member::latency)
                .max()
                .orElse(0);
        int probe = slowest + TICK;
        candidates = scenario.timeout() + 3L * TICK + slowest;
        // What fails first may be our own link: with fall 1 too, it is asked again.
        long again = Math.max(scenario.fall(), 2) - 1L;
        refusing = scenario.interval() + again * (scenario.fast() + probe) + 2L * probe;
        silent = scenario.interval()
                + scenario.timeout()
                + again * (scenario.fast() + scenario.timeout() + TICK)
                + 2L * probe;
        rises = Math.max(scenario.interval(), scenario.down())
                + scenario.timeout()
                + Math.max(scenario.rise(), 21L) * (scenario.fast() + probe)
                + 1_000;
    }

    private int[] groups() {
        if (!scenario.apart()) {
            return new int[] {(1 << size) - 1};
        }
        int[] masks = new int[RecordType.values().length];
        for (int i = 0; i < size; i++) {
            for (RecordType type : scenario.members().get(i).addresses().keySet()) {
                masks[type.ordinal()] |= 1 << i;
            }
        }
        return Arrays.stream(masks).filter(it -> it != 0).toArray();
    }

    Breach breach() {
        return breach;
    }

    boolean frozen() {
        return freeze;
    }

    private void broken(Invariant invariant, long at, String what) {
        if (breach == null) {
            breach = new Breach(invariant, at, what);
        }
    }

    private String name(int place) {
        return scenario.name(place);
    }

    private String names(int mask) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if ((mask & 1 << i) != 0) {
                names.add(name(i));
            }
        }
        return names.toString();
    }

    private int place(String server) {
        for (int i = 0; i < was.length; i++) {
            if (name(i).equals(server)) {
                return i;
            }
        }
        return -1;
    }

    // ---- the world

    /** Time has passed up to {@code now} without anything that could have met a deadline. */
    void time(long now) {
        if (deadline < now) {
            broken(missed, deadline, missing);
        }
    }

    /** All that happened at {@code now} has happened. */
    void settle(long now) {
        if (dirty) {
            dirty = false;
            deadlines(now);
        }
    }

    void happened(long now, Happening it) {
        for (int i = 0; i < size; i++) {
            if (unsettled[i] >= 0 && now >= settledAt(i, was[i], wasSince[i], wasWhole)) {
                unsettled[i] = -1;
            }
        }
        System.arraycopy(truth.behaviour, 0, was, 0, was.length);
        System.arraycopy(truth.since, 0, wasSince, 0, wasSince.length);
        wasWhole = truth.whole();
        stepped |= it.kind() == Happening.Kind.STEP;
        if (it.kind() == Happening.Kind.LINK && failbackUntil == NEVER) {
            failbackUntil = now + MINUTE + silent;
        }
        moveDeadline = NEVER;
        failbackDeadline = NEVER;
        dirty = true;
    }

    private long settledAt(int place, Truth.Behaviour behaviour, long since, boolean whole) {
        boolean plain = behaviour != Truth.Behaviour.LOSSY && behaviour != Truth.Behaviour.UNPROBED;
        return running && plain && whole ? Math.max(Math.max(unsettled[place], since), steadySince()) + rises : NEVER;
    }

    private long steadySince() {
        return Math.max(truth.linkSince, startedAt);
    }

    /** Since when {@code place} is certainly counted as up, whether that is past or to come; NEVER where it is not up. */
    private long countsUp(int place) {
        return by[place] == null && truth.behaviour[place] == Truth.Behaviour.UP
                ? Math.max(Math.max(truth.since[place], steadySince()), byAt[place]) + rises
                : NEVER;
    }

    private boolean plainlyUp(int place, long now) {
        return running && truth.whole() && countsUp(place) <= now;
    }

    // ---- the monitor's life

    void stopped(long now, HealthView view) {
        running = false;
        before = view;
        dirty = true;
        if (breach == null) {
            compareOrders(now, view);
        }
    }

    /** @param age of what was remembered; null where nothing was */
    void started(long now, Duration age, HealthView view) {
        running = true;
        startedAt = now;
        boolean odd = age != null && age.isNegative();
        brief = age != null && !odd && age.toMillis() < YOUNG && before != null;
        foggy |= stepped && before != null;
        if (brief) {
            compare(now, view);
        }
        for (int i = 0; i < was.length; i++) {
            fails[i] = 0;
            goods[i] = 0;
            unknowns[i] = 0;
            window[i] = 0;
            if (!brief) {
                seenDown[i] = false;
                known[i] = false;
                lastFail[i] = now;
                knownSince[i] = now;
            }
            toldLeftOut[i] = false;
        }
        for (int i = 0; i < size; i++) {
            toldUnknown[i] = false;
            if (!brief || before.servers().get(i).state() == dev.firstup.model.ServerState.UNKNOWN) {
                unsettled[i] = now;
            }
            if (age == null || odd) {
                toldDown[i] = false;
            }
        }
        if (foggy) {
            failbacks.clear();
        }
        lastAnswer = -1;
        stasis = false;
        adopted = false;
        chain = false;
        first = true;
        failbackUntil = -1;
        dirty = true;
    }

    private void compare(long now, HealthView after) {
        for (int i = 0; i < size; i++) {
            ServerHealth one = before.servers().get(i);
            ServerHealth other = after.servers().get(i);
            if (one.state().up() != other.state().up()
                    || one.state().down() != other.state().down()) {
                broken(Invariant.RESTART, now, name(i) + " was " + one.state() + ", is " + other.state());
            }
        }
        if ((before.standing().limited() == null) != (after.standing().limited() == null)) {
            broken(
                    Invariant.RESTART,
                    now,
                    "limited was " + before.standing().limited() + ", is "
                            + after.standing().limited());
        }
        if (before.standing().allDown() != after.standing().allDown()) {
            broken(Invariant.RESTART, now, "all down was " + before.standing().allDown());
        }
        if (!stepped) {
            compareOrders(now, after, Invariant.RESTART);
        }
    }

    void adopted(long now, Map<RecordType, List<String>> dns, HealthView view) {
        adopted = true;
        adoptedAt = now;
        named = namedBy(dns);
        chain = named != 0 && Integer.bitCount(named) == 1;
        label = chain ? name(Integer.numberOfTrailingZeros(named)) : null;
        if (chain && (view.chosen() == null || !view.chosen().label().equals(label))) {
            broken(
                    Invariant.RESTART,
                    now,
                    "the record names " + label + ", and chosen is "
                            + (view.chosen() == null ? null : view.chosen().label()));
        }
        dirty = true;
    }

    /** The servers that exactly make up what the record holds; 0 where there are none. */
    private int namedBy(Map<RecordType, List<String>> dns) {
        int mask = 0;
        int found = 0;
        int count = 0;
        for (Map.Entry<RecordType, List<String>> it : dns.entrySet()) {
            for (String value : it.getValue()) {
                count += value.equals(scenario.allDown().address()) ? 0 : 1;
            }
            for (int i = 0; i < size; i++) {
                String address = scenario.members().get(i).addresses().get(it.getKey());
                if (address != null && it.getValue().contains(address)) {
                    mask |= 1 << i;
                    found++;
                }
            }
        }
        int needed = 0;
        for (int i = 0; i < size; i++) {
            if ((mask & 1 << i) != 0) {
                needed += scenario.members().get(i).addresses().size();
            }
        }
        return found == count && found == needed ? mask : 0;
    }

    // ---- probes

    void probed(long now, int place, boolean underWay) {
        if (underWay) {
            broken(Invariant.SANE, now, name(place) + " is probed twice at once");
        }
        if (place < size && by[place] == Order.Kind.MAINT && !ending(byEnd[place], now)) {
            broken(Invariant.ORDERS, now, name(place) + " is probed under maint");
        }
    }

    void observation(long now, int place, ProbeOutcome outcome, long begun) {
        last[place] = outcome;
        heardAt[place] = now;
        if (outcome == ProbeOutcome.UNKNOWN) {
            unknowns[place]++;
            return;
        }
        unknowns[place] = 0;
        if (place < size) {
            toldUnknown[place] = false;
        }
        boolean good = outcome == ProbeOutcome.UP;
        window[place] = (window[place] << 1 | (good ? 0 : 1)) & WINDOW;
        if (good) {
            goods[place]++;
            fails[place] = 0;
            lastAnswer = now;
            toldLeftOut[place] = false;
            if (goods[place] >= scenario.rise()) {
                known[place] = true;
                seenDown[place] &= Integer.bitCount(window[place]) >= LOSSY;
            }
        } else {
            if (fails[place]++ == 0) {
                failingSince[place] = begun;
            }
            goods[place] = 0;
            lastFail[place] = now;
            if (fails[place] >= scenario.fall()) {
                known[place] = true;
                seenDown[place] = true;
                window[place] = 0;
            }
            seenDown[place] |= Integer.bitCount(window[place]) >= LOSSY;
        }
    }

    // ---- orders

    void ordered(long now, Happening it) {
        long end = it.value() == 0 ? 0 : now + it.value();
        int place = it.place();
        ordersAt = now;
        orderedEvents = 0;
        dirty = true;
        switch (it.order()) {
            case DRAIN, MAINT, FORCE_UP, FORCE_DOWN -> order(now, place, it.order(), end);
            case MOVE -> {
                moveTo = place;
                moveEnd = end;
                if (adopted && !stasis && plainlyUp(place, now)) {
                    moveDeadline = now + candidates;
                }
            }
            case FREEZE -> {
                freeze = true;
                freezeEnd = end;
            }
            case FAILBACK -> failback(now);
            case READY -> {
                if (place < 0) {
                    freeze = false;
                    moveTo = -1;
                } else {
                    order(now, place, null, 0);
                    moveTo = moveTo == place ? -1 : moveTo;
                }
            }
        }
    }

    private void order(long now, int place, Order.Kind kind, long end) {
        if (by[place] == Order.Kind.MAINT) {
            unsettled[place] = now;
        }
        by[place] = kind;
        byAt[place] = now;
        byEnd[place] = end;
    }

    private void failback(long now) {
        // In stasis it is kept for later.
        failbackUntil = truth.whole() && !stasis ? now + 2 * candidates : NEVER;
        if (!adopted || stasis || moveTo >= 0 || scenario.apart()) {
            return;
        }
        for (int i = 0; i < size; i++) {
            boolean out = by[i] == Order.Kind.MAINT || by[i] == Order.Kind.FORCE_DOWN;
            if (plainlyUp(i, now)) {
                failbackTo = i;
                failbackDeadline = now + candidates;
                return;
            }
            if (!out && !certainlyDown(i, now)) {
                return;
            }
        }
    }

    private boolean certainlyDown(int place, long now) {
        return by[place] == null
                && truth.behaviour[place].dead()
                && truth.whole()
                && now >= Math.max(truth.since[place], steadySince()) + silent;
    }

    private boolean ending(long end, long now) {
        return end != 0 && (stepped || end <= now + 1_000);
    }

    void compareOrders(long now, HealthView view) {
        compareOrders(now, view, Invariant.ORDERS);
        if (orderedEvents > 1 || orderedEvents == 0 && running && now == ordersAt) {
            broken(Invariant.TOLD_ONCE, now, orderedEvents + " events ORDERED for one order");
        }
    }

    private void compareOrders(long now, HealthView view, Invariant invariant) {
        for (int i = 0; i < size; i++) {
            Order order = view.servers().get(i).order();
            Order.Kind kind = order == null ? null : order.kind();
            if (kind != by[i] && !ending(byEnd[i], now)) {
                broken(invariant, now, name(i) + " is under " + kind + ", ordered is " + by[i]);
            }
        }
        boolean frozen = false;
        int moved = -1;
        for (Order it : view.standing().orders()) {
            frozen |= it.kind() == Order.Kind.FREEZE;
            moved = it.kind() == Order.Kind.MOVE ? place(it.server()) : moved;
        }
        if (frozen != freeze && !ending(freezeEnd, now)) {
            broken(invariant, now, "frozen is " + frozen + ", ordered is " + freeze);
        }
        if (moved != moveTo && !ending(moveEnd, now)) {
            broken(
                    invariant,
                    now,
                    "move is to " + (moved < 0 ? null : name(moved)) + ", ordered is "
                            + (moveTo < 0 ? null : name(moveTo)));
        }
    }

    // ---- what was decided

    void decided(long now, Decision decision) {
        int moves = 0;
        Event move = null;
        limitedBefore = limited;
        for (Event it : decision.events()) {
            event(now, it);
            if (it.kind() == Event.Kind.DECIDED) {
                moves++;
                move = it;
            }
        }
        Choice chosen = decision.chosen();
        if (chosen == null) {
            if (moves > 0) {
                broken(Invariant.CAUSE, now, "DECIDED without a choice");
            }
            return;
        }
        consistent(now, chosen);
        int next = mask(chosen.servers());
        String was = label;
        boolean same = chosen.label().equals(was) || first && named != 0 && named == next;
        boolean open = first && was == null && next == 0;
        if (!adopted) {
            broken(Invariant.CAUSE, now, "decided before the record was read");
        } else if (moves != (same ? 0 : 1) && !open) {
            broken(Invariant.CAUSE, now, moves + " events DECIDED from " + was + " to " + chosen.label());
        } else if (move != null) {
            caused(now, move, chosen, decision);
        }
        judge(now, next);
        first = false;
        chain = true;
        label = chosen.label();
        named = next;
        dirty = true;
    }

    private void caused(long now, Event move, Choice chosen, Decision decision) {
        if (move.reason() == null || move.reason().isBlank()) {
            broken(Invariant.CAUSE, now, "moved without a reason");
        }
        if (chain && label != null && !label.equals(move.from())) {
            broken(Invariant.CAUSE, now, "DECIDED from " + move.from() + ", and chosen was " + label);
        }
        if (!chosen.label().equals(move.to())) {
            broken(Invariant.CAUSE, now, "DECIDED to " + move.to() + ", and chosen is " + chosen.label());
        }
        if (decision.detected() == null || decision.detected().isAfter(decision.at())) {
            broken(Invariant.CAUSE, now, "detected " + decision.detected() + " after " + decision.at());
        }
        if (freeze && !move.tell()) {
            broken(Invariant.ORDERS, now, "frozen, and what was decided is not told");
        }
        boolean order = now - ordersAt <= 2 * candidates;
        if (stasis) {
            broken(Invariant.STASIS, now, "moves in stasis");
        } else if (cutOff(now) && !order && !proved(named & ~mask(chosen.servers()))) {
            broken(Invariant.STASIS, now, "moves while our link is cut");
        }
    }

    /** Whether any of these was out before our link was cut: by order, or somebody else answered after it began to fail. */
    private boolean proved(int left) {
        for (int i = 0; i < size; i++) {
            boolean down = by[i] != null || seenDown[i] && lastAnswer >= failingSince[i];
            if ((left & 1 << i) != 0 && down) {
                return true;
            }
        }
        return false;
    }

    /** Whether our link is cut, and what was under way then is over. */
    private boolean cutOff(long now) {
        return !truth.link && now - truth.linkSince > candidates && lastAnswer < truth.linkSince;
    }

    private int mask(Collection<String> servers) {
        int mask = 0;
        for (String it : servers) {
            mask |= 1 << place(it);
        }
        return mask;
    }

    private void consistent(long now, Choice chosen) {
        if (!scenario.apart() && chosen.servers().size() > scenario.answers()) {
            broken(Invariant.ONE_SERVER, now, chosen.servers() + " are more than " + scenario.answers());
        }
        AllDown policy = scenario.allDown();
        for (Map.Entry<RecordType, List<String>> it : chosen.values().entrySet()) {
            List<String> expected = new ArrayList<>();
            for (String server : chosen.servers()) {
                String address =
                        scenario.members().get(place(server)).addresses().get(it.getKey());
                if (address != null) {
                    expected.add(address);
                }
            }
            boolean sorry = expected.isEmpty()
                    && policy.policy() == AllDown.Policy.SORRY
                    && it.getKey() == policy.type()
                    && it.getValue().equals(List.of(policy.address()));
            // A set of addresses has no order.
            if (!new TreeSet<>(expected).equals(new TreeSet<>(it.getValue())) && !sorry) {
                broken(
                        Invariant.ONE_SERVER,
                        now,
                        it.getKey() + " " + it.getValue() + " is not that of " + chosen.servers());
            }
            if (expected.size() > scenario.answers()) {
                broken(Invariant.ONE_SERVER, now, expected + " are more than " + scenario.answers());
            }
        }
    }

    private void judge(long now, int next) {
        boolean back = false;
        for (int group : groups) {
            if ((named & group) != (next & group)) {
                back |= judge(now, named & group, next & group, group);
            }
        }
        if (back) {
            failbacks.addLast(now);
            while (failbacks.getFirst() < now - HOUR) {
                failbacks.removeFirst();
            }
            if (failbacks.size() > MOST_FAILBACKS) {
                broken(Invariant.FLAPS, now, failbacks.size() + " returns within an hour");
            }
        }
    }

    private boolean judge(long now, int from, int to, int group) {
        if (to == 0) {
            nothing(now, from, group);
            return false;
        }
        int entrants = to & ~from;
        if (scenario.allDown().policy() == AllDown.Policy.FIRST && to == firstOf(group) && !anyPlainlyUp(now, group)) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if ((entrants & 1 << i) != 0) {
                entrant(now, i, group);
            }
        }
        int serving = serving(from, to, entrants);
        leavers(now, serving & ~to, entrants);
        boolean back = false;
        for (int i = 0; i < size && serving != 0; i++) {
            boolean byHand = i == moveTo || now <= failbackUntil;
            if ((entrants & 1 << i) == 0 || byHand || by[i] == Order.Kind.FORCE_UP) {
                continue;
            }
            long healthy = now - Math.max(lastFail[i], knownSince[i]);
            long needed = Math.max(scenario.after(), scenario.gap());
            if (healthy < needed - 10 && !foggy) {
                broken(
                        Invariant.FAILBACK,
                        now,
                        name(i) + " comes in beside " + names(serving) + " after " + healthy + " ms of health, not "
                                + needed);
            }
            boolean better = false;
            for (int j = 0; j < size; j++) {
                better |= (serving & 1 << j) != 0 && rank(j) > rank(i);
            }
            if (better && (scenario.manual() || limitedBefore)) {
                broken(
                        Invariant.FAILBACK,
                        now,
                        "returns to " + name(i) + " though failback is " + (limitedBefore ? "limited" : "manual"));
            }
            back |= better;
        }
        return back;
    }

    /** A MOVE order makes its server the first. */
    private int rank(int place) {
        return place == moveTo ? -1 : place;
    }

    private int firstOf(int group) {
        for (int i = 0; i < size; i++) {
            if ((group & 1 << i) != 0 && by[i] != Order.Kind.MAINT) {
                return 1 << i;
            }
        }
        return 0;
    }

    private boolean anyPlainlyUp(long now, int group) {
        for (int i = 0; i < size; i++) {
            if ((group & 1 << i) != 0 && plainlyUp(i, now)) {
                return true;
            }
        }
        return false;
    }

    private void nothing(long now, int from, int group) {
        AllDown.Policy policy = scenario.allDown().policy();
        if (policy != AllDown.Policy.WITHDRAW && policy != AllDown.Policy.SORRY) {
            broken(Invariant.NO_DEAD_SERVER, now, "nobody is named, though all-down is " + policy);
        }
        if (anyPlainlyUp(now, group) || serving(from, 0, 0) != 0) {
            broken(Invariant.NO_DEAD_SERVER, now, "nobody is named, though somebody is up");
        }
    }

    private void entrant(long now, int place, int group) {
        if (by[place] == Order.Kind.MAINT || by[place] == Order.Kind.FORCE_DOWN) {
            broken(Invariant.ORDERS, now, name(place) + " is named under " + by[place]);
        }
        if (by[place] == Order.Kind.DRAIN && anyPlainlyUp(now, group)) {
            broken(Invariant.ORDERS, now, name(place) + " is named though it is drained, and another is up");
        }
        boolean unasked = by[place] == Order.Kind.FORCE_UP || place == moveTo;
        if (!unasked && (last[place] != ProbeOutcome.UP || now - heardAt[place] > 2 * candidates)) {
            broken(
                    Invariant.NO_DEAD_SERVER,
                    now,
                    name(place) + " is named, and last it said " + last[place] + " " + (now - heardAt[place])
                            + " ms ago");
        }
    }

    /** Those of {@code from} that serve as far as the monitor could know. */
    private int serving(int from, int to, int entrants) {
        int serving = 0;
        for (int i = 0; i < size; i++) {
            if ((from & 1 << i) == 0) {
                continue;
            }
            boolean serves = by[i] == null ? known[i] && !seenDown[i] : by[i] == Order.Kind.FORCE_UP;
            if (by[i] == Order.Kind.DRAIN) {
                serves = known[i] && !seenDown[i] && !anyUndrained(to | entrants);
            }
            serving |= serves ? 1 << i : 0;
        }
        return serving;
    }

    private boolean anyUndrained(int mask) {
        for (int i = 0; i < size; i++) {
            if ((mask & 1 << i) != 0 && by[i] != Order.Kind.DRAIN) {
                return true;
            }
        }
        return false;
    }

    private void leavers(long now, int left, int entrants) {
        for (int i = 0; i < size; i++) {
            if ((left & 1 << i) == 0) {
                continue;
            }
            boolean replaced = false;
            for (int j = 0; j < size; j++) {
                replaced |= (entrants & 1 << j) != 0 && rank(j) < rank(i);
            }
            if (!replaced) {
                broken(
                        Invariant.FAILBACK,
                        now,
                        name(i) + " is left though it serves, for " + (entrants == 0 ? "nobody" : names(entrants)));
            }
        }
    }

    // ---- what was told

    private void event(long now, Event it) {
        int place = it.server() == null ? -1 : place(it.server());
        switch (it.kind()) {
            case SERVER_DOWN -> down(now, it, place);
            case SERVER_UP -> {
                toldDown[place] = false;
                toldAllDown = it.tell() ? 0 : toldAllDown;
            }
            case SERVER_UNKNOWN -> {
                once(now, it, toldUnknown[place]);
                toldUnknown[place] = true;
            }
            case ALL_DOWN -> {
                // Types that are chosen apart are down apart.
                once(now, it, it.tell() && toldAllDown >= groups.length);
                toldAllDown += it.tell() ? 1 : 0;
                recoveryOpen = true;
            }
            case RECOVERED -> {
                once(now, it, !recoveryOpen);
                toldAllDown = 0;
                recoveryOpen = groups.length > 1;
            }
            case DECIDED -> toldAllDown = 0;
            case FAILBACK_LIMITED, FAILBACK_FREE -> {
                boolean now4 = it.kind() == Event.Kind.FAILBACK_LIMITED;
                once(now, it, limited == now4);
                limited = now4;
                limitedChanged = now;
                dirty = true;
            }
            case WITNESS_LEFT_OUT -> {
                int witness = witness(it);
                once(now, it, witness >= 0 && toldLeftOut[witness]);
                if (witness >= 0) {
                    toldLeftOut[witness] = true;
                }
            }
            case STASIS -> stasis(now);
            case STASIS_OVER -> {
                once(now, it, !stasis);
                if (!truth.link && lastAnswer < truth.linkSince) {
                    broken(Invariant.STASIS, now, "over while our link is cut");
                }
                stasis = false;
                dirty = true;
            }
            case ORDERED -> {
                orderedEvents++;
                untold(now, it);
            }
            case ORDER_ENDED -> {
                untold(now, it);
                ended(now, place, it.reason().startsWith("move"));
            }
            default -> {}
        }
        boolean ours = it.kind() == Event.Kind.STASIS
                || it.kind() == Event.Kind.STASIS_OVER
                || it.kind() == Event.Kind.SERVER_UNKNOWN
                || it.kind() == Event.Kind.DECIDED
                // Until it is stasis, others may have answered just before.
                || it.kind() == Event.Kind.WITNESS_LEFT_OUT && !stasis
                // What somebody has ordered this moment is so.
                || now == ordersAt && !stasis;
        // What somebody else's answer has proved before the cut is so.
        boolean proved = it.kind() == Event.Kind.ALL_DOWN
                || it.kind() == Event.Kind.SERVER_DOWN
                || it.kind() == Event.Kind.SERVER_UP;
        if (it.tell() && !ours && cutOff(now) && (stasis || !proved)) {
            broken(Invariant.STASIS, now, it.kind() + " is told while our link is cut");
        }
    }

    private void once(long now, Event it, boolean already) {
        if (already) {
            broken(Invariant.TOLD_ONCE, now, it.kind() + (it.server() == null ? "" : " " + it.server()) + " again");
        }
    }

    private void untold(long now, Event it) {
        if (it.tell()) {
            broken(Invariant.ORDERS, now, it.kind() + " is told");
        }
    }

    private void down(long now, Event it, int place) {
        if (it.tell()) {
            once(now, it, toldDown[place]);
            toldDown[place] = true;
        }
        if (fails[place] > 0 && lastAnswer < failingSince[place]) {
            broken(Invariant.STASIS, now, name(place) + " is down though nothing has answered since it first failed");
        }
    }

    private int witness(Event it) {
        for (int i = size; i < was.length; i++) {
            if (name(i).equals(it.server())
                    || it.reason() != null && it.reason().contains(name(i))) {
                return i;
            }
        }
        return -1;
    }

    private void stasis(long now) {
        long gap = now - stasisAt;
        if (stasis && (gap < REMIND - 1_000 || gap > REMIND + MINUTE + 2 * silent)) {
            broken(Invariant.STASIS, now, "told again after " + gap + " ms");
        }
        for (int i = size; i < was.length; i++) {
            long up = Math.max(truth.since[i], steadySince());
            if (truth.whole() && truth.behaviour[i] == Truth.Behaviour.UP && now - up > MINUTE + 2 * candidates) {
                broken(Invariant.STASIS, now, "stasis though " + name(i) + " answers");
            }
        }
        stasis = true;
        stasisAt = now;
        dirty = true;
    }

    private void ended(long now, int place, boolean move) {
        // What ended while it was replaced has ended all the same.
        boolean overlaps = now == ordersAt;
        ordersAt = now;
        dirty = true;
        if (place >= 0 && !move && by[place] != null && due(byEnd[place], now)) {
            order(now, place, null, 0);
        } else if (place >= 0 && place == moveTo && due(moveEnd, now)) {
            moveTo = -1;
        } else if (place < 0 && freeze && due(freezeEnd, now)) {
            freeze = false;
        } else if (place < 0 && moveTo >= 0 && due(moveEnd, now)) {
            moveTo = -1;
        } else if (!overlaps) {
            broken(Invariant.ORDERS, now, "an order has ended that should not" + (place < 0 ? "" : ": " + name(place)));
        }
    }

    private boolean due(long end, long now) {
        return end != 0 && (stepped || end <= now + 1_000);
    }

    // ---- what must have been decided by when

    private void deadlines(long now) {
        deadline = NEVER;
        if (!running) {
            return;
        }
        stasisDeadlines();
        orderDeadlines();
        if (!adopted || !truth.whole()) {
            return;
        }
        if (moveTo < 0 || (named & 1 << moveTo) != 0) {
            moveDeadline = NEVER;
        }
        if ((named & 1 << failbackTo) != 0) {
            failbackDeadline = NEVER;
        }
        if (moveDeadline != NEVER) {
            must(moveDeadline, Invariant.ORDERS, "the record does not name " + name(moveTo) + " after move");
        }
        if (failbackDeadline != NEVER) {
            must(
                    failbackDeadline,
                    Invariant.ORDERS,
                    "the record does not name " + name(failbackTo) + " after failback");
        }
        long settled = settled();
        if (settled == NEVER) {
            return;
        }
        long start = Math.max(Math.max(settled, adoptedAt), Math.max(steadySince(), ordersAt));
        for (int group : groups) {
            long up = NEVER;
            int best = -1;
            for (int i = 0; i < size; i++) {
                if ((group & 1 << i) != 0 && countsUp(i) < up) {
                    up = countsUp(i);
                    best = i;
                }
            }
            if (best >= 0) {
                must(group, Math.max(start, up), best);
            }
            returns(group, start);
        }
    }

    private void must(long at, Invariant invariant, String what) {
        if (at < deadline) {
            deadline = at;
            missed = invariant;
            missing = what;
        }
    }

    private void stasisDeadlines() {
        long slack = MINUTE + scenario.interval() + 3L * scenario.timeout() + 5_000;
        if (!truth.link && !truth.trouble && !stasis && anyProbed()) {
            must(Math.max(truth.linkSince, startedAt) + slack, Invariant.STASIS, "cut off, and no stasis");
        }
        for (int i = size; i < was.length; i++) {
            if (stasis && truth.whole() && truth.behaviour[i] == Truth.Behaviour.UP) {
                long since = Math.max(Math.max(truth.since[i], truth.linkSince), stasisAt);
                must(since + slack, Invariant.STASIS, name(i) + " answers, and stasis is not over");
            }
        }
    }

    private boolean anyProbed() {
        for (int i = 0; i < was.length; i++) {
            if (truth.behaviour[i] == Truth.Behaviour.UNPROBED) {
                return false;
            }
        }
        return true;
    }

    private void orderDeadlines() {
        if (stepped || stasis) {
            return;
        }
        long slack = MINUTE + 2 * silent;
        for (int i = 0; i < size; i++) {
            if (by[i] != null && byEnd[i] != 0) {
                must(Math.max(byEnd[i], startedAt) + slack, Invariant.ORDERS, name(i) + "'s order has not ended");
            }
        }
        if (freeze && freezeEnd != 0) {
            must(Math.max(freezeEnd, startedAt) + slack, Invariant.ORDERS, "freeze has not ended");
        }
        if (moveTo >= 0 && moveEnd != 0) {
            must(Math.max(moveEnd, startedAt) + slack, Invariant.ORDERS, "move has not ended");
        }
    }

    /** From when on the monitor certainly knows of each server whether it is up. */
    private long settled() {
        long at = 0;
        for (int i = 0; i < size; i++) {
            if (truth.behaviour[i] == Truth.Behaviour.UNPROBED) {
                return NEVER;
            }
            if (by[i] != Order.Kind.MAINT && unsettled[i] >= 0) {
                at = Math.max(at, settledAt(i, truth.behaviour[i], truth.since[i], truth.whole()));
            }
        }
        return at;
    }

    /** What a group must not name any more, since {@code best} can be named instead. */
    private void must(int group, long start, int best) {
        if ((named & group) == 0) {
            must(
                    start + silent + candidates,
                    Invariant.NO_DEAD_SERVER,
                    "nobody is named, though " + name(best) + " is up");
        }
        for (int i = 0; i < size; i++) {
            if ((named & group & 1 << i) == 0) {
                continue;
            }
            if (by[i] == null || by[i] == Order.Kind.DRAIN) {
                if (truth.behaviour[i].dead() && i != moveTo) {
                    boolean refuses = truth.behaviour[i] == Truth.Behaviour.REFUSES;
                    must(
                            Math.max(start, truth.since[i]) + (refuses ? refusing : silent) + candidates,
                            Invariant.NO_DEAD_SERVER,
                            name(i) + " is dead and named, though " + name(best) + " is up");
                }
            }
            if (by[i] != null && by[i] != Order.Kind.FORCE_UP) {
                must(
                        Math.max(start, byAt[i]) + candidates,
                        Invariant.ORDERS,
                        name(i) + " is named under " + by[i] + ", though " + name(best) + " is up");
            }
        }
    }

    private void returns(int group, long start) {
        int best = Integer.numberOfTrailingZeros(group);
        boolean ordered = moveTo >= 0;
        for (Order.Kind it : by) {
            ordered |= it != null;
        }
        boolean there = (named & group) == 1 << best;
        if (ordered || there || scenario.answers() > 1 || scenario.manual() || limited || countsUp(best) == NEVER) {
            return;
        }
        long healthy = Math.max(Math.max(countsUp(best), lastFail[best]), limitedChanged);
        must(
                Math.max(start, healthy)
                        + Math.max(scenario.after(), scenario.gap())
                        + scenario.interval()
                        + silent
                        + candidates,
                Invariant.RETURN,
                name(best) + " is up for long, and not named");
    }
}
