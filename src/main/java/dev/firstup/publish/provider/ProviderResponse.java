package dev.firstup.publish.provider;

import org.jspecify.annotations.Nullable;

/**
 * What a provider answered to one request.
 *
 * @param status the HTTP status
 * @param retryAfter the header Retry-After (RFC 9110, 10.2.3); null where there is none
 * @param body the text; empty where there is none
 */
record ProviderResponse(int status, @Nullable String retryAfter, String body) {
    private static final int SHOWN = 60;

    ProviderResponse(int status, @Nullable String retryAfter, @Nullable String body) {
        this.status = status;
        this.retryAfter = retryAfter;
        this.body = body == null ? "" : body;
    }

    /** The first line with anything in it. */
    String firstLine() {
        return body.lines()
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .findFirst()
                .orElse("");
    }

    /**
     * That nobody knows whether the provider did what it was asked, for it answered with success, and with a text that does not
     * say so.
     *
     * @param expected in words
     */
    IllegalStateException unreadable(String expected) {
        return new IllegalStateException(said() + ", expected " + expected);
    }

    /** For people: the status, and how the text begins. */
    String said() {
        return said(firstLine());
    }

    /** For people: the status, and {@code words} of the text. */
    String said(String words) {
        if (words.isEmpty()) {
            return "status " + status + " without a text";
        }
        String printable = words.replaceAll("[^\\x20-\\x7e]", "?");
        return "status " + status + " \""
                + (printable.length() > SHOWN ? printable.substring(0, SHOWN) + "..." : printable) + "\"";
    }
}
