package dev.firstup.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

@Command(
        name = "run",
        description = "Watches the queues and moves their records. This is what happens without a command.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("firstup");

    @Override
    public Integer call() throws InterruptedException {
        Home home = Home.find();
        UserRoutes.requireQueues(home.routes());
        Pipeline pipeline = Pipeline.start(home, home.routes(), Map.of());
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
}
