package dev.firstup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserRoutesTest {
    private static final String ROUTE =
            """
            - route:
                id: %s
                from:
                  uri: direct:%s
                  steps:
                    - to:
                        uri: %s
                        parameters: { webhook: "file:slack" }
            """;

    private static final String KAMELET =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata: { name: pager }
            spec:
              definition: { title: Pager, type: object, properties: { webhook: { type: string } } }
              template:
                from: { uri: "kamelet:source", steps: [ { to: "log:pager" } ] }
            """;

    @TempDir
    Path folder;

    private Installation home;
    private Path routes;

    @BeforeEach
    void settings() throws IOException {
        home = new Installation(folder);
        routes = Files.createDirectory(folder.resolve("routes"));
        set("");
    }

    @Test
    void aMisspeltKameletIsSaidWithItsPlaceAndTheNearestOne() throws Exception {
        Path file = route("ops", "kamelet:firstup-slak-sink");
        assertThatThrownBy(this::load)
                .isInstanceOf(CommandException.class)
                .hasMessage(
                        file + ":7:18: found \"kamelet:firstup-slak-sink\", but there is no such Kamelet; did you mean"
                                + " \"firstup-slack-sink\"?");
        route("ops", "kamelet:pigeon");
        assertThatThrownBy(this::load)
                .hasMessageStartingWith(
                        file + ":7:18: found \"kamelet:pigeon\", but there is no such Kamelet; expected one of"
                                + " firstup-cloudflare-sink, firstup-cloudns-sink, ")
                .hasMessageEndingWith(", firstup-zoneedit-sink");
    }

    @Test
    void kameletsOfTheUserAreTaken() throws Exception {
        route("old", "kamelet:slack");
        route("new", "kamelet:firstup-slack-sink/ops");
        Files.writeString(
                routes.resolve("mine.camel.yaml"),
                """
                - routeTemplate:
                    id: told
                    from:
                      uri: kamelet:source
                      steps: [ { to: "log:told" } ]
                - route:
                    id: tell
                    from: { uri: "direct:tell", steps: [ { to: "kamelet:told" }, { toD: "kamelet:${body}" } ] }
                """);
        assertThatCode(this::load).doesNotThrowAnyException();
    }

    /** A run does as well. */
    @Test
    void aCheckLooksForKameletsWhereTheSettingSays() throws Exception {
        Path kamelets = Files.createDirectory(folder.resolve("kamelets"));
        Files.writeString(kamelets.resolve("pager.kamelet.yaml"), KAMELET);
        route("ops", "kamelet:pager");
        assertThatThrownBy(() -> UserRoutes.load(home, routes)).hasMessageContaining("no such Kamelet");
        set("camel.component.kamelet.location=classpath:kamelets,file:" + kamelets);
        try (UserRoutes loaded = UserRoutes.load(home, routes)) {
            assertThat(loaded.known().problem("direct:ops")).isNull();
        }
        route("ops", "kamelet:pagr");
        assertThatThrownBy(this::load).hasMessageContaining("did you mean \"pager\"?");
    }

    /** Camel is right about what it can run: only what it fails with is looked for. */
    @Test
    void whatCamelRunsIsNotRefused() throws Exception {
        Path pager = Files.writeString(folder.resolve("pager.kamelet.yaml"), KAMELET);
        Files.writeString(
                routes.resolve("elsewhere.camel.yaml"),
                "- route: { from: { uri: 'direct:elsewhere', steps: [ { to: { uri: 'kamelet:pager', parameters: { location:"
                        + " 'file:" + pager + "' } } } ] } }");
        Files.writeString(
                routes.resolve("mine.camel.yaml"),
                """
                - route:
                    id: off
                    precondition: "'paris' == 'tokyo'"
                    from: { uri: "direct:off", steps: [ { to: "kamelet:aws-sqs-sink" } ] }
                - routeTemplate:
                    id: one
                    route: { id: inner, from: { uri: "kamelet:source", steps: [ { to: "log:one" } ] } }
                - routeTemplate:
                    id: two
                    route: { id: inner, from: { uri: "kamelet:source", steps: [ { to: "log:two" } ] } }
                """);
        assertThatCode(this::load).doesNotThrowAnyException();
    }

    @Test
    void twoRoutesOfOneIdAreBothNamed() throws Exception {
        Path first = route("ops", "kamelet:firstup-slack-sink");
        Path second = Files.copy(first, routes.resolve("second.camel.yaml"));
        assertThatThrownBy(this::load)
                .isInstanceOf(CommandException.class)
                .hasMessage(second + ":2:9: found a second route with the id \"ops\", the first is at " + first
                        + ":2:9; give one of them another id");
    }

    @Test
    void aFolderWithTheNameOfAFileIsNamed() throws Exception {
        Path odd = Files.createDirectory(routes.resolve("odd.camel.yaml"));
        assertThatThrownBy(this::load)
                .isInstanceOf(CommandException.class)
                .hasMessage(odd + " is a folder, expected a file of routes: give it another name");
    }

    @Test
    void secretsThatAreMissingHereAreWarnedOf() throws Exception {
        Path file = route("ops", "kamelet:firstup-slack-sink");
        route("mine", "log:mine");
        assertThat(UserRoutes.missingSecrets(home, routes))
                .containsExactly(file
                        + ":8:36: warning: file:slack cannot be read (NoSuchFileException): expected it in the file "
                        + folder.resolve("secrets/slack"));
        Files.writeString(
                Files.createDirectory(folder.resolve("secrets")).resolve("slack"), "https://hooks.example.org");
        assertThat(UserRoutes.missingSecrets(home, routes)).isEmpty();
        Files.writeString(file, Files.readString(file).replace("file:slack", "env:FIRSTUP_NO_SUCH_SECRET"));
        assertThat(UserRoutes.missingSecrets(home, routes))
                .containsExactly(
                        file + ":8:36: warning: env:FIRSTUP_NO_SUCH_SECRET is not set: set the environment variable"
                                + " FIRSTUP_NO_SUCH_SECRET before starting, or name another secret");
    }

    private void load() {
        UserRoutes.load(home, routes).close();
    }

    private void set(String line) throws IOException {
        Files.writeString(folder.resolve("application.properties"), line + "\n");
    }

    private Path route(String name, String uri) throws IOException {
        return Files.writeString(routes.resolve(name + ".camel.yaml"), ROUTE.formatted(name, name, uri));
    }
}
