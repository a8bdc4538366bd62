package dev.firstup.publish.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.publish.provider.RecordChange.Entry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordChangeTest {
    /** Entries are {@code ID=VALUE}, with a {@code !} where something else about them is wrong. */
    @ParameterizedTest
    @CsvSource({
        "'', a, CREATE a",
        "'', a b, CREATE a CREATE b",
        "1=a, a, ''",
        "1=a, b, UPDATE 1 b",
        "1=a!, a, UPDATE 1 a",
        "1=a 2=b, c, UPDATE 1 c DELETE 2",
        "1=a 2=b, b, DELETE 1",
        "1=a 2=a, a, DELETE 2",
        "1=a 2=b, b c, UPDATE 1 c",
        "1=a, b c, UPDATE 1 b CREATE c",
        "1=a 2=b 3=c, a b, DELETE 3",
        "1=a 2=b, '', DELETE 1 DELETE 2",
        "'', '', ''",
    })
    void nothingIsDoneThatNeedNotBeAndDeletionsComeLast(String found, String wanted, String changes) {
        List<Entry> entries = words(found)
                .map(it -> new Entry(it.replaceAll("=.*", ""), it.replaceAll(".*=|!", ""), !it.endsWith("!")))
                .toList();
        assertThat(RecordChange.needed(entries, words(wanted).toList()).stream()
                        .flatMap(it -> Stream.of(it.kind().name(), it.id(), it.value()))
                        .filter(it -> !it.isEmpty()))
                .containsExactly(words(changes).toArray(String[]::new));
    }

    private static Stream<String> words(String text) {
        return Stream.of(text.split(" ")).filter(it -> !it.isEmpty());
    }
}
