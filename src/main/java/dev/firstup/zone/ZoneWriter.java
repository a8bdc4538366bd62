package dev.firstup.zone;

import dev.firstup.model.Publication;
import dev.firstup.model.WaitException;
import dev.firstup.model.publish.Receipt;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.xbill.DNS.Message;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Update;

/** Writes a record at the primary server of its zone, in one signed UPDATE (RFC 2136, RFC 8945) and within a deadline. */
final class ZoneWriter {
    /** What a datagram carries where the server has not said that it takes more (RFC 1035, 4.2.1). */
    private static final int UDP_SIZE = 512;

    /** How much longer a signature can be than dnsjava reckons, which is that of MD5. */
    private static final int LONGER_MAC = 48;

    private final NameServerLookup nameServers;
    private final PrimaryServer primary;
    private final Clock clock;
    private final Duration timeout;
    private final Duration deadline;
    private final Executor executor;

    /**
     * @param clock signatures say when they were made, and are taken for five minutes
     * @param timeout of one attempt, by UDP or by TCP
     * @param deadline of everything
     */
    ZoneWriter(
            NameServerLookup nameServers,
            PrimaryServer primary,
            Clock clock,
            Duration timeout,
            Duration deadline,
            Executor executor) {
        this.nameServers = nameServers;
        this.primary = primary;
        this.clock = clock;
        this.timeout = timeout;
        this.deadline = deadline;
        this.executor = executor;
    }

    /**
     * Makes the record hold exactly what is decided.
     *
     * @return fails as {@link UpdateResponse#receipt()} does; with a {@link WaitException} of no delay where the server was
     *     certainly not told
     */
    CompletableFuture<Receipt> write(Publication it) {
        return write(it, primary.server(), () -> primary.key(clock));
    }

    /** The same at {@code server}, with the key that {@code keys} gives just before it signs. */
    CompletableFuture<Receipt> write(Publication it, String server, Supplier<TSIG> keys) {
        long end = System.nanoTime() + deadline.toNanos();
        // Not on the calling thread: looking up names and secrets reads files, and asking opens sockets.
        return CompletableFuture.supplyAsync(() -> write(it, server, keys, end), executor)
                .thenCompose(receipt -> receipt);
    }

    private CompletableFuture<Receipt> write(Publication it, String server, Supplier<TSIG> keys, long end) {
        Update update = primary.update(it);
        return nameServers
                .given(List.of(server))
                .orTimeout(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                .exceptionally(trouble -> NameServerLookup.Found.failure(server, ZoneErrorText.of(trouble)))
                .thenCompose(found -> {
                    if (found.servers().isEmpty()) {
                        throw new WaitException(
                                Duration.ZERO,
                                "the server " + server + " cannot be found: "
                                        + String.join("; ", found.failures().values()));
                    }
                    Sending sending = new Sending(it, update, keys.get(), end);
                    return sending.to(found.servers().stream()
                            .flatMap(by -> by.addresses().stream().map(at -> new Place(by, at)))
                            .toList());
                });
    }

    private record Place(AuthoritativeServer server, InetSocketAddress address) {
        String shown() {
            return server.shown(address);
        }
    }

    /** One update on its way. */
    private final class Sending {
        private final Publication publication;
        private final Update update;
        private final TSIG key;
        private final long end;

        Sending(Publication publication, Update update, TSIG key, long end) {
            this.publication = publication;
            this.update = update;
            this.key = key;
            this.end = end;
        }

        /** At the first place that can be reached; at no other one, for an update that may have been taken is under way. */
        CompletableFuture<Receipt> to(List<Place> places) {
            Place place = places.get(0);
            return exchange(place)
                    .handle((answer, trouble) -> {
                        Throwable cause = ZoneErrorText.cause(trouble);
                        if (cause == null) {
                            return CompletableFuture.completedFuture(answer.receipt());
                        }
                        if (!untold(cause)) {
                            throw new IllegalStateException(
                                    place.shown() + " may have taken the update: " + ZoneErrorText.of(cause));
                        }
                        if (places.size() > 1) {
                            return to(places.subList(1, places.size()));
                        }
                        throw new WaitException(
                                Duration.ZERO, place.shown() + " cannot be reached: " + ZoneErrorText.of(cause));
                    })
                    .thenCompose(it -> it);
        }

        /**
         * By UDP, and by TCP where no answer came, or none that can be trusted: a datagram can be lost, cut off, or anybody's. The
         * server may so get the update twice. It sets all records of a name and type, so the second one changes nothing, and BIND
         * counts the zone's serial up once. Both are sent before anything else is; only a datagram that comes later than the next
         * update would undo that one, and what the record then holds is reported as drift.
         */
        private CompletableFuture<UpdateResponse> exchange(Place place) {
            if (update.toWire().length + key.recordLength() + LONGER_MAC > UDP_SIZE) {
                return exchange(place, true);
            }
            return exchange(place, false)
                    .handle((answer, trouble) -> {
                        Throwable cause = ZoneErrorText.cause(trouble);
                        if (cause == null && answer.trusted()) {
                            return CompletableFuture.completedFuture(answer);
                        }
                        if (cause != null && untold(cause)) {
                            return CompletableFuture.<UpdateResponse>failedFuture(cause);
                        }
                        return exchange(place, true).handle((second, again) -> {
                            if (again == null) {
                                return second;
                            }
                            if (answer != null) {
                                return answer;
                            }
                            // That nothing listens for TCP either says less than what happened first.
                            throw new CompletionException(cause);
                        });
                    })
                    .thenCompose(it -> it);
        }

        private CompletableFuture<UpdateResponse> exchange(Place place, boolean tcp) {
            long left = Math.min(timeout.toNanos(), end - System.nanoTime());
            if (left <= 0) {
                return CompletableFuture.failedFuture(new TimeoutException());
            }
            SimpleResolver resolver = new SimpleResolver(place.address());
            // An answer to an update has no records: it needs no more room than every server has.
            resolver.setEDNS(-1, 0, 0, List.of());
            resolver.setTSIGKey(key);
            resolver.setTimeout(Duration.ofNanos(left));
            resolver.setTCP(tcp);
            resolver.setIgnoreTruncation(true);
            CompletableFuture<Message> answer;
            try {
                // dnsjava looks at its own time-outs once a second only.
                answer = resolver.sendAsync(update, executor)
                        .toCompletableFuture()
                        .orTimeout(left, TimeUnit.NANOSECONDS);
            } catch (RuntimeException e) {
                // Some addresses it cannot even try, such as IPv6 where Java was told to do without.
                answer = CompletableFuture.failedFuture(e);
            }
            return answer.thenApply(
                    it -> new UpdateResponse(it, place.shown(), primary, publication.record(), clock.instant()));
        }
    }

    /** Whether the server was certainly not told. */
    private static boolean untold(Throwable cause) {
        return ZoneErrorText.refused(cause)
                || ZoneErrorText.unroutable(cause)
                || cause instanceof NoRouteToHostException;
    }
}
