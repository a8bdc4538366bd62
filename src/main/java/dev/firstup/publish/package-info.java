/**
 * What each DNS host's answer means, and what may be done next about a publication: claim and settle. Pure: no Camel, no I/O,
 * and no clock but the one that it is given.
 */
@NullMarked
package dev.firstup.publish;

import org.jspecify.annotations.NullMarked;
