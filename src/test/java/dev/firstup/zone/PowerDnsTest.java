package dev.firstup.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.EndpointFailures;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP API of a real PowerDNS, by the Kamelet, and what its refusals lead to. */
class PowerDnsTest {
    private static final String RECORD = "chat.example.test";

    @TempDir
    private static Path folder;

    private static PowerDnsServer server;

    @TempDir
    Path secrets;

    private final CamelContext context = new DefaultCamelContext();

    @BeforeAll
    static void startServer() throws IOException {
        server =
                PowerDnsServer.start(folder, "lb.example.test CNAME old.example.net", "mixed.example.test A 192.0.2.1");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void start() throws IOException {
        Files.writeString(secrets.resolve("key"), PowerDnsServer.KEY + "\n");
        context.getPropertiesComponent().addInitialProperty("firstup.secrets", secrets.toString());
        // What fails here is looked at here; nobody needs it in the log.
        context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void replacesWhateverTheRecordHeld() throws Exception {
        account("example.test", "");
        int before = server.changes();
        assertThat(write(RecordType.A, "192.0.2.10")).isEqualTo(Receipt.of("status 204 without a text"));
        assertHolds(RecordType.A, "192.0.2.10");
        write(RecordType.A, "192.0.2.20");
        assertHolds(RecordType.A, "192.0.2.20");
        write(RecordType.A, "192.0.2.10", "192.0.2.30");
        assertHolds(RecordType.A, "192.0.2.10", "192.0.2.30");
        write(RecordType.AAAA, "2001:db8::10");
        assertHolds(RecordType.AAAA, "2001:db8::10");
        assertHolds(RecordType.A, "192.0.2.10", "192.0.2.30");
        assertThat(server.changes()).as("looking changes nothing").isEqualTo(before + 4);

        withdraw(RECORD, RecordType.A);
        assertHolds(RecordType.A);
        assertHolds(RecordType.AAAA, "2001:db8::10");
        withdraw(RECORD, RecordType.AAAA);
        assertThat(look(RECORD, RecordType.AAAA)).isEmpty();
        assertThat(read(RECORD, RecordType.AAAA).problem()).isEqualTo(RECORD + " does not exist (NXDOMAIN)");
        withdraw(RECORD, RecordType.AAAA);
    }

    @Test
    void replacesAnAlias() throws Exception {
        account("example.test.", "");
        ask(publication(Ask.WRITE, "lb.example.test", RecordType.CNAME, "new.example.net"));
        assertThat(server.dig("lb.example.test", "CNAME")).containsExactly("new.example.net.");
        assertThat(look("lb.example.test", RecordType.CNAME)).containsExactly("new.example.net");
        assertThat(read("lb.example.test", RecordType.CNAME).agreed()).containsExactly("new.example.net");
        assertThat(look("lb.example.test", RecordType.A)).isEmpty();
        withdraw("lb.example.test", RecordType.CNAME);
        assertThat(server.dig("lb.example.test", "CNAME")).isEmpty();
    }

    @Test
    void whatItRefusesItExplains() throws Exception {
        account("example.test", "");
        assertAmbiguous(
                publication(Ask.WRITE, "mixed.example.test", RecordType.CNAME, "lb.example.net"),
                "status 422 \"RRset mixed.example.test. IN CNAME: Conflicts with pre-exist...\","
                        + " expected 204 for the zone example.test of the server localhost");
        assertThat(server.dig("mixed.example.test", "A")).containsExactly("192.0.2.1");
    }

    @Test
    void aWrongKeyStops() throws Exception {
        Files.writeString(secrets.resolve("key"), "wrong-wrong\n");
        account("example.test", "");
        for (Ask it : List.of(Ask.WRITE, Ask.LOOK)) {
            assertThat(catchThrowable(() -> ask(publication(it, "wrong.example.test", RecordType.A, "192.0.2.66"))))
                    .isInstanceOfSatisfying(StopException.class, stop -> assertThat(stop.account())
                            .isTrue())
                    .hasMessage("status 401 \"Unauthorized\": the host does not accept the credential");
        }
        assertThat(server.dig("wrong.example.test", "A")).isEmpty();
    }

    @Test
    void aZoneThatIsNotThereMayCome() throws Exception {
        account("nowhere.test", "");
        for (Ask it : List.of(Ask.WRITE, Ask.WITHDRAW)) {
            assertAmbiguous(
                    publication(it, "chat.nowhere.test", RecordType.A, "192.0.2.10"),
                    "status 404 \"Not Found\", expected 204 for the zone nowhere.test of the server localhost");
        }
        assertAmbiguous(
                publication(Ask.LOOK, "chat.nowhere.test", RecordType.A),
                "status 404 \"Not Found\", expected 200 and its rrsets for the zone nowhere.test of the server localhost");
    }

    @Test
    void norIsAnotherServerThere() throws Exception {
        account("example.test", "serverId: elsewhere");
        assertAmbiguous(
                publication(Ask.WRITE, RECORD, RecordType.A, "192.0.2.66"),
                "status 404 \"Not Found\", expected 204 for the zone example.test of the server elsewhere");
    }

    @Test
    void aRecordOfAnotherZoneIsNotEvenAskedFor() throws Exception {
        account("example.test", "");
        assertThat(catchThrowable(() -> ask(publication(Ask.WRITE, "chat.example.org", RecordType.A, "192.0.2.10"))))
                .isInstanceOf(StopException.class)
                .hasMessage("chat.example.org does not lie in the zone example.test:"
                        + " set the zone that it lies in, in the accounts file");
    }

    @Test
    void aServerThatIsStoppedCertainlyWasNotTold() throws Exception {
        account("example.test", "");
        Publication publication = publication(Ask.WRITE, "late.example.test", RecordType.A, "192.0.2.10");
        server.stop();
        try {
            assertThat(catchThrowable(() -> ask(publication)))
                    .isInstanceOfSatisfying(WaitException.class, wait -> {
                        assertThat(wait.delay()).isZero();
                        assertThat(wait.ambiguous()).isFalse();
                    })
                    .hasMessageStartingWith("the service cannot be reached: Connect to " + server.url());
        } finally {
            server.start();
        }
        ask(publication);
        assertThat(server.dig("late.example.test", "A")).containsExactly("192.0.2.10");
    }

    /** @param zone as the accounts file has it */
    private void account(String zone, String more) throws Exception {
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromString(
                        "accounts.camel.yaml",
                        """
                        - route:
                            id: own
                            from:
                              uri: direct:own
                              steps:
                                - to:
                                    uri: kamelet:firstup-powerdns-sink
                                    parameters: { url: "%s", zone: %s, key: "file:key", %s }
                        """
                                .formatted(server.url(), zone, more)));
    }

    private Receipt write(RecordType type, String... values) {
        return (Receipt) ask(publication(Ask.WRITE, RECORD, type, values));
    }

    private void withdraw(String record, RecordType type) {
        ask(publication(Ask.WITHDRAW, record, type));
    }

    /** What its API says. */
    private List<String> look(String record, RecordType type) {
        return ((RecordReading) ask(publication(Ask.LOOK, record, type))).agreed();
    }

    private Object ask(Publication publication) {
        try {
            return context.createProducerTemplate().requestBody("direct:own", publication);
        } catch (CamelExecutionException e) {
            throw (RuntimeException) EndpointFailures.meant(e.getCause());
        }
    }

    private void assertAmbiguous(Publication publication, String sentence) {
        assertThat(catchThrowable(() -> ask(publication)))
                .isInstanceOfSatisfying(WaitException.class, wait -> assertThat(wait.ambiguous())
                        .isTrue())
                .hasMessage(sentence);
    }

    /** As its API, our own reader and somebody else's say it. */
    private void assertHolds(RecordType type, String... values) {
        assertThat(look(RECORD, type)).containsExactly(values);
        assertThat(read(RECORD, type))
                .isEqualTo(new RecordReading(Map.of(server.address(), List.of(values)), Map.of(), null));
        assertThat(server.dig(RECORD, type.name())).containsExactly(values);
    }

    private RecordReading read(String record, RecordType type) {
        return context.createProducerTemplate()
                .requestBody("zone:read", publication(Ask.READ, record, type), RecordReading.class);
    }

    private static Publication publication(Ask ask, String record, RecordType type, String... values) {
        return Updates.publication(ask, record, type, List.of(server.address()), values);
    }
}
