package dev.firstup.queue;

import dev.firstup.model.Configuration;
import dev.firstup.model.Event;
import dev.firstup.model.Queue;
import dev.firstup.queue.account.AccountCache;
import dev.firstup.queue.account.Accounts;
import dev.firstup.queue.parse.ExclusiveClaim;
import dev.firstup.queue.parse.NameSyntax;
import dev.firstup.queue.parse.Problem;
import dev.firstup.queue.parse.ProblemMessage;
import dev.firstup.queue.parse.QueueFile;
import dev.firstup.queue.text.QuotedValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The queue files of one folder, {@code *.queue.yaml}, as one immutable set that is swapped whole.
 *
 * <p>Asked again and again, it looks at what the files hold, follows symbolic links, and wants two equal readings in a row
 * before it takes a change; only the first reading counts at once. A file with an error never stops the others: what ran of
 * it before keeps running. A removed file removes its queues.
 */
public final class Queues {
    /** So many files are looked at each time; where there are more, as much less often. */
    private static final int AT_ONCE = 200;

    private final Clock clock;
    private final Map<String, Source> sources = new TreeMap<>();
    private @Nullable QueueFolder folder;
    private @Nullable Accounts accounts;
    private QueueFolder.@Nullable Reading previous;
    private QueueFolder.@Nullable Reading taken;
    private int skips;
    private long revision;
    private List<Problem> problems = List.of();
    private Configuration current = new Configuration(List.of(), List.of(), true, List.of());

    /** A set that is empty until the first {@link #reload()}. */
    public Queues() {
        this(Clock.systemUTC());
    }

    Queues(Clock clock) {
        this.clock = clock;
    }

    /** @param folder where the queue files lie, not those in folders below it; named in problems as it is given here */
    public void setFolder(String folder) {
        this.folder = new QueueFolder(Path.of(folder), clock);
    }

    /** @param accounts what the files may name */
    public void setAccounts(Accounts accounts) {
        this.accounts = accounts;
    }

    /**
     * Looks at the files, and takes what has changed and settled. Thousands of them cost more to look at than all their probes:
     * for each 200 beyond the first, one call passes without a look, until something is seen to change.
     *
     * @return all queues, with the events of this reading; null if there is nothing new
     * @throws IllegalStateException if the folder or the accounts were not set
     */
    public synchronized @Nullable Configuration reload() {
        if (folder == null || accounts == null) {
            throw new IllegalStateException("the bean queues needs its properties folder and accounts");
        }
        if (skips > 0) {
            skips--;
            return null;
        }
        QueueFolder.Reading reading = folder.read();
        boolean settled = taken == null || reading.equals(previous);
        previous = reading;
        if (!settled) {
            return null;
        }
        if (reading.equals(taken)) {
            rest(reading);
            return null;
        }
        boolean first = taken == null;
        Configuration before = current;
        current = reading.failure() == null ? take(folder, accounts, reading, first) : keep(folder, reading.failure());
        // Only now: what could not be taken, for whatever reason, is tried again.
        taken = reading;
        rest(reading);
        boolean isNew = first
                || !current.events().isEmpty()
                || !current.problems().equals(before.problems())
                || !current.queues().equals(before.queues());
        return isNew ? current : null;
    }

    private void rest(QueueFolder.Reading settled) {
        skips = (settled.contents().size() - 1) / AT_ONCE;
    }

    /** The set as it is in force. */
    synchronized Configuration current() {
        return current;
    }

    /** The queues that are in force. */
    public List<Queue> live() {
        return current().queues();
    }

    /** What is wrong with the files that the last {@link #reload()} looked at, in file order. */
    public synchronized List<Problem> problems() {
        return problems;
    }

    /**
     * What {@link #check} found.
     *
     * @param queues those of the files without an error, with the revision 0
     * @param problems all errors and warnings, in the order of the files and within them
     */
    public record Checked(List<Queue> queues, List<Problem> problems) {
        public Checked {
            queues = List.copyOf(queues);
            problems = List.copyOf(problems);
        }

        /** Whether all of it would be taken: there may be warnings, but no error. */
        public boolean valid() {
            return problems.stream().noneMatch(Problem::isError);
        }
    }

