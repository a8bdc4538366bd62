package dev.firstup.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

@Command(
        name = "run",
        description = "Watches the queues and moves their records. This is what happens without a command.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Override
    public Integer call() throws InterruptedException {
        Home home = Home.find();
        requireQueues(home.routes());
        requirePort(home);
        Pipeline pipeline = Pipeline.start(home, home.routes(), Map.of());
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

    /** A monitor that watches nothing would look as if all were well. */
    private static void requireQueues(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.queue.yaml")) {
            if (files.iterator().hasNext()) {
                return;
            }
        } catch (IOException e) {
            throw new CommandException("the folder " + folder + " cannot be read: create it, or set firstup.routes");
        }
        throw new CommandException("there is no queue to watch: no file " + folder + "/*.queue.yaml."
                + " Write one with ./firstup init NAME, or see it all without any account with ./firstup rehearse");
    }
}
