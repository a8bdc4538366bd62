package dev.firstup.publish;

import java.util.ArrayList;
import java.util.List;

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
    record Entry(String id, String value, boolean right) {}

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
}
