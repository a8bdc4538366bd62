package dev.firstup.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.model.WaitException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIGRecord;

/** What no server in the other tests says. */
class UpdateResponseTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123Z");
    private static final PrimaryServer PRIMARY =
            PrimaryServer.of("ns1", "example.test", "firstup", "hmac-sha256", "file:tsig", "secrets");

    @Test
    void theServersTimeIsShownAsFarAsItGoes() {
        assertClock("+8921556-12-07T10:44:15Z", (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) -1);
        assertClock("2038-01-19T03:14:08Z", (byte) 0, (byte) 0, (byte) 0x80, (byte) 0, (byte) 0, (byte) 0);
    }

    @Test
    void aServerNeedNotSayItsTime() {
        assertClock("nothing");
        assertClock("nothing", (byte) 0);
        assertClock("nothing", new byte[1000]);
    }

    private static void assertClock(String said, byte... other) {
        assertThatThrownBy(() -> answer(Rcode.BADTIME, other).receipt())
                .isInstanceOfSatisfying(
                        WaitException.class, wait -> assertThat(wait.delay()).isEqualTo(Duration.ofMinutes(1)))
                .hasMessage("ns1 answered BADTIME: this machine's clock and the server's differ by more than 300 s"
                        + " (the server says " + said + ", here it is 2026-01-31T12:00:00Z)");
    }

    @Test
    void anErrorOfTheSignatureThatIsNotKnownMayMeanAnything() {
        assertThatThrownBy(() -> answer(Rcode.BADTRUNC).receipt())
                .isInstanceOfSatisfying(WaitException.class, wait -> assertThat(wait.ambiguous())
                        .isTrue())
                .hasMessage("ns1 answered NOTAUTH: with BADTRUNC");
    }

    private static UpdateResponse answer(int error, byte... other) {
        Message answer = new Message();
        answer.getHeader().setRcode(Rcode.NOTAUTH);
        answer.addRecord(
                new TSIGRecord(
                        PRIMARY.keyName(),
                        DClass.ANY,
                        0,
                        PRIMARY.algorithm(),
                        NOW,
                        Duration.ofMinutes(5),
                        new byte[0],
                        0,
                        error,
                        other),
                Section.ADDITIONAL);
        return new UpdateResponse(answer, "ns1", PRIMARY, "chat.example.test", NOW);
    }
}
