package dev.firstup.zone;

import dev.firstup.model.Publication;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Read a DNS record at the authoritative servers of its zone, find out whether they can be reached at all, or write it there.
 *
 * <p>{@code read}: in, a {@code Publication}, of which the record, its type and the name servers count; out, a {@code Reading}.
 * Whatever goes wrong while asking is part of the reading and no exception.
 *
 * <p>{@code names}: in, a {@code Queue}; out, a {@code NamesReading}: its record, its alias and its SRV records. Whatever goes
 * wrong while asking is part of the reading and no exception.
 *
 * <p>{@code reach}: in, a {@code Server}, of which the public name is the record, the path its name servers with commas (empty:
 * those of its zone), and the time-out how long everything may take; out, one sentence on who answered first, whatever it
 * answered. Where nobody did, an exception says so.
 *
 * <p>{@code update}: in, a {@code Publication} that asks to write or to withdraw; out, a {@code Receipt}. All records of its name
 * and type are replaced, or removed, by one signed UPDATE to the zone's primary server (RFC 2136, RFC 8945).
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "zone",
        title = "Zone",
        syntax = "zone:operation",
        producerOnly = true,
        remote = true,
        category = Category.NETWORKING)
final class ZoneEndpoint extends DefaultEndpoint {

    @UriPath(description = "What is done with the record")
    @Metadata(required = true)
    private @Nullable ZoneOperation operation;

    @UriParam(
            defaultValue = "2000",
            javaType = "java.time.Duration",
            description =
                    "How long one server may take to answer one query (read, names), or one attempt may take (update)")
    private long timeout = 2000;

    @UriParam(
            defaultValue = "5000",
            javaType = "java.time.Duration",
            description =
                    "How long everything may take, finding the servers and asking them (read, update), or one name (names)")
    private long deadline = 5000;

    @UriParam(
            description =
                    "Where names are read for which the queue names no servers, HOST or HOST:PORT with commas; empty: the servers of their zones (names)")
    private String servers = "";

    @UriParam(
            description =
                    "The zone's primary server, a host or an address, with a port where that is not 53: an IPv6 address then stands in brackets (update)")
    private String server = "";

    @UriParam(description = "The zone that the record lies in (update)")
    private String zone = "";

    @UriParam(description = "The name of the TSIG key, as the server knows it (update)")
    private String keyName = "";

    @UriParam(
            defaultValue = "hmac-sha256",
            enums = "hmac-sha256,hmac-sha384,hmac-sha512",
            description = "The algorithm of the TSIG key (update)")
    private String algorithm = "hmac-sha256";

    @UriParam(
            secret = true,
            description =
                    "The name of the secret that holds the TSIG key in base64, env:NAME or file:NAME, never its value; it is read for each update (update)")
    private String secret = "";

    @UriParam(defaultValue = "secrets", description = "Where secrets of the form file:NAME lie (update)")
    private String folder = "secrets";

    ZoneEndpoint(String uri, ZoneComponent component) {
        super(uri, component);
    }

    @Override
    public Producer createProducer() {
        if (timeout <= 0 || deadline <= 0) {
            throw new IllegalArgumentException("zone: timeout and deadline must be longer than 0 ms, found timeout="
                    + timeout + " and deadline=" + deadline);
        }
        ZoneComponent component = (ZoneComponent) getComponent();
        if (operation == ZoneOperation.reach) {
            ReachabilityCheck reach = component.reach();
            return new ZoneProducer<>(
                    this,
                    Server.class,
                    it -> reach.ask(it.publicName(), nameServers(it.path()), it.timeout()),
                    component.routes());
        }
        if (operation == ZoneOperation.update) {
            PrimaryServer primary = PrimaryServer.of(server, zone, keyName, algorithm, secret, folder);
            component.warmUp(primary);
            ZoneWriter writer = new ZoneWriter(
                    component.nameServers(),
                    primary,
                    component.clock(),
                    Duration.ofMillis(timeout),
                    Duration.ofMillis(deadline),
                    component.work());
            return new ZoneProducer<>(this, Publication.class, writer::write, component.routes());
        }
        ZoneReader reader = new ZoneReader(
                component.nameServers(), Duration.ofMillis(timeout), Duration.ofMillis(deadline), component.work());
        if (operation == ZoneOperation.names) {
            NamesReader names = new NamesReader(reader, nameServers(servers));
            return new ZoneProducer<>(this, Queue.class, names::read, component.routes());
        }
        return new ZoneProducer<>(
                this,
                Publication.class,
                it -> reader.read(it.record(), it.type(), it.nameservers()),
                component.routes());
    }

    private static List<String> nameServers(String path) {
        return Pattern.compile(",")
                .splitAsStream(path)
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .toList();
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("zone: acts when it is asked, so it cannot stand in a from");
    }

    public @Nullable ZoneOperation getOperation() {
        return operation;
    }

    public void setOperation(ZoneOperation operation) {
        this.operation = operation;
    }

    public long getTimeout() {
        return timeout;
    }

    public void setTimeout(long timeout) {
        this.timeout = timeout;
    }

    public long getDeadline() {
        return deadline;
    }

    public void setDeadline(long deadline) {
        this.deadline = deadline;
    }

    public String getServers() {
        return servers;
    }

    public void setServers(String servers) {
        this.servers = servers;
    }

    public String getServer() {
        return server;
    }

    public void setServer(String server) {
        this.server = server;
    }

    public String getZone() {
        return zone;
    }

    public void setZone(String zone) {
        this.zone = zone;
    }

    public String getKeyName() {
        return keyName;
    }

    public void setKeyName(String keyName) {
        this.keyName = keyName;
    }

    public String getAlgorithm() {
        return algorithm;
    }

    public void setAlgorithm(String algorithm) {
        this.algorithm = algorithm;
    }

    public String getSecret() {
        return secret;
    }

    public void setSecret(String secret) {
        this.secret = secret;
    }

    public String getFolder() {
        return folder;
    }

    public void setFolder(String folder) {
        this.folder = folder;
    }
}
