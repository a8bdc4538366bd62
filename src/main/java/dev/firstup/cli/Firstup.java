package dev.firstup.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program. */
@Command(
        name = "firstup",
        description = "One DNS name that always points at your first server that is up.",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            ProbeCommand.class,
            InitCommand.class,
            RehearseCommand.class,
            StatusCommand.class,
            OrderCommand.Drain.class,
            OrderCommand.Maint.class,
            OrderCommand.ForceUp.class,
            OrderCommand.ForceDown.class,
            OrderCommand.Move.class,
            OrderCommand.Ready.class,
            OrderCommand.Freeze.class,
            OrderCommand.Failback.class,
            PublishCommand.class,
            DrillCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footerHeading = "%nExit statuses:%n",
        footer = {
            "  0  it went well",
            "  1  it did not, and a line says why",
            "  2  the command line was wrong (probe: all servers are down)",
            "  3  probe: nothing is known"
        })
public final class Firstup implements Runnable {
    private static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    private Firstup() {}

    /** Runs one command and exits with its status. */
    public static void main(String[] arguments) {
        String refused = logLevel(System.getenv("FIRSTUP_LOG"));
        CommandLine line = commandLine();
        if (refused != null) {
            line.getErr().println("firstup: " + refused);
            System.exit(CommandLine.ExitCode.SOFTWARE);
        }
        System.exit(line.execute(arguments.length == 0 ? new String[] {"run"} : arguments));
    }

    /** Sets how much is logged, before anything is; gives what is wrong with that, or null. */
    static @Nullable String logLevel(@Nullable String wanted) {
        if (wanted == null || wanted.isBlank() || System.getProperty("firstup.log") != null) {
            return null;
        }
        String level = wanted.strip().toUpperCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            return "FIRSTUP_LOG is \"" + wanted + "\", expected one of " + String.join(", ", LEVELS)
                    + ": change it in the environment";
        }
        System.setProperty("firstup.log", level);
        return null;
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Firstup());
        line.setExecutionExceptionHandler((failure, command, result) -> {
            PrintWriter err = command.getErr();
            err.println("firstup: " + explain(failure));
            err.flush();
            return CommandLine.ExitCode.SOFTWARE;
        });
        return line;
    }

    /** The sentence that says most: that of the innermost cause which has one. */
    static String explain(Throwable failure) {
        String sentence = failure.toString();
        for (Throwable it = failure; it != null; it = it.getCause()) {
            if (it instanceof CommandException || it instanceof IllegalStateException) {
                return String.valueOf(it.getMessage());
            }
            if (it.getMessage() != null) {
                sentence = it.getMessage();
            }
        }
        return sentence;
    }

    @Override
    public void run() {
        throw new CommandException("a command is missing: try ./firstup help");
    }
}
