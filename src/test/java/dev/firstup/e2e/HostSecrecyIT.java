package dev.firstup.e2e;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.firstup.Ports;
import dev.firstup.model.dns.RecordType;
import dev.firstup.rehearsal.NameServer;
import dev.firstup.rehearsal.ToyServers;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With everything said that can be said, no secret is seen anywhere, wherever a host wants it: in the address, in a header, in the
 * body, or as what signs. The host repeats all that it was sent, in its headers as well.
 */
class HostSecrecyIT {
    private static final Map<String, String> SECRETS = Map.of(
            "duck", "duck-a&b=c%+#)",
            "pork", "pork-a\"b\\c<&",
            "pork2", "ham-a&b=c%+#)",
            "aws", "aws-a&b=c%+#)/x",
            "pdns", "pdns-a&b=c%+#)",
            "dyn", "dyn-a&b=c%+#)",
            "cf", "cf-a&b=c%+#)");

    private static final String ACCOUNTS =
            """
            - route: { id: duck, from: { uri: "direct:duck", steps: [ { to: { uri: "kamelet:duckdns", parameters: { url: "%1$s", token: "file:duck" } } } ] } }
            - route: { id: pork, from: { uri: "direct:pork", steps: [ { to: { uri: "kamelet:porkbun", parameters: { url: "%1$s", zone: example.test, apiKey: "file:pork", secretApiKey: "file:pork2" } } } ] } }
            - route: { id: aws, from: { uri: "direct:aws", steps: [ { to: { uri: "kamelet:route53", parameters: { url: "%1$s", zoneId: Z1, accessKeyId: AKIAIOSFODNN7EXAMPLE, secretAccessKey: "file:aws" } } } ] } }
            - route: { id: pdns, from: { uri: "direct:pdns", steps: [ { to: { uri: "kamelet:powerdns", parameters: { url: "%1$s", zone: example.test, key: "file:pdns" } } } ] } }
            - route: { id: dyn, from: { uri: "direct:dyn", steps: [ { to: { uri: "kamelet:dyndns2", parameters: { url: "%1$s/nic/update", username: me, password: "file:dyn" } } } ] } }
            - route: { id: cf, from: { uri: "direct:cf", steps: [ { to: { uri: "kamelet:cloudflare", parameters: { url: "%1$s", zone: example.test, token: "file:cf" } } } ] } }
            """;

