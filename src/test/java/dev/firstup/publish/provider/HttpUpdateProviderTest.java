package dev.firstup.publish.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.TestClock;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Receipt;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fixtures of {@code ProvidersTest} do not reach: templates that are wrong, and answers that are odd. */
class HttpUpdateProviderTest {
    private static final Publication WRITE = Dyndns2Test.write(RecordType.A, 0, "192.0.2.10");

    private final HttpUpdateProvider template = new HttpUpdateProvider(new TestClock());

    HttpUpdateProviderTest() {
        template.setUrl("https://dns.example.net/update?ip={ip}");
        template.setSuccess("OK(?: {ip})?");
    }

    private ProviderRequest request() {
        return template.begin(WRITE).request();
    }

    private Receipt answer(int status, String body) {
        return (Receipt) template.next(ProviderExchange.with(template, WRITE), new ProviderResponse(status, null, body))
                .result();
    }

    @Test
    void withoutAPatternForSuccessNothingIsSent() {
        template.setSuccess("");
        assertThatThrownBy(this::request)
                .isInstanceOf(StopException.class)
                .hasMessageContaining("http-update needs success");
    }

    @Test
    void aPatternThatIsNoneIsRefusedBeforeAnythingIsSent() {
        template.setWait("too (soon");
        assertThatThrownBy(this::request)
                .isInstanceOf(StopException.class)
                .hasMessage("http-update: the pattern wait is not one: Unclosed group in too (soon");
    }

    @ParameterizedTest
    @CsvSource({
        "https://dns.example.net/{address}, knows no {address}",
        "https://dns.example.net/{name}, needs the parameter zone",
        "https://dns.example.net/{secret}, needs the parameter secret",
        "https://dns.example.net/{secret2}, needs the parameter token6 for a record of type A",
        "http://dns.example.net/{ip}, unencrypted",
        "https://{ip, cannot send to"
    })
    void aTemplateThatCannotBeFilledSaysWhy(String url, String reason) {
        template.setUrl(url);
        template.setSecond("token6");
        assertThatThrownBy(this::request).isInstanceOf(StopException.class).hasMessageContaining(reason);
    }

    @Test
    void aHeaderIsANameAndAValue() {
        template.setHeaders("X-Type: {type}||no colon");
        assertThatThrownBy(this::request)
                .isInstanceOf(StopException.class)
                .hasMessageContaining("\"no colon\" has no colon");
        template.setHeaders("X-Type: {type} || X-Time : a:{ttl}");
        assertThat(request().headers()).containsEntry("X-Type", "A").containsEntry("X-Time", "a:60");
    }

    @Test
    void aZoneMayBeWrittenAsPeopleWriteIt() {
        template.setZone(WRITE.record().replaceFirst("[^.]*\\.", "").toUpperCase(Locale.ROOT) + ".");
        template.setUrl("https://dns.example.net/{zone}/{name}");
        assertThat(request().uri())
                .isEqualTo("https://dns.example.net/" + WRITE.record().replaceFirst("([^.]*)\\.(.*)", "$2/$1"));
    }

    @Test
    void valuesAreEscapedAsTheirPlaceNeedsIt() {
        template.setZone("exam&ple.org");
        template.setUrl("https://dns.example.net/{zone}");
        template.setMethod("POST");
        template.setType("application/json");
        template.setApex("a\"b\\c");
        template.setZone(WRITE.record());
        template.setBody("{\"name\": \"{name}\"}");
        assertThat(request().body()).isEqualTo("{\"name\": \"a\\\"b\\\\c\"}");
        template.setType("application/x-www-form-urlencoded");
        template.setBody("name={name}");
        assertThat(request().body()).isEqualTo("name=a%22b%5Cc");
        template.setType("text/plain");
        assertThat(request().body()).isEqualTo("name=a\"b\\c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OK",
                " OK\r\n",
                "<p>OK</p>",
                "OK 192.0.2.10",
                "<b>OK</b><i>192.0.2.10</i>",
                "OK\n\n<!-- who knows -->192.0.2.10"
            })
    void tagsAndWhiteSpaceSayNothing(String body) {
        assertThat(answer(200, body).unchanged()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ok", "OKAY", "not OK", "OK 192.0.2.1", "OK 192.0.2.100", "OK 192.0.2.10.", "OK <192.0.2.10"
            })
    void aPatternMatchesTheWholeAnswer(String body) {
        assertThatThrownBy(() -> answer(200, body))
                .isInstanceOfSatisfying(
                        WaitException.class, it -> assertThat(it.ambiguous()).isTrue());
    }

    @Test
    void whatComesAfter4096CharactersDoesNotCount() {
        template.setSuccess("OK x*");
        assertThat(answer(200, "OK " + "x".repeat(4093) + "y").unchanged()).isFalse();
        assertThatThrownBy(() -> answer(200, "OK " + "x".repeat(4092) + "y")).isInstanceOf(WaitException.class);
    }

    @Test
    @Timeout(10)
    void aPatternThatTriesEverythingEnds() {
        template.setSuccess("(x+x+)+y");
        assertThatThrownBy(() -> answer(200, "x".repeat(4000)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("too much");
    }

    @ParameterizedTest
    @CsvSource({"200, true", "204, true", "205, false", "404, true", "400, false", "99, false"})
    void onlySomeStatusesAreASuccess(int status, boolean good) {
        template.setStatuses("200-204, 404");
        if (good) {
            assertThat(answer(status, "OK")).isNotNull();
        } else {
            assertThatThrownBy(() -> answer(status, "OK")).isInstanceOf(WaitException.class);
        }
    }

    @Test
    void aWaitGetsLonger() {
        template.setWait("too soon");
        template.setPause(60);
        assertThat(List.of(0, 1, 9))
                .extracting(failures -> {
                    Publication about = Dyndns2Test.write(RecordType.A, failures, "192.0.2.10");
                    try {
                        template.next(
                                ProviderExchange.with(template, about), new ProviderResponse(200, null, "too soon"));
                        return null;
                    } catch (WaitException e) {
                        return e.delay().toSeconds();
                    }
                })
                .containsExactly(60L, 120L, 240L);
    }

    @Test
    void whatIsWithdrawnMayBeAnsweredOtherwise() {
        Publication withdraw =
                WRITE.edit().ask(Ask.WITHDRAW).wanted(null, List.of()).done();
        assertThatThrownBy(() -> template.begin(withdraw)).hasMessage("http-update cannot withdraw a record");
        template.setWithdrawUrl("https://dns.example.net/{record}");
        template.setWithdrawSuccess("gone");
        assertThat(template.begin(withdraw).request().method()).isEqualTo("DELETE");
        assertThatThrownBy(() ->
                        template.next(ProviderExchange.with(template, withdraw), new ProviderResponse(200, null, "OK")))
                .isInstanceOf(WaitException.class);
        assertThat(template.next(ProviderExchange.with(template, withdraw), new ProviderResponse(200, null, "gone"))
                        .result())
                .isInstanceOf(Receipt.class);
    }
}
