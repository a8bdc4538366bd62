package dev.firstup.status;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeartbeatTest {
    private static final String PATH = "/ping/s3cret?a=b&c=%2B";
    private static final List<HealthCheck> WELL = List.of(new HealthCheck("state", true, "can be written"));

    @TempDir
    Path secrets;

    private WireMockServer watcher;

    @BeforeEach
    void open() throws Exception {
        watcher =
                new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));
        watcher.start();
        Files.writeString(secrets.resolve("ping"), "http://127.0.0.1:" + watcher.port() + PATH + "\n");
    }

    @AfterEach
    void close() {
        watcher.stop();
    }

    private Site site() throws Exception {
        return new Site(Map.of("firstup.secrets", secrets.toString(), "firstup.heartbeat", "file:ping"));
    }

    private int heard() {
        return watcher.countRequestsMatching(getRequestedFor(urlEqualTo(PATH)).build())
                .getCount();
    }

    @Test
    void isHeardWhileAllIsWell() throws Exception {
        watcher.stubFor(get(urlEqualTo(PATH)).willReturn(ok()));
        try (Site site = site()) {
            await().until(() -> heard() >= 2);
            assertThat(site.context().getRoute("firstup-heartbeat").getRouteId())
                    .isEqualTo("firstup-heartbeat");
        }
    }

    @Test
    void isNotSentWhileSomethingIsDown() throws Exception {
        watcher.stubFor(get(urlEqualTo(PATH)).willReturn(ok()));
        try (Site site = site()) {
            await().until(() -> heard() >= 1);
            site.rooms.views = List.of();
            // Once a tick: the second from now began after the change.
            int asked = site.rooms.asked.get();
            await().until(() -> site.rooms.asked.get() >= asked + 3);
            int before = heard();
            await().until(() -> site.rooms.asked.get() >= asked + 6);
            assertThat(heard()).isEqualTo(before);
            site.rooms.views = new Site.Rooms().views;
            await().until(() -> heard() > before);
        }
    }

    @Test
    void stopsWhileTheStateCannotBeWrittenAndSaysWhyOnce() throws Exception {
        watcher.stubFor(get(urlEqualTo(PATH)).willReturn(ok()));
        try (Site site = site()) {
            List<String> log = new CopyOnWriteArrayList<>();
            site.context().getCamelContextExtension().addLogListener((exchange, logger, message) -> {
                log.add(message);
                return message;
            });
            await().until(() -> heard() >= 1);
            site.rooms.unwritable = "the state could not be read or written: database or disk is full";
            int asked = site.rooms.asked.get();
            await().until(() -> site.rooms.asked.get() >= asked + 3);
            int before = heard();
            await().until(() -> site.rooms.asked.get() >= asked + 6);
            assertThat(heard()).isEqualTo(before);
            assertThat(log)
                    .containsExactly("No heartbeat is heard: this program is not well: state: "
                            + "the state could not be read or written: database or disk is full");
            site.rooms.unwritable = null;
            await().until(() -> heard() > before);
        }
    }

    @Test
    void goesOnAfterAFailure() throws Exception {
        watcher.stubFor(get(urlEqualTo(PATH)).willReturn(serverError()));
        try (Site site = site()) {
            await().until(() -> heard() >= 2);
            site.rooms.broken = new IllegalStateException("the state could not be read");
            int asked = site.rooms.asked.get();
            await().until(() -> site.rooms.asked.get() >= asked + 2);
            site.rooms.broken = null;
            int before = heard();
            await().until(() -> heard() > before);
        }
    }

    @Test
    void withoutAnAddressThereIsNoRoute() throws Exception {
        try (Site site = new Site()) {
            assertThat(site.context().getRoute("firstup-heartbeat")).isNull();
        }
    }

    @Test
    void tellsOfEachChangeOnce() {
        Heartbeat heartbeat = new Heartbeat();
        assertThat(heartbeat.news(WELL, 200, null)).isNull();
        assertThat(heartbeat.news(WELL, 404, null)).isEqualTo("No heartbeat is heard: answered 404, expected 200-299");
        assertThat(heartbeat.news(WELL, null, new IllegalStateException("no route")))
                .isNull();
        assertThat(heartbeat.news(WELL, 204, null)).isEqualTo("The heartbeat is heard again");
        assertThat(heartbeat.news(WELL, null, new IllegalStateException("no route")))
                .isEqualTo("No heartbeat is heard: IllegalStateException: no route");
        assertThat(heartbeat.news(WELL, 200, null)).isEqualTo("The heartbeat is heard again");
        assertThat(heartbeat.news(List.of(WELL.get(0), new HealthCheck("loop", false, "it stalls")), null, null))
                .isEqualTo("No heartbeat is heard: this program is not well: loop: it stalls");
        assertThat(heartbeat.news(null, null, new IllegalStateException("no state")))
                .isNull();
    }
}
