/** How probes speak TLS, whom they trust, and what they say of a certificate. */
@NullMarked
package dev.firstup.probe.tls;

import org.jspecify.annotations.NullMarked;
