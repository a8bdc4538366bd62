package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.component.netty.NettyConstants;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** {@code routes/rehearsal/dns.camel.yaml} by itself: what real datagrams and connections get, proper and not. */
class DnsRouteTest extends DnsRouteSupport {
    private static final Path DIG = Path.of("/usr/bin/dig");
    private static final int MANGLED = 10_000;
    private static final int LONGEST_QUERY = 4094;
    private static final int MOST_CONNECTIONS = 64;

    @Test
    void bothRoutesAnswer() throws IOException {
        assertThat(context.getRoutes()).extracting(it -> it.getId()).containsExactly(TCP, UDP);
        for (boolean tcp : new boolean[] {false, true}) {
            SimpleResolver resolver = new SimpleResolver(address);
            resolver.setTCP(tcp);
            Queries.isRight(resolver.send(Queries.question(Queries.NAME, Type.A)));
        }
    }

    @Test
    void digIsAnswered() throws Exception {
        assertThat(dig("+short", Queries.NAME)).isEqualTo("192.0.2.10\n");
        assertThat(dig("+short", "+tcp", Queries.NAME, "AAAA")).isEqualTo("2001:db8::10\n");
        assertThat(dig("+short", "+tcp", "+keepopen", Queries.NAME, Queries.LARGE))
                .hasLineCount(201);
        assertThat(dig("+short", "+noedns", Queries.LARGE))
                .as("truncated, then asked by TCP")
                .hasLineCount(200);
        assertThat(dig("+ignore", "+notcp", Queries.LARGE)).containsPattern("flags: qr aa tc rd");
        assertThat(dig(Queries.NAME)).contains("status: NOERROR", "flags: qr aa rd", "udp: 1232");
        assertThat(dig("+edns=1", "+noednsnegotiation", Queries.NAME)).contains("status: BADVERS");
        assertThat(dig("+opcode=notify", Queries.NAME)).contains("status: NOTIMP");
        assertThat(dig("example.org")).contains("status: REFUSED");
        assertThat(dig("gone.rehearsal.test")).contains("status: NXDOMAIN", "SOA");
        assertThat(dig(Queries.NAME, "TYPE65280")).contains("status: NOERROR", "ANSWER: 0", "SOA");
    }

