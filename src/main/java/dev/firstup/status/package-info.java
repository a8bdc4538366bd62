/**
 * What people and machines may see: the JSON API, the page, the metrics, the health of the program and its heartbeat. What
 * the other rooms know comes as arguments; nothing here reads it, keeps it or changes it.
 */
@NullMarked
package dev.firstup.status;

import org.jspecify.annotations.NullMarked;
