package dev.firstup.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** How a secret is written where it goes. */
enum SecretEncoding implements UnaryOperator<String> {
    /**
     * In an address or a form. The sign = may stand there as it is (RFC 3986, 3.4), and the tokens of FreeDNS, which are base64 and
     * the name of no parameter, have always been sent so.
     */
    URI {
        @Override
        public String apply(String value) {
            return URLEncoder.encode(value, StandardCharsets.UTF_8)
                    .replace("+", "%20")
                    .replace("%3D", "=");
        }
    },
    JSON {
        @Override
        public String apply(String value) {
            StringBuilder out = new StringBuilder();
            value.chars().forEach(it -> {
                if (it == '"' || it == '\\') {
                    out.append('\\').append((char) it);
                } else if (it < ' ') {
                    out.append(String.format("\\u%04x", it));
                } else {
                    out.append((char) it);
                }
            });
            return out.toString();
        }
    },
    XML {
        @Override
        public String apply(String value) {
            return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        }
    },
    /** In a header: there nothing can be escaped. */
    HEADER {
        @Override
        public String apply(String value) {
            if (value.chars().anyMatch(it -> it < ' ' || it == 127)) {
                throw new IllegalStateException(
                        "a secret contains a line break or another control character, which no header can carry");
            }
            return value;
        }
    },
    NONE {
        @Override
        public String apply(String value) {
            return value;
        }
    };

    /** As a body of this media type needs it; empty for one that says none. */
    static SecretEncoding in(String mime) {
        if (mime.equals("application/x-www-form-urlencoded")) {
            return URI;
        }
        return mime.endsWith("json") ? JSON : mime.endsWith("xml") ? XML : NONE;
    }
}
