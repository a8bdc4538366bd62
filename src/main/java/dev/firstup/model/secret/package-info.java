/** Secrets in what is shown and sent: what hides them, and where they may go in the clear. */
@NullMarked
package dev.firstup.model.secret;

import org.jspecify.annotations.NullMarked;
