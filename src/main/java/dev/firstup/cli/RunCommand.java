package dev.firstup.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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

    @Override
    public Integer call() throws InterruptedException {
        Home home = Home.find();
        UserRoutes.requireQueues(home.routes());
        requirePort(home);
        Pipeline pipeline =
                Pipeline.start(home, home.routes(), retry ? Map.of("firstup.publish.retry-stopped", "true") : Map.of());
        LOG.info(
                "{} watches {}, and answers at http://{}:{}/",
                new Version().getVersion()[0],
                home.routes(),
                home.setting("firstup.host", "127.0.0.1"),
                home.setting("firstup.port", "8053"));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            pipeline.close();
            ended.countDown();
        }));
        ended.await();
        return 0;
    }

    /** The HTTP server itself would only say so in passing, and the pipeline would run without it. */
    private static void requirePort(Home home) {
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
