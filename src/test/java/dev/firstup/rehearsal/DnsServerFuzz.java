package dev.firstup.rehearsal;

import org.xbill.DNS.Message;

/** What Jazzer runs: whatever comes in, the DNS server's answer is a message of DNS to who asked, or none. */
public final class DnsServerFuzz {
    private static final ZoneAnswers ANSWERS = Queries.answers();
    private static final int LONGEST_DATAGRAM = 1232;

    private DnsServerFuzz() {}

    /** What is loaded at the first input is loaded before the time is taken. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(new byte[100]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
        Queries.hold(data, ANSWERS.toUdp(data), LONGEST_DATAGRAM);
        Queries.hold(data, ANSWERS.toTcp(data), Message.MAXLENGTH);
    }
}
