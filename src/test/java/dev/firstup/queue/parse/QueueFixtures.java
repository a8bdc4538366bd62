package dev.firstup.queue.parse;

import dev.firstup.model.PublishTarget;
import dev.firstup.model.dns.RecordType;
import dev.firstup.queue.QueueFolder;
import dev.firstup.queue.account.AccountCache;
import dev.firstup.queue.account.Accounts;
import dev.firstup.queue.account.PublisherCapabilities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The queue files that tests read, and the surroundings that these files may name. */
public final class QueueFixtures {
    public static final Path VALID = Path.of("src/test/resources/queues/valid");
    public static final Path INVALID = Path.of("src/test/resources/queues/invalid");

    public static final Accounts ACCOUNTS = new Accounts() {
        private static final Set<String> OPTIONS =
                Set.of("args", "command", "expect", "method", "send", "send2", "status", "verify");

        @Override
        public Map<String, String> routes() {
            return Map.of(
                    "no-ip", "f1", "route53", "f2", "ops", "f3", "my-probe", "f4", "slow-dns", "f5", "mistyped", "f6");
        }

        /** A dynamic-DNS service, and a host that can do everything. */
        @Override
        public PublisherCapabilities capabilities(String route) {
            return switch (route) {
                case "no-ip" ->
                    able(Duration.ofMinutes(1), false, Set.of(RecordType.A, RecordType.AAAA), Duration.ZERO);
                case "slow-dns" -> able(Duration.ZERO, true, PublisherCapabilities.ALL.types(), Duration.ofMinutes(5));
                default -> PublisherCapabilities.ALL;
            };
        }

        private static PublisherCapabilities able(Duration gap, boolean all, Set<RecordType> types, Duration ttl) {
            return new PublisherCapabilities(gap, all, all, types, ttl, Duration.ZERO, PublishTarget.Api.NONE, false);
        }

        @Override
        public String fault(String route) {
            return route.equals("mistyped") ? "kamelet:dyndns2 has no parameter \"gapp\"; did you mean \"gap\"?" : null;
        }

        @Override
        public String problem(String endpoint) {
            return Stream.of(endpoint.replaceFirst("^[^?]*\\??", "").split("&"))
                    .map(option -> option.replaceFirst("=.*", ""))
                    .filter(name -> !name.isEmpty() && !OPTIONS.contains(name))
                    .map(name -> "unknown option " + name)
                    .findFirst()
                    .orElse(null);
        }
    };

    private QueueFixtures() {}

    public static List<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(QueueFolder::isQueueFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static QueueFile parse(Path file) {
        try {
            return parse(file.getFileName().toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static QueueFile parse(String fileName, byte[] bytes) {
        return QueueFile.parse(fileName, fileName.replace(QueueFile.SUFFIX, ""), bytes, new AccountCache(ACCOUNTS));
    }

    /** What must be said of {@code file}, one problem a line; nothing where there is no such paper. */
    public static List<String> expected(Path file) {
        Path paper = file.resolveSibling(file.getFileName().toString().replace(QueueFile.SUFFIX, ".expected"));
        try {
            return Files.exists(paper) ? Files.readAllLines(paper) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
