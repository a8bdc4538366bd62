package dev.firstup;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that tests start. */
public final class Ports {
    /** A server with several ports asks for all of them before it opens any. */
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /**
     * One that nobody has, never the same again, and below those that connections are given: it is still free when its server has
     * been away.
     */
    public static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 20_000);
            try (ServerSocket tcp = new ServerSocket(port);
                    DatagramSocket udp = new DatagramSocket(port)) {
                if (udp.getLocalPort() == tcp.getLocalPort() && GIVEN.add(port)) {
                    return port;
                }
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
