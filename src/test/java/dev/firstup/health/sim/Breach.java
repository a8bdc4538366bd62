package dev.firstup.health.sim;

/**
 * That an invariant does not hold.
 *
 * @param invariant which
 * @param at when, in ms since the history began
 * @param what what was found, and what was expected
 */
record Breach(Invariant invariant, long at, String what) {
    @Override
    public String toString() {
        return invariant + " at " + Happening.time(at) + ": " + what;
    }
}
