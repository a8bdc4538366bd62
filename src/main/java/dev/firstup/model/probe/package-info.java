/** What a probe says: how far it came, how it ended, and whether that is up, down or unknown. */
@NullMarked
package dev.firstup.model.probe;

import org.jspecify.annotations.NullMarked;
