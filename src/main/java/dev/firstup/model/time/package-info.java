/** Time: a clock that never jumps, and bounds on waiting. */
package dev.firstup.model.time;
