package dev.firstup.probe.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firstup.probe.engine.ProbeResult;
import org.jspecify.annotations.Nullable;

/**
 * What a dialogue does next.
 *
 * @param say what is sent; null for nothing
 * @param secure whether both sides speak TLS from here on, once that is sent
 * @param result the end of the probe; null while it goes on
 */
public record DialogueStep(byte @Nullable [] say, boolean secure, @Nullable ProbeResult result) {
    /** The server is heard on. */
    public static final DialogueStep LISTEN = new DialogueStep(null, false, null);

    /** TLS begins now. */
    public static final DialogueStep SECURE = new DialogueStep(null, true, null);

    /** What comes next must be computed first: see {@link Dialogue#think()}. */
    public static final DialogueStep THINK = new DialogueStep(null, false, null);

    public static DialogueStep say(byte[] bytes) {
        return new DialogueStep(bytes, false, null);
    }

    public static DialogueStep say(String text) {
        return say(text.getBytes(UTF_8));
    }

    /** The last word before TLS begins without waiting for an answer. */
    static DialogueStep sayAndSecure(byte[] bytes) {
        return new DialogueStep(bytes, true, null);
    }

    public static DialogueStep over(ProbeResult result) {
        return new DialogueStep(null, false, result);
    }
}
