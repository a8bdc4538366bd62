package dev.firstup.zone;

import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.model.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Reads a record at each of its authoritative servers, at once and within a deadline. */
final class ZoneReader {
    private final NameServerLookup nameServers;
    private final Duration timeout;
    private final Duration deadline;
    private final Executor executor;

    /**
     * @param timeout of one query
     * @param deadline of a whole reading
     */
    ZoneReader(NameServerLookup nameServers, Duration timeout, Duration deadline, Executor executor) {
        this.nameServers = nameServers;
        this.timeout = timeout;
        this.deadline = deadline;
        this.executor = executor;
    }

    /**
     * Reads {@code record}.
     *
     * @param given the servers to ask; empty means those of its zone
     * @return never fails: what goes wrong is part of the reading
     */
    CompletableFuture<RecordReading> read(String record, RecordType type, List<String> given) {
        return answers(record, number(type), given)
                .thenApply(it -> reading(record, it.answers(), it.failures()))
                .exceptionally(trouble -> new RecordReading(Map.of(), Map.of(), problem(record, trouble)));
    }

    static int number(RecordType type) {
        return switch (type) {
            case A -> Type.A;
            case AAAA -> Type.AAAA;
            case CNAME -> Type.CNAME;
        };
    }

    /** What each server said, and why others could not be asked. */
    record Answers(List<NameServerAnswer> answers, Map<String, String> failures) {}

    /**
     * What each server says of records of {@code type}, as dnsjava numbers it.
     *
     * @return fails where no server can be found; {@link #problem} says so
     */
    CompletableFuture<Answers> answers(String record, int type, List<String> given) {
        long end = System.nanoTime() + deadline.toNanos();
        // Not on the calling thread: looking up names reads files of the system's first.
        CompletableFuture<NameServerLookup.Found> found = CompletableFuture.supplyAsync(
                        () -> given.isEmpty() ? nameServers.ofZone(record) : nameServers.given(given), executor)
                .thenCompose(it -> it);
        return found.orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS).thenCompose(it -> ask(record, type, it, end));
    }

    static String problem(String record, Throwable trouble) {
        return ZoneErrorText.cause(trouble) instanceof ZoneException told
                ? told.getMessage()
                : "the name servers of " + record + " were not found: " + ZoneErrorText.of(trouble);
    }

    private CompletableFuture<Answers> ask(String record, int type, NameServerLookup.Found found, long end) {
        Name name;
        try {
            name = Name.fromString(record, Name.root);
        } catch (TextParseException e) {
            throw new ZoneException(record + " is not a domain name: " + e.getMessage());
        }
        AuthoritativeQuery query = new AuthoritativeQuery(name, type, timeout, executor);
        List<CompletableFuture<NameServerAnswer>> answers = new ArrayList<>();
        for (AuthoritativeServer server : found.servers()) {
            NameServerAnswer late = NameServerAnswer.failure(
                    server,
                    server.addresses().get(0),
                    "no answer within " + DurationText.setting(deadline) + " altogether");
            long left = Math.max(0, end - System.nanoTime());
            answers.add(query.ask(server).completeOnTimeout(late, left, TimeUnit.NANOSECONDS));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> new Answers(
                        answers.stream().map(CompletableFuture::join).toList(), found.failures()));
    }

    static RecordReading reading(String record, List<NameServerAnswer> answers, Map<String, String> unfound) {
        Set<String> reached = answers.stream()
                .filter(it -> it.values() != null)
                .map(it -> it.server().name())
                .collect(Collectors.toSet());
        Map<String, List<String>> values = new TreeMap<>();
        Map<String, String> failures = new TreeMap<>(unfound);
        Set<String> problems = new TreeSet<>();
        for (NameServerAnswer answer : answers) {
            if (answer.values() != null) {
                values.put(answer.shown(), answer.values());
            } else if (!answer.unroutable() || !reached.contains(answer.server().name())) {
                // Where this machine has no IPv6, that a server cannot be reached by it as well is no news.
                failures.put(answer.shown(), answer.failure());
            }
            if (answer.problem() != null) {
                problems.add(answer.problem());
            }
        }
        if (values.isEmpty() && problems.isEmpty()) {
            problems.add("no authoritative server of " + record + " answered: "
                    + failures.entrySet().stream()
                            .map(it -> it.getKey() + ": " + it.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return new RecordReading(values, failures, problems.isEmpty() ? null : String.join("; ", problems));
    }
}
