package dev.firstup.publish.sim;

import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.PublishTarget.Api;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.publish.provider.Conversation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** A host with its rules and its name servers: what it holds, what it answers, and who breaks its rules. */
final class World {
    /** Two name servers, which learn of a change each in its own time. */
    private static final List<String> SERVERS = List.of("ns1", "ns2");

    private static final Duration CALM = Duration.ofSeconds(40);
    /** So often in a row the same bad answer may be provoked. */
    private static final int PATIENCE = 4;

    private static final List<String> PROXY = List.of("198.51.100.1");

    /** What is wrong with the host, or with the way there. */
    enum Mood {
        FINE,
        /** Nothing listens. */
        UNREACHABLE,
        /** Hears nothing. */
        DEAF,
        /** Does what it is asked, and says nothing. */
        DUMB,
        /** Has heard it, and says nothing for long; then does it. */
        SLOW,
        /** Says that it has trouble, and how long to wait. */
        BUSY,
        /** Says that it has trouble. */
        BROKEN,
        /** The same, and did it all the same. */
        BROKEN_AFTER,
        RUBBISH,
        RUBBISH_AFTER
    }

    /** Of one record and type. */
    static final class Zone {
        private record Change(List<String> values, Instant at, List<Instant> visible) {}

        private final List<Change> changes = new ArrayList<>();
        private final Deque<Instant> asked = new ArrayDeque<>();
        private Instant answered;
        private boolean processed;
        private Instant barred;
        private Instant barring;
        private int unchanged;
        private int bad;
        private List<String> badFor;
        /** Whether the client was told by the host what became of the last update. */
        private boolean known;
        /** Whether it was when it made up this one. */
        private boolean knew;

        private Instant foreign;
        /** A change that the host is still to make, when, and whether it will. */
        private List<String> pending;

        private Instant pendingUntil;
        private boolean pendingFails;
        private Instant readableSince;

        List<String> holds() {
            return changes.get(changes.size() - 1).values();
        }

        /** When somebody else last changed it; null where that was written over since. */
        Instant foreign() {
            return foreign;
        }

        private List<String> shows(int server, Instant now) {
            List<String> shown = changes.get(0).values();
            for (Change it : changes) {
                shown = it.visible().get(server).isAfter(now) ? shown : it.values();
            }
            return shown;
        }
    }

    private final Ways ways;
    private final Random random;
    private final Clock clock;
    private final Consumer<String> violation;
    private final Map<String, Zone> zones = new HashMap<>();
    Mood mood = Mood.FINE;
    boolean unreadable;
    /** Whether one name server does not answer. */
    boolean half;
    /** How long a change takes to be seen, in s, at most. */
    int lag = 3;

    private boolean refused;
    private Instant refusedKnown;
    private int refusals;
    /** When something was last in the way. */
    Instant trouble = Instant.EPOCH;

    World(Ways ways, Random random, Clock clock, Consumer<String> violation) {
        this.ways = ways;
        this.random = random;
        this.clock = clock;
        this.violation = violation;
    }

    static String key(Publication it) {
        return it.record() + " " + it.type();
    }

    Zone zone(String key) {
        return zones.get(key);
    }

    void create(String key, List<String> values) {
        Zone zone = new Zone();
        zone.changes.add(new Zone.Change(values, Instant.EPOCH, List.of(Instant.EPOCH, Instant.EPOCH)));
        zone.readableSince = clock.instant();
        zones.put(key, zone);
    }

    /** Somebody else changes it. */
    void tamper(String key, List<String> values) {
        if (zones.get(key).holds().equals(values)) {
            return;
        }
        change(zones.get(key), values, clock.instant());
        zones.get(key).foreign = clock.instant();
        trouble = clock.instant();
    }

    private void change(Zone zone, List<String> values, Instant now) {
        List<Instant> visible = SERVERS.stream()
                .map(it -> now.plusMillis(random.nextInt(lag * 1000 + 1)))
                .toList();
        zone.changes.add(new Zone.Change(values, now, visible));
        zone.foreign = null;
        zone.bad = 0;
        if (zone.changes.size() > 8) {
            zone.changes.remove(0);
        }
    }

    void refuse() {
        refused = true;
        refusedKnown = null;
        refusals = 0;
    }

    boolean refuses() {
        return refused;
    }

    /** A person has looked after it. */
    void mend() {
        refused = false;
        refusedKnown = null;
        trouble = clock.instant();
        zones.values().forEach(it -> {
            it.bad = 0;
            it.unchanged = 0;
        });
    }

