/** Probes by HTTP (RFC 9110, RFC 9112): what is asked, and what must be answered. */
@NullMarked
package dev.firstup.probe.http;

import org.jspecify.annotations.NullMarked;
