package dev.firstup.cli;

import java.io.IOException;
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
        Pipeline pipeline = Pipeline.start(home, home.routes(), Map.of());
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            pipeline.close();
            ended.countDown();
        }));
        ended.await();
        return 0;
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
