/** Time: a clock that never jumps, bounds on waiting, and durations as people write and read them. */
@NullMarked
package dev.firstup.model.time;

import org.jspecify.annotations.NullMarked;
