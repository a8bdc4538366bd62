package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.model.SecretReference;
import dev.firstup.model.dns.RecordType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class RehearsalTest {
    @Test
    void writesTheFilesOfAUser() throws IOException {
        Path folder;
        try (Rehearsal rehearsal = Rehearsal.start(0, Map.of())) {
            folder = rehearsal.folder();
            Map<String, Object> queue = new Yaml().load(Files.readString(folder.resolve("chat.queue.yaml")));
            assertThat(queue)
                    .containsEntry("record", "chat.rehearsal.test")
                    .containsEntry("publish", List.of("rehearsal"))
                    .containsEntry(
                            "nameservers",
                            List.of("127.0.0.1:" + rehearsal.nameServer().getPort()));
            assertThat(queue.get("servers"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .first()
                    .isEqualTo(Map.of(
                            "name",
                            "paris",
                            "address",
                            "192.0.2.10",
                            "probe",
                            "probe:http://127.0.0.1:" + rehearsal.servers().port("paris") + "/"));
            assertThat(Files.readString(folder.resolve("accounts.camel.yaml")))
                    .contains("url: \"" + rehearsal.service().url() + "\"", "password: \"file:rehearsal\"");
            assertThat(new SecretReference("file:rehearsal").read(rehearsal.secrets()))
                    .isEqualTo("a&b=c%+#)");
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void aStoryCanHaveTheQueueOtherwise() throws IOException {
        try (Rehearsal rehearsal = Rehearsal.start(0, Map.of("failback", "1m", "all-down", "192.0.2.99"))) {
            Map<String, Object> queue =
                    new Yaml().load(Files.readString(rehearsal.folder().resolve("chat.queue.yaml")));
            assertThat(queue)
                    .containsEntry("failback", "1m")
                    .containsEntry("all-down", "192.0.2.99")
                    .containsEntry("rise", 2);
        }
    }

    @Test
    void dnsSaysWhatTheServiceWasTold() throws IOException {
        try (Rehearsal rehearsal = Rehearsal.start(0, Map.of())) {
            assertThat(rehearsal.published()).isEmpty();
            rehearsal.service().put(Rehearsal.RECORD, RecordType.A, List.of("192.0.2.20"));
            assertThat(rehearsal.published()).containsExactly("192.0.2.20");
            assertThat(rehearsal.nameOf("192.0.2.20")).isEqualTo("tokyo");
            assertThat(rehearsal.nameOf("203.0.113.1")).isEqualTo("203.0.113.1");
        }
    }

    @Test
    void aTakenPortIsExplained() throws IOException {
        try (Rehearsal first = Rehearsal.start(0, Map.of())) {
            int port = first.nameServer().getPort();
            assertThatThrownBy(() -> Rehearsal.start(port, Map.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("the rehearsal's DNS server cannot listen on 127.0.0.1:" + port)
                    .hasMessageEndingWith("name another port: --dns-port " + (port + 1));
        }
    }
}
