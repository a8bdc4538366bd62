package dev.firstup.zone;

import dev.firstup.model.Publication;
import dev.firstup.model.SecretReference;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.dns.RecordType;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.spec.SecretKeySpec;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Address;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/**
 * The primary server of a zone, and the key with which it takes updates.
 *
 * @param server {@code HOST}, {@code HOST:PORT}, {@code ADDRESS6} or {@code [ADDRESS6]:PORT}
 * @param zone the zone's name
 * @param keyName the key's name, as the server knows it
 * @param algorithm the key's (RFC 8945, 6)
 * @param secret the name of the key's secret, in base64
 * @param folder where {@code file:} secrets lie
 */
record PrimaryServer(String server, Name zone, Name keyName, Name algorithm, SecretReference secret, Path folder) {
    private static final Map<String, Name> ALGORITHMS = Map.of(
            "hmac-sha256", TSIG.HMAC_SHA256,
            "hmac-sha384", TSIG.HMAC_SHA384,
            "hmac-sha512", TSIG.HMAC_SHA512);

    /**
     * As people write it.
     *
     * @throws IllegalArgumentException if it cannot be meant so
     */
    static PrimaryServer of(
            String server, String zone, String keyName, String algorithm, String secret, String folder) {
        Map<String, String> needed = Map.of("server", server, "zone", zone, "keyName", keyName, "secret", secret);
        List<String> missing = needed.entrySet().stream()
                .filter(it -> it.getValue().isBlank())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("zone:update needs " + String.join(", ", missing));
        }
        if (!ALGORITHMS.containsKey(algorithm)) {
            throw new IllegalArgumentException("zone:update: algorithm is \"" + algorithm
                    + "\", expected hmac-sha256, hmac-sha384 or hmac-sha512");
        }
        return new PrimaryServer(
                server,
                name("zone", zone),
                name("keyName", keyName),
                ALGORITHMS.get(algorithm),
                new SecretReference(secret),
                Path.of(folder));
    }

    private static Name name(String option, String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(
                    "zone:update: " + option + " is \"" + text + "\", expected a domain name");
        }
    }

    /**
     * One message that replaces all records of the publication's name and type, or removes them (RFC 2136, 2.5).
     *
     * @throws StopException if this zone cannot hold what is asked
     */
    Update update(Publication it) {
        Name name = nameOf(it);
        Update update = new Update(zone);
        update.delete(name, type(it.type()));
        if (it.ask() == Publication.Ask.WRITE) {
            Objects.requireNonNull(it.decided()).forEach(value -> update.add(record(name, it.type(), it.ttl(), value)));
        } else if (it.ask() != Publication.Ask.WITHDRAW) {
            throw new StopException("zone:update writes a record or withdraws it: it was asked to " + it.ask());
        }
        return update;
    }

    private Name nameOf(Publication it) {
        Name name;
        try {
            name = Name.fromString(it.record(), Name.root);
        } catch (TextParseException e) {
            throw new StopException(it.record() + " is not a domain name: " + e.getMessage());
        }
        if (!name.subdomain(zone)) {
            throw new StopException(it.record() + " does not lie in the zone " + shown(zone)
                    + ": name the record's zone in the accounts file, or another publisher in the queue");
        }
        if (it.type() == RecordType.CNAME && name.equals(zone)) {
            // The server would answer NOERROR and leave it out.
            throw new StopException(it.record()
                    + " is the zone itself, which cannot be a CNAME (RFC 1034, 3.6.2): name a record in it");
        }
        return name;
    }

    private static int type(RecordType type) {
        return switch (type) {
            case A -> Type.A;
            case AAAA -> Type.AAAA;
            case CNAME -> Type.CNAME;
        };
    }

    private static Record record(Name name, RecordType type, Duration ttl, String value) {
        long seconds = ttl.toSeconds();
        try {
            return switch (type) {
                case A -> new ARecord(name, DClass.IN, seconds, Address.getByAddress(value, Address.IPv4));
                case AAAA -> new AAAARecord(name, DClass.IN, seconds, Address.getByAddress(value, Address.IPv6));
                case CNAME -> new CNAMERecord(name, DClass.IN, seconds, Name.fromString(value, Name.root));
            };
        } catch (UnknownHostException | TextParseException | IllegalArgumentException e) {
            throw new StopException("\"" + value + "\" cannot stand in a record of type " + type);
        }
    }

    /**
     * The key, with its secret as it is now.
     *
     * @param clock what is signed says when it was
     * @throws WaitException if the secret cannot be read
     * @throws StopException if it is no TSIG key
     */
    TSIG key(Clock clock) {
        String text;
        try {
            text = secret.read(folder);
        } catch (IllegalStateException e) {
            throw new WaitException(Duration.ZERO, ZoneErrorText.of(e));
        }
        return key(text, clock);
    }

    /** The key with this secret. */
    TSIG key(String text, Clock clock) {
        byte[] key = decoded(text.strip());
        if (key.length == 0) {
            throw new StopException(secret.reference()
                    + " is not the secret of a TSIG key: expected only the base64 text that tsig-keygen prints after"
                    + " the word secret, without quotes");
        }
        return new TSIG(algorithm, keyName, new SecretKeySpec(key, shown(algorithm)), clock);
    }

    /** Empty where it is not base64. */
    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // Its message may repeat a piece of the secret.
            return new byte[0];
        }
    }

    static String shown(Name name) {
        return name.toString(true);
    }
}
