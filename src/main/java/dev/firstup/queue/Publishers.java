package dev.firstup.queue;

import dev.firstup.model.RecordType;
import dev.firstup.model.Target;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Where one queue's record is written, and what can be done there. */
record Publishers(List<Target> targets, Known known) {
    Publishers {
        targets = List.copyOf(targets);
    }

    /** The first that cannot remove a record. */
    Optional<String> withoutWithdraw() {
        return first(it -> !it.withdraw());
    }

    /** The first that takes no more than one value for a record. */
    Optional<String> withoutSeveral() {
        return first(it -> !it.several());
    }

    /** The first that does not write records of {@code type}. */
    Optional<String> without(RecordType type) {
        return first(it -> !it.types().contains(type));
    }

    /** The one with the longest gap, if any has one. */
    Optional<Target> slowest() {
        return targets.stream()
                .max(Comparator.comparing(Target::gap))
                .filter(it -> it.gap().compareTo(Duration.ZERO) > 0);
    }

    private Optional<String> first(Predicate<Abilities> which) {
        return targets.stream()
                .map(Target::to)
                .filter(it -> which.test(known.abilities(it)))
                .findFirst();
    }
}
