package dev.firstup.cli;

import dev.firstup.queue.Queues;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "init", description = "Writes a commented queue file to begin with.", mixinStandardHelpOptions = true)
final class InitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The queue's name, such as chat.")
    private String name;

    @Override
    public Integer call() {
        Path file = Installation.find().routes().resolve(name + ".queue.yaml");
        try {
            Files.writeString(file, Queues.template(name), StandardOpenOption.CREATE_NEW);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(file + " exists already: edit it, or give another name");
        } catch (IOException e) {
            throw new CommandException(file + " cannot be written: make its folder writable, or set firstup.routes");
        }
        var out = spec.commandLine().getOut();
        out.println(file + " is written. Put your record, servers and publisher into it, then: ./firstup check");
        out.flush();
        return 0;
    }
}
