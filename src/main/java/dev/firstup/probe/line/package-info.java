/** Probes that exchange a few words: SMTP, IMAP, POP3, SSH, Redis, PostgreSQL, and dialogues that users write. */
package dev.firstup.probe.line;
