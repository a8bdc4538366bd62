package dev.firstup.model;

/** The state of a server, from all its verdicts so far. */
public enum ServerState {
    /** Not known yet: it can't be chosen. */
    UNKNOWN,
    UP,
    /** Its last probes failed, but not yet {@code fall} times: counts as up. */
    FALLING,
    DOWN,
    /** Its last probes were good, but not yet {@code rise} times: counts as down. */
    RISING;

    /** Whether a server in this state may be chosen. */
    public boolean up() {
        return this == UP || this == FALLING;
    }

    /** Whether a server in this state is known not to serve. */
    public boolean down() {
        return this == DOWN || this == RISING;
    }
}
