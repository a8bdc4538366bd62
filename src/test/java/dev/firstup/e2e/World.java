package dev.firstup.e2e;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetupTest;
import dev.firstup.Ports;
import dev.firstup.rehearsal.DynService;
import dev.firstup.rehearsal.NameServer;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What stands around Firstup: a dyndns2 service, its name server, Slack, a mail server, and the files of a user of them. */
final class World implements AutoCloseable {
    static final String RECORD = "chat.world.test";
    static final String PARIS = "192.0.2.10";
    static final String TOKYO = "192.0.2.20";
    static final String QUEBEC = "192.0.2.30";

    /** Each has every character that something on the way might cut, decode or escape, and is found wherever it went. */
    static final String DYN_PASSWORD = "dyn-a&b=c%+#)";

    static final String MAIL_PASSWORD = "mail-a&b=c%+#)";
    static final String HOOK = "/services/T0HOOK/B0HOOK/a&b=c%25+%23)";

    private static final String ACCOUNTS =
            """
            - route:
                id: dyn
                from:
                  uri: direct:dyn
                  steps:
                    - to:
                        uri: kamelet:firstup-dyndns2-sink
                        parameters: { url: "%s", username: me, password: "file:dyn", gap: %d }
            - route:
                id: own-zone
                from:
                  uri: direct:own-zone
                  steps:
                    - to:
                        uri: kamelet:firstup-rfc2136-sink
                        parameters: { server: 127.0.0.1, zone: world.test, keyName: me, secret: "file:tsig" }
            - route:
                id: chat-room
                from:
                  uri: direct:chat-room
                  steps:
                    - to: { uri: kamelet:firstup-slack-sink, parameters: { webhook: "file:slack" } }
            - route:
                id: mailbox
                from:
                  uri: direct:mailbox
                  steps:
                    - to:
                        uri: kamelet:firstup-mail-sink
                        parameters:
                          to: ops@example.org
                          host: 127.0.0.1
                          port: %d
                          security: none
                          username: me
                          password: "file:mail"
            """;

    private static final String QUEUE =
            """
            record: %s
            ttl: 1s
            servers:
              - { name: paris, address: %s, probe: "probe:http://127.0.0.1:%d/" }
              - { name: tokyo, address: %s, probe: "probe:http://127.0.0.1:%d/" }
              - { name: quebec, address: %s, probe: "probe:http://127.0.0.1:%d/" }
            interval: 500ms
            fast-interval: 200ms
            down-interval: 500ms
            timeout: 3s
            # Not below the gap that the service wants: that would be warned of.
            failback: %s
            allow-private: true
            nameservers: ["127.0.0.1:%d"]
            publish: [dyn]
            notify: [chat-room, mailbox]
            """;

    final DynService service = DynService.start("me", DYN_PASSWORD, List.of(RECORD));
    final WireMockServer slack =
            new WireMockServer(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"));
    final GreenMail mail = new GreenMail(ServerSetupTest.SMTP.dynamicPort());
    private final NameServer names = NameServer.start(0, "world.test", Duration.ofSeconds(1), service::records);
    private final Path folder;
    private final Map<String, String> settings = new HashMap<>();

    /** @param folder where the files are put */
    World(Path folder) throws IOException {
        this.folder = folder;
        slack.start();
        slack.stubFor(post(urlEqualTo(HOOK)).willReturn(aResponse().withBody("ok")));
        mail.start();
        mail.setUser("ops@example.org", "me", MAIL_PASSWORD);
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("dyn"), DYN_PASSWORD + "\n");
        Files.writeString(secrets.resolve("mail"), MAIL_PASSWORD + "\n");
        hook(slack.baseUrl());
        Files.createDirectories(routes());
        accounts(service.url(), 1);
        settings.put("FIRSTUP_ROUTES", routes().toString());
        settings.put("FIRSTUP_SECRETS", secrets.toString());
        settings.put("FIRSTUP_STATE", state().toString());
        settings.put("FIRSTUP_TOKEN", folder.resolve("token").toString());
    }

    /** Where its name server answers. */
    int dnsPort() {
        return names.address().getPort();
    }

    Path routes() {
        return folder.resolve("routes");
    }

    Path state() {
        return folder.resolve("state.db");
    }

    /** What orders need; there is one once Firstup has started. */
    String token() throws IOException {
        return Files.readString(folder.resolve("token")).strip();
    }

    /** Where messages for Slack are sent. */
    void hook(String base) throws IOException {
        Files.writeString(folder.resolve("secrets/slack"), base + HOOK + "\n");
    }

    /**
     * Writes the file of accounts.
     *
     * @param url where updates are sent
     * @param gap for how many seconds the service wants to be left alone after one
     */
    void accounts(URI url, int gap) throws IOException {
        Files.writeString(
                routes().resolve("accounts.camel.yaml"),
                ACCOUNTS.formatted(url, gap, mail.getSmtp().getPort()));
    }

    /** Writes the file of the queue, with the ports where its servers are probed. */
    void queue(int paris, int tokyo, int quebec) throws IOException {
        queue(paris, tokyo, quebec, "1s");
    }

    /** The same, with the time after which the record returns to a better server. */
    void queue(int paris, int tokyo, int quebec, String failback) throws IOException {
        Files.writeString(
                routes().resolve("chat.queue.yaml"),
                QUEUE.formatted(RECORD, PARIS, paris, TOKYO, tokyo, QUEBEC, quebec, failback, dnsPort()));
    }

    /** A setting of the program, by its name in the environment. */
    void set(String name, String value) {
        settings.put(name, value);
    }

    /** All of them, as they are now. */
    Map<String, String> settings() {
        return new HashMap<>(settings);
    }

    FirstupProcess firstup(String... options) throws IOException {
        settings.put("FIRSTUP_PORT", String.valueOf(Ports.free()));
        return new FirstupProcess(
                folder,
                settings,
                Stream.concat(Stream.of("run"), Stream.of(options)).toArray(String[]::new));
    }

    /** What the service was told, in order. */
    List<String> updates() {
        return service.updates().stream()
                .map(it -> String.join(",", it.addresses()) + " " + it.answer().split(" ")[0])
                .toList();
    }

    /** The texts that Slack took. */
    List<String> slackTexts() {
        return slack.getAllServeEvents().stream()
                .filter(it -> it.getResponse().getStatus() == 200)
                .map(it -> it.getRequest().getBodyAsString())
                .toList();
    }

    List<String> mailSubjects() {
        return Stream.of(mail.getReceivedMessages()).map(World::subject).toList();
    }

    private static String subject(MimeMessage message) {
        try {
            return message.getSubject();
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the record has moved {@code times} times, and nothing is left to publish or to tell. */
    void awaitQuiet(FirstupProcess firstup, int times) {
        FirstupProcess.await().ignoreExceptions().untilAsserted(() -> {
            assertThat(firstup.events("moved")).hasSize(times);
            assertThat(FirstupProcess.list(firstup.json("/api/queues/chat"), "publications"))
                    .extracting(it -> it.path("state").asText(null))
                    .containsExactly("confirmed");
            assertThat(firstup.metric("firstup_notices_waiting")).isZero();
        });
    }

    @Override
    public void close() {
        names.close();
        service.close();
        slack.stop();
        mail.stop();
    }
}
