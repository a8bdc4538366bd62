package dev.firstup.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.model.Publication;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.rehearsal.NameServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The endpoint as a route names it. */
class ZoneComponentTest {
    private final CamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void turnsAPublicationIntoAReading() throws Exception {
        try (NameServer server = NameServer.start(
                        0,
                        "example.test",
                        Duration.ofSeconds(60),
                        name -> Map.of(RecordType.A, List.of("192.0.2.10")));
                OddServer silent = new OddServer(OddServer::silence, OddServer::silence)) {
            String address = "127.0.0.1:" + server.address().getPort();
            assertThat(ask("zone:read?timeout=100&deadline=1s", address, silent.address()))
                    .isEqualTo(new RecordReading(
                            Map.of(address, List.of("192.0.2.10")),
                            Map.of(silent.address(), "no answer in time"),
                            null));
        }
    }

    @Test
    void reachesAnyServerOfARecord() throws Exception {
        try (NameServer server = NameServer.start(0, "example.test", Duration.ofSeconds(60), name -> null);
                OddServer silent = new OddServer(OddServer::silence, OddServer::silence)) {
            String address = "127.0.0.1:" + server.address().getPort();
            assertThat(context.createProducerTemplate()
                            .requestBody("zone:reach", asked(silent.address() + ", " + address)))
                    .isEqualTo(address + " answered NXDOMAIN");
            assertThatThrownBy(
                            () -> context.createProducerTemplate().requestBody("zone:reach", asked(silent.address())))
                    .cause()
                    .isInstanceOf(ZoneException.class)
                    .hasMessage("no authoritative server of chat.example.test answered: " + silent.address()
                            + ": no answer in time");
        }
    }

    @Test
    void leavesTheCallersThreadAtOnceAndComesBackOnAnotherOne() throws Exception {
        try (OddServer silent = new OddServer(OddServer::silence, OddServer::silence)) {
            AsyncProducer producer =
                    context.getEndpoint("zone:read?deadline=200").createAsyncProducer();
            Exchange exchange = producer.getEndpoint().createExchange();
            exchange.getMessage().setBody(publication(silent.address()));
            CompletableFuture<Thread> after = new CompletableFuture<>();
            assertThat(producer.process(exchange, doneAtOnce -> after.complete(Thread.currentThread())))
                    .isFalse();
            assertThat(after).isNotDone();
            assertThat(after.get(5, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
            assertThat(exchange.getMessage().getBody(RecordReading.class).failures())
                    .containsKey(silent.address());
        }
    }

    @Test
    void anUpdateLeavesTheCallersThreadAtOnceToo(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("tsig"), "Zmlyc3R1cA==");
        try (OddServer silent = new OddServer(OddServer::silence, OddServer::silence)) {
            AsyncProducer producer = context.getEndpoint("zone:update?deadline=200&zone=example.test&keyName=firstup"
                            + "&secret=file:tsig&folder=" + folder + "&server=" + silent.address())
                    .createAsyncProducer();
            Exchange exchange = producer.getEndpoint().createExchange();
            exchange.getMessage()
                    .setBody(Updates.publication(
                            Publication.Ask.WITHDRAW, "chat.example.test", RecordType.A, List.of()));
            CompletableFuture<Thread> after = new CompletableFuture<>();
            assertThat(producer.process(exchange, doneAtOnce -> after.complete(Thread.currentThread())))
                    .isFalse();
            assertThat(after).isNotDone();
            assertThat(after.get(5, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
            assertThat(exchange.getException())
                    .hasMessage(silent.address() + " may have taken the update: no answer in time");
        }
    }

    @Test
    void stopsWithoutEverHavingBeenUsed() {
        assertThat(context.getComponent("zone").getCamelContext()).isSameAs(context);
        context.stop();
        assertThat(context.isStopped()).isTrue();
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThatThrownBy(() -> context.getEndpoint("zone:erase")).hasMessageContaining("erase");
        assertThatThrownBy(() -> context.getEndpoint("zone:read?timout=1s")).hasMessageContaining("timout");
        assertThatThrownBy(() -> context.getEndpoint("zone:read?timeout=0s").createProducer())
                .hasMessageContaining("timeout");
        assertThatThrownBy(() -> context.getEndpoint("zone:update").createProducer())
                .hasMessage("zone:update needs keyName, secret, server, zone");
        String update = "zone:update?server=ns1.example.test&zone=example.test&keyName=firstup";
        assertThatThrownBy(() -> context.getEndpoint(update + "&secret=S3CRET").createProducer())
                .hasMessage("a secret is given by name, as env:NAME or file:NAME, never by its value");
        assertThatThrownBy(() -> context.getEndpoint(update + "&secret=file:tsig&algorithm=hmac-md5")
                        .createProducer())
                .hasMessage("zone:update: algorithm is \"hmac-md5\", expected hmac-sha256, hmac-sha384 or hmac-sha512");
        assertThatThrownBy(() -> context.getEndpoint("zone:update?server=a&zone=a..b&keyName=c&secret=file:tsig")
                        .createProducer())
                .hasMessage("zone:update: zone is \"a..b\", expected a domain name");
        assertThatThrownBy(() -> context.createProducerTemplate().requestBody("zone:read", "no publication"))
                .hasCauseInstanceOf(InvalidPayloadException.class);
    }

    private RecordReading ask(String endpoint, String... nameservers) {
        return context.createProducerTemplate().requestBody(endpoint, publication(nameservers), RecordReading.class);
    }

    private static Server asked(String nameservers) {
        return new Server(
                "chat",
                1,
                "the name servers of chat.example.test",
                Map.of(),
                "probe:route",
                "firstup-name-servers",
                0,
                nameservers,
                "chat.example.test",
                Duration.ofSeconds(1));
    }

    private static Publication publication(String... nameservers) {
        PublishTarget target = new PublishTarget(
                "no-ip",
                "chat.example.test",
                List.of(nameservers),
                "",
                Duration.ZERO,
                PublishTarget.Api.NONE,
                false,
                false);
        return Publication.of("chat", target, RecordType.A, Duration.ofSeconds(60))
                .ask(Publication.Ask.READ)
                .done();
    }
}
