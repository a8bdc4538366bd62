package dev.firstup.status;

/**
 * What an HTTP request is answered with.
 *
 * @param status the status code
 * @param type the media type of the text
 * @param text the body
 */
public record Answer(int status, String type, String text) {

    static Answer json(int status, Object value) {
        return new Answer(status, "application/json; charset=utf-8", Json.text(value));
    }

    /** Whether the request got what it asked for. */
    public boolean ok() {
        return status / 100 == 2;
    }

    /** The Content-Security-Policy of every answer: nothing but the page's own style. */
    public String policy() {
        return Page.POLICY;
    }
}
