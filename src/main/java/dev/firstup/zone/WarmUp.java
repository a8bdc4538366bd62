package dev.firstup.zone;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.TSIG;

/** A server on this machine that is part of this program, and answers an update with NOERROR. */
final class WarmUp implements AutoCloseable {
    /** No server has a key with it: who sees the update can do nothing with that. */
    static final String SECRET = "AQ==";

    private static final int PATIENCE = 500;
    private static final int SIZE = 512;

    private final TSIG key;
    private final DatagramSocket socket;

    /**
     * @param key signs the answers
     * @throws IOException if it may not listen
     */
    WarmUp(TSIG key) throws IOException {
        this.key = key;
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(PATIENCE);
    }

    String address() {
        return "[" + socket.getLocalAddress().getHostAddress() + "]:" + socket.getLocalPort();
    }

    /**
     * Answers the next update.
     *
     * @throws IOException if none comes
     */
    void answer() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[SIZE], SIZE);
        socket.receive(packet);
        packet.setData(answer(Arrays.copyOf(packet.getData(), packet.getLength())));
        socket.send(packet);
    }

    private byte[] answer(byte[] query) throws IOException {
        Message asked = new Message(query);
        Message answer = new Message(asked.getHeader().getID());
        answer.getHeader().setOpcode(Opcode.UPDATE);
        answer.getHeader().setFlag(Flags.QR);
        key.apply(answer, asked.getTSIG());
        return answer.toWire();
    }

    @Override
    public void close() {
        socket.close();
    }
}
