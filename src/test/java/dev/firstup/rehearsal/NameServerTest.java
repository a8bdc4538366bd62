package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firstup.model.dns.RecordType;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class NameServerTest {
    private final Map<String, Map<RecordType, List<String>>> records = new HashMap<>(Map.of(
            "chat.rehearsal.test",
            Map.of(RecordType.A, List.of("192.0.2.10"), RecordType.AAAA, List.of("2001:db8::10")),
            "alias.rehearsal.test",
            Map.of(RecordType.CNAME, List.of("chat.rehearsal.test"))));
    private NameServer server;

    @BeforeEach
    void start() throws IOException {
        server = NameServer.start(0, "rehearsal.test", Duration.ofSeconds(1), records::get);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersWithWhatItIsTold() throws IOException {
        assertThat(answers("chat.rehearsal.test", Type.A)).containsExactly("chat.rehearsal.test. 1 A 192.0.2.10");
        assertThat(answers("chat.rehearsal.test", Type.AAAA))
                .containsExactly("chat.rehearsal.test. 1 AAAA 2001:db8:0:0:0:0:0:10");
        assertThat(answers("alias.rehearsal.test", Type.A))
                .containsExactly("alias.rehearsal.test. 1 CNAME chat.rehearsal.test.");
        records.put("chat.rehearsal.test", Map.of(RecordType.A, List.of("192.0.2.20")));
        assertThat(answers("chat.rehearsal.test", Type.A)).containsExactly("chat.rehearsal.test. 1 A 192.0.2.20");
    }

    @Test
    void isAnAuthorityThatDoesNotRecurse() throws IOException {
        Message answer = ask("chat.rehearsal.test", Type.A);
        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(answer.getHeader().getFlag(Flags.RA)).isFalse();
        assertThat(answer.getHeader().getFlag(Flags.RD)).isTrue();
    }

    @Test
    void knowsItsOwnZone() throws IOException {
        assertThat(answers("rehearsal.test", Type.NS)).containsExactly("rehearsal.test. 1 NS ns.rehearsal.test.");
        assertThat(answers("rehearsal.test", Type.SOA))
                .singleElement()
                .asString()
                .startsWith("rehearsal.test. 1 SOA ns.rehearsal.test. hostmaster.rehearsal.test.");
        assertThat(answers("ns.rehearsal.test", Type.A)).containsExactly("ns.rehearsal.test. 1 A 127.0.0.1");
    }

    @Test
    void keepsTheCaseOfTheQuestion() throws IOException {
        assertThat(answers("cHaT.Rehearsal.TEST", Type.A)).containsExactly("cHaT.Rehearsal.TEST. 1 A 192.0.2.10");
    }

    @Test
    void tellsAbsentNamesFromAbsentTypes() throws IOException {
        Message noType = ask("chat.rehearsal.test", Type.MX);
        assertThat(noType.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(noType.getSection(Section.ANSWER)).isEmpty();
        assertThat(noType.getSection(Section.AUTHORITY))
                .singleElement()
                .extracting(Record::getType)
                .isEqualTo(Type.SOA);
        Message noName = ask("gone.rehearsal.test", Type.A);
        assertThat(noName.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(noName.getSection(Section.AUTHORITY))
                .singleElement()
                .extracting(Record::getType)
                .isEqualTo(Type.SOA);
    }

    @Test
    void refusesWhatIsNotItsBusiness() throws IOException {
        assertThat(ask("example.org", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(ask("notrehearsal.test", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
        Message notify = question("chat.rehearsal.test", Type.A);
        notify.getHeader().setOpcode(Opcode.NOTIFY);
        assertThat(resolver().send(notify).getRcode()).isEqualTo(Rcode.NOTIMP);
    }

    @Test
    void fetchesByTcpWhatDoesNotFit() throws IOException {
        List<String> many =
                IntStream.range(1, 201).mapToObj(it -> "192.0.2." + it).toList();
        records.put("chat.rehearsal.test", Map.of(RecordType.A, many));
        SimpleResolver cut = resolver();
        cut.setIgnoreTruncation(true);
        assertThat(cut.send(question("chat.rehearsal.test", Type.A)).getHeader().getFlag(Flags.TC))
                .isTrue();
        assertThat(answers("chat.rehearsal.test", Type.A)).hasSize(200);
    }

    @Test
    void aWrongValueIsAServerFailure() throws IOException {
        records.put("chat.rehearsal.test", Map.of(RecordType.A, List.of("no address")));
        assertThat(ask("chat.rehearsal.test", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void survivesGarbage() throws IOException {
        Random random = new Random(1);
        byte[] question = question("chat.rehearsal.test", Type.A).toWire();
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 2000; i++) {
                byte[] garbage = question.clone();
                if (i % 2 == 0) {
                    garbage = new byte[random.nextInt(60)];
                    random.nextBytes(garbage);
                } else {
                    garbage[random.nextInt(garbage.length)] = (byte) random.nextInt();
                }
                socket.send(new DatagramPacket(garbage, garbage.length, server.address()));
            }
        }
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.getOutputStream().write(new byte[] {0, 3, 1, 2, 3});
            assertThat(socket.getInputStream().read()).as("closed").isEqualTo(-1);
        }
        // The kernel may drop a question while the garbage is still being read: whoever asks by UDP asks again.
        await().ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(
                        () -> assertThat(answers("chat.rehearsal.test", Type.A)).hasSize(1));
    }

    @Test
    void answersSeveralQuestionsOnOneConnection() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            byte[] query = question("chat.rehearsal.test", Type.A).toWire();
            for (int i = 0; i < 2; i++) {
                socket.getOutputStream().write(new byte[] {0, (byte) query.length});
                socket.getOutputStream().write(query);
            }
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 2; i++) {
                Message answer = new Message(in.readNBytes(in.readUnsignedShort()));
                assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
            }
        }
    }

    @Test
    void refusesAnUnknownVersionOfEdns() throws IOException {
        Message later = question("chat.rehearsal.test", Type.A);
        later.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);
        Message answer = resolver().send(later);
        assertThat(answer.getRcode()).isEqualTo(Rcode.BADVERS);
        assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    }

    @Test
    void canBeSilent() throws IOException {
        server.silence(true);
        for (boolean tcp : new boolean[] {false, true}) {
            SimpleResolver impatient = resolver();
            impatient.setTimeout(Duration.ofMillis(200));
            impatient.setTCP(tcp);
            assertThatThrownBy(() -> impatient.send(question("chat.rehearsal.test", Type.A)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Timed out");
        }
        server.silence(false);
        assertThat(answers("chat.rehearsal.test", Type.A)).hasSize(1);
    }

    @Test
    void saysWhichPortIsTaken() {
        int port = server.address().getPort();
        assertThatThrownBy(() -> NameServer.start(port, "rehearsal.test", Duration.ofSeconds(1), records::get))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + port);
    }

    private List<String> answers(String name, int type) throws IOException {
        return ask(name, type).getSection(Section.ANSWER).stream()
                .map(it ->
                        it.getName() + " " + it.getTTL() + " " + Type.string(it.getType()) + " " + it.rdataToString())
                .toList();
    }

    private Message ask(String name, int type) throws IOException {
        return resolver().send(question(name, type));
    }

    private static Message question(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN));
    }

    private SimpleResolver resolver() {
        SimpleResolver resolver = new SimpleResolver(server.address());
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver;
    }
}
