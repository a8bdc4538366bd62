/** Time: a clock that never jumps, and bounds on waiting. */
@NullMarked
package dev.firstup.model.time;

import org.jspecify.annotations.NullMarked;
