/** What was read of the names around a record, and what is wrong with them. */
@NullMarked
package dev.firstup.model.names;

import org.jspecify.annotations.NullMarked;
