/** Probes that exchange a few words: SMTP, IMAP, POP3, SSH, Redis, PostgreSQL, and dialogues that users write. */
@NullMarked
package dev.firstup.probe.line;

import org.jspecify.annotations.NullMarked;
