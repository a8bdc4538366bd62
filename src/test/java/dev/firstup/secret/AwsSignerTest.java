package dev.firstup.secret;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.net.URIAuthority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Amazon's published example: the user AKIDEXAMPLE lists users on 30 August 2015. */
class AwsSignerTest {
    private static final String KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String DAY = "20150830";
    private static final String TIME = DAY + "T123600Z";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2015-08-30T12:36:00Z"), ZoneOffset.UTC);
    private static final String TYPE = "application/x-www-form-urlencoded; charset=utf-8";

    @RegisterExtension
    static final WireMockExtension HOST = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    @TempDir
    Path secrets;

    @Test
    void signsAsAmazonsExample() {
        ClassicHttpRequest request = new BasicClassicHttpRequest(
                "GET", "https", new URIAuthority("iam.amazonaws.com"), "/?Action=ListUsers&Version=2010-05-08");
        request.setHeader("Host", "iam.amazonaws.com");
        request.setHeader("Content-Type", TYPE);
        request.setHeader("User-Agent", "not signed");
        request.setHeader("Authorization", "AWS4 AKIDEXAMPLE/" + KEY + " us-east-1/iam");

        AwsSigner.sign(request, new byte[0], CLOCK);

        assertThat(request.getFirstHeader("X-Amz-Date").getValue()).isEqualTo(TIME);
        assertThat(request.getFirstHeader("Authorization").getValue())
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                        + "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, "
                        + "Signature=dd479fa8a80364edf2119ec24bebde66712ee9c9cb2b0d92eb3ab9ccdc0c3947");
    }

    /** The same without a header for the body, step by step as the documentation has it. */
    @Test
    void theTestItselfSignsAsAmazonsExample() throws Exception {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", TYPE);
        headers.put("host", "iam.amazonaws.com");
        headers.put("x-amz-date", TIME);
        assertThat(signature("GET", "/", "Action=ListUsers&Version=2010-05-08", headers, "", "iam"))
                .isEqualTo("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
    }

    @Test
    void signsWhatIsOnTheWire() throws Exception {
        Files.writeString(secrets.resolve("aws"), KEY);
        HOST.stubFor(any(anyUrl()).willReturn(aResponse()));

        ask("POST", "/2013-04-01/hostedzone/Z1/rrset", "<a>\u00e9</a>");
        LoggedRequest post = HOST.getAllServeEvents().get(0).getRequest();
        assertThat(post.getBodyAsString()).isEqualTo("<a>\u00e9</a>");
        assertSigned(post, "/2013-04-01/hostedzone/Z1/rrset", "");

        ask("GET", "/2013-04-01/hostedzone/Z1/rrset?name=%2A.chat.example.org&type=A&maxitems=1", null);
        assertSigned(
                HOST.getAllServeEvents().get(0).getRequest(),
                "/2013-04-01/hostedzone/Z1/rrset",
                "maxitems=1&name=%2A.chat.example.org&type=A");
    }

    private void ask(String method, String target, String body) throws Exception {
        SecretInjector injector = new SecretInjector(CLOCK);
        injector.setFolder(secrets.toString());
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("envelope", injector);
            context.start();
            context.createFluentProducerTemplate()
                    .to("http://127.0.0.1:" + HOST.getPort() + "?httpClientConfigurer=#bean:envelope")
                    .withHeader(Exchange.HTTP_URI, "http://127.0.0.1:" + HOST.getPort() + target)
                    .withHeader(Exchange.HTTP_METHOD, method)
                    .withHeader("Content-Type", "application/xml; charset=UTF-8")
                    .withHeader("Authorization", "AWS4 {username}/{secret} us-east-1/route53")
                    .withHeader("Firstup-Username", "AKIDEXAMPLE")
                    .withHeader("Firstup-Secret", "file:aws")
                    .withBody(body)
                    .request();
        }
    }

    /** With what the host can see, and the key that it knows. */
    private static void assertSigned(LoggedRequest request, String path, String query) throws Exception {
        String authorization = request.getHeader("Authorization");
        String names = authorization.replaceFirst(".*SignedHeaders=([^,]*),.*", "$1");
        assertThat(names.split(";")).contains("host", "x-amz-date");
        Map<String, String> signed = Arrays.stream(names.split(";"))
                .collect(Collectors.toMap(it -> it, request::getHeader, (one, other) -> one, LinkedHashMap::new));
        assertThat(authorization)
                .isEqualTo(
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/route53/aws4_request, SignedHeaders="
                                + names + ", Signature="
                                + signature(
                                        request.getMethod().getName(),
                                        path,
                                        query,
                                        signed,
                                        request.getBodyAsString(),
                                        "route53"));
        assertThat(request.getHeaders().toString()).doesNotContain(KEY);
    }

    private static String signature(
            String method, String path, String query, Map<String, String> headers, String body, String service)
            throws Exception {
        String lines = headers.entrySet().stream()
                .map(it -> it.getKey() + ":" + it.getValue() + "\n")
                .collect(Collectors.joining());
        String canonical = method + "\n" + path + "\n" + query + "\n" + lines + "\n"
                + String.join(";", headers.keySet()) + "\n" + sha256(body);
        String toSign = "AWS4-HMAC-SHA256\n" + TIME + "\n" + DAY + "/us-east-1/" + service + "/aws4_request\n"
                + sha256(canonical);
        byte[] key = ("AWS4" + KEY).getBytes(UTF_8);
        for (String it : new String[] {DAY, "us-east-1", service, "aws4_request"}) {
            key = hmac(key, it);
        }
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}
