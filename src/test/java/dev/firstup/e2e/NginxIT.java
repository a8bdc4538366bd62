package dev.firstup.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firstup.Nginx;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, with servers as people have them. */
class NginxIT {
    @TempDir
    Path folder;

    @Test
    void movesOnceAwayFromAKilledServerAndOnceBack() throws Exception {
        Nginx.require();
        try (World world = new World(folder);
                Nginx paris = Nginx.saying("paris", folder);
                Nginx tokyo = Nginx.saying("tokyo", folder);
                Nginx quebec = Nginx.saying("quebec", folder)) {
            world.queue(paris.port(), tokyo.port(), quebec.port());
            try (FirstupProcess firstup = world.firstup()) {
                world.awaitQuiet(firstup, 1);
                assertThat(world.updates()).containsExactly(World.PARIS + " good");
                assertThat(world.slackTexts()).isEmpty();
                assertThat(world.mailSubjects()).isEmpty();

                paris.stop();
                world.awaitQuiet(firstup, 2);
                assertThat(world.updates()).containsExactly(World.PARIS + " good", World.TOKYO + " good");
                assertThat(world.slackTexts()).singleElement().satisfies(text -> assertThat(text)
                        .contains("chat: moved from paris to tokyo")
                        .contains("paris is down: L4CON: connection refused by 127.0.0.1:" + paris.port()));
                assertThat(world.mailSubjects()).containsExactly("chat: moved from paris to tokyo");

                paris.start();
                world.awaitQuiet(firstup, 3);
                assertThat(world.updates())
                        .containsExactly(World.PARIS + " good", World.TOKYO + " good", World.PARIS + " good");
                // The newest first.
                assertThat(world.slackTexts()).hasSize(2).first().satisfies(text -> assertThat(text)
                        .contains("chat: moved from tokyo to paris")
                        .contains("Down for: "));
                assertThat(world.mailSubjects())
                        .containsExactly("chat: moved from paris to tokyo", "chat: moved from tokyo to paris");
                assertThat(world.mail.getReceivedMessages()[1].getContent().toString())
                        .contains("Down for: ");

                JsonNode back = firstup.events("moved").get(0);
                assertThat(back.required("times").fieldNames())
                        .toIterable()
                        .containsExactly("detected", "decided", "sent", "confirmed", "visible");
            }
        }
    }
}
