/** Probes by HTTP (RFC 9110, RFC 9112): what is asked, and what must be answered. */
package dev.firstup.probe.http;
