package dev.firstup.probe;

import static dev.firstup.probe.Probing.GENEROUS;
import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Servers that are probed by name: it is looked up without a thread, and one of its addresses is probed, never another. */
class NamedServersTest {
    private final Probing probing = new Probing();
    private DnsPeer names;

    @BeforeEach
    void start() throws IOException {
        names = DnsPeer.of((question, tcp) -> {
            String name = question.getQuestion().getName().toString();
            int type = question.getQuestion().getType();
            return name.startsWith("silent")
                    ? List.of()
                    : type == Type.A && !name.startsWith("six")
                            ? reply(question, Type.A, "127.0.0.1")
                            : type == Type.AAAA ? reply(question, Type.AAAA, "::1") : reply(question, type, null);
        });
        probing.context().getComponent("probe", ProbeComponent.class).setNameserver("127.0.0.1:" + names.port());
    }

    @AfterEach
    void stop() {
        probing.close();
        if (names != null) {
            names.close();
        }
    }

    private static Peer six() throws IOException {
        assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null, "this machine has no IPv6");
        return Peer.at("::1", Peer.silent());
    }

    @Test
    void theOtherFamilyDoesNotHelpAServerThatRefuses() throws Exception {
        try (Peer six = six()) {
            assumeTrue(isFree("127.0.0.1", six.port()));

            Verdict verdict = probing.probe("probe:tcp", server("both.example", six.port(), GENEROUS));

            assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.DOWN);
            assertThat(verdict.explained())
                    .isEqualTo("L4CON: connection refused by both.example:" + six.port() + " (127.0.0.1)");
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.RESOLVE, ProbePhase.CONNECT);
        }
    }

    @Test
    void aNameMayHaveOneFamilyOnly() throws Exception {
        try (Peer six = six()) {
            assertThat(probing.probe("probe:tcp", server("six.example", six.port(), GENEROUS))
                            .explained())
                    .matches("L4OK: connected to six.example:" + six.port() + " \\((::1|0:0:0:0:0:0:0:1)\\)");
        }
    }

    @Test
    void aNameServerIsFoundByNameToo() throws Exception {
        Verdict dns = probing.probe("probe:dns?name=both.example", server("both.example", names.port(), GENEROUS));
        assertThat(dns.explained()).isEqualTo("L7OK: NOERROR, answers 127.0.0.1");
        assertThat(dns.phases()).containsOnlyKeys(ProbePhase.RESOLVE, ProbePhase.RESPONSE);

        assertThat(probing.probe("probe:dns", server("silent.example", names.port(), SHORT))
                        .explained())
                .isEqualTo("SOCKERR: silent.example was not resolved within 400 ms");
        assertThat(probing.probe("probe:dns?name=silent.example", server("both.example", names.port(), SHORT))
                        .explained())
                .isEqualTo("L7TOUT: no answer from both.example:" + names.port() + " (127.0.0.1) within 400 ms");
    }

    @Test
    void aThousandNamesThatNobodyKnowsSayNothingAboutTheirServers() throws Exception {
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            verdicts.add(probing.begin("probe:tcp", server("silent" + i + ".example", 5222, SHORT.multipliedBy(3))));
        }
        CompletableFuture<Verdict> known =
                probing.begin("probe:dns?name=both.example", server("127.0.0.1", names.port(), GENEROUS));

        CompletableFuture.allOf(verdicts.toArray(CompletableFuture[]::new)).get(15, TimeUnit.SECONDS);
        assertThat(verdicts).allSatisfy(it -> assertThat(it.join().outcome()).isEqualTo(ProbeOutcome.UNKNOWN));
        assertThat(known.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(ProbeOutcome.UP);
    }

    private static List<byte[]> reply(Message question, int type, String value) throws IOException {
        if (value == null) {
            return List.of(DnsPeer.reply(question).toWire());
        }
        Name name = question.getQuestion().getName();
        Record record = Record.fromString(name, type, DClass.IN, 60, value, Name.root);
        return List.of(DnsPeer.reply(question, record).toWire());
    }

    private static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
