package dev.firstup.publish.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.model.StopException;
import dev.firstup.model.dns.RecordType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordValuesTest {
    @ParameterizedTest
    @CsvSource({
        "A, 192.0.2.10, 192.0.2.10",
        "AAAA, 2001:DB8:0::0010, 2001:db8::10",
        "CNAME, LB.Example.net., lb.example.net",
        "CNAME, lb.bücher.example., lb.xn--bcher-kva.example",
        "A, odd, odd",
    })
    void equalValuesAreEqualTexts(RecordType type, String value, String normal) {
        assertThat(RecordValues.reading("https://api.example.net:8443/v1", type, List.of(value))
                        .answers())
                .containsOnlyKeys("api.example.net:8443")
                .containsValue(List.of(normal));
    }

    @ParameterizedTest
    @CsvSource({
        "chat.example.org, example.org, chat",
        "a.b.example.org, Example.ORG., a.b",
        "example.org, example.org, @",
        "example.org, example.org., @",
        "chat.xn--bcher-kva.example, Bücher.example, chat",
    })
    void aRecordHasItsNameBelowItsZone(String record, String zone, String below) {
        assertThat(RecordValues.below(record, zone)).isEqualTo(below);
    }

    @ParameterizedTest
    @CsvSource({"chat.example.org, example.net", "badexample.org, example.org", "org, example.org"})
    void anotherZoneIsRefused(String record, String zone) {
        assertThatThrownBy(() -> RecordValues.below(record, zone))
                .isInstanceOf(StopException.class)
                .hasMessage(record + " does not lie in the zone " + zone
                        + ": set the zone that it lies in, in the accounts file");
    }

    @Test
    void namesEndWithADotWhereZoneFilesHaveThem() {
        assertThat(RecordValues.absolute(RecordType.CNAME, "lb.example.net")).isEqualTo("lb.example.net.");
        assertThat(RecordValues.absolute(RecordType.CNAME, "lb.example.net.")).isEqualTo("lb.example.net.");
        assertThat(RecordValues.absolute(RecordType.A, "192.0.2.10")).isEqualTo("192.0.2.10");
    }
}