    /**
     * Reads files once, and holds them against each other.
     *
     * @param paths queue files, or folders of them; what cannot be read is a problem, not an exception
     * @param accounts what the files may name
     */
    public static Checked check(List<Path> paths, Accounts accounts) {
        AccountCache known = new AccountCache(accounts);
        List<Queue> queues = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Map<String, ExclusiveClaim> held = new HashMap<>();
        for (Path path : paths) {
            for (QueueFile file : read(path, known)) {
                List<Problem> clashes = ExclusiveClaim.clashes(file.claims(), held);
                queues.addAll(clashes.isEmpty() ? file.queues() : List.of());
                problems.addAll(file.problems());
                problems.addAll(clashes);
            }
        }
        return new Checked(queues, problems);
    }

    /**
     * A commented queue file to begin with. It is not valid before its placeholders, documentation addresses among them, were
     * replaced.
     *
     * @param name the queue's name
     * @throws IllegalArgumentException if {@code name} is no name for a queue: the message says what is
     */
    public static String template(String name) {
        if (!NameSyntax.isName(name)) {
            throw new IllegalArgumentException("found " + QuotedValue.quoted(name)
                    + ", expected a name of at most 63 letters, digits, - _ and ., such as chat");
        }
        try (InputStream in = Queues.class.getResourceAsStream("template.queue.yaml")) {
            // Where it stands alone: a CNAME is none.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("\\bNAME\\b", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<QueueFile> read(Path path, AccountCache known) {
        if (!Files.isDirectory(path)) {
            return List.of(readFile(path, known));
        }
        try {
            return QueueFolder.list(path).stream()
                    .map(file -> readFile(file, known))
                    .toList();
        } catch (IOException e) {
            return List.of(QueueFile.refused(
                    ProblemMessage.FOLDER_UNREADABLE.at(path.toString(), 1, 1, QueueFolder.reason(e))));
        }
    }

    private static QueueFile readFile(Path file, AccountCache known) {
        try {
            return QueueFile.parse(file.toString(), queueName(file), QueueFolder.bytes(file), known);
        } catch (IOException e) {
            return QueueFile.refused(ProblemMessage.FILE_UNREADABLE.at(file.toString(), 1, 1, QueueFolder.reason(e)));
        }
    }

    private static String queueName(Path file) {
        return file.getFileName().toString().replaceFirst("(\\.queue)?\\.ya?ml$", "");
    }

    /**
     * One file of the folder.
     *
     * @param parsed as it is now
     * @param running what is in force of it: the same, or what was before it had an error
     * @param clashes what it would take from other files
     */
    private record Source(QueueFolder.Content content, QueueFile parsed, QueueFile running, List<Problem> clashes) {

        /** Why it is not in force as it is now; empty where it is. */
        List<Problem> errors() {
            return Stream.concat(parsed.problems().stream().filter(Problem::isError), clashes.stream())
                    .toList();
        }
    }

    private Configuration keep(QueueFolder folder, String failure) {
        Problem problem = ProblemMessage.FOLDER_UNREADABLE.at(folder.path().toString(), 1, 1, failure);
        problems = List.of(problem);
        Event event = event("", Event.Kind.CONFIG_REJECTED, null, problem.toString());
        return new Configuration(current.queues(), List.of(problem.toString()), false, List.of(event));
    }

    private Configuration take(QueueFolder folder, Accounts accounts, QueueFolder.Reading reading, boolean first) {
        Map<String, Source> before = Map.copyOf(sources);
        parse(folder, accounts, reading);
        settle();
        List<Event> events = new ArrayList<>(rejections(before));
        List<Queue> queues = sources.values().stream()
                .flatMap(source -> source.running().queues().stream())
                .toList();
        if (!first) {
            events.addAll(changes(current.queues(), queues));
        }
        List<Problem> found = new ArrayList<>();
        for (Source source : sources.values()) {
            found.addAll(source.parsed().problems());
            found.addAll(source.clashes());
        }
        problems = List.copyOf(found);
        return new Configuration(
                queues,
                problems.stream().map(Problem::toString).toList(),
                problems.stream().noneMatch(Problem::isError),
                events);
    }

    /** Reads the files that are new or changed. */
    private void parse(QueueFolder folder, Accounts accounts, QueueFolder.Reading reading) {
        AccountCache known = new AccountCache(accounts);
        sources.keySet().retainAll(reading.contents().keySet());
        reading.contents().forEach((name, content) -> {
            Source source = sources.get(name);
            if (source == null || !source.content().equals(content)) {
                QueueFile running = source == null ? QueueFile.EMPTY : source.running();
                sources.put(name, new Source(content, parse(folder, name, content, known), running, List.of()));
            }
        });
        folder.forgetBytes();
    }

    private QueueFile parse(QueueFolder folder, String name, QueueFolder.Content content, AccountCache known) {
        Path file = folder.path().resolve(name);
        return content.failure() == null
                ? QueueFile.parse(file.toString(), queueName(file), Objects.requireNonNull(folder.bytes(name)), known)
                : QueueFile.refused(ProblemMessage.FILE_UNREADABLE.at(file.toString(), 1, 1, content.failure()));
    }

    /** Puts every file in force that has no error and takes nothing from another; what runs already has the better right. */
    private void settle() {
        Map<String, QueueFile> chosen = new TreeMap<>();
        sources.forEach((name, it) -> chosen.put(name, it.parsed().valid() ? it.parsed() : it.running()));
        Map<String, List<Problem>> clashes = new HashMap<>();
        for (String loser = clash(chosen, clashes); loser != null; loser = clash(chosen, clashes)) {
            chosen.put(loser, running(loser));
        }
        Map<String, Queue> live = new HashMap<>();
        current.queues().forEach(queue -> live.put(queue.name(), queue));
        sources.replaceAll((name, source) -> {
            QueueFile choice = chosen.getOrDefault(name, source.running());
            boolean inForce = choice == source.parsed();
            QueueFile running = choice.map(queue -> live(queue, live.get(queue.name())));
            QueueFile parsed = inForce ? running : source.parsed();
            return new Source(source.content(), parsed, running, clashes.getOrDefault(name, List.of()));
        });
    }

    private QueueFile running(String name) {
        return Objects.requireNonNull(sources.get(name)).running();
    }

    /** The first file that takes what another has; null where none does. */
    private @Nullable String clash(Map<String, QueueFile> chosen, Map<String, List<Problem>> found) {
        Map<String, ExclusiveClaim> held = new HashMap<>();
        List<Map.Entry<String, QueueFile>> runningFirst = new ArrayList<>(chosen.entrySet());
        runningFirst.sort(Comparator.comparing(choice -> choice.getValue() != running(choice.getKey())));
        for (Map.Entry<String, QueueFile> choice : runningFirst) {
            List<Problem> clashes = ExclusiveClaim.clashes(choice.getValue().claims(), held);
            if (!clashes.isEmpty()) {
                found.put(choice.getKey(), clashes);
                return choice.getKey();
            }
        }
        return null;
    }

    /** The running queue where {@code parsed} says the same; otherwise {@code parsed} with a revision of its own. */
    private Queue live(Queue parsed, @Nullable Queue running) {
        if (parsed.revision() > 0) {
            return parsed;
        }
        if (running != null && parsed.revised(running.revision()).equals(running)) {
            return running;
        }
        return parsed.revised(++revision);
    }

    private List<Event> rejections(Map<String, Source> before) {
        List<Event> events = new ArrayList<>();
        sources.forEach((name, source) -> {
            List<Problem> errors = source.errors();
            Source old = before.get(name);
            boolean told = old != null
                    && old.content().equals(source.content())
                    && old.errors().equals(errors);
            if (!errors.isEmpty() && !told) {
                List<Queue> running = source.running().queues();
                String more = errors.size() == 1 ? "" : "; and " + (errors.size() - 1) + " more";
                String kept = running.isEmpty() ? "; nothing of it runs" : "; what ran before keeps running";
                String queue = running.size() == 1 ? running.get(0).name() : "";
                events.add(event(queue, Event.Kind.CONFIG_REJECTED, null, errors.get(0) + more + kept));
            }
        });
        return events;
    }

    private List<Event> changes(List<Queue> before, List<Queue> after) {
        Map<String, Queue> old = new LinkedHashMap<>();
        before.forEach(queue -> old.put(queue.name(), queue));
        List<Event> events = new ArrayList<>();
        for (Queue queue : after) {
            Queue was = old.remove(queue.name());
            if (was == null) {
                events.add(changed(queue, "queue " + queue.name() + " was added"));
            } else if (was != queue) {
                events.add(
                        changed(queue, "queue " + queue.name() + " was changed: " + QueueChange.between(was, queue)));
            }
        }
        for (Queue queue : old.values()) {
            events.add(changed(queue, "queue " + queue.name() + " was removed: its record stays as it is"));
        }
        return events;
    }

    private Event changed(Queue queue, String reason) {
        return event(queue.name(), Event.Kind.CONFIG_CHANGED, queue.record(), reason);
    }

    private Event event(String queue, Event.Kind kind, @Nullable String record, String reason) {
        return Event.of(kind, clock.instant(), Event.About.queue(queue, record), reason);
    }
}
