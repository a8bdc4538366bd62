package dev.firstup.probe;

import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class DnsProbeTest {
    private static Probing probing;

    @BeforeAll
    static void start() {
        probing = new Probing();
    }

    @AfterAll
    static void stop() {
        probing.close();
    }

    @Test
    void aServerThatAnswersIsUp() throws Exception {
        AtomicReference<Message> asked = new AtomicReference<>();
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> {
            asked.set(question);
            return List.of(DnsPeer.reply(question, record("A", "192.0.2.1")).toWire());
        })) {
            Verdict verdict = probing.probe("probe:dns", server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UP);
            assertThat(verdict.explained()).isEqualTo("L7OK: NOERROR, answers 192.0.2.1");
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.RESPONSE);
            assertThat(asked.get().getQuestion().toString())
                    .startsWith("chat.example.")
                    .endsWith("IN\tA");
            assertThat(asked.get().getHeader().getFlag(Flags.RD)).isTrue();
        }
    }

    @Test
    void whatIsAskedForIsInTheOptions() throws Exception {
        AtomicReference<Message> asked = new AtomicReference<>();
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> {
            asked.set(question);
            return List.of(DnsPeer.reply(question).toWire());
        })) {
            Verdict verdict =
                    probing.probe("probe:dns?name=example.net&type=MX&authoritative=true", server(peer.port()));

            assertThat(verdict.explained()).isEqualTo("L7OK: NOERROR, no answers");
            assertThat(asked.get().getQuestion().getName()).hasToString("example.net.");
            assertThat(asked.get().getQuestion().getType()).isEqualTo(Type.MX);
            assertThat(asked.get().getHeader().getFlag(Flags.RD)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOERROR  | L7STS: SERVFAIL, expected NOERROR",
                "NXDOMAIN | L7STS: SERVFAIL, expected NXDOMAIN",
                "SERVFAIL | L7OK: SERVFAIL, no answers"
            })
    void theResponseCodeDecides(String rcode, String expected) throws Exception {
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> List.of(failure(question, Rcode.SERVFAIL)))) {
            assertThat(probing.probe("probe:dns?rcode=" + rcode, server(peer.port()))
                            .explained())
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A    | 192.0.2.1               | answer=192.0.2.1              | L7OK: NOERROR, answers 192.0.2.1",
                "A    | 192.0.2.1               | answer=192.0.2.2              | L7RSP: answers 192.0.2.1, expected 192.0.2.2",
                "A    | 192.0.2.1               | answer=192.0.2                | L7RSP: answers 192.0.2.1, expected 192.0.2",
                "A    | 192.0.2.1               | answerMatches=192.0.2.[0-9]*  | L7OK: NOERROR, answers 192.0.2.1",
                "A    | 192.0.2.1               | answerMatches=192.0.2         | L7RSP: answers 192.0.2.1, expected what matches \"192.0.2\"",
                "AAAA | 2001:db8:0:0:0:0:0:1    | answer=2001:DB8::1            | L7OK: NOERROR, answers 2001:db8::1",
                "MX   | 10 Mail.example.net.    | answer=10%20mail.example.net  | L7OK: NOERROR, answers 10 Mail.example.net",
                "NS   | ns1.example.net.        | answer=ns1.example.net.       | L7OK: NOERROR, answers ns1.example.net",
                "TXT  | \"v=spf1 -all\"         | answer=v%3Dspf1%20-all        | L7OK: NOERROR, answers v=spf1 -all",
                "TXT  | \"Hello.\"              | answer=Hello.                 | L7OK: NOERROR, answers Hello.",
                "TXT  | \"a b\" \"c\"            | answer=RAW(%22a%20b%22%20%22c%22) | L7OK: NOERROR, answers a bc",
                "MX   | 10 mail.example.net.    | answer=RAW(10%20%20mail.example.net.) | L7OK: NOERROR, answers 10 mail.example.net",
                "SOA  | a.example. b.example. 1 2 3 4 5 | answer=RAW(A.example b.example 1 2 3 4 5) | L7OK: NOERROR, answers a.example. b.example. 1 2 3 4 5",
                "CAA  | 0 issue \"ca.example\"  | answer=RAW(0 issue ca.example) | L7OK: NOERROR, answers 0 issue \"ca.example\"",
                "SRV  | 0 0 0 .                 | answer=0%200%200%20.          | L7OK: NOERROR, answers 0 0 0 .",
            })
    void oneOfTheAnswersMustBeRight(String type, String value, String option, String expected) throws Exception {
        try (DnsPeer peer = DnsPeer.saying(record(type, value))) {
            assertThat(probing.probe("probe:dns?type=" + type + "&" + option, server(peer.port()))
                            .explained())
                    .isEqualTo(expected);
        }
    }

    @Test
    void theRightOneMayStandAmongOthers() throws Exception {
        Record[] records = {
            record("CNAME", "lb.example.net."),
            record("A", "192.0.2.1"),
            record("A", "192.0.2.2"),
            record("A", "192.0.2.3"),
            record("A", "192.0.2.4"),
            record("A", "192.0.2.5")
        };
        try (DnsPeer peer = DnsPeer.saying(records)) {
            assertThat(probing.probe("probe:dns?answer=192.0.2.5", server(peer.port()))
                            .outcome())
                    .isEqualTo(ProbeOutcome.UP);
            assertThat(probing.probe("probe:dns?answer=192.0.2.6", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: answers lb.example.net, 192.0.2.1, 192.0.2.2, 192.0.2.3 and 2 more,"
                            + " expected 192.0.2.6");
        }
        try (DnsPeer peer = DnsPeer.saying()) {
            assertThat(probing.probe("probe:dns?answer=192.0.2.6", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: no answers, expected 192.0.2.6");
        }
    }

    @Test
    void anExpressionThatWouldNeverEndElsewhereDecides() throws Exception {
        try (DnsPeer peer = DnsPeer.saying(record("TXT", "\"" + "a".repeat(200) + "!\""))) {
            Verdict verdict = probing.probe("probe:dns?type=TXT&answerMatches=(a*)*(a*)*(a*)*b", server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
        }
    }

    @Test
    void anAnswerTooLongForALargeExpressionDecidesNothing() throws Exception {
        String text = "\"" + "a".repeat(250) + "\"";
        try (DnsPeer peer = DnsPeer.saying(record("TXT", String.join(" ", Collections.nCopies(4, text))))) {
            Verdict verdict = probing.probe("probe:dns?type=TXT&answerMatches=(b{9}){90}", server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
            assertThat(verdict.explained())
                    .isEqualTo("SOCKERR: answers " + "a".repeat(60)
                            + "... have too many characters for what matches \"(b{9}){90}\"");
        }
    }

    /** An event loop has to do with all answers of a message, and not with one only. */
    @Test
    void allAnswersTogetherAreNotTooMuch() throws Exception {
        Record[] records = new Record[200];
        for (int i = 0; i < records.length; i++) {
            records[i] = record("TXT", "\"" + "b".repeat(100) + i + "\"");
        }
        try (DnsPeer peer = DnsPeer.of((question, tcp) ->
                tcp ? List.of(DnsPeer.reply(question, records).toWire()) : List.of(truncated(question)))) {
            Verdict verdict = probing.probe("probe:dns?type=TXT&answerMatches=RAW((b{9}){90}!)", server(peer.port()));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
            assertThat(verdict.reason()).endsWith(" have too many characters for what matches \"(b{9}){90}!\"");
        }
    }

    /** The window of types is longer than there are types. */
    @Test
    void aRecordThatCannotBeWrittenIsNoTroubleOfOurs() throws Exception {
        byte[] types = new byte[3 + 40];
        types[1] = (byte) 255;
        types[2] = 40;
        types[42] = 1;
        // dnsjava would put it in order before sending it, so it is sent as a type that dnsjava does not know.
        int other = 0xFF00;
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> {
            Name name = question.getQuestion().getName();
            byte[] wire = DnsPeer.reply(question, Record.newRecord(name, other, DClass.IN, 60, types))
                    .toWire();
            for (int i = 0; i < wire.length - 1; i++) {
                if (wire[i] == (byte) 0xFF && wire[i + 1] == 0) {
                    wire[i] = 0;
                    wire[i + 1] = Type.NSEC;
                    return List.of(wire);
                }
            }
            throw new AssertionError("no record");
        })) {
            assertThat(probing.probe("probe:dns?type=NSEC&answer=x", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: answers (a broken NSEC), expected x");
        }
    }

    @Test
    void authorityCanBeAskedFor() throws Exception {
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> {
            Message reply = DnsPeer.reply(question);
            reply.getHeader().unsetFlag(Flags.AA);
            return List.of(reply.toWire());
        })) {
            assertThat(probing.probe("probe:dns", server(peer.port())).outcome())
                    .isEqualTo(ProbeOutcome.UP);
            assertThat(probing.probe("probe:dns?authoritative=true", server(peer.port()))
                            .explained())
                    .isEqualTo("L7RSP: NOERROR without authority, expected the AA bit");
        }
    }

    @Test
    void whatDoesNotFitIsAskedForByTcp() throws Exception {
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> List.of(tcp ? large(question) : truncated(question)))) {
            Verdict verdict = probing.probe("probe:dns?answer=10.0.3.231", server(peer.port()));

            assertThat(verdict.explained())
                    .isEqualTo("L7OK: NOERROR, answers 10.0.0.0, 10.0.0.1, 10.0.0.2, 10.0.0.3 and 996 more");
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.RESPONSE, ProbePhase.CONNECT);
        }
    }

    @Test
    void aServerThatDoesNotAnswerByTcpIsDown() throws Exception {
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> tcp ? List.of() : List.of(truncated(question)))) {
            assertThat(probing.probe("probe:dns", server("127.0.0.1", peer.port(), SHORT))
                            .explained())
                    .isEqualTo("L7TOUT: no answer from 127.0.0.1:" + peer.port() + " by TCP within 400 ms");
        }
        try (DatagramSocket only = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Verdict> verdict = probing.begin("probe:dns", server(only.getLocalPort()));
            DatagramPacket packet = received(only);
            send(only, truncated(new Message(packet.getData())), packet.getSocketAddress());

            assertThat(verdict.get(10, TimeUnit.SECONDS).explained())
                    .isEqualTo("L4CON: connection refused by 127.0.0.1:" + only.getLocalPort());
        }
        try (Peer closing = Peer.of(socket -> socket.getInputStream().read());
                DatagramSocket socket = new DatagramSocket(closing.port(), InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Verdict> verdict = probing.begin("probe:dns", server(closing.port()));
            DatagramPacket packet = received(socket);
            send(socket, truncated(new Message(packet.getData())), packet.getSocketAddress());

            assertThat(verdict.get(10, TimeUnit.SECONDS).explained())
                    .matches("L7RSP: connection (closed|reset) by 127.0.0.1:\\d+ before its answer by TCP");
        }
    }

    @Test
    void aPortWhereNobodyListensIsRefused() throws Exception {
        int port;
        try (DatagramSocket once = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            port = once.getLocalPort();
        }
        Verdict verdict = probing.probe("probe:dns", server(port));

        assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
        assertThat(verdict.explained()).isEqualTo("L4CON: connection refused by 127.0.0.1:" + port);
    }

    @Test
    void silenceIsDownAtTheDeadline() throws Exception {
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> List.of())) {
            Verdict verdict = probing.probe("probe:dns", server("127.0.0.1", peer.port(), SHORT));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
            assertThat(verdict.explained())
                    .isEqualTo("L7TOUT: no answer from 127.0.0.1:" + peer.port() + " within 400 ms");
            assertThat(peer.questions).hasValue(1);
        }
    }

    @Test
    void whatAnswersAnotherQuestionIsIgnored() throws Exception {
        DnsPeer.Manner others = (question, tcp) -> {
            Message otherId = DnsPeer.reply(question, record("A", "192.0.2.66"));
            otherId.getHeader().setID(question.getHeader().getID() ^ 1);
            Message otherQuestion = new Message(question.getHeader().getID());
            otherQuestion.getHeader().setFlag(Flags.QR);
            otherQuestion.addRecord(
                    Record.newRecord(Name.fromString("other.example."), Type.A, DClass.IN), Section.QUESTION);
            return List.of(
                    otherId.toWire(), otherQuestion.toWire(), question.toWire(), new byte[] {1, 2, 3}, new byte[0]);
        };
        try (DnsPeer peer = DnsPeer.of(others)) {
            assertThat(probing.probe("probe:dns", server("127.0.0.1", peer.port(), SHORT))
                            .explained())
                    .isEqualTo("L7TOUT: no answer from 127.0.0.1:" + peer.port()
                            + " within 400 ms, but 5 messages that answer another question");
        }
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> {
            List<byte[]> all = new ArrayList<>(others.answer(question, tcp));
            all.add(DnsPeer.reply(question, record("A", "192.0.2.1")).toWire());
            return all;
        })) {
            assertThat(probing.probe("probe:dns", server(peer.port())).explained())
                    .isEqualTo("L7OK: NOERROR, answers 192.0.2.1");
        }
    }

    @Test
    void anAnswerFromElsewhereIsNotHeard() throws Exception {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        try (DatagramSocket asked = new DatagramSocket(0, here);
                DatagramSocket another = new DatagramSocket(0, here)) {
            CompletableFuture<Verdict> verdict = probing.begin("probe:dns", server(asked.getLocalPort()));
            DatagramPacket packet = received(asked);
            Message question = new Message(packet.getData());
            send(another, DnsPeer.reply(question, record("A", "192.0.2.66")).toWire(), packet.getSocketAddress());
            send(asked, DnsPeer.reply(question, record("A", "192.0.2.1")).toWire(), packet.getSocketAddress());

            assertThat(verdict.get(10, TimeUnit.SECONDS).explained()).isEqualTo("L7OK: NOERROR, answers 192.0.2.1");
        }
    }

    @Test
    void anAnswerThatIsNoMessageIsDown() throws Exception {
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> {
            byte[] wire = DnsPeer.reply(question, record("A", "192.0.2.1")).toWire();
            return List.of(Arrays.copyOf(wire, wire.length - 3));
        })) {
            assertThat(probing.probe("probe:dns", server(peer.port())).explained())
                    .startsWith("L7RSP: 43 bytes that are no DNS message: ");
        }
    }

    @Test
    void aServerThatCannotReadTheQuestionNeedNotRepeatIt() throws Exception {
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> {
            Message reply = new Message(question.getHeader().getID());
            reply.getHeader().setFlag(Flags.QR);
            reply.getHeader().setRcode(Rcode.FORMERR);
            return List.of(reply.toWire());
        })) {
            assertThat(probing.probe("probe:dns", server(peer.port())).explained())
                    .isEqualTo("L7STS: FORMERR, expected NOERROR");
        }
    }

    @Test
    void aPublicNameThatIsNoneIsUnknown() {
        assertThat(probing.probe("probe:dns", server("127.0.0.1", 53, "", "a..b", SHORT))
                        .explained())
                .isEqualTo("SOCKERR: the public name \"a..b\" is no domain name");
    }

    @Test
    void eachProbeHasAPortAndAnIdOfItsOwn() throws Exception {
        Set<Integer> ids = ConcurrentHashMap.newKeySet();
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        InetAddress here = InetAddress.getByName("127.0.0.1");
        try (DatagramSocket socket = new DatagramSocket(0, here)) {
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Verdict> verdict = probing.begin("probe:dns", server(socket.getLocalPort()));
                DatagramPacket packet = received(socket);
                Message question = new Message(packet.getData());
                ids.add(question.getHeader().getID());
                ports.add(((InetSocketAddress) packet.getSocketAddress()).getPort());
                send(socket, DnsPeer.reply(question).toWire(), packet.getSocketAddress());
                assertThat(verdict.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(ProbeOutcome.UP);
            }
        }
        assertThat(ids).hasSizeGreaterThan(10);
        assertThat(ports).hasSizeGreaterThan(10);
    }

    @Test
    void aThousandSilentServersAreSettledTogetherByAFewThreads() throws Exception {
        try (DnsPeer peer = DnsPeer.of((question, tcp) -> List.of())) {
            List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                verdicts.add(probing.begin("probe:dns", server("127.0.0.1", peer.port(), SHORT)));
            }
            await().until(() -> peer.questions.get() > 0);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(it -> it.getName().startsWith("firstup-probe"))
                    .hasSizeLessThanOrEqualTo(4);
            CompletableFuture.allOf(verdicts.toArray(CompletableFuture[]::new)).get(15, TimeUnit.SECONDS);

            assertThat(verdicts).noneMatch(it -> it.join().outcome() == ProbeOutcome.UP);
        }
    }

    private static DatagramPacket received(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(10_000);
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        socket.receive(packet);
        packet.setData(Arrays.copyOf(packet.getData(), packet.getLength()));
        return packet;
    }

    private static void send(DatagramSocket from, byte[] message, SocketAddress to) throws IOException {
        from.send(new DatagramPacket(message, message.length, to));
    }

    private static Record record(String type, String value) throws IOException {
        return Record.fromString(Name.fromString("chat.example."), Type.value(type), DClass.IN, 60, value, Name.root);
    }

    private static byte[] failure(Message question, int rcode) {
        Message reply = DnsPeer.reply(question);
        reply.getHeader().setRcode(rcode);
        return reply.toWire();
    }

    private static byte[] truncated(Message question) {
        Message reply = DnsPeer.reply(question);
        reply.getHeader().setFlag(Flags.TC);
        return reply.toWire();
    }

    private static byte[] large(Message question) throws IOException {
        Message reply = DnsPeer.reply(question);
        for (int i = 0; i < 1_000; i++) {
            reply.addRecord(record("A", "10.0." + i / 256 + "." + i % 256), Section.ANSWER);
        }
        return reply.toWire();
    }
}
