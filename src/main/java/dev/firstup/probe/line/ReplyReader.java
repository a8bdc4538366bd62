package dev.firstup.probe.line;

/** How the lines of an answer are taken, one after the other. */
interface ReplyReader {
    enum Heard {
        /** The answer has more lines. */
        MORE,
        /** It is complete, and good. */
        GOOD,
        /** The server speaks the protocol, and does not do what it was asked. */
        REFUSED,
        /** This is no such server. */
        ALIEN
    }

    /**
     * @param line without its line break; each byte is one character
     * @param first whether it is the first of this answer
     */
    Heard take(String line, boolean first);
}
