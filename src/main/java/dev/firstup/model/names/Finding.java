package dev.firstup.model.names;

/**
 * Something about the names around a record that is not as it should be.
 *
 * @param queue the queue's name
 * @param about the name that it is about, in A-labels
 * @param kind what is wrong; a name has one of a kind at most
 * @param text a sentence on what was found and what to make of it
 * @param sure whether one reading is enough; what may be a change on its way is told only when it is there the next time too
 */
public record Finding(String queue, String about, Kind kind, String text, boolean sure) {

    /** What is wrong. */
    public enum Kind {
        /** The alias has neither a CNAME nor an address. */
        ALIAS_MISSING,
        /** The alias leads to another name. */
        ALIAS_ELSEWHERE,
        /** The alias has addresses that are not the record's. */
        ALIAS_ADDRESSES,
        /** There is no SRV record. */
        SRV_MISSING,
        /** The SRV record names something else. */
        SRV_ELSEWHERE,
        /** The SRV record names an alias. */
        SRV_ALIAS,
        /** The SRV record names a port that is not probed. */
        SRV_PORT,
        /** The record is served with a longer time to live than was asked for, or than a minute. */
        TTL
    }
}
