package dev.firstup.zone;

import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.names.NamesReading;
import dev.firstup.model.names.NamesReading.Alias;
import dev.firstup.model.names.NamesReading.Held;
import dev.firstup.model.names.NamesReading.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/** Reads what a queue moves and the names around it, each at the authoritative servers of its own zone. */
final class NamesReader {
    /** A chain that is longer is not followed: resolvers give up at about as many. */
    private static final int LONGEST_CHAIN = 8;

    private final ZoneReader reader;
    private final List<String> servers;

    /** @param servers where names are read for which the queue names no servers; empty means the servers of their zones */
    NamesReader(ZoneReader reader, List<String> servers) {
        this.reader = reader;
        this.servers = servers;
    }

    /**
     * Reads all of them at once.
     *
     * @return never fails: what goes wrong is part of the reading
     */
    CompletableFuture<NamesReading> read(Queue queue) {
        Map<String, List<String>> records = new LinkedHashMap<>();
        for (PublishTarget target : queue.targets()) {
            records.putIfAbsent(target.record(), target.nameservers());
        }
        List<CompletableFuture<Held>> held = new ArrayList<>();
        records.forEach((name, nameservers) -> held.add(held(name, types(queue), nameservers)));
        Set<String> ends = Stream.concat(Stream.of(queue.record()), records.keySet().stream())
                .collect(Collectors.toSet());
        CompletableFuture<@Nullable Alias> alias = queue.alias() == null
                ? CompletableFuture.completedFuture(null)
                : alias(queue.alias(), ends, queue.alias(), List.of());
        List<CompletableFuture<Service>> services =
                queue.srv().stream().map(this::service).toList();
        return all(held)
                .thenCombine(
                        all(services), (one, other) -> alias.thenApply(it -> new NamesReading(queue, one, it, other)))
                .thenCompose(it -> it);
    }

    private static Set<RecordType> types(Queue queue) {
        return queue.types().contains(RecordType.CNAME)
                ? Set.of(RecordType.CNAME)
                // Also the one that no server has: what shares the record's addresses shares all of them.
                : Set.of(RecordType.A, RecordType.AAAA);
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }

    /**
     * What the servers agree on.
     *
     * @param values null where they could not be read
     * @param ttl the largest that any of them gave; null where there are no values
     * @param servers that answered
     * @param unread why there are no values
     */
    private record Said(
            @Nullable List<String> values, @Nullable Duration ttl, List<String> servers, @Nullable String unread) {
        static Said nothing(String why) {
            return new Said(null, null, List.of(), why);
        }
    }

    private CompletableFuture<Said> ask(String name, int type, List<String> nameservers) {
        return reader.answers(name, type, nameservers.isEmpty() ? servers : nameservers)
                .thenApply(it -> said(name, it))
                .exceptionally(trouble -> Said.nothing(ZoneReader.problem(name, trouble)));
    }

    private static Said said(String name, ZoneReader.Answers answers) {
        List<NameServerAnswer> good =
                answers.answers().stream().filter(it -> it.values() != null).toList();
        if (good.isEmpty()) {
            return new Said(
                    null,
                    null,
                    List.of(),
                    ZoneReader.reading(name, answers.answers(), answers.failures())
                            .problem());
        }
        List<List<String>> said =
                good.stream().map(NameServerAnswer::values).distinct().toList();
        if (said.size() > 1) {
            // Something spreads, or a server is stale: which of them is right nobody knows.
            return Said.nothing("the name servers of " + name + " do not agree");
        }
        List<String> values = said.get(0);
        long ttl = good.stream().mapToLong(NameServerAnswer::ttl).max().orElse(0);
        return new Said(
                values,
                values.isEmpty() ? null : Duration.ofSeconds(ttl),
                good.stream().map(NameServerAnswer::shown).toList(),
                null);
    }

    private CompletableFuture<Held> held(String name, Set<RecordType> types, List<String> nameservers) {
        Map<RecordType, CompletableFuture<Said>> asked = new EnumMap<>(RecordType.class);
        types.forEach(it -> asked.put(it, ask(name, ZoneReader.number(it), nameservers)));
        return all(List.copyOf(asked.values())).thenApply(said -> {
            Map<RecordType, List<String>> values = new EnumMap<>(RecordType.class);
            String unread = unread(said);
            if (unread == null) {
                asked.forEach((type, it) -> values.put(type, it.join().values()));
            }
            Duration ttl = said.stream()
                    .filter(it -> it.ttl() != null)
                    .map(Said::ttl)
                    .max(Duration::compareTo)
                    .orElse(null);
            List<String> read = said.stream()
                    .flatMap(it -> it.servers().stream())
                    .distinct()
                    .sorted()
                    .toList();
            return new Held(name, values, unread == null ? ttl : null, read, unread);
        });
    }

    private static @Nullable String unread(List<Said> said) {
        return said.stream()
                .filter(it -> it.values() == null)
                .map(Said::unread)
                .findFirst()
                .orElse(null);
    }

    private CompletableFuture<Alias> alias(String alias, Set<String> ends, String name, List<String> chain) {
        return ask(name, Type.CNAME, List.of()).thenCompose(said -> {
            if (said.values() == null) {
                return CompletableFuture.completedFuture(new Alias(alias, chain, Map.of(), said.unread()));
            }
            if (said.values().isEmpty()) {
                return chain.isEmpty()
                        ? held(alias, Set.of(RecordType.A, RecordType.AAAA), List.of())
                                .thenApply(it -> new Alias(alias, chain, it.values(), it.unread()))
                        : CompletableFuture.completedFuture(new Alias(alias, chain, Map.of(), null));
            }
            String next = said.values().get(0);
            List<String> longer = Stream.concat(chain.stream(), Stream.of(next)).toList();
            boolean circle = next.equals(alias) || chain.contains(next);
            return ends.contains(next) || circle || longer.size() == LONGEST_CHAIN
                    ? CompletableFuture.completedFuture(new Alias(alias, longer, Map.of(), null))
                    : alias(alias, ends, next, longer);
        });
    }

    private CompletableFuture<Service> service(String name) {
        return ask(name, Type.SRV, List.of())
                .thenApply(said -> new Service(
                        name,
                        said.values() == null
                                ? List.of()
                                : said.values().stream().map(NamesReader::entry).toList(),
                        said.unread()));
    }

    /** As {@link AuthoritativeQuery} writes it. */
    private static Service.Entry entry(String text) {
        String[] parts = text.split(" ", 4);
        return new Service.Entry(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                parts[3].equals(".") ? "" : parts[3]);
    }
}
