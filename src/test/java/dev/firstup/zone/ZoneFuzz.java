package dev.firstup.zone;

import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** What Jazzer runs: whatever bytes a name server sends, they are an answer, a failure or no message at all. */
public final class ZoneFuzz {
    private static final InetSocketAddress ASKED = new InetSocketAddress(InetAddress.getLoopbackAddress(), 53);
    private static final AuthoritativeServer SERVER = new AuthoritativeServer("127.0.0.1", true, List.of(ASKED));
    private static final PrimaryServer PRIMARY =
            PrimaryServer.of("127.0.0.1", "example.org", "firstup", "hmac-sha256", "file:tsig", "secrets");
    private static final List<AuthoritativeQuery> QUERIES = Stream.of(Type.A, Type.AAAA, Type.CNAME, Type.SRV)
            .map(it -> new AuthoritativeQuery(
                    Name.fromConstantString("chat.example.org."), it, Duration.ofSeconds(1), Runnable::run))
            .toList();

    private ZoneFuzz() {}

    /** What is loaded at the first input is loaded before the time is taken. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(new byte[100]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
        Message message;
        try {
            message = new Message(data);
        } catch (IOException | IllegalArgumentException e) {
            // Either fails the exchange, as ZoneReaderTest sees.
            return;
        }
        for (AuthoritativeQuery query : QUERIES) {
            ZoneReader.reading("chat.example.org", List.of(query.judge(SERVER, ASKED, message)), Map.of())
                    .agreed();
        }
        try {
            new UpdateResponse(message, "127.0.0.1", PRIMARY, "chat.example.org", Instant.EPOCH).receipt();
        } catch (WaitException | StopException | IllegalStateException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("no sentence for people", e);
            }
        }
    }
}
