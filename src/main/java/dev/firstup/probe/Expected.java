package dev.firstup.probe;

import java.util.Map;

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
record Expected(
        Statuses statuses,
        Redirects redirects,
        Map<String, Regex> headers,
        Needle contains,
        Needle absent,
        Regex matches,
        JsonValue json) {

    /** A good status is enough. */
    static Expected of(Statuses statuses) {
        return new Expected(statuses, Redirects.UP, Map.of(), null, null, null, null);
    }

    boolean readsBody() {
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