    private String dig(String... words) throws IOException, InterruptedException {
        if (!Files.isExecutable(DIG)) {
            String message = "not installed: apt-get install bind9-dnsutils";
            Object skipped = "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
            assertThat(skipped).isNull();
        }
        List<String> command = new ArrayList<>(List.of(
                DIG.toString(), "@" + address.getAddress().getHostAddress(), "-p", "" + address.getPort(), "+time=5"));
        command.addAll(List.of(words));
        Process dig = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(dig.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(dig.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void anExceptionIsNotTheEndOfTheServer() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        everyExchange(UDP, exchange -> {
            if (broken.getAndSet(false)) {
                throw new StackOverflowError();
            }
        });
        answersByUdp();
        broken.set(true);
        try (Datagrams datagrams = new Datagrams()) {
            datagrams.send(Queries.question(Queries.NAME, Type.A).toWire());
            await().atMost(PATIENCE).untilFalse(broken);
        }
        answersByUdp();
    }

    @Test
    void anExceptionInTheNetworkIsNotTheEndOfTheServer() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        everyExchange(UDP, exchange -> {
            if (broken.getAndSet(false)) {
                exchange.getMessage()
                        .getHeader(NettyConstants.NETTY_CHANNEL_HANDLER_CONTEXT, ChannelHandlerContext.class)
                        .pipeline()
                        .fireExceptionCaught(new SocketException("broken"));
            }
        });
        broken.set(true);
        answersByUdp();
        assertThat(broken).isFalse();
        answersByUdp();
    }

    @Test
    void manyQueriesOnOneConnectionAreAnsweredInTheirOrder() throws IOException {
        NotifyBuilder done = new NotifyBuilder(context)
                .fromRoute(TCP)
                .whenExactlyCompleted(500)
                .create();
        List<Integer> asked = new ArrayList<>();
        try (Connection connection = new Connection()) {
            for (int i = 0; i < 500; i++) {
                Message query = Queries.question(i % 2 == 0 ? Queries.NAME : "gone.rehearsal.test", Type.A);
                asked.add(query.getHeader().getID());
                connection.send(query.toWire());
            }
            List<Integer> answered = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                answered.add(connection.receive().getHeader().getID());
            }
            assertThat(answered).isEqualTo(asked);
        }
        assertThat(done.matches(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aQueryMayComeInPieces() throws IOException {
        byte[] query = Queries.question(Queries.NAME, Type.A).toWire();
        try (Connection connection = new Connection()) {
            connection.out.write(0);
            connection.out.flush();
            connection.out.write(query.length);
            connection.out.write(query, 0, 5);
            connection.out.flush();
            connection.out.write(query, 5, query.length - 5);
            connection.out.flush();
            Queries.isRight(connection.receive());
        }
    }

    @Test
    void whatIsTooLongIsNotRead() throws IOException {
        Message query = Queries.question(Queries.NAME, Type.A);
        try (Connection connection = new Connection()) {
            connection.send(Arrays.copyOf(query.toWire(), LONGEST_QUERY));
            assertThat(connection.receive().getHeader().getID())
                    .isEqualTo(query.getHeader().getID());
            connection.out.writeShort(LONGEST_QUERY + 1);
            connection.out.flush();
            // Long before it would be for saying nothing.
            assertThat(connection.isClosed(Duration.ofSeconds(5))).isTrue();
        }
    }

    /** Without a setting, as in the rehearsal itself. */
    @Test
    void connectionsAreFewAndNotHeldForEver() throws IOException {
        List<Connection> held = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_CONNECTIONS; i++) {
                held.add(new Connection());
            }
            try (Connection another = new Connection()) {
                another.ask();
                assertThat(held.get(0).isClosed(Duration.ofSeconds(2))).isTrue();
                held.get(1).ask();
                assertThat(another.isClosed()).isTrue();
            }
        } finally {
            for (Connection connection : held) {
                connection.close();
            }
        }
    }

    @Test
    void tenThousandMangledDatagramsAndThenAnAnswer() throws IOException {
        Random random = new Random(18);
        try (Datagrams datagrams = new Datagrams()) {
            for (int i = 1; i <= MANGLED; i++) {
                datagrams.send(Queries.mangled(random));
                // Often enough that none is lost before it is read.
                if (i % 50 == 0) {
                    datagrams.ask();
                }
            }
        }
        answersByUdp();
    }

    @Test
    void tenThousandMangledMessagesOnConnectionsAndThenAnAnswer() throws IOException {
        Random random = new Random(18);
        Connection connection = new Connection();
        for (int i = 0; i < MANGLED; i++) {
            byte[] mangled = Queries.mangled(random);
            boolean lies = random.nextInt(50) == 0;
            if (!lies && mangled.length <= LONGEST_QUERY && ZoneAnswers.isQuery(mangled)) {
                connection.send(mangled);
                Queries.hold(mangled, connection.bytes(), Message.MAXLENGTH);
                connection.ask();
                continue;
            }
            if (lies) {
                connection.takes(random.nextInt(0x100), random.nextInt(0x100));
                connection.takes(mangled);
            } else {
                connection.takes(mangled.length >> 8, mangled.length & 0xff);
                connection.takes(mangled);
                assertThat(connection.isClosed())
                        .as("hung up on after %s", mangled)
                        .isTrue();
            }
            connection.close();
            connection = new Connection();
        }
        connection.close();
        answersByUdp();
        answersByTcp();
    }

    private void everyExchange(String route, Processor processor) throws Exception {
        AdviceWith.adviceWith(context, route, it -> it.weaveAddFirst().process(processor));
    }
}
