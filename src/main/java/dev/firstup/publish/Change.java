package dev.firstup.publish;

import dev.firstup.model.Receipt;
import dev.firstup.model.WaitException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is to be done with one record at a host where each value is a record with an id of its own.
 *
 * @param kind what
 * @param id of the record; empty where it is to be created
 * @param value that it is to hold; empty where it is to be deleted
 */
record Change(Kind kind, String id, String value) {
    enum Kind {
        UPDATE,
        CREATE,
        DELETE
    }

    /**
     * A record that the host has.
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
    static List<Change> needed(List<Entry> found, List<String> wanted) {
        List<Change> changes = new ArrayList<>();
        List<String> missing = new ArrayList<>(wanted);
        List<Entry> spare = new ArrayList<>();
        for (Entry it : found) {
            if (!missing.remove(it.value())) {
                spare.add(it);
            } else if (!it.right()) {
                changes.add(new Change(Kind.UPDATE, it.id(), it.value()));
            }
        }
        for (String value : missing) {
            changes.add(
                    spare.isEmpty()
                            ? new Change(Kind.CREATE, "", value)
                            : new Change(Kind.UPDATE, spare.remove(0).id(), value));
        }
        spare.forEach(it -> changes.add(new Change(Kind.DELETE, it.id(), "")));
        return changes;
    }

    /**
     * A talk whose answers, from the one of the number {@code from} on, belong to {@code changes}, one by one.
     *
     * @param request what asks for a change
     * @param check throws where an answer is no success
     */
    static Talk walk(
            Talk talk,
            int from,
            List<Change> changes,
            Function<Change, Request> request,
            BiConsumer<Change, Answer> check) {
        if (changes.isEmpty()) {
            return talk.over(new Receipt(true, "there was nothing to change", null));
        }
        int done = talk.turns() - from;
        if (done > 0) {
            check.accept(changes.get(done - 1), talk.last());
        }
        return done == changes.size()
                ? talk.confirmed(changes.stream().map(Change::words).collect(Collectors.joining(", ")))
                : talk.ask(request.apply(changes.get(done)));
    }

    /**
     * Takes a host's word for it.
     *
     * @param now what the record holds, as the host answered it
     */
    void require(Answer answer, String now) {
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
