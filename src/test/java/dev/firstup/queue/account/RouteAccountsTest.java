package dev.firstup.queue.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.PublishTarget.Api;
import dev.firstup.model.dns.RecordType;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class RouteAccountsTest {
    private static final String LOGIN = "username: me, password: \"env:PASSWORD\"";

    private static final Set<RecordType> ADDRESSES = Set.of(RecordType.A, RecordType.AAAA);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final RouteAccounts accounts = new RouteAccounts();

    @BeforeEach
    void wire() {
        Properties settings = new Properties();
        settings.put("service", "desec");
        context.getPropertiesComponent().setInitialProperties(settings);
        accounts.setCamelContext(context);
    }

    @AfterEach
    void close() {
        context.stop();
    }

    /** What a route with this one step can do. */
    private PublisherCapabilities capabilities(String step) throws Exception {
        load("mine", "- " + step);
        return accounts.capabilities("mine");
    }

    private void load(String name, String steps) throws Exception {
        String yaml = "- route:\n    from:\n      uri: direct:" + name + "\n      steps:\n" + steps.indent(8);
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(name + ".camel.yaml", yaml));
    }

    private static String dyndns2(String parameters) {
        return "to: { uri: kamelet:firstup-dyndns2-sink, parameters: { " + parameters + ", " + LOGIN + " } }";
    }

    private static PublisherCapabilities service(Duration gap) {
        return service(gap, Duration.ZERO);
    }

    private static PublisherCapabilities service(Duration gap, Duration expires) {
        return new PublisherCapabilities(gap, false, false, ADDRESSES, Duration.ZERO, expires, Api.NONE, true);
    }

    static Stream<String> services() throws Exception {
        try (InputStream in =
                Files.newInputStream(Path.of("src/main/resources/kamelets/firstup-dyndns2-sink.kamelet.yaml"))) {
            Object at = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            for (String key : List.of("spec", "definition", "properties", "service", "enum")) {
                at = ((Map<?, ?>) at).get(key);
            }
            List<String> services = new ArrayList<>();
            ((List<?>) at).forEach(it -> services.add((String) it));
            return services.stream();
        }
    }

    /** Camel masks user names and passwords where it prints a route: what ends a stop must see them all the same. */
    @Test
    void anotherNameOrSecretIsAnotherFingerprint(@TempDir Path secrets) throws Exception {
        context.getPropertiesComponent().addOverrideProperty("firstup.secrets", secrets.toString());
        Path secret = Files.writeString(secrets.resolve("dd"), "wrong");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        String parameters = "url: \"https://dyn.example.net/\", password: \"file:dd\", username: ";
        for (String user : List.of("me", "you")) {
            load(user, "- to: { uri: kamelet:firstup-dyndns2-sink, parameters: { " + parameters + user + " } }");
        }
        Map<String, String> before = accounts.routes();
        assertThat(before.get("me")).matches("[0-9a-f]{24}").isNotEqualTo(before.get("you"));
        assertThat(accounts.routes()).isEqualTo(before);

        Files.writeString(secret, "right");
        Map<String, String> after = accounts.routes();
        assertThat(after.get("me"))
                .isNotEqualTo(before.get("me"))
                .startsWith(before.get("me").substring(0, 16));
        Files.delete(secret);
        assertThat(accounts.routes().get("me")).isNotEqualTo(after.get("me")).isNotEqualTo(before.get("me"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void aShorterGapIsNotTheServices(String service) throws Exception {
        PublisherCapabilities own = capabilities(dyndns2("service: " + service));
        assertThat(own.gap()).isGreaterThanOrEqualTo(Duration.ofMinutes(1));
        load("short", "- " + dyndns2("service: " + service + ", gap: 5"));
        assertThat(accounts.capabilities("short")).isEqualTo(own);
    }

    @Test
    void anotherServiceHasTheGapThatIsSet() throws Exception {
        load("plain", "- " + dyndns2("url: https://dyn.example.net/"));
        load("set", "- " + dyndns2("url: https://dyn.example.net/, gap: 5"));
        assertThat(accounts.capabilities("plain")).isEqualTo(service(Duration.ofMinutes(1)));
        assertThat(accounts.capabilities("set")).isEqualTo(service(Duration.ofSeconds(5)));
    }

    @Test
    void aFreeNameMayLapse() throws Exception {
        assertThat(capabilities(dyndns2("service: no-ip")).expires()).isEqualTo(Duration.ofDays(30));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            service: no-ip, gapp: 5      | kamelet:firstup-dyndns2-sink has no parameter "gapp"; did you mean "gap"?
            service: noip                | kamelet:firstup-dyndns2-sink: the parameter "service" is "noip", expected one of: dyn, no-ip
            service: no-ip, gap: soon    | kamelet:firstup-dyndns2-sink: the parameter "gap" is "soon", expected such as "60"
            """)
    void whatAKameletDoesNotTakeIsSaid(String parameters, String fault) throws Exception {
        load("mine", "- " + dyndns2(parameters));
        assertThat(accounts.fault("mine")).startsWith(fault);
    }

    @Test
    void aPasswordInThePlaceOfItsNameIsNotRepeated() throws Exception {
        load(
                "mine",
                "- to: { uri: kamelet:firstup-dyndns2-sink, parameters: { service: dyn, username: me, password: hunter2 } }");
        assertThat(accounts.fault("mine"))
                .isEqualTo(
                        "kamelet:firstup-dyndns2-sink: the parameter \"password\" is no name of a secret, expected env:NAME or"
                                + " file:NAME, never the value");
    }

    @Test
    void whatAKameletNeedsIsSaid() throws Exception {
        load("mine", "- to: { uri: kamelet:firstup-dyndns2-sink, parameters: { service: dyn, username: me } }");
        assertThat(accounts.fault("mine"))
                .startsWith("kamelet:firstup-dyndns2-sink needs the parameter \"password\": The name of");
        load("good", "- " + dyndns2("service: dyn"));
        assertThat(accounts.fault("good")).isNull();
        assertThat(accounts.fault("no-such-route")).isNull();
    }

    private static String update(String parameters) {
        return "to: { uri: kamelet:firstup-http-update-sink, parameters: { url: \"https://dns.example.net/{ip}\", "
                + parameters + " } }";
    }

    @Test
    void aTemplateNeedsAPatternForSuccess() throws Exception {
        load("without", "- " + update("stop: nohost"));
        load("empty", "- " + update("success: \"\""));
        load("good", "- " + update("success: \"OK {ip}\""));
        assertThat(accounts.fault("without"))
                .startsWith(
                        "kamelet:firstup-http-update-sink needs the parameter \"success\": The pattern for the answer that the host"
                                + " has it");
        assertThat(accounts.fault("empty"))
                .isEqualTo(
                        "kamelet:firstup-http-update-sink: the parameter \"success\" is \"\", expected such as \"OK {ip}\"");
        assertThat(accounts.fault("good")).isNull();
    }

    @Test
    void aBodyThatCamelWouldNotTakeIsSaid() throws Exception {
        load("braces", "- " + update("success: OK, body: \"{'a':{'b':'{ip}'}}\""));
        load("blank", "- " + update("success: OK, body: \"{'a':{'b':'{ip}'} }\""));
        assertThat(accounts.fault("braces"))
                .isEqualTo(
                        "kamelet:firstup-http-update-sink: the parameter \"body\" has a }}, which Camel takes for the end of a"
                                + " placeholder: write } } with a blank between");
        assertThat(accounts.fault("blank")).isNull();
    }

    @Test
    void aTemplateCanWithdrawWhereItSaysHow() throws Exception {
        load("not", "- " + update("success: OK"));
        load("how", "- " + update("success: OK, withdrawUrl: \"https://dns.example.net/{record}\", gap: 90"));
        assertThat(accounts.capabilities("not").withdraw()).isFalse();
        assertThat(accounts.capabilities("how").withdraw()).isTrue();
        assertThat(accounts.capabilities("how").gap()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aServiceMayTakeFewerTypes() throws Exception {
        for (String service : List.of("dyn", "dynv6", "inwx")) {
            assertThat(capabilities(dyndns2("service: " + service)).types())
                    .as(service)
                    .containsExactly(RecordType.A);
        }
    }

    @Test
    void aLongerGapHolds() throws Exception {
        assertThat(capabilities(dyndns2("service: no-ip, gap: 600")))
                .isEqualTo(service(Duration.ofMinutes(10), Duration.ofDays(30)));
    }

    @Test
    void resolvesPlaceholders() throws Exception {
        assertThat(capabilities(dyndns2("service: \"{{service}}\""))).isEqualTo(service(Duration.ofMinutes(2)));
    }

    @Test
    void whatIsOddIsLeftToCamel() throws Exception {
        assertThat(capabilities(dyndns2("service: no-ip, gap: soon")))
                .isEqualTo(service(Duration.ofMinutes(1), Duration.ofDays(30)));
        load("placeholder", "- " + dyndns2("service: \"{{missing}}\""));
        load("kamelet", "- to: kamelet:no-such-thing");
        assertThat(accounts.capabilities("placeholder")).isEqualTo(service(Duration.ofMinutes(1)));
        assertThat(accounts.capabilities("kamelet")).isEqualTo(PublisherCapabilities.ALL);
        assertThat(accounts.capabilities("no-such-route")).isEqualTo(PublisherCapabilities.ALL);
    }

    @Test
    void aServerOfOnesOwnTakesWhateverIsAsked() throws Exception {
        assertThat(capabilities("to: { uri: kamelet:firstup-rfc2136-sink, parameters: { server: \"ns1.example.org\","
                        + " zone: example.org, keyName: firstup, secret: \"file:tsig\" } }"))
                .isEqualTo(new PublisherCapabilities(
                        Duration.ofSeconds(1),
                        true,
                        true,
                        Set.of(RecordType.values()),
                        Duration.ZERO,
                        Duration.ZERO,
                        Api.NONE,
                        false));
    }

    @ParameterizedTest
    @CsvSource({"'', READS", "proxied: false, READS", "proxied: true, ALONE"})
    void whatCloudflareStandsBeforeOnlyItsApiKnows(String proxied, Api api) throws Exception {
        String cloudflare =
                "to: { uri: kamelet:firstup-cloudflare-sink, parameters: { zone: example.org, token: env:TOKEN, "
                        + proxied + " } }";
        assertThat(capabilities(cloudflare))
                .isEqualTo(new PublisherCapabilities(
                        Duration.ofSeconds(5),
                        true,
                        true,
                        EnumSet.allOf(RecordType.class),
                        Duration.ofMinutes(1),
                        Duration.ZERO,
                        api,
                        true));
        assertThat(accounts.fault("mine")).isNull();
    }

    @Test
    void whatIsTheUsersOwnCanDoEverything() throws Exception {
        load("own", "- to: https://dns.example.net/api");
        load("slack", "- to: { uri: kamelet:firstup-slack-sink, parameters: { webhook: \"file:slack\" } }");
        assertThat(accounts.capabilities("own")).isEqualTo(PublisherCapabilities.ALL);
        assertThat(accounts.capabilities("slack")).isEqualTo(PublisherCapabilities.ALL);
    }

    @Test
    void findsAKameletUnderItsOldName() throws Exception {
        String desec = dyndns2("service: desec");
        assertThat(capabilities(desec.replace("firstup-dyndns2-sink", "dyndns2")))
                .isEqualTo(capabilities(desec))
                .isNotEqualTo(PublisherCapabilities.ALL);
        load("old", "- to: kamelet:slack\n");
        assertThat(accounts.fault("old"))
                .startsWith("kamelet:slack needs the parameter \"webhook\": The name of the secret");
    }

    /** Else a queue could have them called as publishers, notifiers or probes. */
    @Test
    void theProgramsOwnRoutesAreNoAccounts() throws Exception {
        load("firstup-publish", "- log: own\n");
        load("mine", "- to: direct:firstup-publish\n");
        assertThat(accounts.routes()).containsOnlyKeys("mine");
    }

    @Test
    void findsTheKameletWhereverItIsCalled() throws Exception {
        load(
                "inside",
                """
                - choice:
                    when:
                      - simple: "${body.type} == 'A'"
                        steps:
                          - to: https://dns.example.net/api
                    otherwise:
                      steps:
                        - %s
                """
                        .formatted(dyndns2("service: desec").replace("\n", " ")));
        load("through", "- to: direct:inside\n- to: direct:through\n");
        assertThat(accounts.capabilities("inside").gap()).isEqualTo(Duration.ofMinutes(2));
        assertThat(accounts.capabilities("inside").dry())
                .as("what is called beside it would be sent")
                .isFalse();
        assertThat(accounts.capabilities("through")).isEqualTo(accounts.capabilities("inside"));
    }
}
