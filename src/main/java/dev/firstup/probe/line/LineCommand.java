package dev.firstup.probe.line;

import org.jspecify.annotations.Nullable;

/**
 * What a server is asked whose answers are lines, and how its answer is read.
 *
 * @param say the question with its line break; null where the server speaks first
 * @param expected what the answer should be, for people
 * @param reply how its lines are taken
 * @param thenTls whether both sides speak TLS after it
 */
record LineCommand(@Nullable String say, String expected, ReplyReader reply, boolean thenTls) {
    LineCommand(@Nullable String say, String expected, ReplyReader reply) {
        this(say, expected, reply, false);
    }
}
