package dev.firstup.model.secret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackHostsTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.8.9.10", "::1", "[::1]"})
    void isMeant(String host) {
        assertThat(LoopbackHosts.is(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1.example.org", "localhost.example.org", "10.0.0.1", "0.0.0.0", "::11"})
    void isNotMeant(String host) {
        assertThat(LoopbackHosts.is(host)).isFalse();
    }
}
