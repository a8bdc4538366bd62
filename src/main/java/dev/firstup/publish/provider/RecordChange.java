package dev.firstup.publish.provider;

import dev.firstup.model.WaitException;
import dev.firstup.model.publish.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is to be done with one record at a provider where each value is a record with an id of its own.
 *
 * @param kind what
 * @param id of the record; empty where it is to be created
 * @param value that it is to hold; empty where it is to be deleted
 */
record RecordChange(Kind kind, String id, String value) {
    enum Kind {
        UPDATE,
        CREATE,
        DELETE
    }

    /**
     * A record that the provider has.
     *
     * @param value in the form of the wanted ones
     * @param right whether all else but its value is as it should be, such as its time to live
     */
    record Entry(String id, String value, boolean right) {
        Entry {
            // Without one, a deletion would be asked of whatever else the address stands for.
            if (!id.matches("[0-9A-Za-z_-]+")) {
                throw WaitException.ambiguous("the host lists a record without an id of letters and digits");
            }
        }
    }

    /**
     * What makes {@code found} hold exactly {@code wanted}. Values that are there already stay where they are, others are
     * overwritten; what is too many is deleted last, so that the name never resolves to nothing.
     */
    static List<RecordChange> needed(List<Entry> found, List<String> wanted) {
        List<RecordChange> changes = new ArrayList<>();
        List<String> missing = new ArrayList<>(wanted);
        List<Entry> spare = new ArrayList<>();
        for (Entry it : found) {
            if (!missing.remove(it.value())) {
                spare.add(it);
            } else if (!it.right()) {
                changes.add(new RecordChange(Kind.UPDATE, it.id(), it.value()));
            }
        }
        for (String value : missing) {
            changes.add(
                    spare.isEmpty()
                            ? new RecordChange(Kind.CREATE, "", value)
                            : new RecordChange(Kind.UPDATE, spare.remove(0).id(), value));
        }
        spare.forEach(it -> changes.add(new RecordChange(Kind.DELETE, it.id(), "")));
        return changes;
    }

    /**
     * An exchange whose answers, from the one of the number {@code from} on, belong to {@code changes}, one by one.
     *
     * @param request what asks for a change
     * @param check throws where an answer is no success
     */
    static ProviderExchange walk(
            ProviderExchange exchange,
            int from,
            List<RecordChange> changes,
            Function<RecordChange, ProviderRequest> request,
            BiConsumer<RecordChange, ProviderResponse> check) {
        if (changes.isEmpty()) {
            return exchange.over(new Receipt(true, "there was nothing to change", null));
        }
        int done = exchange.turns() - from;
        if (done > 0) {
            check.accept(changes.get(done - 1), exchange.last());
        }
        return done == changes.size()
                ? exchange.confirmed(changes.stream().map(RecordChange::words).collect(Collectors.joining(", ")))
                : exchange.ask(request.apply(changes.get(done)));
    }

    /**
     * Takes a provider's word for it.
     *
     * @param now what the record holds, as the provider answered it
     */
    void require(ProviderResponse answer, String now) {
        if (!now.equals(value)) {
            throw WaitException.ambiguous(
                    answer.said(now.isEmpty() ? answer.firstLine() : now) + " instead of " + value);
        }
    }

    private String words() {
        return switch (kind) {
            case UPDATE -> "updated to " + value;
            case CREATE -> "created " + value;
            case DELETE -> "deleted " + id;
        };
    }
}
