/** Probes of XMPP servers (RFC 6120), with or without a login. */
@NullMarked
package dev.firstup.probe.xmpp;

import org.jspecify.annotations.NullMarked;
