package dev.firstup.probe;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** A name server on loopback that says what its test wants, by UDP and, on the same port, by TCP. */
final class DnsPeer implements AutoCloseable {
    /** What is sent back for a question, each as one message; nothing for silence. */
    interface Manner {
        List<byte[]> answer(Message question, boolean tcp) throws IOException;
    }

    public final AtomicInteger questions = new AtomicInteger();
    private final DatagramSocket datagrams;
    private final Peer streams;
    private final Manner manner;

    private DnsPeer(DatagramSocket datagrams, ServerSocket listener, Manner manner) {
        this.datagrams = datagrams;
        this.manner = manner;
        streams = Peer.on(listener, socket -> {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] wire = in.readNBytes(in.readUnsignedShort());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            for (byte[] message : said(wire, true)) {
                out.writeShort(message.length);
                out.write(message);
            }
            out.flush();
            if (wire.length > 0 && said(wire, true).isEmpty()) {
                Peer.silent().meet(socket);
            }
        });
        Thread thread = new Thread(this::serve, "name server");
        thread.setDaemon(true);
        thread.start();
    }

    public static DnsPeer of(Manner manner) throws IOException {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        while (true) {
            ServerSocket listener = new ServerSocket(0, 50, here);
            try {
                return new DnsPeer(new DatagramSocket(listener.getLocalPort(), here), listener, manner);
            } catch (IOException e) {
                // Somebody has that port for datagrams: another one.
                listener.close();
            }
        }
    }

    /** Answers with {@code records}, and with authority. */
    public static DnsPeer saying(Record... records) throws IOException {
        return of((question, tcp) -> List.of(reply(question, records).toWire()));
    }

    public static Message reply(Message question, Record... records) {
        Message reply = new Message(question.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.AA);
        reply.addRecord(question.getQuestion(), Section.QUESTION);
        for (Record record : records) {
            reply.addRecord(record, Section.ANSWER);
        }
        return reply;
    }

    int port() {
        return datagrams.getLocalPort();
    }

    private List<byte[]> said(byte[] wire, boolean tcp) throws IOException {
        questions.incrementAndGet();
        return manner.answer(new Message(wire), tcp);
    }

    private void serve() {
        byte[] buffer = new byte[65_535];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(packet);
                byte[] wire = java.util.Arrays.copyOf(buffer, packet.getLength());
                for (byte[] message : said(wire, false)) {
                    datagrams.send(new DatagramPacket(message, message.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException e) {
            datagrams.close();
        }
    }

    @Override
    public void close() {
        datagrams.close();
        streams.close();
    }
}
