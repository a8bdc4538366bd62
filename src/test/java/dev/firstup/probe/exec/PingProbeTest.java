package dev.firstup.probe.exec;

import static dev.firstup.probe.Probing.GENEROUS;
import static dev.firstup.probe.Probing.SHORT;
import static dev.firstup.probe.Probing.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.probe.ProbeComponent;
import dev.firstup.probe.Probing;
import dev.firstup.probe.Verdicts;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.ProcessRunner;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PingProbeTest {
    @TempDir
    Path folder;

    private final Probing probing = new Probing();

    @AfterEach
    void stop() {
        probing.close();
    }

    @Test
    void whatPingSaysIsUnderstood() throws Exception {
        ping();
        Verdicts table = new Verdicts("ping");
        try {
            Verdict verdict = probing.probe("probe:icmp", server(0));
            assertThat(table.note("up, IPv4", verdict)).matches("L4OK: echo from 127[.]0[.]0[.]1 in [0-9.]+ ms");
            assertThat(verdict.phases()).containsOnlyKeys(ProbePhase.RESPONSE);
            if (NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null) {
                assertThat(table.note("up, IPv6", probing.probe("probe:icmp", server("::1", 0, GENEROUS))))
                        .startsWith("L4OK: echo from ::1 in ");
            }
            assertThat(table.note("silent", probe(script("exec sleep 300"), server("127.0.0.1", 0, SHORT))))
                    .isEqualTo("L4TOUT: no echo from 127.0.0.1 within 400 ms");
        } finally {
            table.print();
        }
    }

    @Test
    void whoMayNotSendEchoesIsToldWhatToSet() throws Exception {
        Path own = Files.copy(ping(), folder.resolve("ping"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become somebody else");
        try (BufferedReader range = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/ping_group_range"))) {
            assumeTrue(range.readLine().startsWith("1\t0"), "everybody may send echoes here");
        }

        // A copy has no capability, and nobody has none either.
        Verdict verdict =
                probe(script("exec setpriv --reuid=65534 --regid=65534 --clear-groups " + own + " \"$@\""), server(0));

        assertThat(verdict.outcome()).isEqualTo(ProbeOutcome.UNKNOWN);
        assertThat(verdict.reason()).contains("net.ipv4.ping_group_range", "cap_net_raw");
        Verdicts table = new Verdicts("ping");
        table.note("not allowed", verdict);
        table.print();
    }

    @Test
    void aMachineWithoutItIsToldSo() {
        assertThatThrownBy(() -> PingProber.of(Stream.of(folder.resolve("ping"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("this machine has no ping, which sends the echoes: install it"
                        + " (Debian: apt-get install iputils-ping)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.031 ms | L4OK: echo from 192.0.2.1 in 0.031 ms",
                "0 | 64 bytes from 192.0.2.1: seq=0 ttl=64 time<1ms | L4OK: echo from 192.0.2.1 in 1 ms",
                "1 | 1 packets transmitted, 0 received | L4TOUT: no echo from 192.0.2.1",
                "1 | From 198.51.100.1 icmp_seq=1 Destination Host Unreachable | L4CON: no route to 192.0.2.1: From 198.51.100.1 icmp_seq=1 Destination Host Unreachable",
                "1 | From 198.51.100.1 icmp_seq=1 Packet filtered | L4CON: no route to 192.0.2.1: From 198.51.100.1 icmp_seq=1 Packet filtered",
                "1 | ping: sendmsg: Operation not permitted | SOCKERR: this machine's own firewall lets no echo out to 192.0.2.1",
                "2 | ping: connect: Network is unreachable | SOCKERR: ping: connect: Network is unreachable",
                "2 | ping: connect: No route to host | L4CON: no route to 192.0.2.1",
                "2 | ping: socktype: SOCK_RAW ping: socket: Operation not permitted | SOCKERR: ping may not send echoes: set net.ipv4.ping_group_range to \"0 2147483647\" (sysctl), or give ping the capability cap_net_raw",
                "1 | ping: permission denied (are you root?) | SOCKERR: ping may not send echoes: set net.ipv4.ping_group_range to \"0 2147483647\" (sysctl), or give ping the capability cap_net_raw",
                "2 | '' | SOCKERR: ping ended with exit status 2",
            })
    void eachEndHasItsMeaning(int exit, String output, String expected) {
        ProbeResult result = PingProber.judge(new ProcessRunner.End(exit, output, ""), "192.0.2.1");

        assertThat(result.code() + ": " + result.reason()).isEqualTo(expected);
    }

    @Test
    void pingsAreNeverMoreThanAreAllowed() throws Exception {
        probing.context().getComponent("probe", ProbeComponent.class).setPings(1);
        Path slow = script("echo x > " + folder.resolve("begun") + "; exec sleep 300");
        CompletableFuture<Verdict> first = begin(slow, server("127.0.0.1", 0, SHORT.multipliedBy(10)));
        await().until(() -> Files.exists(folder.resolve("begun")));

        assertThat(probe(slow, server("127.0.0.1", 0, SHORT)).explained())
                .isEqualTo("SOCKERR: no free slot among 1 for pings");
        assertThat(first.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(ProbeOutcome.DOWN);
    }

    private CompletableFuture<Verdict> begin(Path ping, Server server) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        probing.context()
                .getComponent("probe", ProbeComponent.class)
                .engine()
                .probe(server, new PingProber(ping), verdict::complete);
        return verdict;
    }

    private Verdict probe(Path ping, Server server) throws Exception {
        return begin(ping, server).get(20, TimeUnit.SECONDS);
    }

    private Path script(String text) throws IOException {
        Path script = folder.resolve("script");
        Files.writeString(script, "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path ping() {
        try {
            return PingProber.ofSystem().ping();
        } catch (IllegalArgumentException e) {
            return "true".equals(System.getenv("CI")) ? fail(e.getMessage()) : abort(e.getMessage());
        }
    }
}
