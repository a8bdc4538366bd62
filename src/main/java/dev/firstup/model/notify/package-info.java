/** What is to be told, to which channel, as text. */
@NullMarked
package dev.firstup.model.notify;

import org.jspecify.annotations.NullMarked;
