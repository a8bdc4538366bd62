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
 */
public record Target(String to, String record, List<String> nameservers, String fingerprint, Duration gap) {
    public Target {
        nameservers = List.copyOf(nameservers);
    }
}
