package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.dns.RecordType;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What the rehearsal's DNS server is asked in tests, proper and not, and what holds for each of its answers. */
final class Queries {
    static final String NAME = "chat.rehearsal.test";
    static final String LARGE = "large.rehearsal.test";
    static final String ADDRESS = "192.0.2.10";

    private static final int LONGEST_DATAGRAM = 65_507;

    private Queries() {}

    static ZoneAnswers answers() {
        Map<String, Map<RecordType, List<String>>> records = Map.of(
                NAME,
                Map.of(RecordType.A, List.of(ADDRESS), RecordType.AAAA, List.of("2001:db8::10")),
                LARGE,
                Map.of(
                        RecordType.A,
                        IntStream.range(1, 201).mapToObj(it -> "192.0.2." + it).toList()));
        return new ZoneAnswers("rehearsal.test", Duration.ofSeconds(1), records::get);
    }

    static Message question(String name, int type) {
        return Message.newQuery(Record.newRecord(name(name), type, DClass.IN));
    }

    static Name name(String name) {
        try {
            return Name.fromString(name, Name.root);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Something that was a query once, or never; as a rule nothing that deserves an answer. */
    static byte[] mangled(Random random) {
        Message query = question(random.nextBoolean() ? NAME : LARGE, random.nextInt(300));
        if (random.nextBoolean()) {
            query.addRecord(new OPTRecord(random.nextInt(5000), 0, 0), Section.ADDITIONAL);
        }
        byte[] wire = query.toWire();
        switch (random.nextInt(8)) {
            case 0:
                return random(random, 1 + random.nextInt(3));
            case 1:
                return random(random, random.nextInt(600));
            case 2:
                return Arrays.copyOf(wire, random.nextInt(wire.length));
            case 3:
                wire[2] |= (byte) 0x80;
                return wire;
            case 4:
                return random.nextInt(50) == 0 ? random(random, LONGEST_DATAGRAM) : random(random, 12);
            case 5:
                // Counts that promise other than there is.
                wire[4 + random.nextInt(8)] = (byte) random.nextInt();
                return wire;
            default:
                for (int i = random.nextInt(4); i >= 0; i--) {
                    wire[random.nextInt(wire.length)] = (byte) random.nextInt();
                }
                return wire;
        }
    }

    private static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** What holds whatever was asked: an answer is a message of DNS, to who asked, and never to an answer or to no message. */
    static void hold(byte[] query, byte[] answer, int most) {
        boolean asks = query.length >= Header.LENGTH && (query[2] & 0x80) == 0;
        assertThat(answer != null).as("answered").isEqualTo(asks);
        if (answer == null) {
            return;
        }
        assertThat(answer.length).isBetween(Header.LENGTH, most);
        Message read;
        try {
            read = new Message(answer);
        } catch (IOException e) {
            throw new AssertionError("no message of DNS", e);
        }
        assertThat(read.getHeader().getFlag(Flags.QR)).isTrue();
        assertThat(read.getHeader().getID()).isEqualTo((query[0] & 0xff) << 8 | query[1] & 0xff);
        assertThat(read.getHeader().getOpcode()).isEqualTo((query[2] & 0x78) >> 3);
    }

    /** Whether this is the right answer to a question for {@link #NAME}'s address. */
    static void isRight(Message answer) {
        assertThat(answer.getSection(Section.ANSWER))
                .singleElement()
                .satisfies(it -> assertThat(it.getType()).isEqualTo(Type.A))
                .satisfies(it -> assertThat(it.rdataToString()).isEqualTo(ADDRESS));
    }
}
