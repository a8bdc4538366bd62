package dev.firstup.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "publish",
        description = "Shows how a queue's record stands at each of its publishers.",
        mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "QUEUE", description = "The queue's name.")
    private String queue;

    @Option(
            names = "--retry",
            description =
                    "Asks publishers again that had stopped: what stopped them is mended. Not sooner than their hosts allow.")
    private boolean retry;

    @Option(names = "--to", paramLabel = "PUBLISHER", description = "Only this publisher.")
    private @Nullable String publisher;

    @Override
    public Integer call() throws InterruptedException {
        RunningFirstup running = new RunningFirstup(Installation.find());
        ObjectNode which = JsonNodeFactory.instance.objectNode();
        if (publisher != null) {
            which.put("to", publisher);
        }
        ObjectNode now = retry ? running.retry(queue, which) : running.queue(queue);
        PrintWriter out = spec.commandLine().getOut();
        QueueText.printPublications(now, publisher, out);
        out.flush();
        return 0;
    }
}
