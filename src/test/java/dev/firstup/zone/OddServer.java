package dev.firstup.zone;

import dev.firstup.Ports;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/** A DNS server that answers whatever a test wants, by UDP and by TCP. A null answer is silence. */
final class OddServer implements AutoCloseable {
    final AtomicInteger byUdp = new AtomicInteger();
    final AtomicInteger byTcp = new AtomicInteger();
    private final DatagramSocket udp;
    private final ServerSocket tcp;

    OddServer(UnaryOperator<byte[]> udpAnswer, UnaryOperator<byte[]> tcpAnswer) throws IOException {
        tcp = new ServerSocket();
        // The system would give one that somebody may have for datagrams.
        tcp.bind(new InetSocketAddress("127.0.0.1", Ports.free()));
        udp = new DatagramSocket(new InetSocketAddress("127.0.0.1", tcp.getLocalPort()));
        start(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            udp.receive(packet);
            byUdp.incrementAndGet();
            byte[] answer = udpAnswer.apply(Arrays.copyOf(packet.getData(), packet.getLength()));
            if (answer != null) {
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        });
        start(() -> {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] query = in.readNBytes(in.readUnsignedShort());
                byTcp.incrementAndGet();
                byte[] answer = tcpAnswer.apply(query);
                if (answer != null) {
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                }
                // Until the other side has had enough of waiting or of the answer.
                in.read();
            }
        });
    }

    /** An answer without records, from a server that is authoritative. */
    static Message empty(byte[] query) {
        try {
            Message asked = new Message(query);
            Message answer = new Message(asked.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.getHeader().setFlag(Flags.AA);
            answer.addRecord(asked.getQuestion(), Section.QUESTION);
            return answer;
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static byte[] silence(byte[] query) {
        return null;
    }

    String address() {
        return "127.0.0.1:" + udp.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }

    private interface Step {
        void run() throws IOException;
    }

    private void start(Step step) {
        Thread thread = new Thread(() -> {
            while (!udp.isClosed()) {
                try {
                    step.run();
                } catch (IOException e) {
                    // The test closed it, or the other side went away.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
