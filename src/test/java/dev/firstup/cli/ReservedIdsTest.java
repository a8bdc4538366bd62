package dev.firstup.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReservedIdsTest {
    private static final Installation HOME = new Installation(Path.of(""));

    @TempDir
    Path folder;

    private Path write(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            - route: { id: firstup-x, from: { uri: "direct:x", steps: [] } }                                   | 1:16 | the id "firstup-x"
            - route: { from: { uri: "direct:firstup-x?block=false", steps: [] } }                              | 1:25 | the endpoint "direct:firstup-x"
            - route: { from: { uri: "direct://firstup-x", steps: [] } }                                        | 1:25 | the endpoint "direct:firstup-x"
            - from: { uri: "seda:firstup-x", steps: [] }                                                       | 1:16 | the endpoint "seda:firstup-x"
            - from: { uri: timer, parameters: { timerName: firstup-watch, period: 1 }, steps: [] }             | 1:48 | the name "firstup-watch"
            - beans: [ { name: a, type: java.lang.Object }, { name: firstup-x, type: java.lang.Object } ]      | 1:57 | the bean "firstup-x"
            - routeConfiguration: { id: firstup-x }                                                            | 1:29 | the id "firstup-x"
            - routeTemplate: { id: firstup-x, from: { uri: "direct:x", steps: [] } }                           | 1:24 | the id "firstup-x"
            - templatedRoute: { routeTemplateRef: a, routeId: firstup-x }                                      | 1:51 | the id "firstup-x"
            - route: { from: { uri: "direct:x", steps: [ { filter: { steps: [ { log: { id: firstup-x } } ] } } ] } } | 1:80 | the id "firstup-x"
            """)
    void aReservedNameIsRefused(String yaml, String place, String what) throws Exception {
        Path mine = write("mine.camel.yaml", yaml);
        assertThatThrownBy(() -> UserRoutes.files(folder))
                .isInstanceOf(CommandException.class)
                .hasMessage(mine + ":" + place + ": found " + what
                        + ": names that begin with \"firstup-\" are Firstup's own; choose another one");
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws Exception {
        Path one = write("a.camel.yaml", "- beans:", "    - { name: firstup-a, type: java.lang.Object }");
        write("b.camel.yaml", "- beans:", "    - { name: b, type: java.lang.Object }");
        Path two = write(
                "c.camel.yaml", "- route:", "    id: firstup-c", "    from: { uri: \"timer:firstup-c\", steps: [ ] }");
        assertThatThrownBy(() -> UserRoutes.files(folder))
                .hasMessage(String.join(
                        System.lineSeparator(),
                        Arrays.asList(
                                one
                                        + ":2:15: found the bean \"firstup-a\": names that begin with \"firstup-\" are Firstup's own;"
                                        + " choose another one",
                                two
                                        + ":2:9: found the id \"firstup-c\": names that begin with \"firstup-\" are Firstup's own;"
                                        + " choose another one",
                                two
                                        + ":3:18: found the endpoint \"timer:firstup-c\": names that begin with \"firstup-\" are"
                                        + " Firstup's own; choose another one")));
    }

    /** Unpacked over an earlier release, they would run beside those of this one. */
    @Test
    void filesOfAnEarlierReleaseAreRefused() throws Exception {
        Path beans = write(
                "beans.camel.yaml",
                "- beans:",
                "    - name: clock",
                "      type: java.time.Clock",
                "    - name: accounts",
                "      type: dev.firstup.queue.account.RouteAccounts");
        Path watch = write(
                "watch.camel.yaml",
                "- route:",
                "    id: watch",
                "    group: firstup",
                "    from: { uri: \"timer:watch\", steps: [ ] }");
        write("accounts.camel.yaml", "- route: { id: ops, from: { uri: \"direct:ops\", steps: [ ] } }");
        String advice =
                ": found parts of Firstup itself, which is in routes/pipeline or in the jar now, and no longer among your"
                        + " routes: delete %s, and make changes of yours in routes/pipeline. A route of your own is in another"
                        + " group than \"firstup\"";
        assertThatThrownBy(() -> UserRoutes.files(folder))
                .hasMessage(beans + ":5:13, " + watch + ":3:12" + advice.formatted("these files"));
        Files.delete(beans);
        assertThatThrownBy(() -> UserRoutes.files(folder)).hasMessage(watch + ":3:12" + advice.formatted("this file"));
    }

    @Test
    void whatOnlyUsesOrResemblesSuchANameIsTaken() throws Exception {
        Files.copy(Path.of("src/test/resources/users/old-names.camel.yaml"), folder.resolve("beans.camel.yaml"));
        write(
                "mine.camel.yaml",
                "- beans:",
                "    - { name: hook, type: dev.firstup.secret.SecretUri, properties: { name: firstup-x, uri: \"file:hook\" } }",
                "- route:",
                "    id: my-firstup-route",
                "    group: mine",
                "    from:",
                "      uri: file:firstup-inbox",
                "      parameters: { id: firstup-x, name: firstup-x }",
                "      steps:",
                "        - to: direct:firstup-due",
                "        - to: { uri: kamelet:firstup-slack-sink, parameters: { webhook: \"file:slack\" } }");
        write("broken.camel.yaml", "- route: {");
        write("circle.camel.yaml", "- &a [ *a ]");
        assertThatCode(() -> UserRoutes.files(folder)).doesNotThrowAnyException();
    }
}