    /** The client makes up an update: until it is answered, it does not know what the record holds. */
    void sent(Publication it) {
        Zone zone = zones.get(key(it));
        zone.knew = zone.known;
        zone.known = false;
    }

    /** What the client now knows of: the answer has arrived. */
    void delivered(Publication it, Object answer) {
        Zone zone = zones.get(key(it));
        if (answer instanceof WaitException wait && !wait.delay().isZero()) {
            zone.barred = zone.barring;
        }
        if (answer instanceof WaitException wait && wait.ambiguous()) {
            zone.bad = it.decided().equals(zone.badFor) ? zone.bad + 1 : 1;
            zone.badFor = it.decided();
            if (zone.bad > PATIENCE) {
                broken(it, "gave the same bad answer " + zone.bad + " times");
            }
        } else if (it.ask() != Ask.READ) {
            zone.bad = 0;
        }
        if (it.ask() != Ask.READ
                && answer instanceof StopException
                && refused
                && refusedKnown == null
                && it.ask() != Ask.LOOK) {
            refusedKnown = clock.instant();
        }
        if (it.ask() == Ask.WRITE || it.ask() == Ask.WITHDRAW) {
            zone.known = answer instanceof Receipt receipt && receipt.ticket() == null;
        }
    }

    /** Between two happenings. */
    void proceed() {
        zones.values().forEach(this::complete);
    }

    private void complete(Zone zone) {
        if (zone.pending == null || zone.pendingUntil.isAfter(clock.instant())) {
            return;
        }
        if (zone.pendingFails) {
            trouble = clock.instant();
        } else {
            change(zone, zone.pending, zone.pendingUntil);
        }
        zone.pending = null;
    }

    /** What the name servers say. */
    RecordReading read(Publication it) {
        Instant now = clock.instant();
        Zone zone = zones.get(key(it));
        if (unreadable) {
            trouble = now;
            zone.readableSince = null;
            return new RecordReading(
                    Map.of(), Map.of("ns1", "no answer", "ns2", "no answer"), "no name server answered");
        }
        zone.readableSince = zone.readableSince == null ? now : zone.readableSince;
        Map<String, List<String>> answers = new HashMap<>();
        Map<String, String> failures = new HashMap<>();
        for (int i = 0; i < SERVERS.size(); i++) {
            if (half && i == 0) {
                failures.put(SERVERS.get(i), "no answer");
            } else {
                answers.put(SERVERS.get(i), ways.api() == Api.ALONE ? PROXY : zone.shows(i, now));
            }
        }
        return new RecordReading(answers, failures, null);
    }

    /**
     * A request arrives.
     *
     * @param claimedAt when it was made up
     * @return what the client gets to hear in the end
     */
    Object ask(Publication it, Instant claimedAt) {
        Instant now = clock.instant();
        Zone zone = zones.get(key(it));
        complete(zone);
        Mood mood = random.nextInt(60) == 0 && this.mood == Mood.FINE && calmEnds(now)
                ? Mood.values()[random.nextInt(Mood.values().length)]
                : this.mood;
        if (mood != Mood.FINE) {
            trouble = now;
        }
        if (mood == Mood.UNREACHABLE) {
            return new WaitException(Duration.ZERO, "connection refused");
        }
        if (mood == Mood.DEAF) {
            zone.known = false;
            return new IOException("timed out");
        }
        count(it, zone, now);
        if (refusedKnown != null && claimedAt.isAfter(refusedKnown)) {
            broken(it, "was asked again with a refused credential");
        }
        if (refused) {
            boolean plain = ways != Ways.DUCKDNS;
            if (plain && ++refusals > 6) {
                broken(it, "was asked with a refused credential " + refusals + " times");
            }
            return plain
                    ? said(it, 401, null, "badauth", StopException.ofAccount("status 401"))
                    : (WaitException.ambiguous("KO"));
        }
        if (mood == Mood.BUSY) {
            int seconds = 20 + random.nextInt(1_800);
            if (ways.service != null && ways.trouble.toSeconds() > 0 && it.ask() == Ask.WRITE && random.nextBoolean()) {
                zone.barring = now.plus(ways.trouble);
                return (said(it, 200, null, "911", null));
            }
            zone.barring = now.plusSeconds(seconds);
            return said(
                    it,
                    random.nextBoolean() ? 429 : 503,
                    String.valueOf(seconds),
                    "",
                    new WaitException(Duration.ofSeconds(seconds), "later"));
        }
        if (it.ask() == Ask.LOOK) {
            return mood == Mood.FINE ? look(it, zone) : new IOException("timed out");
        }
        return switch (mood) {
            case BROKEN -> said(it, 500, null, "", new IllegalStateException("status 500"));
            case RUBBISH -> (said(it, 200, null, "<html>", WaitException.ambiguous("rubbish")));
            case RUBBISH_AFTER -> {
                take(it, zone, now);
                // An answer that may mean anything is waited for one minute only.
                zone.processed = false;
                yield (said(it, 200, null, "<html>", WaitException.ambiguous("rubbish")));
            }
            case BROKEN_AFTER -> {
                take(it, zone, now);
                yield said(it, 502, null, "", new IllegalStateException("status 502"));
            }
            case DUMB, SLOW -> {
                take(it, zone, now);
                yield new IOException("timed out");
            }
            default -> {
                zone.bad = 0;
                yield take(it, zone, now);
            }
        };
    }

