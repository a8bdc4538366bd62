/** Probes of name servers (RFC 1035): one question, and what its answer must be. */
@NullMarked
package dev.firstup.probe.dns;

import org.jspecify.annotations.NullMarked;
