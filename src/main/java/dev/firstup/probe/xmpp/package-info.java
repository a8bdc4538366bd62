/** Probes of XMPP servers (RFC 6120), with or without a login. */
package dev.firstup.probe.xmpp;
