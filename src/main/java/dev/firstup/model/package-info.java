/**
 * The records that flow through the routes: {@code Server -> Verdict -> HealthView -> Decision -> Publication -> Event}.
 * The JDK only; every room knows this one, and this one knows none.
 */
package dev.firstup.model;
