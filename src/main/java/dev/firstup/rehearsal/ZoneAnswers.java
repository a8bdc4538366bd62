package dev.firstup.rehearsal;

import dev.firstup.model.dns.RecordType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Address;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** What an authoritative server of one zone answers to a query, as bytes in and bytes out. */
final class ZoneAnswers {
    /** Large enough for any answer here, small enough never to be fragmented (DNS flag day 2020). */
    private static final int UDP_SIZE = 1232;

    private static final int PLAIN_UDP_SIZE = 512;

    /** Where in a message its flags begin, and the one that tells answers from queries. */
    private static final int FLAGS = 2;

    private static final int RESPONSE = 0x80;

    private final Name zone;
    private final Name host;
    private final long ttl;
    private final SOARecord authority;
    private final Function<String, @Nullable Map<RecordType, List<String>>> records;

    ZoneAnswers(String zone, Duration ttl, Function<String, @Nullable Map<RecordType, List<String>>> records) {
        try {
            this.zone = Name.fromString(zone, Name.root);
            this.host = Name.fromString("ns", this.zone);
            Name mailbox = Name.fromString("hostmaster", this.zone);
            this.ttl = ttl.toSeconds();
            this.authority =
                    new SOARecord(this.zone, DClass.IN, this.ttl, host, mailbox, 1, 3600, 600, 86_400, this.ttl);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(zone + " is not a domain name: " + e.getMessage(), e);
        }
        this.records = records;
    }

    /** The answer to a datagram; null where it deserves none. */
    byte @Nullable [] toUdp(byte[] query) {
        return answer(query, true);
    }

    /** The answer to a query on a connection, without its length; null where it deserves none. */
    byte @Nullable [] toTcp(byte[] query) {
        return answer(query, false);
    }

    /** Whether these bytes ask: what is no message gets no answer, and an answer to an answer would go back and forth for ever. */
    static boolean isQuery(byte[] bytes) {
        return bytes.length >= Header.LENGTH && (bytes[FLAGS] & RESPONSE) == 0;
    }

    private byte @Nullable [] answer(byte[] bytes, boolean udp) {
        if (!isQuery(bytes)) {
            return null;
        }
        try {
            Header header = new Header(bytes);
            try {
                return answer(header, bytes, udp);
            } catch (RuntimeException e) {
                return refusal(header, Rcode.SERVFAIL).toWire();
            }
        } catch (IOException e) {
            return null;
        }
    }

    private byte[] answer(Header header, byte[] bytes, boolean udp) {
        Message query;
        try {
            query = new Message(bytes);
        } catch (IOException | RuntimeException e) {
            return refusal(header, header.getOpcode() == Opcode.QUERY ? Rcode.FORMERR : Rcode.NOTIMP)
                    .toWire();
        }
        OPTRecord opt = query.getOPT();
        Message answer = answer(query, opt);
        if (opt != null) {
            int extended = opt.getVersion() > 0 ? Rcode.BADVERS >> 4 : 0;
            int flags = opt.getFlags() & ExtendedFlags.DO;
            answer.addRecord(new OPTRecord(UDP_SIZE, extended, 0, flags), Section.ADDITIONAL);
        }
        return answer.toWire(udp ? udpSize(opt) : Message.MAXLENGTH);
    }

    /** Whether its EDNS is as RFC 6891 wants it: once, and at the root. */
    private static boolean isProper(Message query, @Nullable OPTRecord opt) {
        return opt == null
                || opt.getName().equals(Name.root)
                        && query.getSection(Section.ADDITIONAL).stream()
                                        .filter(it -> it.getType() == Type.OPT)
                                        .count()
                                == 1;
    }

    private static int udpSize(@Nullable OPTRecord opt) {
        return opt == null ? PLAIN_UDP_SIZE : Math.min(UDP_SIZE, Math.max(PLAIN_UDP_SIZE, opt.getPayloadSize()));
    }

    private Message answer(Message query, @Nullable OPTRecord opt) {
        Header header = query.getHeader();
        Message answer = refusal(header, Rcode.NOERROR);
        query.getSection(Section.QUESTION).stream().limit(1).forEach(it -> answer.addRecord(it, Section.QUESTION));
        if (header.getOpcode() != Opcode.QUERY) {
            answer.getHeader().setRcode(Rcode.NOTIMP);
            return answer;
        }
        // What was cut off on its way may count more questions than it has.
        if (query.getSection(Section.QUESTION).size() != 1 || !isProper(query, opt)) {
            answer.getHeader().setRcode(Rcode.FORMERR);
            return answer;
        }
        Record question = query.getQuestion();
        if (opt != null && opt.getVersion() > 0) {
            return answer;
        }
        if (question.getDClass() != DClass.IN
                || !question.getName().subdomain(zone)
                || question.getType() == Type.AXFR
                || question.getType() == Type.IXFR) {
            answer.getHeader().setRcode(Rcode.REFUSED);
        } else {
            try {
                answer.getHeader().setFlag(Flags.AA);
                fill(answer, question);
            } catch (IllegalArgumentException e) {
                answer.getHeader().setRcode(Rcode.SERVFAIL);
            }
        }
        return answer;
    }

    private void fill(Message answer, Record question) {
        // The name as it was asked, since resolvers check its case (the 0x20 bits).
        Name name = question.getName();
        int type = question.getType();
        List<Record> all = all(name);
        if (all == null) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        } else {
            all.stream()
                    .filter(it -> type == Type.ANY || it.getType() == type || it.getType() == Type.CNAME)
                    .forEach(it -> answer.addRecord(it, Section.ANSWER));
        }
        if (answer.getSection(Section.ANSWER).isEmpty()) {
            answer.addRecord(authority, Section.AUTHORITY);
        }
    }

    private @Nullable List<Record> all(Name name) {
        if (name.equals(zone)) {
            return List.of(authority, new NSRecord(name, DClass.IN, ttl, host));
        }
        if (name.equals(host)) {
            return List.of(record(name, RecordType.A, "127.0.0.1"));
        }
        Map<RecordType, List<String>> held = records.apply(name.toString(true).toLowerCase(Locale.ROOT));
        return held == null
                ? null
                : held.entrySet().stream()
                        .flatMap(it -> it.getValue().stream().map(value -> record(name, it.getKey(), value)))
                        .toList();
    }

    private Record record(Name name, RecordType type, String value) {
        try {
            return switch (type) {
                case A -> new ARecord(name, DClass.IN, ttl, Address.getByAddress(value, Address.IPv4));
                case AAAA -> new AAAARecord(name, DClass.IN, ttl, Address.getByAddress(value, Address.IPv6));
                case CNAME -> new CNAMERecord(name, DClass.IN, ttl, Name.fromString(value, Name.root));
            };
        } catch (IOException e) {
            throw new IllegalArgumentException(value + " is no value of an " + type + " record", e);
        }
    }

    private static Message refusal(Header query, int rcode) {
        Message answer = new Message(query.getID());
        Header header = answer.getHeader();
        header.setFlag(Flags.QR);
        header.setOpcode(query.getOpcode());
        if (query.getFlag(Flags.RD)) {
            header.setFlag(Flags.RD);
        }
        header.setRcode(rcode);
        return answer;
    }
}
