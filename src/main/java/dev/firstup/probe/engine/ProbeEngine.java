package dev.firstup.probe.engine;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The few threads, buffers and the resolver that all probes of one component share. */
public final class ProbeEngine implements AutoCloseable {
    private static final Duration RESOLVER_PATIENCE = Duration.ofSeconds(1);
    private static final int TASKS = 10_000;
    /** A file may lie on a disk that hangs: it holds up one of these. */
    private static final int ASIDE = 4;

    private static final Duration FAREWELL = Duration.ofSeconds(5);
    private static final int TENTH = 10;

    private final NioEventLoopGroup loops;
    private final ForeignSlots slots;
    private final ThreadPoolExecutor aside = pool(ASIDE, "aside");
    private final ThreadPoolExecutor replies;
    private final ProcessRunner plugins;
    private final ProcessRunner pings;
    private final ExecutorService verdicts;
    private final @Nullable InetSocketAddress nameserver;
    private final ByteBufAllocator buffers = new PooledByteBufAllocator(true, 1, 1, 8192, 4, 16, 4, false);
    private final Set<ProbeAttempt> underWay = ConcurrentHashMap.newKeySet();
    private final Map<EventExecutor, Watch> watches = new HashMap<>();
    private final DescriptorBudget descriptors;
    private @Nullable DnsAddressResolverGroup names;
    private volatile boolean closed;

    /** What is known of one thread of the network. */
    private record Watch(EventLoopMonitor loopMonitor, DescriptorBudget.Closed closed) {
        void beat() {
            loopMonitor.beat();
            closed.turn();
        }
    }

    /**
     * @param threads for the network
     * @param slots how many foreign probes may run at once
     * @param plugins how many plugins may run at once
     * @param pings how many echoes may be awaited at once
     * @param nameserver where names are looked up; null for where this machine does
     * @param descriptors what sockets are made of
     */
    public ProbeEngine(
            int threads,
            int slots,
            int plugins,
            int pings,
            @Nullable InetSocketAddress nameserver,
            DescriptorBudget descriptors) {
        this.nameserver = nameserver;
        this.descriptors = descriptors;
        loops = new NioEventLoopGroup(threads, new DefaultThreadFactory("firstup-probe", true));
        loops.forEach(it -> watches.put(it, new Watch(new EventLoopMonitor(System::nanoTime), descriptors.closed())));
        watches.forEach((loop, watch) -> loop.scheduleWithFixedDelay(
                watch::beat, EventLoopMonitor.BEAT.toNanos(), EventLoopMonitor.BEAT.toNanos(), TimeUnit.NANOSECONDS));
        this.slots = new ForeignSlots(slots);
        replies = pool(slots, "replies");
        this.plugins = new ProcessRunner("plugins", plugins);
        this.pings = new ProcessRunner("pings", pings);
        // What routes do with a verdict may block, and must not make the next probe late.
        verdicts = Executors.newSingleThreadExecutor(new DefaultThreadFactory("firstup-verdicts", true));
    }

    private static ThreadPoolExecutor pool(int threads, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(TASKS),
                new DefaultThreadFactory("firstup-" + name, true));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Begins a probe of {@code server}. Its verdict is told once, maybe at once, on a thread that must not block. */
    public void probe(Server server, Prober check, Consumer<Verdict> told) {
        ProbeAttempt attempt = new ProbeAttempt(server, (settled, verdict) -> {
            underWay.remove(settled);
            told.accept(verdict);
        });
        underWay.add(attempt);
        if (closed) {
            attempt.settle(stopped());
        }
        try {
            check.begin(attempt, this);
        } catch (RuntimeException | Error e) {
            attempt.settle(ProbeResult.unknown("cannot probe " + server.host() + ": " + ReasonText.reason(e)));
        }
    }

    public EventLoop loop() {
        return loops.next();
    }

    /** Where foreign probes run. */
    public ForeignSlots slots() {
        return slots;
    }

    /** Where is done what would hold the network's threads up: files are read, keys computed. */
    public Executor aside() {
        return aside;
    }

    /** Where plugins run. */
    public ProcessRunner plugins() {
        return plugins;
    }

    /** Where pings run. */
    public ProcessRunner pings() {
        return pings;
    }

    public ByteBufAllocator buffers() {
        return buffers;
    }

    public Future<InetSocketAddress> resolve(EventLoop loop, String host, int port) {
        return names().getResolver(loop).resolve(InetSocketAddress.createUnresolved(host, port));
    }

