package dev.firstup.e2e;

import dev.firstup.Ports;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/**
 * The authoritative server of a zone, by UDP and TCP, which takes signed updates. It is made of dnsjava only, so that what Firstup's
 * own rehearsal does cannot change what is seen of Firstup here.
 */
final class ToyZone implements AutoCloseable {
    private static final long TTL = 60;

    private final List<Record> records = new ArrayList<>();
    private final List<String> updates = new ArrayList<>();
    private final Record authority;
    private final TSIG key;
    private final ServerSocket tcp = new ServerSocket();
    private final DatagramSocket udp;

    /**
     * Starts it.
     *
     * @param zone every name that does not end with it is refused
     * @param keyName who may update
     * @param secret in base64
     */
    ToyZone(String zone, String keyName, String secret) throws IOException {
        authority = record(zone, Type.SOA, "ns." + zone + ". hostmaster." + zone + ". 1 3600 600 86400 60");
        key = new TSIG(TSIG.HMAC_SHA256, keyName, secret);
        tcp.bind(new InetSocketAddress("127.0.0.1", Ports.free()));
        udp = new DatagramSocket(new InetSocketAddress("127.0.0.1", tcp.getLocalPort()));
        serve(this::datagram);
        serve(this::connection);
    }

    int port() {
        return tcp.getLocalPort();
    }

    /** Sets all records of this name and type. */
    synchronized void put(String name, int type, String... values) {
        records.removeIf(it -> it.getName().equals(name(name)) && it.getType() == type);
        for (String value : values) {
            records.add(record(name, type, value));
        }
    }

    /** The values of this name and type, in order. */
    synchronized List<String> values(String name, int type) {
        return records.stream()
                .filter(it -> it.getName().equals(name(name)) && it.getType() == type)
                .map(Record::rdataToString)
                .sorted()
                .toList();
    }

    /** What signed updates asked for, each as its records. */
    synchronized List<String> updates() {
        return List.copyOf(updates);
    }

    private static Record record(String name, int type, String value) {
        try {
            return Record.fromString(name(name), type, DClass.IN, TTL, value, Name.root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Name name(String name) {
        return Name.fromConstantString(name.endsWith(".") ? name : name + ".");
    }

    private synchronized byte[] answer(byte[] bytes) throws IOException {
        Message query = new Message(bytes);
        Message answer = new Message(query.getHeader().getID());
        Header header = answer.getHeader();
        header.setFlag(Flags.QR);
        header.setOpcode(query.getHeader().getOpcode());
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        if (header.getOpcode() == Opcode.UPDATE) {
            int trust = key.verify(query, bytes, null);
            header.setRcode(trust == Rcode.NOERROR ? Rcode.NOERROR : Rcode.NOTAUTH);
            if (trust == Rcode.NOERROR) {
                update(query);
            }
            answer.setTSIG(key, trust, query.getTSIG());
            return answer.toWire(Message.MAXLENGTH);
        }
        header.setFlag(Flags.AA);
        Name asked = query.getQuestion().getName();
        int type = query.getQuestion().getType();
        List<Record> its =
                records.stream().filter(it -> it.getName().equals(asked)).toList();
        its.stream()
                .filter(it -> it.getType() == type || it.getType() == Type.CNAME)
                .forEach(it -> answer.addRecord(it, Section.ANSWER));
        if (!asked.subdomain(authority.getName())) {
            header.setRcode(Rcode.REFUSED);
            header.unsetFlag(Flags.AA);
        } else if (answer.getSection(Section.ANSWER).isEmpty()) {
            header.setRcode(its.isEmpty() ? Rcode.NXDOMAIN : Rcode.NOERROR);
            answer.addRecord(authority, Section.AUTHORITY);
        }
        return answer.toWire();
    }

    private void update(Message update) {
        List<String> asked = new ArrayList<>();
        for (int section : List.of(Section.PREREQ, Section.UPDATE)) {
            update.getSection(section).forEach(it -> asked.add(Section.updString(section) + " " + it));
        }
        // By UDP it may come twice.
        String text = String.join("\n", asked);
        if (updates.isEmpty() || !updates.get(updates.size() - 1).equals(text)) {
            updates.add(text);
        }
        for (Record it : update.getSection(Section.UPDATE)) {
            if (it.getDClass() == DClass.ANY) {
                records.removeIf(other -> other.getName().equals(it.getName()) && other.getType() == it.getType());
            } else {
                records.add(it);
            }
        }
    }

    private void datagram() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        udp.receive(packet);
        byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
        udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
    }

    private void connection() throws IOException {
        try (Socket socket = tcp.accept()) {
            socket.setSoTimeout(1000);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = answer(in.readNBytes(in.readUnsignedShort()));
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(answer.length);
            out.write(answer);
        }
    }

    private interface Turn {
        void take() throws IOException;
    }

    private void serve(Turn turn) {
        Thread thread = new Thread(() -> {
            while (!tcp.isClosed()) {
                try {
                    turn.take();
                } catch (IOException e) {
                    // Whoever has gone away meanwhile, or this server.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
    }
}
