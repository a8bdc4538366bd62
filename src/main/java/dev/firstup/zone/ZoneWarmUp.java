package dev.firstup.zone;

import dev.firstup.model.Publication;
import dev.firstup.model.PublishTarget;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Receipt;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.TSIG;

/** Has a made-up record written again and again, at a server on this machine that is part of this program. */
final class ZoneWarmUp {
    /** No server has a key with it: who sees the update can do nothing with that. */
    private static final String SECRET = "AQ==";

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int SIZE = 512;
    /** Java compiles what was called 200 times, and looks at every 128th call whether it was. */
    private static final int TIMES = 256;

    private final ZoneWriter writer;
    private final Publication record;
    private final TSIG key;

    /** @param primary whose zone and kind of key is used, and who is told nothing */
    ZoneWarmUp(NameServerLookup nameServers, PrimaryServer primary, Clock clock, Executor executor) {
        // All the time is the first attempt's: there is no second one by TCP, where somebody else may listen.
        writer = new ZoneWriter(nameServers, primary, clock, PATIENCE, PATIENCE, executor);
        record = record(PrimaryServer.shown(primary.zone()));
        key = primary.key(SECRET, clock);
    }

    private static Publication record(String name) {
        PublishTarget nobody =
                new PublishTarget("nobody", name, List.of(), "", Duration.ZERO, PublishTarget.Api.NONE, false, false);
        return Publication.of("made-up", nobody, RecordType.A, Duration.ofMinutes(1))
                .wanted(null, List.of("192.0.2.2"))
                .ask(Publication.Ask.WRITE)
                .done();
    }

    /** @return whether all went well; otherwise the first real update takes longer, and that is all */
    boolean run() {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DatagramSocket server = new DatagramSocket(any)) {
            server.setSoTimeout((int) PATIENCE.toMillis());
            String address = "[" + server.getLocalAddress().getHostAddress() + "]:" + server.getLocalPort();
            for (int i = 0; i < TIMES; i++) {
                CompletableFuture<Receipt> receipt = writer.write(record, address, () -> key);
                answer(server);
                receipt.join();
            }
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private void answer(DatagramSocket server) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[SIZE], SIZE);
        server.receive(packet);
        packet.setData(answer(Arrays.copyOf(packet.getData(), packet.getLength())));
        server.send(packet);
    }

    /** NOERROR. */
    private byte[] answer(byte[] query) throws IOException {
        Message asked = new Message(query);
        Message answer = new Message(asked.getHeader().getID());
        answer.getHeader().setOpcode(Opcode.UPDATE);
        answer.getHeader().setFlag(Flags.QR);
        key.apply(answer, asked.getTSIG());
        return answer.toWire();
    }
}
