package dev.firstup.cli;

import dev.firstup.queue.Problem;
import dev.firstup.queue.Queues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description = "Says everything that is wrong with queue files, without running them. 1 if anything is.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            description = "Queue files or folders of them; without any, the folder firstup.routes.")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() {
        Home home = Home.find();
        if (files.isEmpty()) {
            UserRoutes.requireQueues(home.routes());
        }
        List<Path> paths = files.isEmpty() ? List.of(home.routes()) : files;
        Queues.Checked checked;
        try (UserRoutes routes = UserRoutes.load(home, home.routes())) {
            checked = Queues.check(paths, routes.known());
        }
        var out = spec.commandLine().getOut();
        for (Problem problem : checked.problems()) {
            out.println(problem);
        }
        int servers =
                checked.queues().stream().mapToInt(it -> it.servers().size()).sum();
        out.println(
                checked.valid()
                        ? "Valid: " + Words.count(checked.queues().size(), "queue") + " with "
                                + Words.count(servers, "server") + "."
                        : "Not valid.");
        out.flush();
        return checked.valid() ? 0 : 1;
    }
}
