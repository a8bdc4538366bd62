package dev.firstup.probe;

import static dev.firstup.probe.Probing.server;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresDialogueTest {
    private static final String STARTUP =
            "\0\0\0\u0039\0\3\0\0user\0app\0database\0shop\0application_name\0firstup\0\0";
    private static final String SSL_REQUEST = "\0\0\0\b\4\u00d2\u0016/";

    private static Probing probing;

    @BeforeAll
    static void start() {
        probing = new Probing();
    }

    @AfterAll
    static void stop() {
        probing.close();
    }

    @ParameterizedTest
    @CsvSource({
        "3, asks for a password",
        "5, asks for a password (MD5)",
        "10, asks for a password (SASL)",
        "7, asks who is there (7)"
    })
    void whoeverAsksWhoIsThereIsUp(int kind, String reason) throws Exception {
        String body = new String(ByteBuffer.allocate(4).putInt(kind).array(), ISO_8859_1);
        assertSays("<" + STARTUP, message('R', body + (kind == 5 ? "salt" : "")), "L7OK: " + reason);
    }

    @ParameterizedTest
    @CsvSource({
        "28000, L7OK",
        "28P01, L7OK",
        "3D000, L7OK",
        "08P01, L7STS",
        "08006, L7STS",
        "57P03, L7STS",
        "57P01, L7STS",
        "53300, L7STS",
        "53200, L7STS",
        "58030, L7STS",
        "XX000, L7STS"
    })
    void whatConcernsEverybodyIsDown(String state, String code) throws Exception {
        assertSays(
                "<" + STARTUP,
                message('E', "SFATAL\0VFATAL\0C" + state + "\0Mnot you\0\0"),
                code + ": SQLSTATE " + state + " \"not you\"");
    }

    /** There may be a place for this user, and none to be had. */
    @Test
    void whoeverIsLetInIsToldTheRest() throws Exception {
        String in = message('R', "\0\0\0\0") + message('S', "TimeZone\0UTC\0") + message('K', "12345678");
        assertSays("", in + message('Z', "I"), "L7OK: lets us in");
        assertSays("", in + message('E', "C53300\0Mreserved\0\0"), "L7STS: SQLSTATE 53300 \"reserved\"");
        assertSays("", in + message('E', "C3D000\0Mno shop\0\0"), "L7OK: SQLSTATE 3D000 \"no shop\"");
        assertSays(
                "", in + message('R', "\0\0\0\0"), "L7RSP: expected an answer of PostgreSQL, received \"R????????\"");
    }

    @Test
    void noticesComeFirst() throws Exception {
        assertSays(
                "<" + STARTUP,
                message('N', "SNOTICE\0Mhello\0\0") + message('v', "\0\3\0\0\0\0\0\0") + message('R', "\0\0\0\n"),
                "L7OK: asks for a password (SASL)");
    }

    @Test
    void whatIsNoMessageIsDownAtOnce() throws Exception {
        String expected = "L7RSP: expected an answer of PostgreSQL, received ";
        assertSays("", "HTTP/1.1 400 Bad Request", expected + "\"HTTP/1.1 400 Bad Request\"");
        assertSays("", "Ecould not fork", expected + "\"Ecould not fork\"");
        assertSays("", "R\0\0\0\4", expected + "\"R????\"");
        assertSays("", message('E', "SFATAL\0Mno code\0\0"), expected + "\"E????SFATAL?Mno code??\"");
        assertSays("", message('E', "Cabc\0Mx\0\0"), expected + "\"E????Cabc?Mx??\"");
        assertSays("", message('E', "C53300\0Mno end"), expected + "\"E????C53300?Mno end\"");
        assertSays("", message('N', "x".repeat(29_000)).repeat(3), expected + "\"N??qLxxx" + "x".repeat(52) + "...\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "N | L7STS: TLS is refused: SSLRequest was answered \"N\"",
                "Sx | L7RSP: PEER says more in clear after it agreed to TLS",
                "HTTP | L7RSP: expected an answer of PostgreSQL, received \"HTTP\""
            })
    void theAnswerToAnSslRequestIsOneByte(String answer, String expected) throws Exception {
        assertSays("?security=starttls", "<" + SSL_REQUEST, answer, expected);
    }

    @Test
    void anErrorMayAnswerAnSslRequest() throws Exception {
        assertSays(
                "?security=starttls",
                "<" + SSL_REQUEST,
                message('E', "C53300\0Msorry\0\0"),
                "L7STS: SQLSTATE 53300 \"sorry\"");
    }

    private static void assertSays(String hears, String says, String expected) throws Exception {
        assertSays("?username=app&database=shop", hears, says, expected);
    }

    private static void assertSays(String options, String hears, String says, String expected) throws Exception {
        Script script = hears.isEmpty() ? new Script(says) : new Script(hears, says);
        try (Peer peer = Peer.of(script)) {
            assertThat(probing.probe("probe:postgres" + options, server(peer.port()))
                            .explained())
                    .isEqualTo(expected.replace("PEER", "127.0.0.1:" + peer.port()));
            assertThat(script.surprises).isEmpty();
        }
    }

    private static String message(char type, String body) {
        return type
                + new String(ByteBuffer.allocate(4).putInt(body.length() + 4).array(), ISO_8859_1)
                + body;
    }
}
