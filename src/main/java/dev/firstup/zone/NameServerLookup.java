package dev.firstup.zone;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Address;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/** Finds the servers of a record's zone and their addresses, with the help of the system's resolver. */
final class NameServerLookup {
    private static final int DNS_PORT = 53;
    private static final int MOST = 16;
    private static final int CACHED_NAMES = 10_000;
    private static final int CACHE_SECONDS = 300;
    private static final Duration RESOLVER_TIMEOUT = Duration.ofSeconds(1);
    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]+)\\](?::(\\d{1,5}))?");
    private static final Pattern PLAIN = Pattern.compile("([^:]+)(?::(\\d{1,5}))?");

    private final Supplier<LookupSession> sessions;
    private final int port;
    private volatile @Nullable LookupSession session;

    /**
     * @param sessions makes access to a recursive resolver; asked again after that could not be reached
     * @param port where the servers that are found answer
     */
    NameServerLookup(Supplier<LookupSession> sessions, int port) {
        this.sessions = sessions;
        this.port = port;
    }

    static NameServerLookup ofTheSystem(Executor executor) {
        // It outlives a change of resolvers.
        Cache cache = cache();
        return new NameServerLookup(() -> systemSession(cache, executor), DNS_PORT);
    }

    /** For name servers and their addresses, never for the record itself. That something is absent is not remembered. */
    static Cache cache() {
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(CACHED_NAMES);
        cache.setMaxCache(CACHE_SECONDS);
        cache.setMaxNCache(0);
        return cache;
    }

    private static LookupSession systemSession(Cache cache, Executor executor) {
        // A laptop or a container that changes networks gets other resolvers while we run.
        ResolverConfig.refresh();
        ExtendedResolver resolver = new ExtendedResolver();
        resolver.setTimeout(RESOLVER_TIMEOUT);
        resolver.setRetries(2);
        return LookupSession.defaultBuilder()
                .resolver(resolver)
                .searchPath(ResolverConfig.getCurrentConfig().searchPath())
                .cache(cache)
                .executor(executor)
                .build();
    }

    /**
     * The servers to ask, at most 16, and those that are known by name only.
     *
     * @param servers one for each address family of each name server
     * @param failures by name server: why it has no address
     */
    record Found(List<AuthoritativeServer> servers, Map<String, String> failures) {
        static Found failure(String name, String reason) {
            return new Found(List.of(), Map.of(name, reason));
        }

        /** All of them, bounded: every server is asked in one family before any is asked in its other one. */
        static Found all(List<Found> founds) {
            List<AuthoritativeServer> servers = new ArrayList<>();
            Map<String, String> failures = new TreeMap<>();
            for (Found found : founds) {
                servers.addAll(found.servers);
                failures.putAll(found.failures);
            }
            Comparator<AuthoritativeServer> byFamily =
                    Comparator.comparing(it -> !(it.addresses().get(0).getAddress() instanceof Inet4Address));
            return new Found(servers.stream().sorted(byFamily).limit(MOST).toList(), failures);
        }
    }

    /** The servers that were given, as {@code HOST}, {@code HOST:PORT}, {@code ADDRESS6} or {@code [ADDRESS6]:PORT}. */
    CompletableFuture<Found> given(List<String> given) {
        return all(given.stream().distinct().limit(MOST).map(this::given));
    }

    /**
     * The servers of the closest zone around {@code record}.
     *
     * @return fails with a {@link ZoneException} if there is none to be found
     */
    CompletableFuture<Found> ofZone(String record) {
        Name name;
        try {
            name = Name.fromString(record, Name.root);
        } catch (TextParseException e) {
            return CompletableFuture.failedFuture(
                    new ZoneException(record + " is not a domain name: " + e.getMessage()));
        }
        return closest(record, name, null)
                .thenCompose(
                        names -> all(names.stream().limit(MOST).map(it -> addresses(it, it.toString(true), port))));
    }

    private CompletableFuture<Found> given(String given) {
        Matcher bracketed = BRACKETED.matcher(given);
        Matcher plain = PLAIN.matcher(given);
        String host = given;
        String port = null;
        if (bracketed.matches()) {
            host = bracketed.group(1);
            port = bracketed.group(2);
        } else if (plain.matches()) {
            host = plain.group(1);
            port = plain.group(2);
        }
        int number = port == null ? this.port : Integer.parseInt(port);
        if (number < 1 || number > 0xFFFF) {
            return CompletableFuture.completedFuture(Found.failure(given, number + " is not a port, 1 to 65535"));
        }
        try {
            InetAddress literal = Address.getByAddress(host);
            AuthoritativeServer server =
                    new AuthoritativeServer(given, true, List.of(new InetSocketAddress(literal, number)));
            return CompletableFuture.completedFuture(new Found(List.of(server), Map.of()));
        } catch (UnknownHostException e) {
            // Not an address, so it is a name.
        }
        try {
            return addresses(Name.fromString(host), given, number);
        } catch (TextParseException e) {
            return CompletableFuture.completedFuture(
                    Found.failure(given, "expected a host name or an address: " + e.getMessage()));
        }
    }

    private CompletableFuture<List<Name>> closest(String record, Name name, @Nullable Throwable trouble) {
        if (name.equals(Name.root)) {
            return CompletableFuture.failedFuture(new ZoneException("the name servers of " + record + " were not found"
                    + (trouble == null ? "" : ": " + ZoneErrorText.of(trouble))));
        }
        return lookup(name, Type.NS)
                .handle((records, failure) -> {
                    // A lookup follows aliases; the servers of what the record is an alias of are not its own.
                    List<Name> servers = records == null
                            ? List.of()
                            : records.stream()
                                    .filter(it -> it.getName().equals(name) && it instanceof NSRecord)
                                    .map(it -> ((NSRecord) it).getTarget())
                                    .toList();
                    return servers.isEmpty()
                            ? closest(record, new Name(name, 1), trouble == null ? failure : trouble)
                            : CompletableFuture.completedFuture(servers);
                })
                .thenCompose(it -> it);
    }

    private CompletableFuture<Found> addresses(Name host, String shown, int port) {
        CompletableFuture<List<Record>> v4 = lookup(host, Type.A);
        CompletableFuture<List<Record>> v6 = lookup(host, Type.AAAA);
        return CompletableFuture.allOf(v4, v6).handle((done, trouble) -> {
            List<InetAddress> four = addresses(v4);
            List<InetAddress> six = addresses(v6);
            if (four.isEmpty() && six.isEmpty()) {
                return Found.failure(
                        shown, trouble == null ? "it has no address" : "its address: " + ZoneErrorText.of(trouble));
            }
            return new Found(
                    Stream.of(four, six)
                            .filter(it -> !it.isEmpty())
                            .map(it -> AuthoritativeServer.named(shown, it, port))
                            .toList(),
                    Map.of());
        });
    }

    private static List<InetAddress> addresses(CompletableFuture<List<Record>> lookup) {
        return lookup.isCompletedExceptionally()
                ? List.of()
                : lookup.join().stream()
                        .map(it -> it instanceof ARecord a ? a.getAddress() : ((AAAARecord) it).getAddress())
                        .toList();
    }

    /** The records that there are; none is no failure. */
    private CompletableFuture<List<Record>> lookup(Name name, int type) {
        LookupSession current = session;
        if (current == null) {
            current = sessions.get();
            session = current;
        }
        return current.lookupAsync(name, type)
                .thenApply(LookupResult::getRecords)
                .toCompletableFuture()
                .handle((records, failure) -> {
                    Throwable cause = ZoneErrorText.cause(failure);
                    if (cause instanceof NoSuchDomainException || cause instanceof NoSuchRRSetException) {
                        return CompletableFuture.completedFuture(List.<Record>of());
                    }
                    if (cause != null) {
                        forget();
                        return CompletableFuture.<List<Record>>failedFuture(cause);
                    }
                    return CompletableFuture.completedFuture(records);
                })
                .thenCompose(it -> it);
    }

    /** Reads the system's configuration anew before the next lookup. */
    void forget() {
        session = null;
    }

    private static CompletableFuture<Found> all(Stream<CompletableFuture<Found>> founds) {
        List<CompletableFuture<Found>> list = founds.toList();
        return CompletableFuture.allOf(list.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        Found.all(list.stream().map(CompletableFuture::join).toList()));
    }
}
