package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class AnswersTest {
    private static final int UDP = 1232;
    private static final int PLAIN_UDP = 512;

    private final ZoneAnswers answers = Queries.answers();

    @Test
    void whatIsNoQueryGetsNoAnswer() {
        byte[] query = Queries.question(Queries.NAME, Type.A).toWire();
        for (int length = 0; length < 12; length++) {
            assertThat(answers.toUdp(Arrays.copyOf(query, length)))
                    .as("%d bytes", length)
                    .isNull();
        }
        // Two servers that answered each other's answers would never end.
        byte[] response = query.clone();
        response[2] |= (byte) 0x80;
        assertThat(answers.toUdp(response)).isNull();
        assertThat(answers.toTcp(response)).isNull();
        byte[] answer = answers.toUdp(query);
        assertThat(answers.toUdp(answer)).as("its own answer").isNull();
    }

    @Test
    void whatCannotBeReadIsAFormatError() throws IOException {
        byte[] query = Queries.question(Queries.NAME, Type.A).toWire();
        for (int length = 12; length < query.length; length++) {
            assertThat(udp(Arrays.copyOf(query, length)).getRcode()).isEqualTo(Rcode.FORMERR);
        }
    }

    @Test
    void whatWasCutOffOnItsWayIsAFormatError() throws IOException {
        byte[] query = Queries.question(Queries.NAME, Type.A).toWire();
        query[2] |= 0x02;
        Message answer = udp(Arrays.copyOf(query, 12));
        assertThat(answer.getRcode()).isEqualTo(Rcode.FORMERR);
        assertThat(answer.getHeader().getFlag(Flags.TC)).isFalse();
    }

    @Test
    void oneQuestionNeitherNoneNorTwo() throws IOException {
        assertThat(udp(new Message().toWire()).getRcode()).isEqualTo(Rcode.FORMERR);
        Message two = Queries.question(Queries.NAME, Type.A);
        two.addRecord(Record.newRecord(Queries.name(Queries.NAME), Type.AAAA, DClass.IN), Section.QUESTION);
        assertThat(udp(two.toWire()).getRcode()).isEqualTo(Rcode.FORMERR);
    }

    @ParameterizedTest
    @ValueSource(ints = {Opcode.IQUERY, Opcode.STATUS, 3, Opcode.NOTIFY, Opcode.UPDATE, Opcode.DSO, 15})
    void otherOpcodesAreNotImplemented(int opcode) throws IOException {
        Message query = Queries.question(Queries.NAME, Type.A);
        query.getHeader().setOpcode(opcode);
        Message answer = udp(query.toWire());
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOTIMP);
        assertThat(answer.getHeader().getOpcode()).isEqualTo(opcode);
        Message none = new Message();
        none.getHeader().setOpcode(opcode);
        assertThat(udp(none.toWire()).getRcode()).isEqualTo(Rcode.NOTIMP);
    }

    @ParameterizedTest
    @ValueSource(ints = {DClass.CH, DClass.HS, DClass.ANY, DClass.NONE, 4711})
    void otherClassesAreRefused(int dclass) throws IOException {
        Record question = Record.newRecord(Queries.name(Queries.NAME), Type.A, dclass);
        assertThat(udp(Message.newQuery(question).toWire()).getRcode()).isEqualTo(Rcode.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "notrehearsal.test", "test", ".", "rehearsal.test.example.org"})
    void otherZonesAreRefused(String name) throws IOException {
        Message answer = ask(name, Type.A);
        assertThat(answer.getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(answer.getHeader().getFlag(Flags.AA)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {Type.AXFR, Type.IXFR})
    void theZoneIsNotHandedOut(int type) throws IOException {
        assertThat(ask("rehearsal.test", type).getRcode()).isEqualTo(Rcode.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(ints = {Type.MX, Type.HTTPS, Type.DNSKEY, 0, Type.OPT, 253, 65_280, 65_535})
    void typesThatItDoesNotHaveAreNoData(int type) throws IOException {
        Message answer = ask(Queries.NAME, type);
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getSection(Section.ANSWER)).isEmpty();
        assertThat(answer.getSection(Section.AUTHORITY))
                .singleElement()
                .extracting(Record::getType)
                .isEqualTo(Type.SOA);
    }

    @Test
    void anyIsAllThatThereIs() throws IOException {
        assertThat(ask(Queries.NAME, Type.ANY).getSection(Section.ANSWER))
                .extracting(Record::getType)
                .containsExactlyInAnyOrder(Type.A, Type.AAAA);
        assertThat(ask("rehearsal.test", Type.ANY).getSection(Section.ANSWER))
                .extracting(Record::getType)
                .containsExactlyInAnyOrder(Type.SOA, Type.NS);
    }

    @Test
    void theCaseOfTheQuestionComesBack() throws IOException {
        byte[] query = Queries.question("cHaT.ReHearsal.TEST", Type.A).toWire();
        byte[] answer = answers.toUdp(query);
        // Bytes, since names compare without regard to case.
        assertThat(Arrays.copyOfRange(answer, 12, query.length)).isEqualTo(Arrays.copyOfRange(query, 12, query.length));
        Queries.isRight(new Message(answer));
    }

    @Test
    void whatAnAskerCanTakeIsItsOwnWord() throws IOException {
        assertThat(cut(null)).isLessThanOrEqualTo(PLAIN_UDP);
        assertThat(cut(new OPTRecord(100, 0, 0))).isLessThanOrEqualTo(PLAIN_UDP);
        assertThat(cut(new OPTRecord(700, 0, 0))).isLessThanOrEqualTo(700);
        assertThat(cut(new OPTRecord(4096, 0, 0))).isLessThanOrEqualTo(UDP);
    }

    private int cut(OPTRecord edns) throws IOException {
        Message query = Queries.question(Queries.LARGE, Type.A);
        if (edns != null) {
            query.addRecord(edns, Section.ADDITIONAL);
        }
        byte[] wire = answers.toUdp(query.toWire());
        Message answer = new Message(wire);
        assertThat(answer.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(answer.getSection(Section.ANSWER)).hasSizeLessThan(200);
        assertThat(answer.getOPT() != null).as("EDNS is answered with EDNS").isEqualTo(edns != null);
        Message whole = new Message(answers.toTcp(query.toWire()));
        assertThat(whole.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(whole.getSection(Section.ANSWER)).hasSize(200);
        return wire.length;
    }

    @Test
    void ednsSaysWhatItCanTakeAndRepeatsDo() throws IOException {
        Message query = Queries.question(Queries.NAME, Type.A);
        query.addRecord(new OPTRecord(4096, 0, 0, ExtendedFlags.DO | 1), Section.ADDITIONAL);
        OPTRecord answer = udp(query.toWire()).getOPT();
        assertThat(answer.getPayloadSize()).isEqualTo(UDP);
        assertThat(answer.getVersion()).isZero();
        assertThat(answer.getFlags()).isEqualTo(ExtendedFlags.DO);
        assertThat(udp(Queries.question(Queries.NAME, Type.A).toWire()).getOPT())
                .isNull();
    }

    @Test
    void ednsComesOnceAndAtTheRoot() throws IOException {
        Message twice = Queries.question(Queries.NAME, Type.A);
        twice.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        twice.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        assertThat(udp(twice.toWire()).getRcode()).isEqualTo(Rcode.FORMERR);

        Message query = Queries.question(Queries.NAME, Type.A);
        byte[] plain = query.toWire();
        query.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        byte[] root = query.toWire();
        byte[] named = new byte[root.length + 2];
        System.arraycopy(root, 0, named, 0, plain.length);
        named[plain.length] = 1;
        named[plain.length + 1] = 'x';
        System.arraycopy(root, plain.length, named, plain.length + 2, root.length - plain.length);
        assertThat(udp(named).getRcode()).isEqualTo(Rcode.FORMERR);
    }

    @Test
    void anUnknownVersionOfEdnsIsToldSo() throws IOException {
        Message query = Queries.question(Queries.NAME, Type.A);
        query.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);
        Message answer = udp(query.toWire());
        assertThat(answer.getRcode()).isEqualTo(Rcode.BADVERS);
        assertThat(answer.getOPT().getVersion()).isZero();
        assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    }

    @Test
    void whatIsBrokenBehindItIsAServerFailure() throws IOException {
        ZoneAnswers broken = new ZoneAnswers("rehearsal.test", Duration.ofSeconds(1), name -> {
            throw new IllegalStateException("broken");
        });
        byte[] query = Queries.question(Queries.NAME, Type.A).toWire();
        assertThat(new Message(broken.toUdp(query)).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(new Message(broken.toTcp(query)).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void everyBytesThatAskAreAnsweredAndNoOthers() {
        Random random = new Random(18);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = Queries.mangled(random);
            Queries.hold(bytes, answers.toUdp(bytes), UDP);
            Queries.hold(bytes, answers.toTcp(bytes), Message.MAXLENGTH);
        }
    }

    private Message ask(String name, int type) throws IOException {
        Name asked = Queries.name(name);
        Message answer =
                udp(Message.newQuery(Record.newRecord(asked, type, DClass.IN)).toWire());
        assertThat(answer.getQuestion().getName()).isEqualTo(asked);
        return answer;
    }

    private Message udp(byte[] query) throws IOException {
        return new Message(answers.toUdp(query));
    }
}
