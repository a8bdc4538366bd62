package dev.firstup.status;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process costs, under the names that every Prometheus client uses. */
final class ProcessMetrics {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private ProcessMetrics() {}

    static List<MetricSnapshot> snapshots() {
        List<MetricSnapshot> all = new ArrayList<>();
        ProcessHandle.Info info = ProcessHandle.current().info();
        info.totalCpuDuration()
                .ifPresent(cpu -> all.add(CounterSnapshot.builder()
                        .name("process_cpu_seconds")
                        .help("Processor time used.")
                        .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                                .value(Metrics.seconds(cpu))
                                .build())
                        .build()));
        info.startInstant()
                .ifPresent(
                        start -> all.add(new GaugeFamily("process_start_time_seconds", "When it started, in Unix time.")
                                .add(start.toEpochMilli() / 1e3)
                                .snapshot()));
        long resident = resident();
        if (resident > 0) {
            all.add(new GaugeFamily("process_resident_memory_bytes", "Memory that it holds of the machine's.")
                    .add((double) resident)
                    .snapshot());
        }
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        all.add(new GaugeFamily("jvm_memory_used_bytes", "Memory in use.")
                .add((double) memory.getHeapMemoryUsage().getUsed(), "area", "heap")
                .add((double) memory.getNonHeapMemoryUsage().getUsed(), "area", "nonheap")
                .snapshot());
        all.add(new GaugeFamily("jvm_memory_max_bytes", "The most that may be in use.")
                .add((double) memory.getHeapMemoryUsage().getMax(), "area", "heap")
                .snapshot());
        all.add(new GaugeFamily("jvm_threads_current", "Threads that live.")
                .add(ManagementFactory.getThreadMXBean().getThreadCount())
                .snapshot());
        return all;
    }

    /** In bytes; 0 where the system does not tell. */
    private static long resident() {
        try {
            Matcher line = RESIDENT.matcher(Files.readString(Path.of("/proc/self/status")));
            return line.find() ? Long.parseLong(line.group(1)) * 1024 : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
