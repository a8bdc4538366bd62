package dev.firstup.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server on loopback that does to each connection what its test wants, in a thread of that connection. */
public final class Peer implements AutoCloseable {
    /** What is done to a connection, which is closed when this returns. */
    public interface Manner {
        void meet(Socket socket) throws Exception;
    }

    private final ServerSocket listener;
    private final Thread acceptor;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    private Peer(ServerSocket listener, Manner manner) {
        this.listener = listener;
        acceptor = start(() -> {
            while (!listener.isClosed()) {
                Socket socket = listener.accept();
                sockets.add(socket);
                start(() -> {
                    try (socket) {
                        manner.meet(socket);
                    }
                });
            }
        });
    }

    public static Peer of(Manner manner) throws IOException {
        return at("127.0.0.1", manner);
    }

    public static Peer at(String address, Manner manner) throws IOException {
        return on(new ServerSocket(0, 50, InetAddress.getByName(address)), manner);
    }

    public static Peer on(ServerSocket listener, Manner manner) {
        return new Peer(listener, manner);
    }

    /** Reads a request and answers with {@code text}. */
    public static Peer saying(String text) throws IOException {
        return of(answering(text));
    }

    public static Manner answering(String text) {
        return socket -> {
            request(socket);
            say(socket, text);
        };
    }

    /** Never says anything. */
    public static Manner silent() {
        return socket -> socket.getInputStream().transferTo(ByteArrayOutputStream.nullOutputStream());
    }

    public static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** The head of a request, up to its empty line. */
    public static String request(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no more to read after " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Reads one line, or what there is of it. */
    public static void line(Socket socket) throws IOException {
        int next = 0;
        while (next != '\n' && next >= 0) {
            next = socket.getInputStream().read();
        }
    }

    /** Ends the connection with a reset. */
    public static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() {
        try {
            listener.close();
            // Its port is taken as long as somebody waits at it.
            acceptor.join();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        // The probe hung up, or the test is over.
                        Thread.currentThread().interrupt();
                    }
                },
                "peer");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
