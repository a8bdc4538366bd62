package dev.firstup.probe;

/**
 * What a server is asked whose answers are lines, and how its answer is read.
 *
 * @param say the question with its line break; null where the server speaks first
 * @param expected what the answer should be, for people
 * @param reply how its lines are taken
 * @param thenTls whether both sides speak TLS after it
 */
record Question(String say, String expected, Reply reply, boolean thenTls) {
    Question(String say, String expected, Reply reply) {
        this(say, expected, reply, false);
    }
}
