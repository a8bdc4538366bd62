/** One probe over one connection: it connects, speaks TLS where it must, then holds a dialogue. */
package dev.firstup.probe.connection;
