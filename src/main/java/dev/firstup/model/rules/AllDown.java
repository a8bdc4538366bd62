package dev.firstup.model.rules;

import dev.firstup.model.dns.RecordType;
import org.jspecify.annotations.Nullable;

/**
 * What a record says while all servers of its queue are down.
 *
 * @param policy what
 * @param type the type of the address; null unless the policy is SORRY
 * @param address the address of a server that says sorry; null unless the policy is SORRY
 */
public record AllDown(Policy policy, @Nullable RecordType type, @Nullable String address) {
    public static final AllDown HOLD = new AllDown(Policy.HOLD, null, null);

    public enum Policy {
        /** It stays as it is. */
        HOLD,
        /** The first server in the queue. */
        FIRST,
        /** Nothing. */
        WITHDRAW,
        /** An address of another server, which says sorry. */
        SORRY
    }
}
