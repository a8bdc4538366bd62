package dev.firstup;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.Source;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.io.StringReader;
import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The walls between the rooms, as RATIONALE.md and the package-info.java of each room describe them. */
class ArchitectureTest {
    private static final String ROOT = "dev.firstup.";
    private static final String NO_OTHER = "rooms meet in the routes only";
    private static final String NULLS = "org.jspecify.annotations";
    private static final int MOST_FILES = 25;
    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.firstup");

    private static JavaClasses holes;

    private static final DescribedPredicate<JavaClass> PURE = resideInAnyPackage(
                    ROOT + "health..", ROOT + "publish..", ROOT + "notify..")
            .and(resideOutsideOfPackages(ROOT + "notify.channel.."))
            .as("are in a pure room");
    private static final DescribedPredicate<JavaClass> VALUES = resideInAnyPackage(
            "java.lang..",
            "java.time..",
            "java.util",
            "java.util.concurrent..",
            "java.util.function",
            "java.util.regex",
            "java.util.stream",
            "java.nio.charset",
            NULLS,
            ROOT + "model..");

    /** A class that goes through a wall. */
    private record Hole(String name, String code) {
        Path file() {
            return Path.of(name.replace('.', '/') + ".java");
        }

        String simpleName() {
            return name.substring(name.lastIndexOf('.') + 1);
        }

        String source() {
            String room = name.substring(0, name.lastIndexOf('.'));
            return "package " + ROOT + room + "; public class " + simpleName() + " { " + code + " }";
        }
    }

    /** A rule, and what breaks it: a rule that nothing can break is none. */
    private record Wall(ArchRule rule, List<Hole> holes) {
        @Override
        public String toString() {
            return rule.getDescription();
        }
    }

