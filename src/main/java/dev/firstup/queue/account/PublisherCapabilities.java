package dev.firstup.queue.account;

import dev.firstup.model.PublishTarget.Api;
import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a publisher can do with a record.
 *
 * @param gap how long it wants to be left alone about one record after it took it; zero where that is not known
 * @param withdraw whether it can remove all records of one type
 * @param several whether a record can have more than one value of a type there
 * @param types the types of record that it writes
 * @param ttl the least time to live that it takes; zero where that is not known, or it takes none at all
 * @param expires after how long a name may lapse there that nobody has confirmed; zero for never
 * @param api what its own API can be asked
 * @param dry whether it can say what it would send, without sending it
 */
public record PublisherCapabilities(
        Duration gap,
        boolean withdraw,
        boolean several,
        Set<RecordType> types,
        Duration ttl,
        Duration expires,
        Api api,
        boolean dry) {
    /** Whatever is asked of it, as far as anybody knows. */
    public static final PublisherCapabilities ALL = new PublisherCapabilities(
            Duration.ZERO, true, true, EnumSet.allOf(RecordType.class), Duration.ZERO, Duration.ZERO, Api.NONE, false);

    public PublisherCapabilities {
        types = Collections.unmodifiableSet(types.isEmpty() ? EnumSet.noneOf(RecordType.class) : EnumSet.copyOf(types));
    }

    /** What both can do. */
    PublisherCapabilities and(PublisherCapabilities other) {
        EnumSet<RecordType> both = EnumSet.noneOf(RecordType.class);
        both.addAll(types);
        both.retainAll(other.types);
        return new PublisherCapabilities(
                longer(gap, other.gap),
                withdraw && other.withdraw,
                several && other.several,
                both,
                longer(ttl, other.ttl),
                longer(expires, other.expires),
                api.compareTo(other.api) < 0 ? other.api : api,
                dry && other.dry);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
