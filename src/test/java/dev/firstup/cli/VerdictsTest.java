package dev.firstup.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictsTest {
    private static final String ADVICE =
            ": nothing would be decided. Give both the same value, in application.properties or as"
                    + " FIRSTUP_VERDICTS_TO and FIRSTUP_VERDICTS_FROM";

    @TempDir
    Path home;

    @BeforeEach
    void routes() throws IOException {
        Files.createDirectory(home.resolve("routes"));
    }

    @ParameterizedTest
    @CsvSource({
        "direct:firstup-verdicts, direct:firstup-verdicts",
        "direct:verdicts, direct://verdicts",
        "seda:verdicts?size=9, seda:verdicts",
        "kafka:verdicts, kafka:verdicts",
        "kafka:verdicts?brokers=a, kafka:verdicts?brokers=b",
        "'{{mine}}', direct:mine"
    })
    void whatMeetsIsTaken(String to, String from) throws Exception {
        set("firstup.verdicts.to=" + to, "firstup.verdicts.from=" + from, "mine=direct:mine");
        assertThatCode(this::require).doesNotThrowAnyException();
    }

    @Test
    void anEndWhereNobodyIsIsRefused() throws Exception {
        set("firstup.verdicts.to=direct:verdicts");
        assertThatThrownBy(this::require)
                .isInstanceOf(CommandException.class)
                .hasMessage(
                        "firstup.verdicts.to is \"direct:verdicts\", where no route begins, and firstup.verdicts.from is"
                                + " \"direct:firstup-verdicts\"" + ADVICE);
        set("firstup.verdicts.from=seda:verdicts");
        assertThatThrownBy(this::require)
                .hasMessage("firstup.verdicts.to is \"direct:firstup-verdicts\", where no route begins, and"
                        + " firstup.verdicts.from is \"seda:verdicts\"" + ADVICE);
    }

    @Test
    void aPlaceMayOnlyProbe() throws Exception {
        set("firstup.verdicts.to=kafka:verdicts");
        assertThatCode(this::require).doesNotThrowAnyException();
    }

    @Test
    void routesOfTheUsersMayLieBetween() throws Exception {
        set("firstup.verdicts.to=direct:out", "firstup.verdicts.from=direct:in");
        route("out.camel.yaml", "uri: direct, parameters: { name: out }", "kafka:verdicts");
        assertThatCode(this::require).doesNotThrowAnyException();
        route("in.camel.yaml", "uri: 'kafka:verdicts'", "direct:in?block=false");
        assertThatCode(this::require).doesNotThrowAnyException();
        set("firstup.verdicts.to=seda:between");
        route("out.camel.yaml", "uri: '{{my.in:seda:between}}'", "direct:firstup-verdicts");
        assertThatCode(this::require).doesNotThrowAnyException();
        set("firstup.verdicts.to=direct:verdicts");
        route("out.camel.yaml", "uri: 'kafka:verdicts'", "direct:verdicts-of-tokyo");
        assertThatThrownBy(this::require).hasMessageContaining("firstup.verdicts.to is \"direct:verdicts\"");
        set("firstup.verdicts.to=direct:out");
        assertThatThrownBy(this::require).hasMessageContaining("firstup.verdicts.to is \"direct:out\", where no route");
    }

    @Test
    void whatAPlaceholderMeansIsNotKnown() throws Exception {
        set("firstup.verdicts.to=direct:verdicts");
        for (String from : new String[] {
            "uri: 'direct:{{relay.name}}'", "uri: '{{relay}}'", "uri: direct, parameters: { name: '{{relay.name}}' }"
        }) {
            route("relay.camel.yaml", from, "direct:firstup-verdicts");
            assertThatCode(this::require).as(from).doesNotThrowAnyException();
        }
        route("relay.camel.yaml", "uri: '{{firstup.nudge.publish}}'", "direct:firstup-verdicts");
        assertThatThrownBy(this::require).hasMessageContaining("where no route begins");
    }

    private void require() {
        UserRoutes.requireVerdicts(new Installation(home));
    }

    private void set(String... lines) throws IOException {
        Files.writeString(home.resolve("application.properties"), String.join("\n", lines));
    }

    private void route(String file, String from, String to) throws IOException {
        Files.writeString(
                home.resolve("routes").resolve(file),
                "- route: { from: { %s, steps: [ { to: \"%s\" } ] } }\n".formatted(from, to));
    }
}