    /**
     * Settles with what {@code expired} says once {@code timeout} is over, or says that it was this machine that was late, by more
     * than a tenth of that.
     */
    public ScheduledFuture<?> deadline(
            EventLoop loop, Duration timeout, Supplier<ProbeResult> expired, Consumer<ProbeResult> settle) {
        EventLoopMonitor loopMonitor = Objects.requireNonNull(watches.get(loop)).loopMonitor();
        long began = System.nanoTime();
        long lost = loopMonitor.lost();
        return loop.schedule(
                () -> {
                    Duration late = Duration.ofNanos(System.nanoTime() - began).minus(timeout);
                    Duration stall = loopMonitor.lostSince(lost);
                    Duration worst = late.compareTo(stall) > 0 ? late : stall;
                    settle.accept(excuses(worst, timeout) ? late(worst) : expired.get());
                },
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Whether so much of a probe's time-out went to what is not the server's that it may have been too short for that reason. */
    public static boolean excuses(Duration ours, Duration timeout) {
        return ours.compareTo(EventLoopMonitor.LATE) > 0
                && ours.multipliedBy(TENTH).compareTo(timeout) > 0;
    }

    /** What {@code loop} has lost so far by being late, in nanoseconds. */
    long lost(EventLoop loop) {
        return Objects.requireNonNull(watches.get(loop)).loopMonitor().lost();
    }

    /** What {@code loop} has lost since it had lost that much. */
    Duration lostSince(EventLoop loop, long lost) {
        return Objects.requireNonNull(watches.get(loop)).loopMonitor().lostSince(lost);
    }

    public static ProbeResult late(Duration late) {
        return ProbeResult.unknown("this machine was " + late.toMillis() + " ms late");
    }

    /** How late the threads of the network have been at most within the last half minute, or are now. */
    public Duration lag() {
        return watches.values().stream()
                .map(it -> it.loopMonitor().worst())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /**
     * A socket of the family of {@code to}, for {@code loop}, whose thread this is. It is to be {@linkplain #close closed} here.
     *
     * @throws UncheckedIOException if there is none; the message says why
     */
    public NioSocketChannel socket(EventLoop loop, InetSocketAddress to) {
        return opened(loop, descriptors.take(), () -> new NioSocketChannel(SocketChannel.open(family(to))));
    }

    /** The same for datagrams. */
    public NioDatagramChannel datagrams(EventLoop loop, InetSocketAddress to) {
        return opened(loop, descriptors.take(), () -> new NioDatagramChannel(DatagramChannel.open(family(to))));
    }

    /** A socket for a connection that stays open and can be done without: probes come first. */
    public NioSocketChannel idleSocket(EventLoop loop, InetSocketAddress to) {
        return opened(loop, descriptors.takeIdle(), () -> new NioSocketChannel(SocketChannel.open(family(to))));
    }

    private interface Opening<C> {
        C open() throws IOException;
    }

    private <C> C opened(EventLoop loop, @Nullable String full, Opening<C> opening) {
        if (full != null) {
            throw new UncheckedIOException(new IOException(full));
        }
        C opened = null;
        try {
            opened = opening.open();
            return opened;
        } catch (IOException e) {
            // Others may have opened many since they were last counted.
            boolean many = String.valueOf(e.getMessage()).startsWith("Too many open files");
            throw new UncheckedIOException(many ? new IOException(descriptors.full()) : e);
        } finally {
            if (opened == null) {
                Objects.requireNonNull(watches.get(loop)).closed().add();
            }
        }
    }

    static StandardProtocolFamily family(InetSocketAddress to) {
        return to.getAddress() instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    /** Closes what was opened here, once, whatever has become of it; {@code loop} is the one that it was made for. */
    public void close(EventLoop loop, Channel channel) {
        try {
            if (channel instanceof NioSocketChannel socket && socket.isActive()) {
                // Thousands of probes a minute would each leave a socket in TIME_WAIT.
                socket.config().setSoLinger(0);
            }
        } catch (ChannelException e) {
            // Some systems refuse this where the other side was faster.
        } finally {
            closeInPeace(loop, channel);
        }
    }

    /** The same, so that the other side hears all that was said to it. */
    public void closeInPeace(EventLoop loop, Channel channel) {
        if (channel.isOpen()) {
            // Not through the pipeline: TLS would want an answer to its goodbye first.
            channel.unsafe().close(channel.voidPromise());
        }
        Objects.requireNonNull(watches.get(loop)).closed().add();
    }

    /** Ends what is under way as unknown, and every thread. */
    @Override
    public void close() {
        closed = true;
        underWay.forEach(attempt -> attempt.settle(stopped()));
        slots.stop();
        aside.shutdownNow();
        replies.shutdown();
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

    public boolean closed() {
        return closed;
    }

    public static ProbeResult stopped() {
        return ProbeResult.unknown("this monitor is stopping");
    }

    /** Hands verdicts on, one call after the other, on a thread that may block. */
    public void tell(Runnable verdict) {
        execute(verdicts, verdict);
    }

    /** The same, once this thread is through with all that it has just received: waking another is dear. */
    public void tellTogether(Runnable verdicts) {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                loop.execute(() -> tell(verdicts));
                return;
            }
        }
        tell(verdicts);
    }

    /** Lets a route go on that has asked for one probe; it may block, and others do not wait for it. */
    public void reply(Runnable rest) {
        execute(replies, rest);
    }

    private static void execute(Executor threads, Runnable step) {
        try {
            threads.execute(step);
        } catch (RejectedExecutionException e) {
            step.run();
        }
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
