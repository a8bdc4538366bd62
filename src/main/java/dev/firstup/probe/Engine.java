package dev.firstup.probe;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The few threads, buffers and the resolver that all probes of one component share. */
final class Engine implements AutoCloseable {
    /** A deadline that is met later than this says nothing about the server. */
    private static final Duration LATE = Duration.ofMillis(250);

    private static final Duration RESOLVER_PATIENCE = Duration.ofSeconds(1);
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final NioEventLoopGroup loops;
    private final ThreadPoolExecutor slots;
    private final Programs plugins;
    private final Programs pings;
    private final ExecutorService verdicts;
    private final InetSocketAddress nameserver;
    private final ByteBufAllocator buffers = new PooledByteBufAllocator(true, 1, 1, 8192, 4, 16, 4, false);
    private final Set<Attempt> underWay = ConcurrentHashMap.newKeySet();
    private DnsAddressResolverGroup names;
    private volatile boolean closed;

    /**
     * @param threads for the network
     * @param slots how many foreign probes may run at once
     * @param plugins how many plugins may run at once
     * @param pings how many echoes may be awaited at once
     * @param nameserver where names are looked up; null for where this machine does
     */
    Engine(int threads, int slots, int plugins, int pings, InetSocketAddress nameserver) {
        this.nameserver = nameserver;
        loops = new NioEventLoopGroup(threads, new DefaultThreadFactory("firstup-probe", true));
        this.slots = new ThreadPoolExecutor(
                0,
                slots,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new DefaultThreadFactory("firstup-foreign", true));
        this.plugins = new Programs("plugins", plugins);
        this.pings = new Programs("pings", pings);
        // What routes do with a verdict may block, and must not make the next probe late.
        verdicts = Executors.newSingleThreadExecutor(new DefaultThreadFactory("firstup-verdicts", true));
    }

    /** Begins a probe of {@code server}. Its verdict is told once, maybe at once, on a thread that must not block. */
    void probe(Server server, Check check, Consumer<Verdict> told) {
        Attempt attempt = new Attempt(server, (settled, verdict) -> {
            underWay.remove(settled);
            told.accept(verdict);
        });
        underWay.add(attempt);
        if (closed) {
            attempt.settle(stopped());
        }
        try {
            check.begin(attempt, this);
        } catch (RuntimeException e) {
            attempt.settle(Finding.unknown("cannot probe " + server.host() + ": " + e.getMessage()));
        }
    }

    EventLoop loop() {
        return loops.next();
    }

    /** Where foreign probes run; it refuses what it has no free thread for. */
    Executor slots() {
        return slots;
    }

    int slotsAtMost() {
        return slots.getMaximumPoolSize();
    }

    /** Where plugins run. */
    Programs plugins() {
        return plugins;
    }

    /** Where pings run. */
    Programs pings() {
        return pings;
    }

    ByteBufAllocator buffers() {
        return buffers;
    }

    Future<InetSocketAddress> resolve(EventLoop loop, String host, int port) {
        return names().getResolver(loop).resolve(InetSocketAddress.createUnresolved(host, port));
    }

    /** Settles with what {@code expired} says once {@code timeout} is over, or says that it was this machine that was late. */
    ScheduledFuture<?> deadline(EventLoop loop, Duration timeout, Supplier<Finding> expired, Consumer<Finding> settle) {
        long due = System.nanoTime() + timeout.toNanos();
        return loop.schedule(
                () -> {
                    Duration late = Duration.ofNanos(System.nanoTime() - due);
                    settle.accept(
                            late.compareTo(LATE) > 0
                                    ? Finding.unknown("this machine was " + late.toMillis() + " ms late")
                                    : expired.get());
                },
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Ends what is under way as unknown, and every thread. */
    @Override
    public void close() {
        closed = true;
        underWay.forEach(attempt -> attempt.settle(stopped()));
        slots.shutdownNow();
        plugins.close();
        pings.close();
        loops.shutdownGracefully(0, FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(FAREWELL.toMillis());
        synchronized (this) {
            if (names != null) {
                names.close();
            }
        }
        verdicts.shutdown();
        try {
            verdicts.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean closed() {
        return closed;
    }

    static Finding stopped() {
        return Finding.unknown("this monitor is stopping");
    }

    /** Hands verdicts on, one call after the other, on a thread that may block. */
    void tell(Runnable verdict) {
        try {
            verdicts.execute(verdict);
        } catch (RejectedExecutionException e) {
            verdict.run();
        }
    }

    /** The same, once this thread is through with all that it has just received: waking another is dear. */
    void tellTogether(Runnable verdicts) {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                loop.execute(() -> tell(verdicts));
                return;
            }
        }
        tell(verdicts);
    }

    /** Most monitors probe addresses only, and do without its memory. */
    private synchronized DnsAddressResolverGroup names() {
        if (names == null) {
            DnsNameResolverBuilder builder = new DnsNameResolverBuilder()
                    .datagramChannelType(NioDatagramChannel.class)
                    .socketChannelType(NioSocketChannel.class)
                    .queryTimeoutMillis(RESOLVER_PATIENCE.toMillis());
            names = new DnsAddressResolverGroup(
                    nameserver == null
                            ? builder
                            : builder.nameServerProvider(new SingletonDnsServerAddressStreamProvider(nameserver)));
        }
        return names;
    }
}
