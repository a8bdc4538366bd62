/**
 * What verdicts amount to: which probes are due, rise and fall, the health view, and the decision. Pure: no Camel, no I/O, and
 * no look at the time but by the clock that it is given.
 */
@NullMarked
package dev.firstup.health;

import org.jspecify.annotations.NullMarked;
