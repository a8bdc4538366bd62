package dev.firstup.status;

import dev.firstup.model.HealthView;
import dev.firstup.model.Publication;
import dev.firstup.model.ServerHealth;
import dev.firstup.model.names.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that is known at one moment, as gauges. */
final class OverviewGauges {
    private OverviewGauges() {}

    /**
     * Reads them.
     *
     * @param all what is known now
     * @param now the time
     */
    static List<GaugeFamily> of(Overview all, Instant now) {
        GaugeFamily up = GaugeFamily.of(
                "firstup.server.up",
                "Whether the server counts as up, by its probes or by order; absent while that is not known, and in maint.");
        GaugeFamily took = GaugeFamily.seconds("firstup.probe.duration", "How long the server's last probe took.");
        GaugeFamily expiry = GaugeFamily.seconds(
                "firstup.certificate.expiry.timestamp",
                "When the certificate expires that the server showed last, in Unix time.");
        GaugeFamily position = GaugeFamily.of(
                "firstup.queue.position",
                "The place of the chosen server in its queue, from 1; 0 where none is chosen.");
        GaugeFamily order = GaugeFamily.of("firstup.server.order", "1 for what people have ordered about the server.");
        GaugeFamily degraded =
                GaugeFamily.of("firstup.server.degraded", "1 for what is worth a look, though the server is up.");
        GaugeFamily frozen = GaugeFamily.of("firstup.queue.frozen", "Whether nothing is written, by order.");
        GaugeFamily limited = GaugeFamily.of(
                "firstup.failback.limited",
                "Whether the record returns to a better server only by hand, because it did so too often.");
        GaugeFamily named = GaugeFamily.of(
                "firstup.name.findings",
                "How much is not as it should be about the names around the record: alias, SRV records, the TTL that is served.");
        Map<String, Long> found =
                all.findings().stream().collect(Collectors.groupingBy(Finding::queue, Collectors.counting()));
        boolean stasis = false;
        for (HealthView view : all.views()) {
            String queue = view.queue().name();
            named.add(found.getOrDefault(queue, 0L), "queue", queue);
            position.add(StatusText.position(view), "queue", queue);
            limited.add(view.standing().limited() == null ? 0 : 1, "queue", queue);
            frozen.add(StatusText.frozen(view) ? 1 : 0, "queue", queue);
            stasis |= view.standing().stasis() != null;
            for (ServerHealth health : view.servers()) {
                String[] labels = {"queue", queue, "server", health.server().name()};
                switch (health.effective()) {
                    case UP, DRAIN -> up.add(1, labels);
                    case DOWN -> up.add(0, labels);
                    case UNKNOWN, MAINT -> {}
                }
                if (health.order() != null) {
                    order.add(
                            1,
                            "queue",
                            queue,
                            "server",
                            health.server().name(),
                            "kind",
                            health.order().kind().word());
                }
                for (String reason : StatusText.degraded(health)) {
                    degraded.add(1, "queue", queue, "server", health.server().name(), "reason", reason);
                }
                if (health.last() != null) {
                    took.add(seconds(health.last().took()), labels);
                    if (health.last().certificateExpires() != null) {
                        expiry.add((double) health.last().certificateExpires().getEpochSecond(), labels);
                    }
                }
            }
        }
        GaugeFamily stopped = GaugeFamily.of(
                "firstup.publication.stopped", "Whether the publisher is not asked any more until somebody acts.");
        Map<List<String>, Boolean> stops =
                new TreeMap<>((one, other) -> String.join("\0", one).compareTo(String.join("\0", other)));
        GaugeFamily state = GaugeFamily.of(
                "firstup.publication.state",
                "1 for how far the record is from what was decided: confirmed held pending waiting accepted stopped unknown.");
        GaugeFamily written = GaugeFamily.seconds(
                "firstup.publication.last.write.timestamp",
                "When the publisher last took a write of the record, in Unix time; absent where it never did.");
        for (Publication it : StatusText.configured(all.known())) {
            stops.merge(List.of(it.queue(), it.publisher()), it.schedule().stopped() != null, Boolean::logicalOr);
            state.add(1, labels(it, "state", StatusText.state(it, now)));
            if (it.proof().written() != null) {
                written.add(it.proof().written().toEpochMilli() / 1e3, labels(it));
            }
        }
        stops.forEach((key, stop) -> stopped.add(stop ? 1 : 0, "queue", key.get(0), "publisher", key.get(1)));
        GaugeFamily lag = GaugeFamily.seconds(
                "firstup.schedule.lag",
                "How long ago due probes were last asked for: seconds mean that the loop stalls.");
        if (all.idle() != null) {
            lag.add(seconds(all.idle()));
        }
        return List.of(
                up,
                took,
                expiry,
                position,
                named,
                order,
                degraded,
                frozen,
                limited,
                GaugeFamily.of("firstup.stasis", "Whether this monitor looks cut off, so that nothing is changed.")
                        .add(stasis ? 1 : 0),
                stopped,
                state,
                written,
                lag,
                GaugeFamily.of(
                                "firstup.config.last.reload.successful",
                                "Whether every queue file was taken as it is now.")
                        .add(all.problems().stream().anyMatch(StatusText::isError) ? 0 : 1),
                GaugeFamily.of("firstup.config.problems", "Errors and warnings of the queue files as they are now.")
                        .add(all.problems().size()),
                GaugeFamily.of("firstup.notices.waiting", "Messages that wait to be told.")
                        .add(all.backlog()));
    }

    private static String[] labels(Publication it, String... more) {
        return Stream.concat(
                        Stream.of(
                                "queue",
                                it.queue(),
                                "publisher",
                                it.publisher(),
                                "record",
                                it.record(),
                                "type",
                                it.type().name()),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
