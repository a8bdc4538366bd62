package dev.firstup.rehearsal;

import dev.firstup.rehearsal.ToyServers.State;
import java.util.List;

/** What the keys do to the toy world. */
final class KeyControls {
    private final ToyServers servers;
    private final DynService service;
    private final SimulatedLink link;
    private boolean hanging;

    KeyControls(ToyServers servers, DynService service, SimulatedLink link) {
        this.servers = servers;
        this.service = service;
        this.link = link;
    }

    /** Does what {@code key} means; false if it means to leave. A key without a meaning does nothing. */
    boolean press(char key) {
        List<String> names = servers.names();
        int server = key - '1';
        if (server >= 0 && server < names.size()) {
            turn(names.get(server));
            hanging = false;
        } else if (key == 'h') {
            hanging = true;
        } else if (key == 'l') {
            if (link.isCut()) {
                link.restore();
            } else {
                link.cut();
            }
        } else if (key == 'b') {
            if (service.healthy()) {
                service.answer("badauth");
            } else {
                service.recover();
            }
        }
        return key != 'q';
    }

    /** The line that explains them. */
    String footer() {
        String range = "1-" + servers.names().size();
        return hanging
                ? range + ": which server shall hang?"
                : range + " server down or up, h hang, l " + (link.isCut() ? "restore" : "cut") + " link, b service "
                        + (service.healthy() ? "says badauth" : "recovers") + ", q quit";
    }

    private void turn(String name) {
        if (hanging) {
            servers.hang(name);
        } else if (servers.state(name) == State.UP) {
            servers.takeDown(name);
        } else {
            servers.bringUp(name);
        }
    }
}
