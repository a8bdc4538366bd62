package dev.firstup.cli;

import dev.firstup.model.names.Finding;
import dev.firstup.model.names.NamesReading;
import dev.firstup.model.names.NamesReading.Held;
import dev.firstup.model.names.NamesReading.Service;
import dev.firstup.publish.DnsAudit;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** What was read of the names around a record as text for people. */
final class NamesText {
    private NamesText() {}

    static void print(NamesReading reading, PrintWriter out) {
        String queue = reading.queue().name() + ": ";
        reading.records().forEach(it -> out.println(queue + record(it)));
        for (Finding it : new DnsAudit().judge(reading).found()) {
            out.println(queue + "warning: " + it.text());
        }
        if (reading.alias() != null && reading.alias().unread() != null) {
            out.println(queue + unread(reading.alias().name(), reading.alias().unread()));
        }
        for (Service it : reading.services()) {
            if (it.unread() != null) {
                out.println(queue + unread(it.name(), it.unread()));
            }
        }
    }

    private static String record(Held it) {
        if (it.unread() != null) {
            return "warning: " + unread(it.name(), it.unread());
        }
        String ttl = it.ttl() == null ? "" : " for " + it.ttl().toSeconds() + " s";
        String servers = ", read at " + String.join(", ", it.servers());
        return it.values().isEmpty()
                ? it.name() + " holds nothing yet" + servers
                : it.name() + " holds "
                        + it.values().values().stream().flatMap(List::stream).collect(Collectors.joining(", "))
                        + ttl + servers;
    }

    private static String unread(String name, String why) {
        return name + " could not be read: " + why;
    }
}
