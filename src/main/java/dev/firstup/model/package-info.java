/**
 * The records that flow through the routes: {@code Server -> Verdict -> HealthView -> Decision -> Publication -> Event}.
 * Beside them, what rooms share that has no room of its own. The JDK only; every room knows this one, and this one knows none.
 */
@NullMarked
package dev.firstup.model;

import org.jspecify.annotations.NullMarked;
