package dev.firstup.secret;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Puts a secret into a copy of the request after every interceptor has run, straight before the wire, so that neither Camel nor
 * a listener of HTTP activity ever holds a request that carries it.
 */
final class LastStep extends HttpRequestExecutor {

    /** Puts the secret into a request. */
    interface Fill {
        void fill(ClassicHttpRequest request, HttpContext context);
    }

    private static final int LARGEST_ANSWER = 64 * 1024;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);
    private static final String VERSION = LastStep.class.getPackage().getImplementationVersion();

    /**
     * Company, program, system and version, for hosts block what does not say who it is. Dyn asks for the first, second and last
     * (its policies for clients), No-IP for these four in this form, and then for an address to write to, which there is not.
     */
    private static final String AGENT = "Firstup firstup/"
            + System.getProperty("os.name").replaceAll("[^A-Za-z]", "") + "-" + (VERSION == null ? "dev" : VERSION);

    private final Fill fill;

    private LastStep(Fill fill) {
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
                .setRequestExecutor(new LastStep(fill))
                .addExecInterceptorLast("bound", LastStep::bounded);
    }

    static void requirePrivate(String scheme, String host, String what) {
        if (!"https".equals(scheme) && !ThisMachine.is(host)) {
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
        fill.fill(last, context);
        return super.execute(last, connection, callback, context);
    }

    private static ClassicHttpResponse bounded(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        bound(response, scope);
        return response;
    }

    private static void bound(ClassicHttpResponse response, ExecChain.Scope scope) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return;
        }
        byte[] answer = new byte[LARGEST_ANSWER];
        int length = 0;
        long start = System.nanoTime();
        InputStream content = entity.getContent();
        for (int read = 0; read >= 0 && length < answer.length; length += Math.max(read, 0)) {
            if (System.nanoTime() - start > LONGEST_ANSWER.toNanos()) {
                scope.execRuntime.discardEndpoint();
                throw new InterruptedIOException(
                        "the answer was not complete after " + LONGEST_ANSWER.toSeconds() + " s");
            }
            read = content.read(answer, length, answer.length - length);
        }
        if (length == answer.length) {
            scope.execRuntime.discardEndpoint();
        }
        // No compression was offered; unpacking an answer that is packed all the same has no bound.
        response.removeHeaders(HttpHeaders.CONTENT_ENCODING);
        response.setEntity(new ByteArrayEntity(answer, 0, length, ContentType.parseLenient(entity.getContentType())));
    }
}
