package dev.firstup.queue.parse;

import dev.firstup.model.PublishTarget;
import dev.firstup.model.dns.RecordType;
import dev.firstup.queue.account.AccountCache;
import dev.firstup.queue.account.PublisherCapabilities;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Where one queue's record is written, and what can be done there. */
record PublisherList(List<PublishTarget> targets, AccountCache known) {
    PublisherList {
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
    Optional<PublishTarget> slowest() {
        return targets.stream()
                .max(Comparator.comparing(PublishTarget::gap))
                .filter(it -> it.gap().compareTo(Duration.ZERO) > 0);
    }

    private Optional<String> first(Predicate<PublisherCapabilities> which) {
        return targets.stream()
                .map(PublishTarget::to)
                .filter(it -> which.test(known.capabilities(it)))
                .findFirst();
    }
}
