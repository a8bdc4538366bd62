package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

/** How many connections the DNS server of {@code routes/rehearsal/dns.camel.yaml} holds, how long, and for whom. */
class DnsBoundsTest extends DnsRouteSupport {
    private static final int CONNECTIONS = 4;
    private static final Duration IDLE = Duration.ofSeconds(2);

    @Override
    Map<String, String> settings() {
        return Map.of(
                "firstup.rehearsal.dns.connections",
                Integer.toString(CONNECTIONS),
                "firstup.rehearsal.dns.idle",
                IDLE.toMillis() + "ms");
    }

    @Test
    void whoSaysNothingIsHungUpOn() throws IOException {
        try (Connection silent = new Connection();
                Connection half = new Connection();
                Connection part = new Connection()) {
            half.out.write(0);
            half.out.flush();
            part.out.write(new byte[] {0, 40, 1, 2, 3});
            part.out.flush();
            assertThat(silent.isClosed(IDLE.multipliedBy(2))).isTrue();
            assertThat(half.isClosed(IDLE)).isTrue();
            assertThat(part.isClosed(IDLE)).isTrue();
        }
        answersByUdp();
        answersByTcp();
    }

    @Test
    void aByteNowAndThenIsNoQuery() throws IOException {
        long begun = System.nanoTime();
        try (Connection connection = new Connection()) {
            connection.out.writeShort(256);
            // Fewer than the 256 that it has promised.
            boolean closed = false;
            for (int i = 0; i < 200 && !closed; i++) {
                closed = connection.isClosed(Duration.ofMillis(50)) || !connection.takes(0);
            }
            assertThat(closed).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(IDLE.minusMillis(50));
    }

    @Test
    void whoAsksNowAndThenIsNotHungUpOn() throws IOException {
        long begun = System.nanoTime();
        try (Connection connection = new Connection()) {
            while (System.nanoTime() - begun < IDLE.multipliedBy(2).toNanos()) {
                assertThat(connection.isClosed(IDLE.dividedBy(4))).isFalse();
                connection.ask();
            }
        }
    }

    @Test
    void whoHasLeftCountsNoMore() throws IOException {
        try (Connection held = new Connection()) {
            held.ask();
            for (int i = 0; i < 2 * CONNECTIONS; i++) {
                answersByTcp();
                // On the same thread: once this is answered, it is known there that the connection was closed.
                answersByUdp();
            }
            held.ask();
        }
    }

    @Test
    void whoOnlyHoldsConnectionsKeepsNobodyOut() throws IOException {
        List<Connection> held = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                held.add(new Connection());
                held.get(i).ask();
            }
            // The one that asked last is the first to have come.
            held.get(0).ask();
            try (Connection another = new Connection()) {
                another.ask();
                // Before it would be for saying nothing.
                assertThat(held.get(1).isClosed(IDLE.dividedBy(4))).isTrue();
                held.get(0).ask();
            }
        } finally {
            for (Connection connection : held) {
                connection.close();
            }
        }
    }

    @Test
    void whoReadsNoAnswersIsHungUpOn() throws IOException {
        byte[] query = Queries.question(Queries.LARGE, Type.A).toWire();
        try (Connection connection = new Connection()) {
            // Its queries are no longer read while its answers wait, so that one of these has to wait as well, until
            // the end.
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000_000; i++) {
                            connection.send(query);
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
        answersByTcp();
    }
}
