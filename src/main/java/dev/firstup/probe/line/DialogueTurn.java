package dev.firstup.probe.line;

import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation that a user has written down.
 *
 * @param send what is said first; null for nothing
 * @param expect what must be answered then; null for anything, or nothing
 * @param thenTls whether both sides speak TLS from there on
 */
record DialogueTurn(byte @Nullable [] send, @Nullable ExpectedReply expect, boolean thenTls) {}
