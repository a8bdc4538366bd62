package dev.firstup.probe.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpLocationTest {
    private static final HttpLocation HERE = new HttpLocation("http", "a", 0, "/b/c/d;p?q");

    /** RFC 3986, sections 5.4.1 and 5.4.2, those with an authority or none of their own. */
    @ParameterizedTest
    @CsvSource({
        "g, /b/c/g",
        "./g, /b/c/g",
        "g/, /b/c/g/",
        "/g, /g",
        "//g, /",
        "?y, /b/c/d;p?y",
        "g?y, /b/c/g?y",
        "#s, /b/c/d;p?q",
        "g#s, /b/c/g",
        "g?y#s, /b/c/g?y",
        ";x, /b/c/;x",
        "g;x, /b/c/g;x",
        "g;x?y#s, /b/c/g;x?y",
        "'', /b/c/d;p?q",
        "., /b/c/",
        "./, /b/c/",
        ".., /b/",
        "../, /b/",
        "../g, /b/g",
        "../.., /",
        "../../, /",
        "../../g, /g",
        "../../../g, /g",
        "../../../../g, /g",
        "/./g, /g",
        "/../g, /g",
        "g., /b/c/g.",
        ".g, /b/c/.g",
        "g.., /b/c/g..",
        "..g, /b/c/..g",
        "./../g, /b/g",
        "./g/., /b/c/g/",
        "g/./h, /b/c/g/h",
        "g/../h, /b/c/h",
        "g;x=1/./y, /b/c/g;x=1/y",
        "g;x=1/../y, /b/c/y",
        "g?y/./x, /b/c/g?y/./x",
        "g?y/../x, /b/c/g?y/../x"
    })
    void referencesAreResolvedAsTheirStandardSays(String reference, String path) {
        assertThat(HERE.resolve(reference).path()).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "/a//b, /a//b",
        "/a//../b, /a/b",
        "//h//x, //x",
        "x//y, /b/c/x//y",
        "/a|b, /a%7Cb",
        "/x y, /x%20y",
        "/q?x={a}, /q?x=%7Ba%7D",
        "/q?x=a b, /q?x=a%20b",
        "/%7Ca%20b?%7B, /%7Ca%20b?%7B",
        "/a[1]?b[]=100%, /a[1]?b[]=100%",
        "'/\"<>\\^`', /%22%3C%3E%5C%5E%60"
    })
    void whatIsWrittenIsKeptAndEscapedOnce(String reference, String path) {
        assertThat(HERE.resolve(reference).path()).isEqualTo(path);
    }

    @Test
    void bytesAreEscapedAsTheyAre() {
        String utf8 = new String("/caf\u00e9?\u20ac".getBytes(UTF_8), ISO_8859_1);

        assertThat(HERE.resolve(utf8).path()).isEqualTo("/caf%C3%A9?%E2%82%AC");
        assertThat(HERE.resolve("/caf\u00e9\t\0\u007f").path()).isEqualTo("/caf%E9%09%00%7F");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS://Chat.example:8443/x, https, Chat.example, 8443, /x",
        "//chat.example?x, http, chat.example, 0, /?x",
        "http://me:secret@chat.example:/, http, chat.example, 0, /",
        "https://[2001:db8::1]:443, https, 2001:db8::1, 443, /",
        "ftp://chat.example/, ftp, chat.example, 0, /"
    })
    void anAddressIsTakenApart(String reference, String scheme, String host, int port, String path) {
        assertThat(HERE.resolve(reference)).isEqualTo(new HttpLocation(scheme, host, port, path));
    }

    @Test
    void beingHereIncludesThePort() {
        HttpLocation here = new HttpLocation("https", "chat.example", 8443, "/");

        assertThat(here.resolve("x")).isEqualTo(new HttpLocation("https", "chat.example", 8443, "/x"));
        assertThat(here.resolve("//chat.example/x")).isEqualTo(new HttpLocation("https", "chat.example", 0, "/x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a:99999/",
                "http://a:0/",
                "http://a:8O/",
                "http://a:1:2/",
                "http://a:12345678901/",
                "http://[::1/",
                "http://[/",
                "http:///x",
                "//",
                "http:/x",
                "http:",
                "mailto:me"
            })
    void whatIsNoAddressIsNone(String reference) {
        assertThat(HERE.resolve(reference)).isNull();
    }
}
