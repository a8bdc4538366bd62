package dev.firstup.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServerTest {
    private static Server server(long revision, String address, int port, Conditions conditions) {
        return new Server(
                "chat",
                revision,
                "paris",
                Map.of(RecordType.A, address),
                "probe:tcp",
                "10.0.0.1",
                port,
                "",
                "chat.example.org",
                Duration.ofSeconds(3),
                conditions);
    }

    private static final Server SECOND = server(1, "192.0.2.10", 22, Conditions.NONE);
    private static final Server SERVER = server(1, "192.0.2.10", 443, new Conditions(2, List.of(SECOND)));

    @Test
    void healthOutlivesWhatIsNotAboutTheProbes() {
        assertThat(SERVER.probedLike(SERVER.revised(2))).isTrue();
        assertThat(SERVER.probedLike(server(1, "192.0.2.11", 443, SERVER.conditions())))
                .isTrue();
    }

    @Test
    void otherConditionsAreAnotherServer() {
        assertThat(SERVER.probedLike(server(1, "192.0.2.10", 444, SERVER.conditions())))
                .isFalse();
        assertThat(SERVER.probedLike(server(1, "192.0.2.10", 443, Conditions.NONE)))
                .isFalse();
        assertThat(SERVER.probedLike(server(1, "192.0.2.10", 443, new Conditions(1, List.of(SECOND)))))
                .isFalse();
        Server moved = server(1, "192.0.2.10", 23, Conditions.NONE);
        assertThat(SERVER.probedLike(server(1, "192.0.2.10", 443, new Conditions(2, List.of(moved)))))
                .isFalse();
        assertThat(SERVER.probedLike(server(1, "192.0.2.10", 443, new Conditions(2, List.of(SECOND, moved)))))
                .isFalse();
    }

    @Test
    void anotherRevisionIsThatOfItsConditionsToo() {
        assertThat(SERVER.revised(9).conditions().others())
                .extracting(Server::revision)
                .containsExactly(9L);
    }
}
