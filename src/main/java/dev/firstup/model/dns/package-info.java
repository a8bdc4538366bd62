/** Values of DNS, each in one form only, so that equal ones are equal texts. */
@NullMarked
package dev.firstup.model.dns;

import org.jspecify.annotations.NullMarked;
