/** Time: a clock that never jumps, bounds on waiting, and durations as people write and read them. */
package dev.firstup.model.time;
