package dev.firstup.publish.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.Fixtures;
import dev.firstup.TestClock;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Receipt;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Dyndns2Test {
    private static final String V4 = "192.0.2.10";
    private static final String V6 = "2001:db8::10";

    private final TestClock clock = new TestClock();

    private Dyndns2 service(String name) {
        Dyndns2 dyndns2 = new Dyndns2(clock);
        dyndns2.setService(name);
        if (name.isEmpty()) {
            dyndns2.setUrl("https://dyn.example.net/");
        }
        return dyndns2;
    }

    static Publication write(RecordType type, int failures, String... values) {
        return publication(type, Ask.WRITE, failures, values);
    }

    private static Publication publication(RecordType type, Ask ask, int failures, String... values) {
        return Fixtures.read(Fixtures.RECORD, type, null)
                .edit()
                .wanted(null, List.of(values))
                .attempt(attempt -> new Attempt(List.of(values), null, failures, 0, 0))
                .told(told -> told.moved(false))
                .ask(ask)
                .done();
    }

    /** What comes after the question mark. */
    private static String query(Dyndns2 dyndns2, Publication publication) {
        return url(dyndns2, publication).replaceFirst("[^?]*\\?", "");
    }

    private static String url(Dyndns2 dyndns2, Publication publication) {
        return dyndns2.begin(publication).request().uri();
    }

    private static String url(Dyndns2 dyndns2) {
        return url(dyndns2, write(RecordType.A, 0, V4)).replaceFirst("\\?.*", "");
    }

    private static Receipt answer(
            Dyndns2 dyndns2, Publication publication, int status, String retryAfter, String body) {
        return (Receipt) dyndns2.next(
                        ProviderExchange.with(dyndns2, publication), new ProviderResponse(status, retryAfter, body))
                .result();
    }

    /** What becomes of an answer: {@code good}, {@code nochg}, {@code stop}, {@code unknown}, {@code ambiguous}, or {@code wait MINUTES}. */
    private String reaction(String service, int status, String retryAfter, String body, int failures) {
        try {
            Receipt receipt = answer(service(service), write(RecordType.A, failures, V4), status, retryAfter, body);
            return receipt.unchanged() ? "nochg" : "good";
        } catch (StopException e) {
            return "stop";
        } catch (WaitException e) {
            return e.ambiguous() ? "ambiguous" : "wait " + e.delay().toMinutes();
        } catch (IllegalStateException e) {
            return "unknown";
        }
    }

    // What is asked

    @ParameterizedTest
    @CsvSource({
        "dyn, hostname=chat.example.org&myip=192.0.2.10, hostname=chat.example.org&myip=2001%3Adb8%3A%3A10",
        "no-ip, hostname=chat.example.org&myip=192.0.2.10, hostname=chat.example.org&myip=2001%3Adb8%3A%3A10",
        "he, hostname=chat.example.org&myip=192.0.2.10, hostname=chat.example.org&myip=2001%3Adb8%3A%3A10",
        "'', hostname=chat.example.org&myip=192.0.2.10, hostname=chat.example.org&myip=2001%3Adb8%3A%3A10",
        "dynu, hostname=chat.example.org&myip=192.0.2.10&myipv6=no,"
                + " hostname=chat.example.org&myip=no&myipv6=2001%3Adb8%3A%3A10",
        "desec, hostname=chat.example.org&myipv4=192.0.2.10&myipv6=preserve,"
                + " hostname=chat.example.org&myipv4=preserve&myipv6=2001%3Adb8%3A%3A10",
    })
    void theAddressIsExplicitAndTheOtherFamilyLeftAlone(String service, String v4, String v6) {
        assertThat(query(service(service), write(RecordType.A, 0, V4))).isEqualTo(v4);
        assertThat(query(service(service), write(RecordType.AAAA, 0, V6))).isEqualTo(v6);
    }

    @Test
    void whatTheProtocolCannotSayIsRefused() {
        Dyndns2 dyn = service("dyn");
        assertThatThrownBy(() -> dyn.begin(publication(RecordType.A, Ask.WITHDRAW, 0)))
                .isInstanceOf(StopException.class)
                .hasMessageContaining("cannot withdraw");
        assertThatThrownBy(() -> dyn.begin(write(RecordType.CNAME, 0, "lb.example.net")))
                .isInstanceOf(StopException.class)
                .hasMessageContaining("CNAME");
        assertThatThrownBy(() -> dyn.begin(write(RecordType.A, 0, V4, "192.0.2.20")))
                .isInstanceOf(StopException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://dyn.example.net/nic/update",
                "http://127.0.0.1:8080/nic/update",
                "http://localhost/nic/update",
                "http://[::1]:8080/nic/update"
            })
    void urlsThatKeepThePasswordAreTaken(String url) {
        Dyndns2 dyndns2 = service("");
        dyndns2.setUrl(url);
        assertThat(url(dyndns2)).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://dyn.example.net/nic/update",
                "http://127.0.0.1.example.net/",
                "http://127.0.0.1:80@dyn.example.net/",
                "http://localhost@dyn.example.net/",
                "ftp://dyn.example.net/",
                "dyn.example.net",
                "https://",
                "http://exa mple/"
            })
    void urlsThatWouldLoseThePasswordAreRefused(String url) {
        Dyndns2 dyndns2 = service("");
        dyndns2.setUrl(url);
        assertThatThrownBy(() -> url(dyndns2)).isInstanceOf(StopException.class);
    }

    @Test
    void aServiceHasItsOwnUrlAndAnUnknownOneIsNamed() {
        Dyndns2 desec = service("desec");
        assertThat(url(desec)).isEqualTo("https://update.dedyn.io/");
        Dyndns2 nothing = service("");
        nothing.setUrl("");
        assertThatThrownBy(() -> url(nothing))
                .hasMessageContaining("all-inkl, desec, dyn, dynu, dynv6, he, inwx, joker, no-ip, nsupdate.info, ovh");
        assertThatThrownBy(() -> url(service("noip")))
                .isInstanceOf(StopException.class)
                .hasMessageContaining("\"noip\"");
    }

    // What answers mean

    @ParameterizedTest(name = "{0} {1} \"{2}\": {3}")
    @CsvSource({
        "dyn, 200, good 192.0.2.10, good",
        "dyn, 200, nochg 192.0.2.10, nochg",
        "dyn, 200, nochg, nochg",
        "dyn, 200, badauth, stop",
        "dyn, 200, badagent, stop",
        "dyn, 200, badsys, stop",
        "dyn, 200, notfqdn, stop",
        "dyn, 200, nohost, stop",
        "dyn, 200, abuse, stop",
        "dyn, 200, !donator, stop",
        "dyn, 200, !yours, stop",
        "dyn, 200, !active, stop",
        "dyn, 200, numhost, stop",
        "dyn, 200, dnserr, wait 30",
        "dyn, 200, 911, wait 30",
        "dyn, 200, good 127.0.0.1, stop",
        "no-ip, 200, 'good 192.0.2.10,2001:db8::1', good",
        "no-ip, 200, nochg 192.0.2.10, nochg",
        "no-ip, 200, nohost, stop",
        "no-ip, 200, badauth, stop",
        "no-ip, 200, badagent, stop",
        "no-ip, 200, !donator, stop",
        "no-ip, 200, abuse, stop",
        "no-ip, 200, 911, wait 30",
        "no-ip, 500, 911, wait 30",
        "dynu, 200, good 192.0.2.10, good",
        "dynu, 200, nochg, nochg",
        "dynu, 200, 911, wait 10",
        "dynu, 200, servererror, wait 10",
        "dynu, 200, dnserr, wait 10",
        "dynu, 200, !donator, stop",
        "desec, 200, good, good",
        "desec, 401, badauth, stop",
        "desec, 404, nohost, stop",
        "desec, 429, Request was throttled., wait 10",
        "he, 200, good 192.0.2.10, good",
        "he, 200, nochg 192.0.2.10, nochg",
        "he, 200, interval, wait 5",
        "he, 200, badauth, stop",
        "he, 200, nohost, stop",
        // Whatever surrounds the code.
        "'', 200, '  good\t192.0.2.10\r\n', good",
        "'', 200, '\r\n\r\ngood 192.0.2.10\r\n', good",
        "'', 200, 'good 192.0.2.10\nnohost', good",
        "'', 200, 'badauth\nbadauth', stop",
        // What only looks like a code.
        "'', 200, GOOD 192.0.2.10, ambiguous",
        "'', 200, goodbye, ambiguous",
        "'', 200, not good, ambiguous",
        "'', 200, '', ambiguous",
        "'', 200, ' , ', ambiguous",
        "'', 200, '<html><body>good 192.0.2.10</body></html>', ambiguous",
        "'', 200, '10\r\ngood 192.0.2.10\r\n0', ambiguous",
        "'', 200, good 192.0.2.99, ambiguous",
        "'', 200, nochg 192.0.2.99, ambiguous",
        // What the status says.
        "'', 201, good 192.0.2.10, ambiguous",
        "'', 302, '', ambiguous",
        "'', 400, '', ambiguous",
        "'', 404, '<html>', ambiguous",
        "'', 401, '', stop",
        "'', 403, '<html>', stop",
        "'', 429, '', wait 10",
        "'', 500, '', unknown",
        "'', 503, <html>, unknown",
    })
    void everyAnswerHasItsMeaning(String service, int status, String body, String expected) {
        assertThat(reaction(service, status, null, body, 0)).isEqualTo(expected);
    }

    @Test
    void noBodyIsNoSuccess() {
        assertThat(reaction("", 200, null, null, 0)).isEqualTo("ambiguous");
    }

    @Test
    void troubleOfTheHostsIsWaitedForLongerAndLonger() {
        assertThat(List.of(0, 1, 2, 3, 9))
                .extracting(it -> reaction("no-ip", 200, null, "911", it))
                .containsExactly("wait 30", "wait 60", "wait 90", "wait 120", "wait 120");
    }

    @ParameterizedTest
    @CsvSource({
        "429, 120, wait 2",
        "503, 120, wait 2",
        "429, ' 120 ', wait 2",
        // The test's clock says noon.
        "429, 'Sat, 31 Jan 2026 12:07:00 GMT', wait 7",
        "503, 'Sat, 31 Jan 2026 12:07:00 GMT', wait 7",
        "429, 'Sat, 31 Jan 2026 11:00:00 GMT', wait 10",
        "429, 0, wait 10",
        "429, -5, wait 10",
        "429, soon, wait 10",
        "429, 999999999, wait 1440",
    })
    void theHostSaysWhenToComeBack(int status, String header, String expected) {
        assertThat(reaction("", status, header, "", 0)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::10", "2001:DB8:0:0:0:0:0:10", "2001:0db8::0010"})
    void anIpv6AddressIsTheSameHoweverItIsWritten(String answered) {
        Publication publication = write(RecordType.AAAA, 0, V6);
        assertThat(answer(service("no-ip"), publication, 200, null, "good " + answered)
                        .unchanged())
                .isFalse();
    }

    @Test
    void anotherIpv6AddressIsNotTaken() {
        Publication publication = write(RecordType.AAAA, 0, V6);
        assertThatThrownBy(() -> answer(service("no-ip"), publication, 200, null, "good 2001:db8::99"))
                .isInstanceOf(WaitException.class);
    }

    @Test
    void loopbackIsFineWhereItWasAskedFor() {
        Publication publication = write(RecordType.A, 0, "127.0.0.1");
        assertThat(answer(service(""), publication, 200, null, "good 127.0.0.1").unchanged())
                .isFalse();
    }

    @Test
    void reasonsShowWhatWasAnsweredInPrintableForm() {
        assertThatThrownBy(
                        () -> answer(service(""), write(RecordType.A, 0, V4), 200, null, "<b>\u0007" + "x".repeat(100)))
                .hasMessageStartingWith("status 200 \"<b>?xxx")
                .hasMessageEndingWith("...\", expected good or nochg");
    }

    @Test
    void anUnreachableServiceWasCertainlyNotTold() {
        assertThatThrownBy(() -> new ProviderExchanges().unreachable(new Exception("refused")))
                .isInstanceOfSatisfying(
                        WaitException.class, it -> assertThat(it.delay()).isZero());
    }
}
