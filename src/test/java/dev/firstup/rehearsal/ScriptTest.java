package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.model.Event;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Event.Step;
import dev.firstup.model.HealthView;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.dns.RecordType;
import dev.firstup.rehearsal.ToyServers.State;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScriptTest {
    private final StringWriter printed = new StringWriter();
    private final List<Event> events = new ArrayList<>();
    private static final Duration SHORT = Duration.ofMillis(200);
    private Rehearsal rehearsal;
    private Instant healthy;

    @BeforeEach
    void start() throws IOException {
        rehearsal = Rehearsal.start(0, Map.of());
    }

    @AfterEach
    void stop() {
        rehearsal.close();
    }

    @Test
    void showsTheMoveAndTheWayBack() {
        assertThat(play(Duration.ofSeconds(10), () -> {
                    follow(false);
                    return events;
                }))
                .isZero();
        assertThat(printed.toString().lines().map(it -> it.replaceAll(" +[\\d,]+ ms", " N ms")))
                .containsExactly(
                        "chat.rehearsal.test -> 192.0.2.10 (paris)",
                        "",
                        "paris is taken down",
                        "chat.rehearsal.test -> 192.0.2.20 (tokyo)",
                        "  detected N ms after paris was taken down",
                        "  decided N ms",
                        "  sent N ms",
                        "  confirmed N ms",
                        "  visible N ms",
                        "",
                        "paris is brought back",
                        "chat.rehearsal.test -> 192.0.2.10 (paris)",
                        "  detected N ms after paris was brought back",
                        "  decided N ms",
                        "  sent N ms",
                        "  confirmed N ms",
                        "  visible N ms",
                        "  paris had been down for N ms",
                        "",
                        "The rehearsal went as it should.");
    }

    @Test
    void isNotMistakenWhenTheFirstMoveIsToldLate() {
        assertThat(play(Duration.ofSeconds(10), () -> {
                    if (rehearsal.servers().state("paris") == State.DOWN && events.isEmpty()) {
                        events.add(event(Kind.MOVED, "paris", "paris is up"));
                    }
                    follow(false);
                    return events;
                }))
                .isZero();
    }

    @Test
    void saysThatPublishingIsStopped() {
        assertThat(play(Duration.ofSeconds(10), () -> {
                    if (rehearsal.servers().state("paris") == State.DOWN) {
                        events.add(event(Kind.PUBLISH_STOPPED, null, "badauth: the account was not accepted"));
                    } else {
                        follow(false);
                    }
                    return events;
                }))
                .isEqualTo(1);
        assertThat(lastLine())
                .isEqualTo(
                        "The rehearsal went otherwise: publishing is stopped: badauth: the account was not accepted");
    }

    @Test
    void saysThatTheQueueFileIsNotValid() {
        events.add(event(Kind.CONFIG_REJECTED, null, "all-down is not known"));
        assertThat(play(Duration.ofSeconds(10), () -> events)).isEqualTo(1);
        assertThat(lastLine())
                .isEqualTo("The rehearsal went otherwise: the queue file is not valid: all-down is not known");
    }

    @Test
    void saysThatTheRecordWentElsewhere() {
        assertThat(play(Duration.ofSeconds(10), () -> {
                    follow(true);
                    return events;
                }))
                .isEqualTo(1);
        assertThat(lastLine())
                .isEqualTo("The rehearsal went otherwise: the record moved to quebec, expected tokyo: paris is down");
    }

    @Test
    void saysWhatItWaitedForInVain() {
        events.add(event(Kind.PUBLISH_WAITING, null, "911: asked again in 30 min"));
        assertThat(play(Duration.ofMillis(100), () -> events)).isEqualTo(1);
        assertThat(lastLine())
                .isEqualTo("The rehearsal went otherwise: after 100 ms chat.rehearsal.test says nothing, "
                        + "expected 192.0.2.10 (paris); PUBLISH_WAITING: 911: asked again in 30 min");
    }

    @Test
    void aCutLinkMustChangeNothing() {
        assertThat(play(new LinkCutStory(SHORT, SHORT), Duration.ofSeconds(10), this::calm))
                .isZero();
        assertThat(printed.toString().lines().map(it -> it.replaceAll(" +[\\d,]+ ms", " N ms")))
                .containsExactly(
                        "chat.rehearsal.test -> 192.0.2.10 (paris)",
                        "",
                        "This monitor's own link is cut, for 0 s",
                        "  told N ms after the link was cut: this monitor looks cut off",
                        "",
                        "The link is whole again",
                        "  told N ms after the link was whole again: it does no more",
                        "chat.rehearsal.test -> 192.0.2.10 (paris)",
                        "  no update at the service, and no other message",
                        "",
                        "The rehearsal went as it should.");
    }

    @Test
    void aCutLinkMustBeNoticed() {
        assertThat(play(new LinkCutStory(SHORT, SHORT), SHORT, () -> {
                    follow(false);
                    return events;
                }))
                .isEqualTo(1);
        assertThat(lastLine()).isEqualTo("The rehearsal went otherwise: after 200 ms nobody was told of STASIS");
    }

    @Test
    void whileTheLinkIsCutNobodyIsToldOfServers() {
        assertThat(play(new LinkCutStory(SHORT, SHORT), Duration.ofSeconds(10), () -> {
                    if (rehearsal.link().isCut() && calm().size() == 2) {
                        events.add(event(Kind.ALL_DOWN, null, "no server answers"));
                    }
                    return calm();
                }))
                .isEqualTo(1);
        assertThat(lastLine())
                .isEqualTo("The rehearsal went otherwise: ALL_DOWN: no server answers, expected [STASIS] only");
    }

    @Test
    void whileTheLinkIsCutNothingIsWritten() {
        assertThat(play(new LinkCutStory(SHORT, SHORT), Duration.ofSeconds(10), () -> {
                    if (rehearsal.link().isCut()) {
                        update();
                    }
                    return calm();
                }))
                .isEqualTo(1);
        assertThat(lastLine())
                .isEqualTo(
                        "The rehearsal went otherwise: an update was sent to the service while nothing was to be done");
    }

    @Test
    void afterACutNothingIsWrittenEither() {
        assertThat(play(new LinkCutStory(SHORT, SHORT), Duration.ofSeconds(10), () -> {
                    if (events.stream().anyMatch(it -> it.kind() == Kind.STASIS_OVER)) {
                        update();
                    }
                    return calm();
                }))
                .isEqualTo(1);
    }

    @Test
    void aServerThatFlapsIsLeftOnce() {
        Instant start = Instant.now();
        assertThat(play(flapping(), Duration.ofSeconds(10), () -> flap(Duration.ofMillis(500))))
                .isZero();
        assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(700));
        assertThat(printed.toString())
                .containsPattern("moved once, while paris went down \\d times")
                .contains("paris stays up\nchat.rehearsal.test -> 192.0.2.10 (paris)\n");
    }

    @Test
    void aServerThatFlapsIsNotFollowed() {
        assertThat(play(flapping(), Duration.ofSeconds(10), () -> {
                    if (rehearsal.servers().state("paris") == State.DOWN) {
                        update();
                        update();
                    }
                    return flap(Duration.ofMillis(500));
                }))
                .isEqualTo(1);
        assertThat(lastLine()).endsWith(" times, expected at most 1");
    }

    @Test
    void theWayBackMustNotComeEarly() {
        assertThat(play(flapping(), Duration.ofSeconds(10), () -> flap(Duration.ofMillis(250))))
                .isEqualTo(1);
        assertThat(lastLine()).endsWith(" ms after paris last came back, expected 500 ms of calm");
    }

    @Test
    void whenAllAreDownTheRecordSaysSorry() {
        assertThat(play(new AllDownStory("192.0.2.99"), Duration.ofSeconds(10), () -> sorry(true)))
                .isZero();
        assertThat(printed.toString())
                .contains("chat.rehearsal.test -> 192.0.2.99 (sorry)", "chat.rehearsal.test -> 192.0.2.20 (tokyo)");
    }

    @Test
    void thatAllAreDownMustBeTold() {
        assertThat(play(new AllDownStory("192.0.2.99"), SHORT.multipliedBy(5), () -> sorry(false)))
                .isEqualTo(1);
        assertThat(lastLine()).endsWith("after 1000 ms nobody was told of ALL_DOWN");
    }

    @Test
    void storiesAreKnownByName() {
        assertThat(Script.names()).containsExactly("failover", "link-cut", "flapping", "all-down");
        assertThat(Script.of("failover", null).settings()).isEmpty();
        assertThat(Script.of("all-down", null).settings()).containsOnlyKeys("all-down");
        assertThat(Script.of("flapping", null).settings()).isEqualTo(Map.of("failback", "60000ms"));
        assertThat(Script.of("flapping", Duration.ofMinutes(10)).settings()).isEqualTo(Map.of("failback", "60000ms"));
        assertThat(Script.of("flapping", Duration.ofSeconds(50)).settings()).isEqualTo(Map.of("failback", "10000ms"));
        assertThat(Script.of("flapping", Duration.ofSeconds(9)).settings()).isEqualTo(Map.of("failback", "5000ms"));
        assertThatThrownBy(() -> Script.of("fail-over", null))
                .hasMessage("there is no story \"fail-over\", expected one of failover, link-cut, flapping, all-down");
        assertThatThrownBy(() -> Script.of("failover", SHORT)).hasMessageContaining("as long as it takes");
        assertThatThrownBy(() -> Script.of("link-cut", SHORT)).hasMessage("the story link-cut lasts at least 5s");
    }

    private static Story flapping() {
        return new FlappingStory(SHORT, Duration.ofMillis(100), Duration.ofMillis(500), SHORT);
    }

    private int play(Duration deadline, Supplier<List<Event>> told) {
        return play(new FailoverStory(), deadline, told);
    }

    private int play(Story story, Duration deadline, Supplier<List<Event>> told) {
        return Script.play(story, new Stage(rehearsal, this::view, told, new PrintWriter(printed), deadline));
    }

    private HealthView view() {
        ServerHealth[] servers = rehearsal.servers().names().stream()
                .map(it -> Views.health(
                        it,
                        rehearsal.servers().state(it) == State.UP
                                ? dev.firstup.model.ServerState.UP
                                : dev.firstup.model.ServerState.DOWN,
                        ""))
                .toArray(ServerHealth[]::new);
        long in = events.stream().filter(it -> it.kind() == Kind.STASIS).count();
        long out = events.stream().filter(it -> it.kind() == Kind.STASIS_OVER).count();
        return in > out ? Views.stasis("paris", servers) : Views.view("paris", servers);
    }

    private String lastLine() {
        return printed.toString()
                .strip()
                .lines()
                .reduce((first, second) -> second)
                .orElse("");
    }

    /** Does what the pipeline would: publishes the first server that is up, and tells of it. */
    private void follow(boolean skipTokyo) {
        String up = rehearsal.servers().state("paris") == State.UP ? "paris" : skipTokyo ? "quebec" : "tokyo";
        if (!rehearsal.link().isCut()) {
            publish(up, rehearsal.addresses().get(up));
        }
    }

    /** Does what it would while the link is cut, and afterwards. */
    private List<Event> calm() {
        follow(false);
        boolean in = events.stream().anyMatch(it -> it.kind() == Kind.STASIS);
        boolean out = events.stream().anyMatch(it -> it.kind() == Kind.STASIS_OVER);
        if (rehearsal.link().isCut() && !in) {
            events.add(event(Kind.STASIS, null, "nothing answers"));
        } else if (!rehearsal.link().isCut() && in && !out) {
            events.add(event(Kind.STASIS_OVER, null, "paris answers"));
        }
        return events;
    }

    /** Does what it would for a server that flaps: back only after {@code failback} without a break. */
    private List<Event> flap(Duration failback) {
        boolean up = rehearsal.servers().state("paris") == State.UP;
        healthy = !up ? null : healthy == null ? Instant.now() : healthy;
        if (!up || rehearsal.published().isEmpty()) {
            follow(false);
        } else if (Duration.between(healthy, Instant.now()).compareTo(failback) > 0) {
            publish("paris", rehearsal.addresses().get("paris"));
        }
        return events;
    }

    /** Does what it would when all are down. */
    private List<Event> sorry(boolean told) {
        String up = rehearsal.servers().names().stream()
                .filter(it -> rehearsal.servers().state(it) == State.UP)
                .findFirst()
                .orElse(null);
        List<Kind> kinds = events.stream().map(Event::kind).toList();
        if (up == null) {
            publish("192.0.2.99", "192.0.2.99");
            if (told && !kinds.contains(Kind.ALL_DOWN)) {
                events.add(event(Kind.ALL_DOWN, null, "all are down"));
            }
        } else {
            publish(up, rehearsal.addresses().get(up));
        }
        return events;
    }

    private void publish(String label, String address) {
        if (!rehearsal.published().equals(List.of(address))) {
            rehearsal.service().put(Rehearsal.RECORD, RecordType.A, List.of(address));
            events.add(event(Kind.MOVED, label, "paris is " + (label.equals("paris") ? "up" : "down")));
        }
    }

    /** One request to the service, of whatever kind. */
    private void update() {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(rehearsal.service().url() + "?hostname=" + Rehearsal.RECORD))
                    .build();
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Event event(Kind kind, String to, String reason) {
        Instant now = Instant.now();
        Map<Step, Instant> times = kind == Kind.MOVED
                ? Map.of(Step.DETECTED, now, Step.DECIDED, now, Step.SENT, now, Step.CONFIRMED, now)
                : Map.of();
        return Event.of(kind, now, new Event.About("chat", Rehearsal.RECORD, null, "rehearsal"), reason)
                .with(new Event.Change(null, to, times))
                .after("paris".equals(to) ? Duration.ofMillis(1234) : null)
                .telling(true);
    }
}
