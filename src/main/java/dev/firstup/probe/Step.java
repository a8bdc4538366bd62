package dev.firstup.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What a dialogue does next.
 *
 * @param say what is sent; null for nothing
 * @param secure whether both sides speak TLS from here on, once that is sent
 * @param finding the end of the probe; null while it goes on
 */
record Step(byte[] say, boolean secure, Finding finding) {
    /** The server is heard on. */
    static final Step LISTEN = new Step(null, false, null);

    /** TLS begins now. */
    static final Step SECURE = new Step(null, true, null);

    /** What comes next must be computed first: see {@link Dialogue#think()}. */
    static final Step THINK = new Step(null, false, null);

    static Step say(byte[] bytes) {
        return new Step(bytes, false, null);
    }

    static Step say(String text) {
        return say(text.getBytes(UTF_8));
    }

    /** The last word before TLS begins without waiting for an answer. */
    static Step sayAndSecure(byte[] bytes) {
        return new Step(bytes, true, null);
    }

    static Step over(Finding finding) {
        return new Step(null, false, finding);
    }
}
