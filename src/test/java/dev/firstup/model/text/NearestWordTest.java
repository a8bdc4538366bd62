package dev.firstup.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestWordTest {
    private static final List<String> KEYS = List.of("record", "servers", "failback", "witnesses", "ttl");

    @Test
    void countsASwapOfNeighboursOnce() {
        assertThat(NearestWord.distance("srevers", "servers")).isEqualTo(1);
        assertThat(NearestWord.distance("", "ttl")).isEqualTo(3);
        assertThat(NearestWord.to("falback", KEYS)).contains("failback");
        assertThat(NearestWord.to("weather", KEYS)).isEmpty();
    }
}
