/**
 * The Camel component {@code zone:}, which reads a record at the authoritative servers of its zone, finds out whether any of
 * them can be reached, or writes it at the primary one. The record's answers never come from a cache or from a recursive resolver: those serve only to find the
 * servers. It never blocks the calling thread.
 */
@NullMarked
package dev.firstup.zone;

import org.jspecify.annotations.NullMarked;
