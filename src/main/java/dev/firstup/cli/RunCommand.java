package dev.firstup.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description = "Watches the queues and moves their records. This is what happens without a command.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("firstup");

    @Option(names = "--retry", description = "Asks publishers again that had stopped: what stopped them is mended.")
    private boolean retry;

    @Option(
            names = "--dry-run",
            description = "Does everything but send, and says in the log what would have been sent, and who told. Knows"
                    + " nothing of the state of another run, and leaves it as it is.")
    private boolean dry;

    @Override
    public Integer call() throws InterruptedException {
        Installation home = Installation.find();
        UserRoutes.requireQueues(home.routes());
        SettingForms.require(home);
        requirePort(home);
        UserRoutes.requireVerdicts(home);
        Map<String, String> settings = new HashMap<>();
        if (retry) {
            settings.put("firstup.publish.retry-stopped", "true");
        }
        TemporaryFolder scratch = dry ? TemporaryFolder.create() : null;
        if (scratch != null) {
            settings.putAll(dry(home, scratch));
            LOG.info("DRY RUN: nothing is sent to any DNS host or notifier, and the heartbeat is not asked");
        }
        Pipeline pipeline;
        try {
            pipeline = Pipeline.start(home, home.routes(), settings);
        } catch (RuntimeException e) {
            close(scratch);
            throw e;
        }
        LOG.info(
                "{} watches {}, and answers at http://{}:{}/",
                new Version().getVersion()[0],
                home.routes(),
                home.setting("firstup.host", "127.0.0.1"),
                home.setting("firstup.port", "8053"));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            pipeline.close();
            close(scratch);
            ended.countDown();
        }));
        ended.await();
        return 0;
    }

    private static Map<String, String> dry(Installation home, TemporaryFolder scratch) {
        Map<String, String> settings = new HashMap<>();
        settings.put("firstup.publish.dry-run", "true");
        settings.put("firstup.state", scratch.folder().resolve("firstup.db").toString());
        if (!Files.exists(home.token())) {
            // Made by somebody else than the user that Firstup runs as, it would keep that one from starting.
            settings.put("firstup.token", scratch.folder().resolve("token").toString());
        }
        return settings;
    }

    private static void close(@Nullable TemporaryFolder scratch) {
        if (scratch != null) {
            scratch.close();
        }
    }

    /** The HTTP server itself would only say so in passing, and the pipeline would run without it. */
    private static void requirePort(Installation home) {
        String host = home.setting("firstup.host", "127.0.0.1");
        String port = home.setting("firstup.port", "8053");
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, Integer.parseInt(port)));
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException("cannot listen on " + host + ":" + port + " (" + e.getMessage()
                    + "): is another Firstup running? Stop it, or set firstup.host and firstup.port to what is free");
        }
    }
}
