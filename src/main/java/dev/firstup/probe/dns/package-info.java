/** Probes of name servers (RFC 1035): one question, and what its answer must be. */
package dev.firstup.probe.dns;
