package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.time.DurationText;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * None, a tenth, half and all of the servers never answer: those that do are never down, and every probe ends. With
 * bench/black-holes ten thousand servers, and in its time; here a few hundred, on a machine that may be late.
 */
class BlackHolesIT {
    private static final int SERVERS = Integer.getInteger("firstup.servers", 400);
    private static final int ROUNDS = Integer.getInteger("firstup.rounds", 1);
    private static final Duration INTERVAL = Duration.ofMillis(Integer.getInteger("firstup.interval", 1000));
    private static final Duration TIMEOUT = Duration.ofMillis(Integer.getInteger("firstup.timeout", 2000));
    private static final Duration TICK = Duration.ofMillis(50);
    /** How much later than its time-out a probe may end, from when it was due. */
    private static final Duration SLACK = Duration.ofMillis(500);
    /** So many may end later than that. */
    private static final long LATE = Long.getLong("firstup.late", Long.MAX_VALUE);

    private final Probing probing = new Probing();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Queue<Verdict> verdicts = new ConcurrentLinkedQueue<>();
    private final Queue<Duration> took = new ConcurrentLinkedQueue<>();
    private volatile long[] due;
    private volatile CountDownLatch left;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        probing.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:due").to("probe:batch");
                from("probe:verdicts").process(it -> {
                    long now = System.nanoTime();
                    for (Object each : it.getMessage().getBody(List.class)) {
                        Verdict verdict = (Verdict) each;
                        verdicts.add(verdict);
                        took.add(Duration.ofNanos(
                                now - due[Integer.parseInt(verdict.server().substring(1))]));
                        left.countDown();
                    }
                });
            }
        });
        template = probing.context().createProducerTemplate();
    }

    @AfterEach
    void stop() throws Exception {
        probing.close();
        ticks.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
        for (AutoCloseable it : open) {
            it.close();
        }
    }

    @Test
    void noneOfThemMakesAnotherDown() throws Exception {
        int healthy = listen("HTTP/1.1 204 No Content\r\n\r\n");
        int silent = listen(null);
        int dropping = dropping();
        System.out.printf(
                "%d servers, each %s, time-out %s%n%-9s %6s %8s %8s %8s %9s %9s %10s%n",
                SERVERS,
                DurationText.exact(INTERVAL),
                DurationText.exact(TIMEOUT),
                "holes",
                "share",
                "probes",
                "up",
                "unknown",
                "over, ms",
                "late",
                "well, down");
        round("none", healthy, silent, 0);
        for (int share : new int[] {10, 50, 100}) {
            round("silent", healthy, silent, share);
        }
        for (int share : new int[] {10, 50, 100}) {
            round("dropping", healthy, dropping, share);
        }
    }

    private void round(String holes, int healthy, int hole, int share) throws Exception {
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            servers.add(server((i % 100 < share ? "h" : "w") + i, i % 100 < share ? hole : healthy));
        }
        verdicts.clear();
        took.clear();
        due = new long[SERVERS];
        for (int i = 0; i < ROUNDS; i++) {
            left = new CountDownLatch(SERVERS);
            probe(servers);
            assertThat(left.await(60, TimeUnit.SECONDS)).as("every probe ends").isTrue();
        }
        long up =
                verdicts.stream().filter(it -> it.outcome() == ProbeOutcome.UP).count();
        long unknown = verdicts.stream()
                .filter(it -> it.outcome() == ProbeOutcome.UNKNOWN)
                .count();
        long wellDown = verdicts.stream()
                .filter(it -> it.server().startsWith("w") && it.outcome() == ProbeOutcome.DOWN)
                .count();
        long late = took.stream()
                .filter(it -> it.compareTo(TIMEOUT.plus(SLACK)) > 0)
                .count();
        Duration worst = Collections.max(took).minus(TIMEOUT);
        System.out.printf(
                "%-9s %5d%% %8d %8d %8d %9s %9d %10d%n",
                holes,
                share,
                verdicts.size(),
                up,
                unknown,
                worst.isNegative() ? "-" : worst.toMillis(),
                late,
                wellDown);

        assertThat(verdicts).hasSize(SERVERS * ROUNDS);
        assertThat(wellDown).as("healthy servers found down").isZero();
        // A machine that is late does not know, but not for most of the time.
        assertThat(up).as("healthy servers found up").isGreaterThanOrEqualTo((100L - share) * SERVERS * ROUNDS / 200);
        assertThat(late).as("probes that ended late").isLessThanOrEqualTo(LATE);
        assertThat(verdicts)
                .filteredOn(it -> it.server().startsWith("h"))
                .allMatch(it ->
                        it.outcome() == ProbeOutcome.UNKNOWN || it.code().name().endsWith("TOUT"));
    }

    /** As the routes do: every tick those that are due, spread over the interval. */
    private void probe(List<Server> servers) {
        long start = System.nanoTime();
        for (int i = 0; i < SERVERS; i++) {
            due[i] = start + INTERVAL.toNanos() / SERVERS * i;
        }
        AtomicInteger next = new AtomicInteger();
        ticks.scheduleAtFixedRate(
                () -> {
                    int from = next.get();
                    int to = from;
                    while (to < SERVERS && due[to] - System.nanoTime() <= 0) {
                        to++;
                    }
                    next.set(to);
                    if (to > from) {
                        template.sendBody("direct:due", servers.subList(from, to));
                    }
                    if (to == SERVERS) {
                        // Ends this schedule, and nothing else.
                        throw new IllegalStateException("all are under way");
                    }
                },
                0,
                TICK.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** A server that says {@code answer} to whatever it hears, or for null takes every connection and says nothing. */
    private int listen(String answer) throws Exception {
        ByteBuf bytes = answer == null
                ? null
                : Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII));
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 8192)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object message) {
                                ((ByteBuf) message).release();
                                if (bytes != null) {
                                    context.writeAndFlush(bytes.duplicate());
                                }
                            }

                            @Override
                            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                                context.close();
                            }
                        });
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** The queue of those that it has not accepted is full: the system drops every other packet that asks for a connection. */
    private int dropping() throws IOException {
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        open.add(listener);
        for (int i = 0; i < 4; i++) {
            java.nio.channels.SocketChannel filler = java.nio.channels.SocketChannel.open();
            filler.configureBlocking(false);
            filler.connect(listener.getLocalSocketAddress());
            open.add(filler);
        }
        return listener.getLocalPort();
    }

    private static Server server(String name, int port) {
        return new Server(
                "chat",
                7,
                name,
                Map.of(RecordType.A, "192.0.2.10"),
                "probe:http",
                "127.0.0.1",
                port,
                "/",
                "chat.example",
                TIMEOUT);
    }
}
