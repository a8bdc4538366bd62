/** What goes to a publisher and comes back from it. */
@NullMarked
package dev.firstup.model.publish;

import org.jspecify.annotations.NullMarked;
