package dev.firstup.zone;

import dev.firstup.model.Publication;
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

/**
 * Read a DNS record at the authoritative servers of its zone, or find out whether they can be reached at all.
 *
 * <p>{@code read}: in, a {@code Publication}, of which the record, its type and the name servers count; out, a {@code Reading}.
 * Whatever goes wrong while asking is part of the reading and no exception.
 *
 * <p>{@code reach}: in, a {@code Server}, of which the public name is the record, the path its name servers with commas (empty:
 * those of its zone), and the time-out how long everything may take; out, one sentence on who answered first, whatever it
 * answered. Where nobody did, an exception says so.
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
    private Operation operation;

    @UriParam(
            defaultValue = "2000",
            javaType = "java.time.Duration",
            description = "How long one server may take to answer one query (read)")
    private long timeout = 2000;

    @UriParam(
            defaultValue = "5000",
            javaType = "java.time.Duration",
            description = "How long everything may take, finding the servers and asking them (read)")
    private long deadline = 5000;

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
        if (operation == Operation.reach) {
            Reach reach = component.reach();
            return new ZoneProducer<>(
                    this,
                    Server.class,
                    it -> reach.ask(it.publicName(), nameServers(it.path()), it.timeout()),
                    component.routes());
        }
        ZoneReader reader = new ZoneReader(
                component.nameServers(), Duration.ofMillis(timeout), Duration.ofMillis(deadline), component.work());
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
        throw new UnsupportedOperationException("zone: reads when it is asked, so it cannot stand in a from");
    }

    public Operation getOperation() {
        return operation;
    }

    public void setOperation(Operation operation) {
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
}