    static Stream<Wall> walls() {
        return Stream.of(
                wall(room("queue").because(NO_OTHER), "queue.KnowsHealth", "dev.firstup.health.Health it;"),
                wall(room("health").because(NO_OTHER), "health.KnowsStore", "dev.firstup.store.Store it;"),
                wall(room("probe").because(NO_OTHER), "probe.http.KnowsHealth", "dev.firstup.health.Health it;"),
                wall(room("zone").because(NO_OTHER), "zone.KnowsProbe", "dev.firstup.probe.ProbeComponent it;"),
                wall(
                        room("publish").because(NO_OTHER),
                        "publish.provider.KnowsSecret",
                        "dev.firstup.secret.SecretUri it;"),
                wall(room("store").because(NO_OTHER), "store.KnowsPublish", "dev.firstup.publish.Publications it;"),
                wall(room("status").because(NO_OTHER), "status.KnowsHealth", "dev.firstup.health.Health it;"),
                wall(room("secret").because(NO_OTHER), "secret.KnowsNotify", "dev.firstup.notify.Notifications it;"),
                wall(room("pipeline").because(NO_OTHER), "pipeline.KnowsStore", "dev.firstup.store.Store it;"),
                wall(room("rehearsal").because(NO_OTHER), "rehearsal.KnowsZone", "dev.firstup.zone.ZoneComponent it;"),
                wall(
                        room("notify", "secret").because("a channel sends a secret in its last step; else " + NO_OTHER),
                        "notify.channel.KnowsStore",
                        "dev.firstup.store.Store it;"),
                wall(
                        room("warmup", "health", "publish", "store")
                                .because("what a move goes through it goes through; else " + NO_OTHER),
                        "warmup.KnowsProbe",
                        "dev.firstup.probe.ProbeComponent it;"),
                wall(
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "notify")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(ROOT + "secret..", ROOT + "notify.channel..")
                                .because("what is said of an event depends on no channel"),
                        "notify.KnowsSecret",
                        "dev.firstup.secret.SecretUri it;"),
                wall(
                        noClasses()
                                .that()
                                .resideOutsideOfPackage(ROOT + "cli..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(ROOT + "cli..")
                                .because("the commands start the other rooms"),
                        "model.KnowsCli",
                        "dev.firstup.cli.Firstup it;"),
                wall(
                        only("model", resideInAnyPackage("java..", NULLS, ROOT + "model.."))
                                .because("what the model needs, every room would need"),
                        "model.Logs",
                        "org.slf4j.Logger it;"),
                wall(
                        noClasses()
                                .that(areValuesOfTheModel())
                                .should()
                                .dependOnClassesThat(resideInAPackage(ROOT + "model..")
                                        .and(DescribedPredicate.not(areValuesOfTheModel())))
                                .because("the records that flow are made of these values"),
                        "model.time.KnowsRecords",
                        "dev.firstup.model.Queue it;"),
                wall(
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "probe.engine..")
                                .should()
                                .dependOnClassesThat(resideInAPackage(ROOT + "probe..")
                                        .and(resideOutsideOfPackages(ROOT + "probe.engine..")))
                                .because("the engine knows no protocol"),
                        "probe.engine.KnowsComponent",
                        "dev.firstup.probe.ProbeComponent it;"),
                wall(
                        only(
                                        "secret",
                                        resideInAnyPackage(
                                                "java..",
                                                NULLS,
                                                ROOT + "secret..",
                                                ROOT + "model..",
                                                "org.apache.camel..",
                                                "org.apache.hc..",
                                                "software.amazon.awssdk.."))
                                .because("secrets leave by Camel's HTTP client, and go into no log"),
                        "secret.Logs",
                        "org.slf4j.Logger it;"),
                wall(
                        only("health", VALUES.or(resideInAPackage(ROOT + "health..")))
                                .because("health is pure: it is given what was probed, and what time it is"),
                        "health.Reads",
                        "java.io.InputStream it;"),
                wall(
                        only(
                                        "publish",
                                        VALUES.or(resideInAnyPackage(
                                                        ROOT + "publish..",
                                                        "com.fasterxml.jackson..",
                                                        "javax.xml..",
                                                        "org.w3c.dom..",
                                                        "org.xml.sax.."))
                                                .or(belongToAnyOf(
                                                        URI.class,
                                                        URISyntaxException.class,
                                                        URLEncoder.class,
                                                        IDN.class,
                                                        // How parsers are given a text.
                                                        StringReader.class,
                                                        IOException.class,
                                                        InetAddress.class,
                                                        UnknownHostException.class)))
                                .because("publish is pure: requests and answers are texts that others carry"),
                        "publish.Connects",
                        "java.net.Socket it;"),
                wall(
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "publish..")
                                // By a pattern it has literal addresses only, and those ask no resolver.
                                .and()
                                .doNotHaveSimpleName("Dyndns2")
                                .should()
                                .dependOnClassesThat()
                                .areAssignableTo(InetAddress.class)
                                .because("a name that is looked up is I/O"),
                        "publish.provider.LooksUp",
                        "java.net.InetAddress it;"),
                wall(
                        classes()
                                .that()
                                .resideInAPackage(ROOT + "notify")
                                .should()
                                .onlyDependOnClassesThat(VALUES.or(resideInAPackage(ROOT + "notify")))
                                .because("notify is pure: what channels need has its own place"),
                        "notify.KnowsCamel",
                        "org.apache.camel.Exchange it;"),
                wall(
                        noClasses()
                                .that(PURE)
                                .should()
                                .dependOnClassesThat(assignableTo(Thread.class)
                                        .or(assignableTo(Executor.class))
                                        .or(assignableTo(Timer.class))
                                        .or(assignableTo(ProcessBuilder.class))
                                        .or(assignableTo(Runtime.class)))
                                .because("the routes say what runs when, and on whose threads"),
                        "health.HasThreads",
                        "java.util.concurrent.ExecutorService it;"),
                wall(
                        noClasses()
                                .that(PURE)
                                .should()
                                .accessTargetWhere(looksAtTheTime())
                                .because("a clock that is given can be a test's, or one that never jumps"),
                        "publish.HasClock",
                        "java.util.function.Supplier<java.time.Instant> it = java.time.Instant::now;"),
                wall(
                        noClasses()
                                .that(PURE)
                                .should()
                                .accessTargetWhere(asksTheSystem())
                                .because("what they say follows from what they are given"),
                        "notify.AsksSystem",
                        "String it = System.getenv(\"HOME\");"),
                new Wall(
                        SlicesRuleDefinition.slices()
                                .matching("dev.firstup.(**)")
                                .should()
                                .beFreeOfCycles()
                                .because("who follows the arrows comes to an end"),
                        List.of(
                                new Hole("probe.tls.There", "public dev.firstup.probe.http.Back it;"),
                                new Hole("probe.http.Back", "public dev.firstup.probe.tls.There it;"))),
                new Wall(
                        classes().should(beFewInAPackage()).because("a room is seen at a glance"),
                        IntStream.rangeClosed(0, MOST_FILES)
                                .mapToObj(it -> new Hole("zone.One" + it, ""))
                                .toList()),
                wall(
                        noClasses()
                                .should(GeneralCodingRules.USE_JAVA_UTIL_LOGGING)
                                .because("the log is Log4j's, as Camel does it"),
                        "zone.LogsOtherwise",
                        "java.util.logging.Logger it = java.util.logging.Logger.getLogger(\"zone\");"),
                wall(
                        noClasses()
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("org.apache.camel.util.json..")
                                .because("one JSON library, Jackson, is enough"),
                        "status.KnowsCamelsJson",
                        "org.apache.camel.util.json.JsonObject it;"),
                wall(
                        noClasses()
                                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                                .because("a command writes to the writer that it is given, and all others to the log"),
                        "status.Prints",
                        "Object it = System.out;"));
    }

    @ParameterizedTest
    @MethodSource("walls")
    void stands(Wall wall) {
        wall.rule().check(PROGRAM);
    }

    @ParameterizedTest
    @MethodSource("walls")
    void falls(Wall wall) {
        List<String> failures = wall.rule().evaluate(holes).getFailureReport().getDetails();

        assertThat(failures)
                .anySatisfy(it -> assertThat(it).contains(wall.holes().get(0).simpleName()));
    }

    private static Wall wall(ArchRule rule, String hole, String code) {
        return new Wall(rule, List.of(new Hole(hole, code)));
    }

    private static ClassesShouldConjunction room(String name, String... mayUse) {
        String[] known = Stream.concat(Stream.of(name, "model"), Stream.of(mayUse))
                .map(it -> ROOT + it + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.firstup..").and(resideOutsideOfPackages(known)));
    }

    private static ClassesShouldConjunction only(String room, DescribedPredicate<JavaClass> known) {
        return classes().that().resideInAPackage(ROOT + room + "..").should().onlyDependOnClassesThat(known);
    }

    private static DescribedPredicate<JavaClass> areValuesOfTheModel() {
        return resideInAnyPackage(
                        ROOT + "model.dns",
                        ROOT + "model.probe",
                        ROOT + "model.rules",
                        ROOT + "model.secret",
                        ROOT + "model.text",
                        ROOT + "model.time")
                .as("are values of the model");
    }

    private static DescribedPredicate<JavaAccess<?>> looksAtTheTime() {
        return DescribedPredicate.describe("looks at the time", access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getName();
            if (owner.isEquivalentTo(System.class)) {
                return name.equals("currentTimeMillis") || name.equals("nanoTime");
            }
            if (owner.isEquivalentTo(Clock.class)) {
                return (name.startsWith("system") || name.startsWith("tick")) && !madeByAKamelet(access);
            }
            return access instanceof JavaCodeUnitAccess<?> code
                    && (owner.isEquivalentTo(Date.class) && name.equals("<init>")
                            || owner.getPackageName().startsWith("java.time") && name.equals("now"))
                    && code.getTarget().getRawParameterTypes().stream().noneMatch(it -> it.isEquivalentTo(Clock.class));
        });
    }

    /** Kamelets make their beans without arguments, so there the clock is the system's. */
    private static boolean madeByAKamelet(JavaAccess<?> access) {
        return access.getOriginOwner().getPackageName().equals(ROOT + "publish.provider")
                && access.getOrigin().isConstructor()
                && access.getOrigin().getRawParameterTypes().isEmpty();
    }

    private static DescribedPredicate<JavaAccess<?>> asksTheSystem() {
        Set<String> harmless = Set.of("arraycopy", "lineSeparator");
        return DescribedPredicate.describe(
                "asks the system",
                access -> access.getTargetOwner().isEquivalentTo(System.class) && !harmless.contains(access.getName()));
    }

    private static ArchCondition<JavaClass> beFewInAPackage() {
        return new ArchCondition<>("be in a package of " + MOST_FILES + " files at most") {
            private Map<String, Set<String>> files = Map.of();

            @Override
            public void init(Collection<JavaClass> all) {
                files = all.stream()
                        .collect(groupingBy(
                                JavaClass::getPackageName,
                                mapping(
                                        it -> it.getSource()
                                                .flatMap(Source::getFileName)
                                                .orElseThrow(),
                                        toCollection(TreeSet::new))));
            }

            @Override
            public void check(JavaClass item, ConditionEvents events) {}

            @Override
            public void finish(ConditionEvents events) {
                files.forEach((name, its) -> {
                    if (its.size() > MOST_FILES) {
                        events.add(SimpleConditionEvent.violated(name, name + " has " + its.size() + " files: " + its));
                    }
                });
            }
        };
    }

    @BeforeAll
    static void compile(@TempDir Path folder) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Hole hole : walls().flatMap(it -> it.holes().stream()).toList()) {
            Path source = folder.resolve(hole.file());
            Files.createDirectories(source.getParent());
            sources.add(Files.writeString(source, hole.source()));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options =
                    List.of("-proc:none", "-d", folder.toString(), "-classpath", System.getProperty("java.class.path"));
            assertThat(compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    options,
                                    null,
                                    files.getJavaFileObjectsFromFiles(
                                            sources.stream().map(Path::toFile).toList()))
                            .call())
                    .isTrue();
        }
        holes = new ClassFileImporter().importPath(folder);
    }
}
