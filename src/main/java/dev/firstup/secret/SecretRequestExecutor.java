package dev.firstup.secret;

import dev.firstup.model.secret.LoopbackHosts;
import dev.firstup.model.secret.SecretRedactor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;

/**
 * Puts a secret into a copy of the request after every interceptor has run, straight before the wire, so that neither Camel nor
 * a listener of HTTP activity ever holds a request that carries it.
 */
final class SecretRequestExecutor extends HttpRequestExecutor {

    /** Puts secrets into a request, and says which: an answer that repeats them must not. */
    interface Fill {
        List<String> fill(ClassicHttpRequest request, HttpContext context) throws IOException;
    }

    private static final int LARGEST_ANSWER = 64 * 1024;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);
    private static final long LARGEST_EXCHANGE = 1024 * 1024;
    private static final Duration GLANCE = Duration.ofMillis(100);

    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "firstup-hang-up");
        thread.setDaemon(true);
        return thread;
    });

    private static final String VERSION =
            SecretRequestExecutor.class.getPackage().getImplementationVersion();

    /**
     * Company, program, system and version, for hosts block what does not say who it is. Dyn asks for the first, second and last
     * (its policies for clients), No-IP for these four in this form, and then for an address to write to, which there is not.
     */
    private static final String AGENT = "Firstup firstup/"
            + System.getProperty("os.name").replaceAll("[^A-Za-z]", "") + "-" + (VERSION == null ? "dev" : VERSION);

    private final Fill fill;

    private SecretRequestExecutor(Fill fill) {
        this.fill = fill;
    }

    static void install(HttpClientBuilder client, Fill fill) {
        // A redirect, a retry or a cookie would take the secret, or the update, where nobody has asked for it.
        client.disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent(AGENT)
                // A host is asked seldom, and most of all after trouble of the network: a connection from before may be
                // dead
                // without showing it, and would cost a move the time-out.
                .addRequestInterceptorFirst(
                        (request, entity, context) -> request.setHeader(HttpHeaders.CONNECTION, HeaderElements.CLOSE))
                .setRequestExecutor(new SecretRequestExecutor(fill));
    }

    static void requirePrivate(String scheme, String host, String what) {
        if (!"https".equals(scheme) && !LoopbackHosts.is(host)) {
            throw new IllegalStateException(what + " is not sent to " + scheme + "://" + host
                    + ", where anybody on the way can read it: use https (http is for this machine only)");
        }
    }

    @Override
    public ClassicHttpResponse execute(
            ClassicHttpRequest request,
            HttpClientConnection connection,
            HttpResponseInformationCallback callback,
            HttpContext context)
            throws IOException, HttpException {
        ClassicHttpRequest last = new BasicClassicHttpRequest(
                request.getMethod(), request.getScheme(), request.getAuthority(), request.getPath());
        last.setHeaders(request.getHeaders());
        last.setEntity(request.getEntity());
        List<String> secrets = fill.fill(last, context);
        AtomicReference<String> hungUp = new AtomicReference<>();
        long start = System.nanoTime();
        Future<?> watch = WATCH.scheduleWithFixedDelay(
                () -> hangUp(connection, start, hungUp), GLANCE.toMillis(), GLANCE.toMillis(), TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = super.execute(last, connection, callback, context);
            bound(response, connection, secrets);
            return response;
        } catch (IOException e) {
            if (hungUp.get() != null) {
                throw new InterruptedIOException(hungUp.get());
            }
            throw e;
        } finally {
            watch.cancel(false);
        }
    }

    /** HttpClient itself reads headers, and answers before the answer (1xx), for as long as some come. */
    private static void hangUp(HttpClientConnection connection, long start, AtomicReference<String> hungUp) {
        EndpointDetails details = connection.getEndpointDetails();
        if (details != null && details.getReceivedBytesCount() > LARGEST_EXCHANGE) {
            hungUp.set("the answer is too long: more than " + LARGEST_EXCHANGE + " bytes, with its headers");
        } else if (System.nanoTime() - start > LONGEST_ANSWER.toNanos()) {
            hungUp.set("the answer was not complete after " + LONGEST_ANSWER.toSeconds() + " s");
        } else {
            return;
        }
        connection.close(CloseMode.IMMEDIATE);
    }

    private static void bound(ClassicHttpResponse response, HttpClientConnection connection, List<String> secrets)
            throws IOException {
        SecretRedactor redactor = redactor(secrets);
        response.setReasonPhrase(redactor.redact(response.getReasonPhrase()));
        response.setHeaders(Stream.of(response.getHeaders())
                .map(it -> new BasicHeader(it.getName(), redactor.redact(it.getValue())))
                .toArray(Header[]::new));
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return;
        }
        byte[] answer = new byte[LARGEST_ANSWER];
        int length = 0;
        InputStream content = entity.getContent();
        for (int read = 0; read >= 0 && length < answer.length; length += Math.max(read, 0)) {
            read = content.read(answer, length, answer.length - length);
        }
        if (length == answer.length) {
            connection.close(CloseMode.IMMEDIATE);
        }
        // No compression was offered; unpacking an answer that is packed all the same has no bound.
        response.removeHeaders(HttpHeaders.CONTENT_ENCODING);
        byte[] blotted = redactor.redact(Arrays.copyOf(answer, length));
        response.setEntity(new ByteArrayEntity(blotted, ContentType.parseLenient(entity.getContentType())));
    }

    /** Each secret, as it is and as logging in sends it. */
    private static SecretRedactor redactor(List<String> secrets) {
        return SecretRedactor.of(secrets.stream()
                .filter(SecretRedactor::telling)
                .flatMap(it -> Stream.of(it, Base64.getEncoder().encodeToString(it.getBytes(StandardCharsets.UTF_8))))
                .toList());
    }
}
