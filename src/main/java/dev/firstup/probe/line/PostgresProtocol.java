package dev.firstup.probe.line;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firstup.model.Server;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.Protocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a connection to PostgreSQL (its documentation, "Message Flow", "Start-up"). No password is ever sent.
 *
 * @param user who connects
 * @param database what to; null for the database with the user's name
 * @param starttls whether TLS is asked for first
 */
public record PostgresProtocol(String user, @Nullable String database, boolean starttls) implements Protocol {
    private static final int PROTOCOL_3_0 = 3 << 16;

    @Override
    public Dialogue dialogue(Server server) {
        return new PostgresDialogue(startup(), starttls);
    }

    private byte[] startup() {
        ByteArrayOutputStream parameters = new ByteArrayOutputStream();
        put(parameters, "user", user);
        if (database != null) {
            put(parameters, "database", database);
        }
        put(parameters, "application_name", "firstup");
        parameters.write(0);
        int length = 8 + parameters.size();
        return ByteBuffer.allocate(length)
                .putInt(length)
                .putInt(PROTOCOL_3_0)
                .put(parameters.toByteArray())
                .array();
    }

    private static void put(ByteArrayOutputStream out, String name, String value) {
        for (String text : new String[] {name, value}) {
            out.writeBytes(text.getBytes(UTF_8));
            out.write(0);
        }
    }
}
