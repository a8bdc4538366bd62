package dev.firstup.cli;

import dev.firstup.model.PublishTarget;
import dev.firstup.model.Queue;
import dev.firstup.model.names.NamesReading;
import dev.firstup.queue.Queues;
import dev.firstup.queue.account.RouteAccounts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.ProducerTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--dns",
            description =
                    "Also asks DNS whether the records can be read, and whether alias and SRV records lead to them.")
    private boolean dns;

    @Override
    public Integer call() throws Exception {
        Installation home = Installation.find();
        if (files.isEmpty()) {
            UserRoutes.requireQueues(home.routes());
        }
        SettingForms.require(home);
        UserRoutes.requireVerdicts(home);
        List<Path> paths = files.isEmpty() ? List.of(home.routes()) : files;
        try (UserRoutes routes = UserRoutes.load(home, home.routes())) {
            Queues.Checked checked = Queues.check(paths, routes.known());
            if (files.isEmpty()) {
                UserRoutes.missingSecrets(home, home.routes())
                        .forEach(spec.commandLine().getOut()::println);
            }
            say(checked, routes.known());
            if (dns && checked.valid()) {
                readNames(checked.queues(), routes, home.setting("firstup.names.servers", ""));
            }
            return checked.valid() ? 0 : 1;
        }
    }

    private void say(Queues.Checked checked, RouteAccounts known) {
        PrintWriter out = spec.commandLine().getOut();
        checked.problems().forEach(out::println);
        for (Queue queue : checked.queues()) {
            queue.targets().stream().map(PublishTarget::to).distinct().forEach(publisher -> {
                long days = known.capabilities(publisher).expires().toDays();
                if (days > 0) {
                    out.println(queue.name() + ": at " + publisher + " a free name lapses after "
                            + Plurals.count((int) days, "day") + " unless you confirm it there");
                }
            });
        }
        int servers =
                checked.queues().stream().mapToInt(it -> it.servers().size()).sum();
        out.println(
                checked.valid()
                        ? "Valid: " + Plurals.count(checked.queues().size(), "queue") + " with "
                                + Plurals.count(servers, "server") + "."
                        : "Not valid.");
        out.flush();
    }

    private void readNames(List<Queue> queues, UserRoutes routes, String servers) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        ProducerTemplate template = routes.template();
        String endpoint = "zone:names" + (servers.isBlank() ? "" : "?servers=RAW(" + servers + ")");
        List<CompletableFuture<NamesReading>> readings = queues.stream()
                .map(it -> template.asyncRequestBody(endpoint, it, NamesReading.class))
                .toList();
        for (CompletableFuture<NamesReading> it : readings) {
            NamesText.print(it.get(), out);
            out.flush();
        }
    }
}
