/** Text of users' own: which word somebody may have meant, and what a regular expression may take. */
@NullMarked
package dev.firstup.model.text;

import org.jspecify.annotations.NullMarked;
