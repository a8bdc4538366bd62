package dev.firstup.queue.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedValueTest {
    @Test
    void showsNothingThatMovesACursor() {
        assertThat(QuotedValue.quoted("a\r\n\u001b[2J\u202eb")).isEqualTo("\"a\\u000d\\u000a\\u001b[2J\\u202eb\"");
        assertThat(QuotedValue.quoted("é".repeat(61))).isEqualTo("\"" + "é".repeat(57) + "...\"");
    }
}
