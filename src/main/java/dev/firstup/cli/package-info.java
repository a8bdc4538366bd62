/** The commands. The only room that may know the others: it starts them and shows what they say. */
@NullMarked
package dev.firstup.cli;

import org.jspecify.annotations.NullMarked;
