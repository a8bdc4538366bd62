package dev.firstup.probe.http;

import dev.firstup.probe.engine.Re2Pattern;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP answer must be. The body is read for the sake of the conditions that ask for it only.
 *
 * @param statuses what counts as up
 * @param redirects what a redirect means
 * @param headers patterns by the names of headers, in lower case
 * @param contains what the body must contain; null for nothing
 * @param absent what it must not contain; null for nothing
 * @param matches what must be found in it; null for nothing
 * @param json a value that it must have; null for none
 */
public record HttpExpectation(
        StatusRanges statuses,
        RedirectPolicy redirects,
        Map<String, Re2Pattern> headers,
        @Nullable SubstringMatcher contains,
        @Nullable SubstringMatcher absent,
        @Nullable Re2Pattern matches,
        @Nullable JsonCondition json) {

    /** A good status is enough. */
    public static HttpExpectation of(StatusRanges statuses) {
        return new HttpExpectation(statuses, RedirectPolicy.UP, Map.of(), null, null, null, null);
    }

    public boolean readsBody() {
        return contains != null || absent != null || keepsBody();
    }

    /** Whether the body must be there as a whole. */
    boolean keepsBody() {
        return matches != null || json != null;
    }

    /** Whether a body that contains {@link #contains} is good, whatever else is in it. */
    boolean containsOnly() {
        return absent == null && !keepsBody();
    }
}
