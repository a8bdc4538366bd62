/** The user's route files as they are written: here is found what Camel would say late, in its own words, or without the place. */
@NullMarked
package dev.firstup.cli.routes;

import org.jspecify.annotations.NullMarked;
