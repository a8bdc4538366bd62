package dev.firstup.status;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process costs, under the names that every Prometheus client uses. */
final class ProcessMetrics implements MeterBinder {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    @Override
    public void bindTo(MeterRegistry registry) {
        ProcessHandle process = ProcessHandle.current();
        if (process.info().totalCpuDuration().isPresent()) {
            FunctionCounter.builder("process.cpu", process, ProcessMetrics::cpuSeconds)
                    .baseUnit("seconds")
                    .description("Processor time used.")
                    .register(registry);
        }
        process.info().startInstant().ifPresent(start -> gauge("process.start.time", () -> start.toEpochMilli() / 1e3)
                .baseUnit("seconds")
                .description("When it started, in Unix time.")
                .register(registry));
        if (resident() > 0) {
            gauge("process.resident.memory", ProcessMetrics::resident)
                    .baseUnit("bytes")
                    .description("Memory that it holds of the machine's.")
                    .register(registry);
        }
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        used("heap", () -> memory.getHeapMemoryUsage().getUsed(), registry);
        used("nonheap", () -> memory.getNonHeapMemoryUsage().getUsed(), registry);
        gauge("jvm.memory.max", () -> memory.getHeapMemoryUsage().getMax())
                .baseUnit("bytes")
                .tag("area", "heap")
                .description("The most that may be in use.")
                .register(registry);
        gauge("jvm.threads.current", () -> ManagementFactory.getThreadMXBean().getThreadCount())
                .description("Threads that live.")
                .register(registry);
    }

    private static void used(String area, Supplier<Number> bytes, MeterRegistry registry) {
        gauge("jvm.memory.used", bytes)
                .baseUnit("bytes")
                .tag("area", area)
                .description("Memory in use.")
                .register(registry);
    }

    private static Gauge.Builder<Supplier<Number>> gauge(String name, Supplier<Number> value) {
        return Gauge.builder(name, value);
    }

    private static double cpuSeconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
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
