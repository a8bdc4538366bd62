package dev.firstup.model;

import java.time.Duration;

/**
 * What a publisher returns when its host took the record. A publisher that returns anything else has confirmed too, with the
 * default gap.
 *
 * @param unchanged the host says that it had this value already
 * @param gap how long the host wants to be left alone about this record now
 * @param answer what the host said, without any secret
 */
public record Receipt(boolean unchanged, Duration gap, String answer) {}
