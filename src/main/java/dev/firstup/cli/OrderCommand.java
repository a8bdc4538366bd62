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

/** Orders something of the running Firstup, and shows what the queue looks like then. What it is called is the kind of order. */
abstract class OrderCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue's name.")
    private String queue;

    /** Adds what this order says besides its kind. */
    abstract void fill(ObjectNode order);

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.put("kind", spec.name());
        fill(order);
        ObjectNode after = new RunningFirstup(Installation.find()).order(queue, order);
        PrintWriter out = spec.commandLine().getOut();
        QueueText.print(after, out);
        out.flush();
        return 0;
    }

    /** One that holds until it ends. */
    abstract static class Lasting extends OrderCommand {
        @Option(
                names = "--for",
                paramLabel = "TIME",
                description = "When it ends by itself, such as 30m or 2h. Without it: when ready is ordered.")
        private @Nullable String length;

        @Option(names = "--because", paramLabel = "TEXT", description = "Why, for the others.")
        private @Nullable String reason;

        @Override
        void fill(ObjectNode order) {
            if (length != null) {
                order.put("for", length);
            }
            if (reason != null) {
                order.put("because", reason);
            }
        }
    }

    /** One that is about one server. */
    abstract static class OfServer extends Lasting {
        @Parameters(index = "1", paramLabel = "SERVER", description = "The server's name.")
        private String server;

        @Override
        void fill(ObjectNode order) {
            order.put("server", server);
            super.fill(order);
        }
    }

    @Command(
            name = "drain",
            description = "Takes a server out of service as soon as another one is up. It is probed all the same.",
            mixinStandardHelpOptions = true)
    static final class Drain extends OfServer {}

    @Command(
            name = "maint",
            description = "Takes a server out of service and stops probing it.",
            mixinStandardHelpOptions = true)
    static final class Maint extends OfServer {}

    @Command(
            name = "force-up",
            description = "Lets a server count as up, whatever its probes say.",
            mixinStandardHelpOptions = true)
    static final class ForceUp extends OfServer {}

    @Command(
            name = "force-down",
            description = "Lets a server count as down, whatever its probes say.",
            mixinStandardHelpOptions = true)
    static final class ForceDown extends OfServer {}

    @Command(
            name = "move",
            description =
                    "Moves the record to a server now, and ranks it first from then on. It must be up, or forced up.",
            mixinStandardHelpOptions = true)
    static final class Move extends OfServer {}

    @Command(
            name = "freeze",
            description =
                    "Lets the record stay as it is. The queue is probed and decided about, and nothing is written.",
            mixinStandardHelpOptions = true)
    static final class Freeze extends Lasting {}

    @Command(
            name = "ready",
            description = "Ends what was ordered about a server, or without one, the freeze and the move of the queue.",
            mixinStandardHelpOptions = true)
    static final class Ready extends OrderCommand {
        @Parameters(index = "1", arity = "0..1", paramLabel = "SERVER", description = "The server's name.")
        private String server;

        @Override
        void fill(ObjectNode order) {
            if (server != null) {
                order.put("server", server);
            }
        }
    }

    @Command(
            name = "failback",
            description = "Moves the record back to the best server that is up now, whatever failback says. Once.",
            mixinStandardHelpOptions = true)
    static final class Failback extends OrderCommand {
        @Override
        void fill(ObjectNode order) {
            // Its kind says it all.
        }
    }
}
