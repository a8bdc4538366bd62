package dev.firstup.cli;

import dev.firstup.model.time.DurationNotation;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "drill",
        description = "Moves the record to the next server that is up, and back: proves, while all is well, that the"
                + " publishers still take it. 1 if they do not.",
        mixinStandardHelpOptions = true)
final class DrillCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofDays(1);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "QUEUE", description = "The queue's name.")
    private String queue;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            description = "How long each way may take, such as 5m or 2h, with what a host wants to be left alone for."
                    + " Default: ${DEFAULT-VALUE}.")
    private String patience = "15m";

    @Override
    public Integer call() throws InterruptedException {
        Duration each = DurationNotation.of(patience);
        if (each == null || each.isZero() || each.compareTo(LONGEST) > 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--patience is \"" + patience + "\", expected a time such as 5m or 2h, at most 1d");
        }
        PrintWriter out = spec.commandLine().getOut();
        return new Drill(new RunningFirstup(Installation.find()), queue, each, out).run() ? 0 : 1;
    }
}
