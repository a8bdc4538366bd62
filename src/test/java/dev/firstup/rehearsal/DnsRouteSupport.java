package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.channel.EventLoopGroup;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.xbill.DNS.Message;
import org.xbill.DNS.Type;

/** {@code routes/rehearsal/dns.camel.yaml} by itself, and peers that ask it by real datagrams and connections. */
abstract class DnsRouteSupport extends CamelTestSupport {
    static final String TCP = "firstup-rehearsal-dns-tcp";
    static final String UDP = "firstup-rehearsal-dns-udp";
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LONGEST_ANSWER = 1232;

    private final EventLoopGroup loop = Loop.start("dns-test");
    InetSocketAddress address;

    /** The settings that this test has otherwise than the rehearsal. */
    Map<String, String> settings() {
        return Map.of();
    }

    @Override
    public void configureContext(CamelContextConfiguration configuration) {
        super.configureContext(configuration);
        try {
            address = Loop.free(0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Properties settings = new Properties();
        settings.setProperty("firstup.rehearsal.dns.port", Integer.toString(address.getPort()));
        settings.putAll(settings());
        configuration.withUseOverridePropertiesWithPropertiesComponent(settings);
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        registry.bind("firstup-rehearsal-dns", new DnsResponder(Queries.answers()));
        registry.bind("firstup-rehearsal-dns-loop", loop);
    }

    @Override
    protected RoutesBuilder createRouteBuilder() throws Exception {
        return PluginHelper.getRoutesLoader(context)
                .findRoutesBuilders(
                        PluginHelper.getResourceLoader(context).resolveResource("classpath:" + NameServer.ROUTES))
                .iterator()
                .next();
    }

    @AfterEach
    void end() {
        // Before its own turn: the routes close what is theirs on the loop.
        context.stop();
        Loop.stop(loop);
    }

    void answersByUdp() throws IOException {
        try (Datagrams datagrams = new Datagrams()) {
            datagrams.ask();
        }
    }

    void answersByTcp() throws IOException {
        try (Connection connection = new Connection()) {
            connection.ask();
        }
    }

    /** A peer by UDP that reads what comes to it. */
    final class Datagrams implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket();

        Datagrams() throws IOException {
            socket.setSoTimeout(2000);
        }

        void send(byte[] bytes) throws IOException {
            socket.send(new DatagramPacket(bytes, bytes.length, address));
        }

        /** Asks until the right answer comes: whoever asks by UDP asks again. What came before is looked at as well. */
        void ask() throws IOException {
            for (int tries = 1; ; tries++) {
                Message query = Queries.question(Queries.NAME, Type.A);
                send(query.toWire());
                try {
                    Message answer;
                    do {
                        answer = receive();
                    } while (answer.getHeader().getID() != query.getHeader().getID()
                            || !query.getQuestion().equals(answer.getQuestion()));
                    Queries.isRight(answer);
                    return;
                } catch (SocketTimeoutException e) {
                    assertThat(tries).as("tries without an answer").isLessThan(5);
                }
            }
        }

        Message receive() throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[0x10000], 0x10000);
            socket.receive(packet);
            assertThat(packet.getLength()).isLessThanOrEqualTo(LONGEST_ANSWER);
            return new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** A peer by TCP. */
    final class Connection implements AutoCloseable {
        private final Socket socket = new Socket();
        final DataInputStream in;
        final DataOutputStream out;

        Connection() throws IOException {
            socket.connect(address);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        }

        void send(byte[] message) throws IOException {
            out.writeShort(message.length);
            out.write(message);
            out.flush();
        }

        Message receive() throws IOException {
            return new Message(bytes());
        }

        byte[] bytes() throws IOException {
            return in.readNBytes(in.readUnsignedShort());
        }

        void ask() throws IOException {
            Message query = Queries.question(Queries.NAME, Type.A);
            send(query.toWire());
            Message answer = receive();
            assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
            Queries.isRight(answer);
        }

        /** Whether bytes can still be written. */
        boolean takes(int... bytes) throws IOException {
            byte[] some = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                some[i] = (byte) bytes[i];
            }
            return takes(some);
        }

        boolean takes(byte[] bytes) throws IOException {
            try {
                out.write(bytes);
                out.flush();
                return true;
            } catch (SocketException e) {
                return false;
            }
        }

        /** Whether the server has closed it, or does within our patience. */
        boolean isClosed() throws IOException {
            return isClosed(PATIENCE);
        }

        boolean isClosed(Duration patience) throws IOException {
            socket.setSoTimeout((int) patience.toMillis());
            try {
                in.readUnsignedByte();
                return fail("it said something");
            } catch (SocketTimeoutException e) {
                return false;
            } catch (EOFException | SocketException e) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
