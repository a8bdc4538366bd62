/** How probes speak TLS, whom they trust, and what they say of a certificate. */
package dev.firstup.probe.tls;
