package dev.firstup.rehearsal;

/**
 * The monitor's own link to the servers and to DNS. While it is cut, whatever stands behind it is silent at once, as packets that
 * get lost are, and all of it is back at once afterwards. The dyndns2 service stays reachable: what it is told is the proof.
 */
final class SimulatedLink {
    private final ToyServers servers;
    private final NameServer nameServer;
    private volatile boolean cut;

    SimulatedLink(ToyServers servers, NameServer nameServer) {
        this.servers = servers;
        this.nameServer = nameServer;
    }

    boolean isCut() {
        return cut;
    }

    void cut() {
        set(true);
    }

    void restore() {
        set(false);
    }

    private void set(boolean silent) {
        servers.silence(silent);
        nameServer.silence(silent);
        cut = silent;
    }
}
