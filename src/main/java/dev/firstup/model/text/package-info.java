/** Words: which one somebody may have meant. */
@NullMarked
package dev.firstup.model.text;

import org.jspecify.annotations.NullMarked;
