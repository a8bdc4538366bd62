package dev.firstup.probe;

/** What one endpoint does for each server that it is sent. */
interface Check {
    /** Begins one probe and returns at once; {@code attempt} is settled later, or now. */
    void begin(Attempt attempt, Engine engine);
}
