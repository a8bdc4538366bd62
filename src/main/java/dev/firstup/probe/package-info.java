/**
 * The Camel component {@code probe:}: one check of one server, asynchronous from the first packet to the verdict. What lives
 * here: the component, its checks, and the few threads that they share. It knows the records of {@code model} and no other
 * room.
 */
@NullMarked
package dev.firstup.probe;

import org.jspecify.annotations.NullMarked;