    boolean calm;

    private boolean calmEnds(Instant now) {
        return !calm && now.isAfter(Instant.EPOCH);
    }

    private void count(Publication it, Zone zone, Instant now) {
        if (zone.barred != null && now.isBefore(zone.barred)) {
            broken(it, "was asked " + Duration.between(now, zone.barred) + " before it said");
        }
        if (ways.most > 0) {
            zone.asked.removeIf(at -> !at.plus(ways.within).isAfter(now));
            zone.asked.add(now);
            if (zone.asked.size() > ways.most) {
                broken(it, "was asked " + zone.asked.size() + " times within " + ways.within);
            }
        }
        if (it.ask() == Ask.LOOK) {
            return;
        }
        Duration gap = ways.gap.isZero() ? Core.GAP : ways.gap;
        boolean counts = !ways.gap.isZero() || zone.processed;
        if (zone.answered != null && counts && now.isBefore(zone.answered.plus(gap))) {
            broken(it, "was asked after " + Duration.between(zone.answered, now) + " instead of " + gap);
        }
        zone.answered = now;
        zone.processed = false;
    }

    /** The update is made, now or soon. */
    private Object take(Publication it, Zone zone, Instant now) {
        List<String> values = it.decided();
        zone.processed = true;
        boolean same = zone.holds().equals(values);
        if (same) {
            if (zone.knew && zone.foreign == null) {
                broken(it, "was told again what it had taken");
            } else if (visible(zone, values, now)
                    && it.wanted().move().decided().isBefore(now.minus(CALM))) {
                broken(it, "was told what its name servers said already");
            }
        }
        zone.unchanged = same ? zone.unchanged + 1 : 0;
        if (ways.unchanged > 0 && zone.unchanged > ways.unchanged) {
            broken(it, "was told nothing new " + zone.unchanged + " times in a row");
        }
        if (ways == Ways.HETZNER && !same) {
            zone.pending = values;
            zone.pendingUntil = now.plusSeconds(2 + random.nextInt(80));
            zone.pendingFails = !calm && random.nextInt(8) == 0;
            return new Receipt(false, "action running", "action-" + now.toEpochMilli());
        }
        if (!same) {
            change(zone, values, now);
        }
        zone.foreign = null;
        zone.known = false;
        String code = same && random.nextInt(4) != 0 ? "nochg" : "good";
        return said(
                it,
                200,
                null,
                code + " " + String.join(",", values),
                new Receipt(ways == Ways.DUCKDNS && same, "OK", null));
    }

    /** Whether a client that reads before it sends must have seen it. */
    private boolean visible(Zone zone, List<String> values, Instant now) {
        Instant before = now.minus(CALM);
        return !unreadable
                && ways.api() != Api.ALONE
                && zone.readableSince != null
                && zone.readableSince.isBefore(before)
                && zone.changes
                        .get(zone.changes.size() - 1)
                        .at()
                        .plusSeconds(330)
                        .isBefore(before)
                && zone.shows(0, before).equals(values)
                && zone.shows(1, before).equals(values);
    }

    private Object look(Publication it, Zone zone) {
        if (it.taken().ticket() != null && zone.pending != null) {
            return new RecordReading(Map.of(), Map.of("api", "still at it"), null);
        }
        return new RecordReading(Map.of("api", zone.holds()), Map.of(), null);
    }

    /** As the publisher for this host understands it. */
    private Object said(Publication it, int status, String retryAfter, String body, Object otherwise) {
        if (ways.service == null) {
            return otherwise;
        }
        try {
            return Conversation.dyndns2(ways.service, clock, it, status, retryAfter, body);
        } catch (RuntimeException e) {
            return e;
        }
    }

    private void broken(Publication it, String what) {
        violation.accept(ways + ": " + key(it) + " " + what + " (" + it.ask() + ")");
    }
}
