package dev.firstup.probe.dns;

import dev.firstup.model.probe.ReasonCode;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.ReasonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** One question, under an id that nobody can guess, and what an answer to it means. No I/O of its own. */
final class DnsQuery {
    private static final int HEADER = 12;
    private static final int MOST_SHOWN = 4;

    private final DnsProber dns;
    private final Message query;

    /** @param name what is asked for */
    DnsQuery(DnsProber dns, Name name) {
        this.dns = dns;
        query = Message.newQuery(Record.newRecord(name, dns.type(), DClass.IN));
        if (dns.authoritative()) {
            // What the server has to ask others for is not what is meant.
            query.getHeader().unsetFlag(Flags.RD);
        }
    }

    byte[] wire() {
        return query.toWire();
    }

    /**
     * What {@code bytes} mean.
     *
     * @param datagram whether they came by UDP, where an answer may be too long
     * @return null if they are no answer to this question (RFC 5452, section 9.1)
     */
    @Nullable
    Said read(byte[] bytes, boolean datagram) {
        if (bytes.length < HEADER || !answers(bytes)) {
            return null;
        }
        Message message;
        try {
            message = new Message(bytes);
        } catch (IOException | IllegalArgumentException e) {
            return new Said(
                    false,
                    ProbeResult.down(
                            ReasonCode.L7RSP,
                            bytes.length + " bytes that are no DNS message: "
                                    + ReasonText.firstLine(String.valueOf(e.getMessage()))));
        }
        Record asked = message.getQuestion();
        // Servers that could not read the question may leave it out.
        boolean other = asked == null ? message.getRcode() == Rcode.NOERROR : !asked.equals(query.getQuestion());
        if (other) {
            return null;
        }
        if (datagram && message.getHeader().getFlag(Flags.TC)) {
            return new Said(true, null);
        }
        return new Said(false, judge(message));
    }

    private boolean answers(byte[] bytes) {
        int id = (bytes[0] & 255) << 8 | bytes[1] & 255;
        boolean response = (bytes[2] & 0x80) != 0;
        return response && id == query.getHeader().getID();
    }

    private ProbeResult judge(Message message) {
        String rcode = Rcode.string(message.getRcode());
        if (message.getRcode() != dns.rcode()) {
            return ProbeResult.down(ReasonCode.L7STS, rcode + ", expected " + Rcode.string(dns.rcode()));
        }
        Header header = message.getHeader();
        if (dns.authoritative() && !header.getFlag(Flags.AA)) {
            return ProbeResult.down(ReasonCode.L7RSP, rcode + " without authority, expected the AA bit");
        }
        List<String> values = message.getSection(Section.ANSWER).stream()
                .map(DnsAnswerMatcher::text)
                .toList();
        if (dns.answer() == null) {
            return ProbeResult.up(ReasonCode.L7OK, rcode + ", " + shown(values));
        }
        int left = dns.answer().reach();
        for (String value : values) {
            left -= value.length();
            if (left < 0) {
                return ProbeResult.unknown(shown(values) + " have too many characters for " + dns.answer());
            }
            if (dns.answer().accepts(value)) {
                return ProbeResult.up(ReasonCode.L7OK, rcode + ", " + shown(values));
            }
        }
        return ProbeResult.down(ReasonCode.L7RSP, shown(values) + ", expected " + dns.answer());
    }

    private static String shown(List<String> values) {
        if (values.isEmpty()) {
            return "no answers";
        }
        List<String> first = new ArrayList<>();
        for (String value : values.subList(0, Math.min(values.size(), MOST_SHOWN))) {
            first.add(ReasonText.shortened(value));
        }
        int more = values.size() - first.size();
        return "answers " + String.join(", ", first) + (more == 0 ? "" : " and " + more + " more");
    }

    /**
     * What a server has said.
     *
     * @param truncated whether the rest is to be had by TCP
     * @param result what it means; null if it is truncated
     */
    record Said(boolean truncated, @Nullable ProbeResult result) {}
}
