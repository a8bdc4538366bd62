package dev.firstup.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.Event.Kind;
import dev.firstup.model.Queue;
import dev.firstup.model.names.Finding;
import dev.firstup.model.names.NamesFindings;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was found of the names around a record is told once, and so is its end. */
class FindingTableTest extends StoreCase {
    private static final Queue CHAT = chat(PARIS, TOKYO);
    private static final Finding ALIAS = finding("chat.example.net", Finding.Kind.ALIAS_MISSING, "no alias", true);
    private static final Finding SRV = finding("_a._tcp.example.net", Finding.Kind.SRV_MISSING, "no srv", true);
    private static final Finding TTL = finding(Fixtures.RECORD, Finding.Kind.TTL, "3600 s", false);

    @BeforeEach
    void configure() {
        store.configure(Fixtures.configuration(CHAT));
    }

    @Test
    void isToldOnceAlsoAfterARestart() throws IOException {
        assertThat(found(ALIAS, SRV)).containsExactly("NAMES no alias\nno srv");
        assertThat(store.untold()).extracting(it -> it.event().kind()).containsExactly(Kind.NAMES);
        assertThat(found(SRV, ALIAS)).isEmpty();
        crash();
        configure();
        assertThat(found(ALIAS, SRV)).isEmpty();
        assertThat(store.findings()).extracting(Finding::text).containsExactly("no srv", "no alias");
    }

    @Test
    void itsEndIsToldOnce() {
        found(ALIAS, SRV);
        assertThat(found(SRV))
                .containsExactly("NAMES right again: chat.example.net; ./firstup status shows what is left");
        assertThat(found()).containsExactly("NAMES_OK right again: _a._tcp.example.net");
        assertThat(found()).isEmpty();
        assertThat(store.findings()).isEmpty();
        assertThat(found(ALIAS)).containsExactly("NAMES no alias");
    }

    @Test
    void whatMayBeAChangeOnItsWayIsToldTheSecondTime() {
        assertThat(found(TTL)).isEmpty();
        assertThat(store.findings()).isEmpty();
        assertThat(found(TTL)).containsExactly("NAMES 3600 s");
        assertThat(found(TTL)).isEmpty();
        assertThat(found()).containsExactly("NAMES_OK right again: " + Fixtures.RECORD);
        assertThat(found(TTL)).isEmpty();
        // Nobody was told of it.
        assertThat(found()).isEmpty();
    }

    @Test
    void whatCouldNotBeReadStaysAsItWas() {
        found(ALIAS, SRV);
        assertThat(kinds(store.found(new NamesFindings(CHAT, List.of(), Set.of("chat.example.net"), List.of()))))
                .containsExactly("NAMES right again: _a._tcp.example.net; ./firstup status shows what is left");
        assertThat(store.findings()).extracting(Finding::text).containsExactly("no alias");
        assertThat(found(ALIAS)).isEmpty();
    }

    @Test
    void anotherTextIsKeptAndNotTold() {
        found(ALIAS);
        assertThat(found(finding("chat.example.net", Finding.Kind.ALIAS_MISSING, "other words", true)))
                .isEmpty();
        assertThat(store.findings()).extracting(Finding::text).containsExactly("other words");
        assertThat(found(finding("chat.example.net", Finding.Kind.ALIAS_ELSEWHERE, "it leads away", true)))
                .containsExactly("NAMES it leads away");
    }

    @Test
    void aReadingOfAnotherConfigurationCountsForNothing() {
        assertThat(kinds(store.found(new NamesFindings(CHAT.revised(2), List.of(ALIAS), Set.of(), List.of()))))
                .isEmpty();
        assertThat(store.findings()).isEmpty();
    }

    @Test
    void goesWithItsQueue() {
        found(ALIAS);
        store.configure(Fixtures.configuration());
        assertThat(store.findings()).isEmpty();
    }

    private List<String> found(Finding... findings) {
        return kinds(store.found(new NamesFindings(CHAT, List.of(findings), Set.of(), List.of())));
    }

    private static List<String> kinds(NamesFindings findings) {
        return findings.events().stream()
                .map(it -> it.kind() + " " + it.reason())
                .toList();
    }

    private static Finding finding(String about, Finding.Kind kind, String text, boolean sure) {
        return new Finding("chat", about, kind, text, sure);
    }
}
