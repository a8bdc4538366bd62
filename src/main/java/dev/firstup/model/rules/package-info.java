/** How a queue is decided about, as its file says. */
@NullMarked
package dev.firstup.model.rules;

import org.jspecify.annotations.NullMarked;
