package dev.firstup.status;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What an HTTP request is answered with.
 *
 * @param status the status code
 * @param type the media type of the text
 * @param text the body
 */
public record HttpResponse(int status, String type, String text) {

    static HttpResponse json(int status, JsonNode value) {
        return new HttpResponse(status, "application/json; charset=utf-8", ApiJson.text(value));
    }

    /** Whether the request got what it asked for. */
    public boolean ok() {
        return status / 100 == 2;
    }
}
