/**
 * The toy world of {@code ./firstup rehearse}, on loopback and in one process: servers that can be taken down, a dyndns2
 * service, a DNS server that answers with what the service was told, and the script and screen that show them. It knows the
 * records only: the pipeline that watches this world is the real one.
 */
@NullMarked
package dev.firstup.rehearsal;

import org.jspecify.annotations.NullMarked;
