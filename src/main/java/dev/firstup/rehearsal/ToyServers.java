package dev.firstup.rehearsal;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Small HTTP servers on 127.0.0.1, told apart by their ports, which can be taken down, hung and brought back. Each answers any
 * request with status 200. Methods return when what they say has happened.
 */
public final class ToyServers implements AutoCloseable {

    /** What a toy server does. */
    public enum State {
        UP,
        /** Refuses connections. */
        DOWN,
        /** Accepts connections and requests, and never answers. */
        HUNG
    }

    private final EventLoopGroup loop;
    private final Map<String, Toy> toys = new LinkedHashMap<>();
    private volatile boolean silent;

    private ToyServers(EventLoopGroup loop) {
        this.loop = loop;
    }

    /**
     * Starts a server for each name, all up.
     *
     * @throws IOException if no ports are free
     */
    public static ToyServers start(String... names) throws IOException {
        ToyServers servers = new ToyServers(Loop.start("servers"));
        try {
            for (String name : names) {
                servers.toys.put(name, servers.new Toy(name));
            }
            return servers;
        } catch (IOException e) {
            servers.close();
            throw e;
        }
    }

    /** Their names, in the order in which they were given. */
    public List<String> names() {
        return List.copyOf(toys.keySet());
    }

    /** The port of a server, the same for as long as it lives. */
    public int port(String name) {
        return toy(name).port;
    }

    public State state(String name) {
        return toy(name).state;
    }

    /** Closes the server's socket and its connections: new ones are refused. */
    public void takeDown(String name) {
        toy(name).takeDown();
    }

    /** From now on the server accepts, reads and never answers. */
    public void hang(String name) {
        toy(name).listen(State.HUNG);
    }

    /**
     * Lets the server answer again, on the same port.
     *
     * @throws IllegalStateException if another program has taken the port meanwhile
     */
    public void bringUp(String name) {
        toy(name).listen(State.UP);
    }

    /** Whether all of them are silent whatever they do otherwise, as if nothing came through to them. */
    void silence(boolean silent) {
        this.silent = silent;
    }

    @Override
    public void close() {
        Loop.stop(loop);
    }

    private Toy toy(String name) {
        Toy toy = toys.get(name);
        if (toy == null) {
            throw new IllegalArgumentException("there is no toy server " + name + ", only " + names());
        }
        return toy;
    }

    private final class Toy {
        private final String name;
        private final ChannelGroup connections;
        private final int port;
        private Channel listening;
        private volatile State state = State.UP;

        Toy(String name) throws IOException {
            this.name = name;
            this.connections = new DefaultChannelGroup(loop.next());
            this.listening = open(0);
            this.port = ((InetSocketAddress) listening.localAddress()).getPort();
        }

        private Channel open(int port) throws IOException {
            return ToyHttpServer.listen(loop, port, connections, (request, reply) -> {
                if (state == State.UP && !silent) {
                    reply.send(200, name + " is up\n");
                }
            });
        }

        synchronized void takeDown() {
            state = State.DOWN;
            listening.close().awaitUninterruptibly();
            connections.close().awaitUninterruptibly();
            // Java lets go of a closed socket when its selector is next asked, and until then the kernel accepts.
            loop.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        }

        synchronized void listen(State next) {
            // What waits for an answer that never came would wait on.
            connections.close().awaitUninterruptibly();
            try {
                listening = listening.isOpen() ? listening : open(port);
                state = next;
            } catch (IOException e) {
                throw new IllegalStateException(name + " cannot come back: " + e.getMessage(), e);
            }
        }
    }
}
