/** How what stands in a file is shown in a message. */
@NullMarked
package dev.firstup.queue.text;

import org.jspecify.annotations.NullMarked;
