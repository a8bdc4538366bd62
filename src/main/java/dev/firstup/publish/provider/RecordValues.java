package dev.firstup.publish.provider;

import dev.firstup.model.Publication;
import dev.firstup.model.StopException;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.RecordReading;
import java.net.IDN;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Names and values of records, in the forms that providers and Firstup write them. */
final class RecordValues {
    private RecordValues() {}

    /** A name in the one form in which we write it: of A-labels (RFC 5890, 2.3.2.1) in lower case, without the final dot. */
    static String name(String name) {
        String lower = ascii(name).toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static String ascii(String name) {
        if (name.chars().allMatch(it -> it < 128)) {
            return name;
        }
        try {
            return IDN.toASCII(name);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    /** A value in the one form in which we write it; one that its type does not allow stays as it is. */
    static String normal(RecordType type, String value) {
        if (type == RecordType.CNAME) {
            return name(value);
        }
        String address = Dyndns2.normal(value);
        return address.isEmpty() ? value : address;
    }

    /** A value as zone files have it: names end with a dot. */
    static String absolute(RecordType type, String value) {
        return type == RecordType.CNAME ? name(value) + "." : value;
    }

    /** The decided values: without them nothing is written. */
    static List<String> decided(Publication about) {
        return Objects.requireNonNull(about.decided());
    }

    /** The decided values as zone files have them. */
    static List<String> absolute(Publication about) {
        return decided(about).stream().map(it -> absolute(about.type(), it)).toList();
    }

    /**
     * A record's name below its zone; {@code @} where it is the zone's own.
     *
     * @throws StopException if it lies elsewhere
     */
    static String below(String record, String zone) {
        String name = name(record);
        String apex = name(zone);
        if (name.equals(apex)) {
            return "@";
        }
        if (!name.endsWith("." + apex)) {
            throw new StopException(record + " does not lie in the zone " + zone
                    + ": set the zone that it lies in, in the accounts file");
        }
        return name.substring(0, name.length() - apex.length() - 1);
    }

    /**
     * That the provider's API says that the record holds exactly these.
     *
     * @param url of the API
     */
    static RecordReading reading(String url, RecordType type, Collection<String> values) {
        List<String> normal = values.stream().map(it -> normal(type, it)).toList();
        return new RecordReading(Map.of(URI.create(url).getAuthority(), normal), Map.of(), null);
    }
}
