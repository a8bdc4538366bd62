package dev.firstup.rehearsal;

import dev.firstup.model.dns.RecordType;
import dev.firstup.rehearsal.ToyHttpServer.Reply;
import dev.firstup.rehearsal.ToyHttpServer.Request;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Address;

/**
 * A dynamic-DNS service that speaks dyndns2 (Dyn's "Remote Access API", GET /nic/update) on 127.0.0.1, and remembers what it was
 * told. Like many of the real ones, it falls back to the caller's own address when it is given none, which is why one must always
 * be given.
 */
public final class DynService implements AutoCloseable {
    private static final int KEPT_UPDATES = 1000;
    private static final int MOST_HOSTS = 20;

    /**
     * One request for one host.
     *
     * @param at when it came
     * @param host the host that was named; empty where none was
     * @param addresses what it should be set to
     * @param answer the line that was answered
     */
    public record Update(Instant at, String host, List<String> addresses, String answer) {}

    private final EventLoopGroup loop;
    private final String credentials;
    private final URI url;

    private final Map<String, Map<RecordType, List<String>>> records = new HashMap<>();
    private final Deque<Update> updates = new ArrayDeque<>();
    private long requests;
    private @Nullable String forced;
    private int forcedTimes;
    private int drops;
    private Duration delay = Duration.ZERO;

    private DynService(EventLoopGroup loop, String username, String password, Collection<String> hosts)
            throws IOException {
        this.loop = loop;
        byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        this.credentials = "Basic " + Base64.getEncoder().encodeToString(pair);
        hosts.forEach(host -> records.put(host, Map.of()));
        Channel listening = ToyHttpServer.listen(loop, 0, new DefaultChannelGroup(loop.next()), this::handle);
        this.url = URI.create(
                "http://127.0.0.1:" + ((InetSocketAddress) listening.localAddress()).getPort() + "/nic/update");
    }

    /**
     * Starts the service, on any free port.
     *
     * @param hosts the names that belong to the account, in lower case
     * @throws IOException if it cannot listen
     */
    public static DynService start(String username, String password, Collection<String> hosts) throws IOException {
        EventLoopGroup loop = Loop.start("dyndns");
        try {
            return new DynService(loop, username, password, hosts);
        } catch (IOException e) {
            Loop.stop(loop);
            throw e;
        }
    }

    /** Where updates are sent: {@code http://127.0.0.1:PORT/nic/update}. */
    public URI url() {
        return url;
    }

    /** What {@code host} was set to; empty before the first update, null for a name that is not of this account. */
    public synchronized @Nullable Map<RecordType, List<String>> records(String host) {
        return records.get(host);
    }

    /** Sets a record behind everybody's back, as a person at the service's own page would. */
    public synchronized void put(String host, RecordType type, List<String> values) {
        Map<RecordType, List<String>> changed = new EnumMap<>(RecordType.class);
        changed.putAll(records.getOrDefault(host, Map.of()));
        changed.put(type, List.copyOf(values));
        records.put(host, Map.copyOf(changed));
    }

    /** The last 1,000 updates, the oldest first. */
    public synchronized List<Update> updates() {
        return List.copyOf(updates);
    }

    /** How many requests have come, of whatever kind. */
    public synchronized long requests() {
        return requests;
    }

    /** Answers {@code code} ({@code badauth}, {@code 911}, ...) from now on, and applies nothing. */
    public void answer(String code) {
        answer(code, Integer.MAX_VALUE);
    }

    /** Answers {@code code} to the next {@code times} requests, and applies nothing. */
    public synchronized void answer(String code, int times) {
        forced = code;
        forcedTimes = times;
    }

    /** Answers as a healthy service again, at once. */
    public synchronized void recover() {
        forcedTimes = 0;
        drops = 0;
        delay = Duration.ZERO;
    }

    /** Whether it was told to answer otherwise than a healthy service. */
    public synchronized boolean healthy() {
        return forcedTimes == 0;
    }

    /** Answers so much later from now on; what an update changes is changed at once. */
    public synchronized void delay(Duration delay) {
        this.delay = delay;
    }

    /** Applies the next {@code times} updates, and closes the connection instead of answering. */
    public synchronized void dropAnswers(int times) {
        drops = times;
    }

    @Override
    public void close() {
        Loop.stop(loop);
    }

    private synchronized void handle(Request request, Reply reply) {
        requests++;
        if (!request.target().startsWith("/nic/update?") || !request.method().equals("GET")) {
            reply.send(404, "this is a dyndns2 service: GET /nic/update?hostname=NAME&myip=ADDRESS\n");
            return;
        }
        Map<String, String> query = query(request.target());
        List<String> lines = lines(request, query);
        if (drops > 0) {
            drops--;
            reply.drop();
            return;
        }
        int status = lines.equals(List.of("badauth")) ? 401 : 200;
        reply.after(delay, () -> reply.send(status, String.join("\n", lines) + "\n"));
    }

    /** An error of the account or of the request as a whole is one line; otherwise each host has its own, in order. */
    private List<String> lines(Request request, Map<String, String> query) {
        List<String> hosts = List.of(query.getOrDefault("hostname", "").split(","));
        List<String> addresses = addresses(request, query);
        String refused = refused(request, hosts);
        List<String> lines = new ArrayList<>();
        for (String host : refused == null ? hosts : hosts.subList(0, 1)) {
            String answer = refused != null ? refused : update(host.toLowerCase(Locale.ROOT), addresses);
            lines.add(answer);
            updates.add(new Update(Instant.now(), host, addresses, answer));
            if (updates.size() > KEPT_UPDATES) {
                updates.remove();
            }
        }
        return lines;
    }

    private @Nullable String refused(Request request, List<String> hosts) {
        if (forcedTimes > 0) {
            forcedTimes -= forcedTimes == Integer.MAX_VALUE ? 0 : 1;
            return forced;
        }
        if (request.headers().getOrDefault("user-agent", "").isEmpty()) {
            return "badagent";
        }
        if (!credentials.equals(request.headers().get("authorization"))) {
            return "badauth";
        }
        return hosts.size() > MOST_HOSTS ? "numhost" : null;
    }

    private String update(String host, List<String> addresses) {
        if (!host.contains(".")) {
            return "notfqdn";
        }
        Map<RecordType, List<String>> before = records.get(host);
        if (before == null) {
            return "nohost";
        }
        Map<RecordType, List<String>> after = new EnumMap<>(RecordType.class);
        after.putAll(before);
        addresses.forEach(it -> after.put(it.contains(":") ? RecordType.AAAA : RecordType.A, List.of(it)));
        records.put(host, Map.copyOf(after));
        return (after.equals(before) ? "nochg " : "good ") + String.join(",", addresses);
    }

    private static List<String> addresses(Request request, Map<String, String> query) {
        List<String> addresses = new ArrayList<>();
        for (String literal : query.getOrDefault("myip", "").split(",")) {
            try {
                InetAddress address = Address.getByAddress(literal.strip());
                // An IPv6 address keeps the short form in which it was given; java's own is the long one.
                addresses.add(address instanceof Inet4Address ? address.getHostAddress() : literal.strip());
            } catch (UnknownHostException e) {
                addresses.add(request.from().getAddress().getHostAddress());
            }
        }
        return addresses;
    }

    private static Map<String, String> query(String target) {
        Map<String, String> query = new HashMap<>();
        for (String parameter : target.substring(target.indexOf('?') + 1).split("&")) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                query.put(
                        parameter.substring(0, equals),
                        URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }
}
