package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearseIT {
    private static final String STEPS =
            """
              detected   +[0-9,]+ ms after paris was %s
              decided    +[0-9,]+ ms
              sent       +[0-9,]+ ms
              confirmed  +[0-9,]+ ms
              visible    +[0-9,]+ ms
            """;

    @TempDir
    Path folder;

    @Test
    void showsTheMoveAndTheWayBackWithTheirTimes() throws Exception {
        try (FirstupProcess firstup = new FirstupProcess(folder, Map.of(), "rehearse", "--script", "--dns-port", "0")) {
            assertThat(firstup.exit()).as(firstup.printed()).isZero();
            assertThat(firstup.out())
                    .containsPattern("\nparis is taken down\nchat\\.rehearsal\\.test -> 192\\.0\\.2\\.20 \\(tokyo\\)\n"
                            + STEPS.formatted("taken down"))
                    .containsPattern(
                            "\nparis is brought back\nchat\\.rehearsal\\.test -> 192\\.0\\.2\\.10 \\(paris\\)\n"
                                    + STEPS.formatted("brought back"))
                    .contains("The rehearsal went as it should.");
            assertThat(firstup.err()).isEmpty();
        }
    }

    @Test
    void doesNothingWhileItsOwnLinkIsCut() throws Exception {
        try (FirstupProcess firstup = new FirstupProcess(
                folder, Map.of(), "rehearse", "--script=link-cut", "--for", "6s", "--dns-port", "0")) {
            assertThat(firstup.exit()).as(firstup.printed()).isZero();
            assertThat(firstup.out())
                    .containsPattern("told +[0-9,]+ ms after the link was cut: this monitor looks cut off")
                    .contains("no update at the service, and no other message", "The rehearsal went as it should.");
        }
    }

    @Test
    void namesASorryServerWhileAllAreDown() throws Exception {
        try (FirstupProcess firstup =
                new FirstupProcess(folder, Map.of(), "rehearse", "--script=all-down", "--dns-port", "0")) {
            assertThat(firstup.exit()).as(firstup.printed()).isZero();
            assertThat(firstup.out())
                    .contains("chat.rehearsal.test -> 192.0.2.99 (sorry)", "The rehearsal went as it should.");
        }
    }

    @Test
    void leavesAServerThatFlapsOnce() throws Exception {
        try (FirstupProcess firstup = new FirstupProcess(
                folder, Map.of(), "rehearse", "--script=flapping", "--for", "9s", "--dns-port", "0")) {
            assertThat(firstup.exit()).as(firstup.printed()).isZero();
            assertThat(firstup.out())
                    .contains("moved once, while paris went down 2 times", "The rehearsal went as it should.");
        }
    }

    @Test
    void saysWhyPublishingIsStopped() throws Exception {
        try (FirstupProcess firstup = new FirstupProcess(
                folder, Map.of(), "rehearse", "--script", "--dns-port", "0", "--answer", "badauth")) {
            assertThat(firstup.exit()).isEqualTo(1);
            assertThat(firstup.out())
                    .containsPattern(Pattern.compile(
                            "^The rehearsal went otherwise: publishing is stopped: .*badauth", Pattern.MULTILINE));
        }
    }

    @Test
    void saysWhatToDoWhereItsPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = String.valueOf(taken.getLocalPort());
            try (FirstupProcess firstup = new FirstupProcess(folder, Map.of(), "rehearse", "--dns-port", port)) {
                assertThat(firstup.exit()).isEqualTo(1);
                assertThat(firstup.printed())
                        .isEqualTo("firstup: the rehearsal's DNS server cannot listen on 127.0.0.1:" + port
                                + ": Address already in use; name another port: --dns-port "
                                + (taken.getLocalPort() + 1)
                                + "\n");
            }
        }
        try (FirstupProcess firstup = new FirstupProcess(folder, Map.of(), "rehearse", "--dns-port", "65536")) {
            assertThat(firstup.exit()).isEqualTo(2);
            assertThat(firstup.err()).startsWith("--dns-port is 65536, expected a port from 1 to 65535, or 0");
        }
    }
}
