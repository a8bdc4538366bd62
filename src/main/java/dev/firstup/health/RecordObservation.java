package dev.firstup.health;

import dev.firstup.model.Publication;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was heard of the record that a queue moves: its first target says what was chosen before. */
final class RecordObservation {
    /** How long a record that cannot be read is asked for before it is moved all the same. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Map<RecordType, List<String>> values = new EnumMap<>(RecordType.class);
    private @Nullable Instant unreadSince;
    /** Whether it has been heard whole, or there is nothing to hear. */
    boolean adopted;

    void forget() {
        adopted = false;
        unreadSince = null;
        values.clear();
    }

    /** Takes in what one type of the record holds; true if with it all of them have been heard for the first time. */
    boolean complete(Publication publication, Queue queue, Instant now) {
        if (adopted || queue.targets().isEmpty()) {
            return false;
        }
        PublishTarget first = queue.targets().get(0);
        if (!first.to().equals(publication.publisher()) || !first.record().equals(publication.record())) {
            return false;
        }
        if (!publication.confirmed().known()) {
            // What is not known may be right: a record is not moved blindly while there is hope to read it.
            unreadSince = unreadSince == null ? now : unreadSince;
            if (now.isBefore(unreadSince.plus(PATIENCE))) {
                return false;
            }
        }
        values.put(publication.type(), publication.confirmed().values());
        adopted = values.keySet().containsAll(queue.types());
        return adopted;
    }

    Map<RecordType, List<String>> values() {
        return values;
    }

    /** Whether any of these types could not be read. */
    boolean unreadable(Set<RecordType> types) {
        return types.stream().anyMatch(it -> values.get(it) == null);
    }

    /** Whether it holds exactly this, in whatever order. */
    boolean holds(Set<RecordType> types, Map<RecordType, List<String>> expected) {
        return !unreadable(types)
                && types.stream().allMatch(it -> new TreeSet<>(values.get(it)).equals(new TreeSet<>(expected.get(it))));
    }

    /** Whether any of these types could be read, and holds something. */
    boolean holdsAnything(Set<RecordType> types) {
        return types.stream()
                .anyMatch(it -> values.get(it) != null && !values.get(it).isEmpty());
    }

    /** Whether it holds, or may hold, what is taken over. */
    boolean mayHoldAnything() {
        return values.containsValue(null) || !isEmpty();
    }

    private boolean isEmpty() {
        return values.values().stream().allMatch(List::isEmpty);
    }

    /** What can be said of a record that names none of the servers. */
    String found(Queue queue) {
        if (queue.targets().isEmpty()) {
            return "is moved by nobody";
        }
        if (values.containsValue(null)) {
            return "could not be read";
        }
        return isEmpty() ? "was empty" : "held " + this;
    }

    @Override
    public String toString() {
        return values.values().stream().flatMap(List::stream).collect(Collectors.joining(", "));
    }
}
