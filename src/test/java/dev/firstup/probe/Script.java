package dev.firstup.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What a peer says, line by line; before a text that begins with {@code <} it waits for these very bytes. In the end it waits for
 * the probe to hang up.
 */
final class Script implements Peer.Manner {
    private final List<String> lines;

    /** What was heard other than was waited for. */
    public final Queue<String> surprises = new ConcurrentLinkedQueue<>();

    /** What came after the last line. */
    public final Queue<String> farewells = new ConcurrentLinkedQueue<>();

    Script(String... lines) {
        this.lines = List.of(lines);
    }

    /** One that hangs up after the last line. */
    public static Peer.Manner andGone(String... lines) {
        return new Script(lines)::talk;
    }

    @Override
    public void meet(Socket socket) throws Exception {
        talk(socket);
        farewells.add(new String(heard(socket), ISO_8859_1));
    }

    /** Says and hears its lines, and leaves the connection open. */
    void talk(Socket socket) throws IOException {
        for (String line : lines) {
            if (!line.startsWith("<")) {
                Peer.say(socket, line);
                continue;
            }
            byte[] expected = line.substring(1).getBytes(ISO_8859_1);
            byte[] heard = socket.getInputStream().readNBytes(expected.length);
            if (!Arrays.equals(heard, expected)) {
                surprises.add(new String(heard, ISO_8859_1));
            }
        }
    }

    private static byte[] heard(Socket socket) {
        byte[] heard = new byte[1000];
        int n = 0;
        try {
            int next = socket.getInputStream().read(heard);
            while (next > 0) {
                n += next;
                next = socket.getInputStream().read(heard, n, heard.length - n);
            }
        } catch (IOException e) {
            // Reset: that was all.
        }
        return Arrays.copyOf(heard, n);
    }
}
