package dev.firstup.zone;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/**
 * Asks all authoritative servers of a record at once, until one of them answers anything at all: then the link from here to there
 * is whole. Where the servers cannot be found any more, those that were found last are asked.
 *
 * <p>Many records have the same few servers, and all of them are asked for at once when our link seems to be cut: so a server that
 * was asked just now is not asked again, and the resolver is left alone about servers that were found not long ago.
 */
final class ReachabilityCheck {
    /** How long servers that were found are taken for granted. */
    static final Duration FRESH = Duration.ofMinutes(5);

    private static final int KEPT = 10_000;
    private static final Duration JUST_NOW = Duration.ofMillis(200);

    private final NameServerLookup nameServers;
    private final Duration fresh;
    private final Executor executor;
    private final Executor later;
    private final Map<Sought, Known> known = Collections.synchronizedMap(new Newest());
    private final Map<InetSocketAddress, CompletableFuture<Message>> justNow = new ConcurrentHashMap<>();

    /** @param fresh how long servers that were found are taken for granted */
    ReachabilityCheck(NameServerLookup nameServers, Duration fresh, Executor executor) {
        this.nameServers = nameServers;
        this.fresh = fresh;
        this.executor = executor;
        this.later = CompletableFuture.delayedExecutor(JUST_NOW.toMillis(), TimeUnit.MILLISECONDS, executor);
    }

    /**
     * Asks for {@code record}.
     *
     * @param given the servers to ask; empty means those of its zone
     * @param patience how long this may take; it ends a little before
     * @return who answered what, in one sentence; fails with a {@link ZoneException} if nobody did
     */
    CompletableFuture<String> ask(String record, List<String> given, Duration patience) {
        // A tenth is for the way back: who asked has a deadline too, and wants to hear why.
        long end = System.nanoTime() + patience.toNanos() / 10 * 9;
        Sought sought = new Sought(record, given);
        Known before = known.get(sought);
        List<AuthoritativeServer> enough =
                before != null && System.nanoTime() - before.at < fresh.toNanos() ? before.servers : null;
        // Not on the calling thread: looking up names reads files of the system's first, and asking opens sockets.
        return CompletableFuture.supplyAsync(
                        () -> enough != null
                                ? CompletableFuture.completedFuture(enough)
                                : servers(sought, before, patience),
                        executor)
                .thenCompose(it -> it)
                .thenCompose(servers -> first(record, servers, end - System.nanoTime()));
    }

    private CompletableFuture<List<AuthoritativeServer>> servers(
            Sought sought, @Nullable Known before, Duration patience) {
        // Without a resolver most of the time is still left for those that are known.
        long finding = before == null ? patience.toNanos() / 4 * 3 : patience.toNanos() / 3;
        return find(sought)
                .orTimeout(finding, TimeUnit.NANOSECONDS)
                .handle((found, trouble) ->
                        trouble == null ? servers(sought, before, found) : servers(sought, before, trouble));
    }

    private CompletableFuture<NameServerLookup.Found> find(Sought sought) {
        return sought.given.isEmpty() ? nameServers.ofZone(sought.record) : nameServers.given(sought.given);
    }

    private List<AuthoritativeServer> servers(Sought sought, @Nullable Known before, NameServerLookup.Found found) {
        if (!found.servers().isEmpty()) {
            known.put(sought, new Known(found.servers(), System.nanoTime()));
            return found.servers();
        }
        if (before != null) {
            return before.servers;
        }
        throw unfound(sought, sentence(found.failures()));
    }

    private static List<AuthoritativeServer> servers(Sought sought, @Nullable Known before, Throwable trouble) {
        if (before != null) {
            return before.servers;
        }
        throw ZoneErrorText.cause(trouble) instanceof ZoneException told
                ? told
                : unfound(sought, ZoneErrorText.of(trouble));
    }

    private static ZoneException unfound(Sought sought, String why) {
        return new ZoneException("the name servers of " + sought.record + " were not found: " + why);
    }

    private CompletableFuture<String> first(String record, List<AuthoritativeServer> servers, long left) {
        Name name;
        try {
            name = Name.fromString(record, Name.root);
        } catch (TextParseException e) {
            throw new ZoneException(record + " is not a domain name: " + e.getMessage());
        }
        // By UDP, and then once more by TCP.
        AuthoritativeQuery query =
                new AuthoritativeQuery(name, Type.A, Duration.ofNanos(Math.max(1, left / 2)), executor);
        CompletableFuture<String> first = new CompletableFuture<>();
        Map<String, String> failures = Collections.synchronizedMap(new TreeMap<>());
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (AuthoritativeServer server : servers) {
            for (InetSocketAddress address : server.addresses()) {
                String shown = server.shown(address);
                asked.add(exchange(query, address).handle((message, trouble) -> {
                    String answer = answer(message, trouble);
                    if (answer != null) {
                        first.complete(shown + " answered " + answer);
                    } else {
                        failures.put(shown, ZoneErrorText.of(trouble));
                    }
                    return null;
                }));
            }
        }
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenRun(() -> first.completeExceptionally(new ZoneException(
                        "no authoritative server of " + record + " answered: " + sentence(failures))));
        return first;
    }

    /** Whichever record it was asked for just now: an answer is an answer. */
    private CompletableFuture<Message> exchange(AuthoritativeQuery query, InetSocketAddress address) {
        return justNow.computeIfAbsent(address, it -> {
            later.execute(() -> justNow.remove(it));
            return query.exchange(it);
        });
    }

    /** Null where nothing came back: that a port is closed can also be said by something on the way. */
    private static @Nullable String answer(@Nullable Message message, @Nullable Throwable trouble) {
        if (message != null) {
            return Rcode.string(message.getRcode());
        }
        return ZoneErrorText.cause(trouble) instanceof WireParseException ? "something odd" : null;
    }

    private static String sentence(Map<String, String> failures) {
        return failures.entrySet().stream()
                .map(it -> it.getKey() + ": " + it.getValue())
                .collect(Collectors.joining("; "));
    }

    private record Sought(String record, List<String> given) {
        Sought {
            given = List.copyOf(given);
        }
    }

    /** @param at by the clock of {@link System#nanoTime} */
    private record Known(List<AuthoritativeServer> servers, long at) {}

    /** Those that were asked for last. */
    private static final class Newest extends LinkedHashMap<Sought, Known> {
        private static final long serialVersionUID = 1L;

        Newest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Sought, Known> eldest) {
            return size() > KEPT;
        }
    }
}
