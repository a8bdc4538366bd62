package dev.firstup.queue;

import dev.firstup.model.RecordType;
import dev.firstup.model.Target;
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
final class Fixtures {
    static final Path VALID = Path.of("src/test/resources/queues/valid");
    static final Path INVALID = Path.of("src/test/resources/queues/invalid");

    static final Accounts ACCOUNTS = new Accounts() {
        private static final Set<String> OPTIONS =
                Set.of("args", "command", "expect", "method", "send", "send2", "status", "verify");

        @Override
        public Map<String, String> routes() {
            return Map.of(
                    "no-ip", "f1", "route53", "f2", "ops", "f3", "my-probe", "f4", "slow-dns", "f5", "mistyped", "f6");
        }

        /** A dynamic-DNS service, and a host that can do everything. */
        @Override
        public Abilities abilities(String route) {
            return switch (route) {
                case "no-ip" ->
                    able(Duration.ofMinutes(1), false, Set.of(RecordType.A, RecordType.AAAA), Duration.ZERO);
                case "slow-dns" -> able(Duration.ZERO, true, Abilities.ALL.types(), Duration.ofMinutes(5));
                default -> Abilities.ALL;
            };
        }

        private static Abilities able(Duration gap, boolean all, Set<RecordType> types, Duration ttl) {
            return new Abilities(gap, all, all, types, ttl, Duration.ZERO, Target.Api.NONE, false);
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

    private Fixtures() {}

    static List<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Folder::isQueueFile).sorted().toList();
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
        return QueueFile.parse(fileName, fileName.replace(QueueFile.SUFFIX, ""), bytes, new Known(ACCOUNTS));
    }

    /** What must be said of {@code file}, one problem a line; nothing where there is no such paper. */
    static List<String> expected(Path file) {
        Path paper = file.resolveSibling(file.getFileName().toString().replace(QueueFile.SUFFIX, ".expected"));
        try {
            return Files.exists(paper) ? Files.readAllLines(paper) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
