/** One queue file from its bytes to a queue, or to all that is wrong with it. */
@NullMarked
package dev.firstup.queue.parse;

import org.jspecify.annotations.NullMarked;
