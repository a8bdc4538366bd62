package dev.firstup.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.RecordType;
import dev.firstup.publish.Dyndns2;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class RouteAccountsTest {
    private static final String LOGIN = "username: me, password: \"env:PASSWORD\"";

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
    private Abilities abilities(String step) throws Exception {
        load("mine", "- " + step);
        return accounts.abilities("mine");
    }

    private void load(String name, String steps) throws Exception {
        String yaml = "- route:\n    from:\n      uri: direct:" + name + "\n      steps:\n" + steps.indent(8);
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(name + ".camel.yaml", yaml));
    }

    private static String dyndns2(String parameters) {
        return "to: { uri: kamelet:dyndns2, parameters: { " + parameters + ", " + LOGIN + " } }";
    }

    private static Abilities service(Duration gap) {
        return new Abilities(gap, false, false);
    }

    static Stream<String> services() throws Exception {
        try (InputStream in = Files.newInputStream(Path.of("src/main/resources/kamelets/dyndns2.kamelet.yaml"))) {
            Object at = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            for (String key : List.of("spec", "definition", "properties", "service", "enum")) {
                at = ((Map<?, ?>) at).get(key);
            }
            List<String> services = new ArrayList<>();
            ((List<?>) at).forEach(it -> services.add((String) it));
            return services.stream();
        }
    }

    /** The head of the Kamelet and what stands behind it are two places for one number. */
    @ParameterizedTest
    @MethodSource("services")
    void theKameletDeclaresTheGapThatItsDialectKeeps(String service) throws Exception {
        Dyndns2 dialect = new Dyndns2();
        dialect.setService(service);
        assertThat(abilities(dyndns2("service: " + service))).isEqualTo(service(gap(dialect)));
    }

    @ParameterizedTest
    @MethodSource("services")
    void aShorterGapIsNotTheServices(String service) throws Exception {
        Dyndns2 dialect = new Dyndns2();
        dialect.setService(service);
        dialect.setGap("5");
        assertThat(abilities(dyndns2("service: " + service + ", gap: 5"))).isEqualTo(service(gap(dialect)));
    }

    @Test
    void anotherServiceHasTheGapThatIsSet() throws Exception {
        Dyndns2 dialect = new Dyndns2();
        Duration byDefault = gap(dialect);
        dialect.setGap("5");
        Duration set = gap(dialect);
        assertThat(set).isEqualTo(Duration.ofSeconds(5));
        load("plain", "- " + dyndns2("url: https://dyn.example.net/"));
        load("set", "- " + dyndns2("url: https://dyn.example.net/, gap: 5"));
        load("zero", "- " + dyndns2("url: https://dyn.example.net/, gap: 0"));
        assertThat(accounts.abilities("plain")).isEqualTo(service(byDefault));
        assertThat(accounts.abilities("set")).isEqualTo(service(set));
        assertThat(accounts.abilities("zero")).isEqualTo(service(Duration.ZERO));
    }

    @Test
    void aLongerGapHolds() throws Exception {
        assertThat(abilities(dyndns2("service: no-ip, gap: 600"))).isEqualTo(service(Duration.ofMinutes(10)));
    }

    @Test
    void resolvesPlaceholders() throws Exception {
        assertThat(abilities(dyndns2("service: \"{{service}}\""))).isEqualTo(service(Duration.ofMinutes(2)));
    }

    @Test
    void whatIsOddIsLeftToCamel() throws Exception {
        assertThat(abilities(dyndns2("service: no-ip, gap: soon"))).isEqualTo(service(Duration.ofMinutes(1)));
        load("placeholder", "- " + dyndns2("service: \"{{missing}}\""));
        load("kamelet", "- to: kamelet:no-such-thing");
        assertThat(accounts.abilities("placeholder")).isEqualTo(service(Duration.ofMinutes(1)));
        assertThat(accounts.abilities("kamelet")).isEqualTo(Abilities.ALL);
        assertThat(accounts.abilities("no-such-route")).isEqualTo(Abilities.ALL);
    }

    @Test
    void aServerOfOnesOwnTakesWhateverIsAsked() throws Exception {
        assertThat(abilities("to: { uri: kamelet:rfc2136, parameters: { server: \"ns1.example.org\","
                        + " zone: example.org, keyName: firstup, secret: \"file:tsig\" } }"))
                .isEqualTo(new Abilities(Duration.ofSeconds(1), true, true));
    }

    @Test
    void whatIsTheUsersOwnCanDoEverything() throws Exception {
        load("own", "- to: https://dns.example.net/api");
        load("slack", "- to: { uri: kamelet:slack, parameters: { webhook: \"file:slack\" } }");
        assertThat(accounts.abilities("own")).isEqualTo(Abilities.ALL);
        assertThat(accounts.abilities("slack")).isEqualTo(Abilities.ALL);
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
        assertThat(accounts.abilities("inside")).isEqualTo(service(Duration.ofMinutes(2)));
        assertThat(accounts.abilities("through")).isEqualTo(service(Duration.ofMinutes(2)));
    }

    private static Duration gap(Dyndns2 dialect) {
        String address = "192.0.2.10";
        Publication publication = new Publication(
                "chat",
                "mine",
                "chat.example.org",
                RecordType.A,
                Duration.ofMinutes(1),
                List.of(),
                "f",
                null,
                List.of(address),
                false,
                null,
                null,
                List.of(address),
                null,
                null,
                null,
                0,
                0,
                0,
                null,
                null,
                false,
                null,
                null,
                Ask.WRITE);
        return dialect.answer(publication, 200, null, "good " + address).gap();
    }
}
