package dev.firstup.zone;

import dev.firstup.model.Publication;
import dev.firstup.model.Receipt;
import dev.firstup.model.RecordType;
import dev.firstup.model.Target;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.TSIG;

/** A made-up update, and a server for it on this machine that is part of this program. */
final class WarmUp {
    /** No server has a key with it: who sees the update can do nothing with that. */
    static final String SECRET = "AQ==";

    private static final int PATIENCE = 500;
    private static final int SIZE = 512;

    private WarmUp() {}

    static Publication publication(String record) {
        Target nobody = new Target("nobody", record, List.of(), "", Duration.ZERO, Target.Api.NONE, false, false);
        return Publication.of("warm-up", nobody, RecordType.A, Duration.ofMinutes(1))
                .decided(List.of("192.0.2.1"))
                .ask(Publication.Ask.WRITE)
                .done();
    }

    /**
     * Answers one update with NOERROR.
     *
     * @param key signs the answer
     * @param client sends the update to the server whose address it is given
     * @return what {@code client} returns; that the server could not be, or that nothing came
     */
    static CompletableFuture<Receipt> answering(TSIG key, Function<String, CompletableFuture<Receipt>> client) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DatagramSocket server = new DatagramSocket(any)) {
            server.setSoTimeout(PATIENCE);
            CompletableFuture<Receipt> receipt =
                    client.apply("[" + server.getLocalAddress().getHostAddress() + "]:" + server.getLocalPort());
            DatagramPacket packet = new DatagramPacket(new byte[SIZE], SIZE);
            server.receive(packet);
            packet.setData(answer(Arrays.copyOf(packet.getData(), packet.getLength()), key));
            server.send(packet);
            return receipt;
        } catch (IOException e) {
            // Then the first real update takes longer, and that is all.
            return CompletableFuture.failedFuture(e);
        }
    }

    private static byte[] answer(byte[] query, TSIG key) throws IOException {
        Message asked = new Message(query);
        Message answer = new Message(asked.getHeader().getID());
        answer.getHeader().setOpcode(Opcode.UPDATE);
        answer.getHeader().setFlag(Flags.QR);
        key.apply(answer, asked.getTSIG());
        return answer.toWire();
    }
}
