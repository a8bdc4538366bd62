package dev.firstup.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.dns.RecordType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServerTest {
    private static Server server(long revision, String address, int port, ProbeConditions conditions) {
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

    private static final Server SECOND = server(1, "192.0.2.10", 22, ProbeConditions.NONE);
    private static final Server SERVER = server(1, "192.0.2.10", 443, new ProbeConditions(2, List.of(SECOND)));

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
        assertThat(SERVER.probedLike(server(1, "192.0.2.10", 443, ProbeConditions.NONE)))
                .isFalse();
        assertThat(SERVER.probedLike(server(1, "192.0.2.10", 443, new ProbeConditions(1, List.of(SECOND)))))
                .isFalse();
        Server moved = server(1, "192.0.2.10", 23, ProbeConditions.NONE);
        assertThat(SERVER.probedLike(server(1, "192.0.2.10", 443, new ProbeConditions(2, List.of(moved)))))
                .isFalse();
        assertThat(SERVER.probedLike(server(1, "192.0.2.10", 443, new ProbeConditions(2, List.of(SECOND, moved)))))
                .isFalse();
    }

    @Test
    void anotherRevisionIsThatOfItsConditionsToo() {
        assertThat(SERVER.revised(9).conditions().others())
                .extracting(Server::revision)
                .containsExactly(9L);
    }
}
