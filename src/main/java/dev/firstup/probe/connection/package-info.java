/** One probe over one connection: it connects, speaks TLS where it must, then holds a dialogue. */
@NullMarked
package dev.firstup.probe.connection;

import org.jspecify.annotations.NullMarked;
