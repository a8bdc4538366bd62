package dev.firstup.zone;

import dev.firstup.model.dns.IpText;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** One question, put to authoritative servers: without recursion, and only an answer with the AA bit counts (RFC 1035, 4.1.1). */
final class AuthoritativeQuery {
    /** The size that passes everywhere without being fragmented (DNS flag day 2020). */
    private static final int UDP_SIZE = 1232;

    private static final int MOST_VALUES = 256;

    private final Name name;
    private final String record;
    private final int type;
    private final Duration timeout;
    private final Executor executor;

    /** @param type A, AAAA, CNAME or SRV, as dnsjava numbers them */
    AuthoritativeQuery(Name name, int type, Duration timeout, Executor executor) {
        this.name = name;
        this.record = plain(name);
        this.type = type;
        this.timeout = timeout;
        this.executor = executor;
    }

    /** What {@code server} says at the first of its addresses that can be reached; never fails. */
    CompletableFuture<NameServerAnswer> ask(AuthoritativeServer server) {
        return ask(server, 0);
    }

    private CompletableFuture<NameServerAnswer> ask(AuthoritativeServer server, int index) {
        InetSocketAddress address = server.addresses().get(index);
        return exchange(address)
                .handle((message, trouble) -> {
                    Throwable cause = ZoneErrorText.cause(trouble);
                    if (cause == null) {
                        return CompletableFuture.completedFuture(judge(server, address, message));
                    }
                    return index + 1 < server.addresses().size()
                            ? ask(server, index + 1)
                            : CompletableFuture.completedFuture(new NameServerAnswer(
                                    server,
                                    address,
                                    null,
                                    0,
                                    ZoneErrorText.of(cause),
                                    ZoneErrorText.unroutable(cause),
                                    null));
                })
                .thenCompose(it -> it);
    }

    /**
     * By UDP, and by TCP where the answer did not fit. Where it did not come or is not one to this question, by TCP too: a lost
     * datagram costs one time-out, and a forged one costs nothing (RFC 5452, 9).
     */
    CompletableFuture<Message> exchange(InetSocketAddress address) {
        return exchange(address, false)
                .handle((message, trouble) -> {
                    Throwable cause = ZoneErrorText.cause(trouble);
                    if (cause == null) {
                        return CompletableFuture.completedFuture(message);
                    }
                    if (ZoneErrorText.refused(cause) || ZoneErrorText.unroutable(cause)) {
                        return CompletableFuture.<Message>failedFuture(cause);
                    }
                    return exchange(address, true).handle((second, again) -> {
                        if (again == null) {
                            return second;
                        }
                        // That nothing listens for TCP either says less than what happened first.
                        throw new CompletionException(cause);
                    });
                })
                .thenCompose(it -> it);
    }

    private CompletableFuture<Message> exchange(InetSocketAddress address, boolean tcp) {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        query.getHeader().unsetFlag(Flags.RD);
        SimpleResolver resolver = new SimpleResolver(address);
        resolver.setEDNS(0, UDP_SIZE, 0, List.of());
        resolver.setTimeout(timeout);
        resolver.setTCP(tcp);
        try {
            // dnsjava looks at its own time-outs once a second only.
            return resolver.sendAsync(query, executor)
                    .toCompletableFuture()
                    .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RuntimeException e) {
            // Some addresses it cannot even try, such as IPv6 where Java was told to do without.
            return CompletableFuture.failedFuture(e);
        }
    }

    NameServerAnswer judge(AuthoritativeServer server, InetSocketAddress address, Message message) {
        int rcode = message.getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            return NameServerAnswer.failure(server, address, "it answered " + Rcode.string(rcode));
        }
        if (!message.getHeader().getFlag(Flags.AA)) {
            return NameServerAnswer.failure(server, address, "it is not authoritative for " + record);
        }
        List<Record> answers = message.getSection(Section.ANSWER).stream()
                .filter(it -> it.getName().equals(name))
                .toList();
        for (Record answer : answers) {
            if (type != Type.CNAME && answer instanceof CNAMERecord alias) {
                String problem = record + " is a CNAME to " + text(alias) + ", expected " + Type.string(type)
                        + " records or none";
                return new NameServerAnswer(server, address, null, 0, problem, false, problem);
            }
        }
        List<Record> wanted =
                answers.stream().filter(it -> it.getType() == type).toList();
        if (!wanted.stream().allMatch(AuthoritativeQuery::hasValue)) {
            return NameServerAnswer.failure(server, address, "its answer holds a record without a value");
        }
        List<String> values = wanted.stream()
                .map(AuthoritativeQuery::text)
                .distinct()
                .sorted()
                .toList();
        if (values.size() > MOST_VALUES) {
            return NameServerAnswer.failure(
                    server, address, "it answered " + values.size() + " records, expected at most " + MOST_VALUES);
        }
        String problem = rcode == Rcode.NXDOMAIN ? record + " does not exist (NXDOMAIN)" : null;
        long ttl = wanted.stream().mapToLong(Record::getTTL).max().orElse(0);
        return NameServerAnswer.values(server, address, values, ttl, problem);
    }

    /** Whether it is more than a type without data, as an UPDATE may hold. */
    private static boolean hasValue(Record record) {
        return record instanceof ARecord
                || record instanceof AAAARecord
                || record instanceof CNAMERecord
                || record instanceof SRVRecord;
    }

    private static String text(Record record) {
        if (record instanceof ARecord a) {
            return IpText.of(a.getAddress().getAddress());
        }
        if (record instanceof AAAARecord aaaa) {
            return IpText.of(aaaa.getAddress().getAddress());
        }
        if (record instanceof SRVRecord srv) {
            return srv.getPriority() + " " + srv.getWeight() + " " + srv.getPort() + " " + plain(srv.getTarget());
        }
        return plain(((CNAMERecord) record).getTarget());
    }

    private static String plain(Name name) {
        return name.toString(true).toLowerCase(Locale.ROOT);
    }
}
