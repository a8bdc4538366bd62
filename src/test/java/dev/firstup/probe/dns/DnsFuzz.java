package dev.firstup.probe.dns;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.xbill.DNS.Name;

/** What Jazzer runs: whatever a server answers, it is a verdict with a reason for people, or no answer to our question. */
public final class DnsFuzz {
    private static final List<DnsQuery> QUESTIONS = Stream.of(
                    DnsProber.of(null, "A", "NOERROR", "192.0.2.1", null, true),
                    DnsProber.of(null, "TXT", "NOERROR", null, "(.*)=.*;.*", false),
                    DnsProber.of(null, "SRV", "NXDOMAIN", null, null, false))
            .map(it -> new DnsQuery(it, Name.fromConstantString("chat.example.org.")))
            .toList();

    private static final int HEADER = 12;
    private static final int FLAGS_AND_COUNTS = HEADER - 2;
    private static final int LONGEST = 500;

    private DnsFuzz() {}

    /** What is loaded at the first input is loaded before the time is taken. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(new byte[100]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
        for (DnsQuery question : QUESTIONS) {
            read(question, data);
            if (data.length >= FLAGS_AND_COUNTS) {
                read(question, answering(question.wire(), data));
            }
        }
    }

    /** What nobody can guess, the id and the question, and around it what was made up. */
    private static byte[] answering(byte[] wire, byte[] data) {
        ByteBuffer bytes = ByteBuffer.allocate(wire.length + data.length - FLAGS_AND_COUNTS);
        bytes.put(wire, 0, 2).put(data, 0, FLAGS_AND_COUNTS).put(wire, HEADER, wire.length - HEADER);
        bytes.put(data, FLAGS_AND_COUNTS, data.length - FLAGS_AND_COUNTS);
        bytes.put(2, (byte) (bytes.get(2) | 0x80));
        return bytes.array();
    }

    private static void read(DnsQuery question, byte[] bytes) {
        for (boolean datagram : new boolean[] {true, false}) {
            DnsQuery.Said said = question.read(bytes, datagram);
            if (said == null || said.truncated()) {
                continue;
            }
            String reason = said.result().reason();
            if (reason.isEmpty() || reason.length() > LONGEST || !reason.matches("[ -~]+")) {
                throw new AssertionError("no sentence for people: " + reason);
            }
        }
    }
}