    private static final String QUEUE =
            """
            record: chat.example.test
            ttl: 1s
            servers:
              - { name: paris, address: 192.0.2.10, probe: "probe:http://127.0.0.1:%d/" }
              - { name: tokyo, address: 192.0.2.20, probe: "probe:http://127.0.0.1:%d/" }
            interval: 500ms
            fast-interval: 200ms
            down-interval: 500ms
            timeout: 3s
            allow-private: true
            nameservers: ["127.0.0.1:%d"]
            publish: [{ to: duck, record: chat.duckdns.org, nameservers: ["127.0.0.1:%d"] }, pork, aws, pdns, dyn, cf]
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {200, 301, 401})
    void noSecretIsSeenAnywhereWhateverAHostRepeats(int status) throws Exception {
        WireMockServer host = new WireMockServer(
                wireMockConfig().dynamicPort().bindAddress("127.0.0.1").globalTemplating(true));
        host.start();
        // The record names neither server, so it is to be written.
        Map<RecordType, List<String>> wrong = Map.of(RecordType.A, List.of("192.0.2.99"));
        try (ToyServers servers = ToyServers.start("paris", "tokyo");
                NameServer names = NameServer.start(0, "example.test", Duration.ofSeconds(1), name -> wrong);
                NameServer ducks = NameServer.start(0, "duckdns.org", Duration.ofSeconds(1), name -> wrong)) {
            String all = "{{{request.url}}} {{{request.headers.Authorization}}} {{{request.headers.X-API-Key}}}";
            host.stubFor(any(anyUrl())
                    .willReturn(aResponse()
                            .withStatus(status)
                            .withHeader("Location", "https://elsewhere.example.net{{{request.url}}}")
                            .withHeader("X-Asked", all)
                            .withBody(all + " {{{request.body}}}")));
            try (FirstupProcess firstup = start(host, servers, names, ducks)) {
                FirstupProcess.await().ignoreExceptions().untilAsserted(() -> assertThat(
                                host.getAllServeEvents().stream().map(it -> kind(it.getRequest())))
                        .contains("duck", "pork", "aws", "pdns", "dyn", "cf"));
                FirstupProcess.await().ignoreExceptions().untilAsserted(() -> assertThat(firstup.printed())
                        .contains("file:duck", "file:pork", "file:aws", "file:pdns", "file:dyn", "file:cf")
                        .contains("(secret)"));

                Map<String, String> places = new HashMap<>();
                for (String path : List.of("/", "/api/queues", "/api/queues/chat", "/api/events", "/observe/metrics")) {
                    places.put(path, firstup.get(path));
                }
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.filter(it -> it.toString().contains("state.db"))
                            .toList()) {
                        places.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                    }
                }
                firstup.kill();
                places.put("what it prints", firstup.printed());
                assertThat(places.get("what it prints")).contains("TRACE");
                for (String secret : forms()) {
                    places.forEach((place, text) -> assertThat(text.contains(secret))
                            .as(secret + " is in " + place + ": " + around(text, secret))
                            .isFalse());
                }
            }
        } finally {
            host.stop();
        }
    }

    /** It would not be found if it never arrived. */
    private static String kind(LoggedRequest request) {
        String url = request.getUrl();
        if (url.contains("duck-a%26b=c%25%2B%23%29")) {
            return "duck";
        }
        if (request.getBodyAsString().contains("ham-a&b=c%+#)")) {
            return "pork";
        }
        String authorization = String.valueOf(request.getHeader("Authorization"));
        if (authorization.startsWith("AWS4-HMAC-SHA256 ")) {
            return "aws";
        }
        if (authorization.equals("Bearer " + SECRETS.get("cf"))) {
            return "cf";
        }
        if (authorization.equals("Basic " + base64("me:" + SECRETS.get("dyn")))) {
            return "dyn";
        }
        return SECRETS.get("pdns").equals(request.getHeader("X-API-Key")) ? "pdns" : "?";
    }

    private FirstupProcess start(WireMockServer host, ToyServers servers, NameServer names, NameServer ducks)
            throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        for (Map.Entry<String, String> it : SECRETS.entrySet()) {
            Files.writeString(secrets.resolve(it.getKey()), it.getValue() + "\n");
        }
        Files.writeString(routes.resolve("accounts.camel.yaml"), ACCOUNTS.formatted(host.baseUrl()));
        Files.writeString(
                routes.resolve("chat.queue.yaml"),
                QUEUE.formatted(
                        servers.port("paris"),
                        servers.port("tokyo"),
                        names.address().getPort(),
                        ducks.address().getPort()));
        Map<String, String> settings = new HashMap<>();
        settings.put("FIRSTUP_ROUTES", routes.toString());
        settings.put("FIRSTUP_SECRETS", secrets.toString());
        settings.put("FIRSTUP_STATE", folder.resolve("state.db").toString());
        settings.put("FIRSTUP_TOKEN", folder.resolve("token").toString());
        settings.put("FIRSTUP_PORT", String.valueOf(Ports.free()));
        settings.put("FIRSTUP_LOG", "TRACE");
        return new FirstupProcess(folder, settings, "run");
    }

    private static Set<String> forms() {
        Set<String> forms = new LinkedHashSet<>();
        for (String secret : SECRETS.values()) {
            String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
            forms.addAll(List.of(
                    secret,
                    encoded,
                    encoded.replace("%3D", "="),
                    base64(secret),
                    base64("me:" + secret),
                    // With its quotes escaped it begins like this as well.
                    secret.substring(0, secret.indexOf('-') + 2)));
        }
        return forms;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String around(String text, String secret) {
        int at = text.indexOf(secret);
        return at < 0 ? "" : text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 300));
    }
}
