/**
 * A move of a made-up record, again and again, soon after the start: what Java does for the first time takes it twice as long, and
 * a server's death should not have to wait for that. The only room that calls others, in objects of its own: nothing real hears of it.
 */
@NullMarked
package dev.firstup.warmup;

import org.jspecify.annotations.NullMarked;
