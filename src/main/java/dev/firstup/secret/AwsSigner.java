package dev.firstup.secret;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signs a request with AWS Signature Version 4. Apart from {@link SecretInjector}, for Amazon's classes are loaded with this one: by who
 * signs something, and by nobody else.
 *
 * <p>Source: Amazon's "AWS Signature Version 4 for API requests".
 */
final class AwsSigner {
    /** Begins the header Authorization of a request to be signed. */
    static final String SCHEME = "AWS4 ";

    private static final List<String> SIGNED = List.of(HttpHeaders.HOST, HttpHeaders.CONTENT_TYPE);

    private AwsSigner() {}

    /**
     * Replaces the header Authorization, {@code AWS4 KEYID/SECRET REGION/SERVICE}, by one that signs the request as it stands: nothing
     * may change in it from now on.
     *
     * @param body empty where there is none
     * @param clock the signature is good for a few minutes around its time
     * @throws IllegalStateException if it cannot be signed
     */
    static void sign(ClassicHttpRequest request, byte[] body, Clock clock) {
        String credential =
                request.getFirstHeader(HttpHeaders.AUTHORIZATION).getValue().substring(SCHEME.length());
        // A secret may hold slashes itself.
        int secret = credential.indexOf('/');
        int scope = credential.lastIndexOf(' ');
        int service = credential.indexOf('/', scope);
        AwsCredentialsIdentity identity =
                AwsCredentialsIdentity.create(credential.substring(0, secret), credential.substring(secret + 1, scope));
        SdkHttpRequest unsigned = unsigned(request);
        Map<String, List<String>> headers = AwsV4HttpSigner.create()
                .sign(it -> it.identity(identity)
                        .request(unsigned)
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.REGION_NAME, credential.substring(scope + 1, service))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, credential.substring(service + 1))
                        .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, clock))
                .request()
                .headers();
        headers.forEach((name, values) -> request.setHeader(name, values.get(0)));
    }

    private static SdkHttpRequest unsigned(ClassicHttpRequest request) {
        try {
            URI uri = new URI(request.getScheme() + "://" + request.getAuthority() + request.getPath());
            SdkHttpRequest.Builder unsigned =
                    SdkHttpRequest.builder().uri(uri).method(SdkHttpMethod.fromValue(request.getMethod()));
            for (String name : SIGNED) {
                Header header = request.getFirstHeader(name);
                if (header != null) {
                    unsigned.putHeader(name, header.getValue());
                }
            }
            return unsigned.build();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a request to " + request.getAuthority() + " cannot be signed");
        }
    }
}
