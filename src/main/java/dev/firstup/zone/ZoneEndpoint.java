package dev.firstup.zone;

import java.time.Duration;
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
 * Read a DNS record at the authoritative servers of its zone.
 *
 * <p>In: a {@code Publication}, of which the record, its type and the name servers count. Out: a {@code Reading}. Whatever goes
 * wrong while asking is part of the reading and no exception.
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
            description = "How long one server may take to answer one query")
    private long timeout = 2000;

    @UriParam(
            defaultValue = "5000",
            javaType = "java.time.Duration",
            description = "How long everything may take, finding the servers and asking them")
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
        ZoneReader reader = new ZoneReader(
                component.nameServers(), Duration.ofMillis(timeout), Duration.ofMillis(deadline), component.work());
        return new ZoneProducer(this, reader, component.routes());
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
