package dev.firstup;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that tests start. */
public final class Ports {
    private Ports() {}

    /** One that nobody has, below those that connections are given: it is still free when its server has been away. */
    public static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 20_000);
            try (ServerSocket tcp = new ServerSocket(port);
                    DatagramSocket udp = new DatagramSocket(port)) {
                return udp.getLocalPort() == tcp.getLocalPort() ? port : 0;
            } catch (IOException e) {
                // Somebody has it: the next one.
            }
        }
    }

    /** An address where nobody listens, nor will for the length of a test. */
    public static String closed() {
        return "127.0.0.1:" + free();
    }
}
