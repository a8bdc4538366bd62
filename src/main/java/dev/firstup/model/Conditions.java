package dev.firstup.model;

import java.util.List;

/**
 * What a server must answer besides its first probe.
 *
 * @param need how many of all probes, the first one included, must be good
 * @param others the further probes, each as a message that asks for it
 */
public record Conditions(int need, List<Server> others) {
    /** There is only the one probe. */
    public static final Conditions NONE = new Conditions(1, List.of());

    public Conditions {
        others = List.copyOf(others);
    }
}
