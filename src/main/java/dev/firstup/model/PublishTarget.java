package dev.firstup.model;

import java.time.Duration;
import java.util.List;

/**
 * One place where a queue's record is written.
 *
 * @param to the publisher's name: the route {@code direct:NAME} of the accounts file
 * @param record the name that is moved there, in A-labels, lower case, without a final dot
 * @param nameservers where the record is read back, {@code HOST[:PORT]}; empty means the servers of its zone
 * @param fingerprint changes whenever the publisher's declaration or a secret that it names does
 * @param gap how long this publisher wants to be left alone about one record after it took it; zero where that is not known
 * @param api what the publisher's own API can be asked
 * @param repair whether what somebody else has changed is written again
 * @param dry whether it can be asked to say what it would send, without sending it
 */
public record PublishTarget(
        String to,
        String record,
        List<String> nameservers,
        String fingerprint,
        Duration gap,
        Api api,
        boolean repair,
        boolean dry) {
    public PublishTarget {
        nameservers = List.copyOf(nameservers);
    }

    /** What can be asked of a publisher's own API. */
    public enum Api {
        /** Nothing: it only takes updates. */
        NONE,
        /** What the record holds there: asked for proof of the credential, and where it is not known whether an update arrived. */
        READS,
        /** The same, and nobody else knows: DNS answers something else than was written, as for a record behind a proxy. */
        ALONE
    }
}
