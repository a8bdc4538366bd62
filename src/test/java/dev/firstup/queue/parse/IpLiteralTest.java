package dev.firstup.queue.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpLiteralTest {

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, 8.8.8.8",
        "2A00:0:0:0:0:0:0:1, 2a00::1",
        "2a00:0:0:1::1, 2a00:0:0:1::1",
        "2a00:0:1:0:0:1:0:0, 2a00:0:1::1:0:0",
        "2a00:0:0:1:0:0:0:1, 2a00:0:0:1::1",
        "2a00:0:1:1:1:1:1:1, 2a00:0:1:1:1:1:1:1",
        "::, ::",
        "2a00::, 2a00::",
        "::1:0, ::1:0",
        "64:ff9b::8.8.8.8, 64:ff9b::808:808",
    })
    void hasOneWayToWriteIt(String text, String normal) {
        assertThat(IpLiteral.of(text).text()).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                ":",
                "1.2.3",
                "1.2.3.4.",
                "1.2.3.4.5",
                "256.1.1.1",
                "01.2.3.4",
                "0x1.2.3.4",
                "16909060",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "fe80::1%eth0",
                "[::1]",
                "::1.2.3",
                ".::",
                "::g",
                "localhost",
                "１.2.3.4",
                "1.2.3.4\n"
            })
    void isNoName(String text) {
        assertThat(IpLiteral.of(text)).isNull();
    }

    @Test
    void seesAnIPv4AddressInIPv6() {
        assertThat(IpLiteral.of("::ffff:8.8.8.8").mapped()).isEqualTo("8.8.8.8");
        assertThat(IpLiteral.of("8.8.8.8").mapped()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"172.15.0.1", "172.32.0.1", "100.128.0.1", "11.0.0.1", "2a00::1", "fbff::1", "198.20.0.1"})
    void leavesTheNeighboursOfReservedBlocksAlone(String text) {
        assertThat(IpLiteral.of(text).reserved()).isNull();
    }
}
