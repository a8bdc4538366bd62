package dev.firstup.probe.http;

import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ProbePhase;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.time.DurationText;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.NetworkProber;
import dev.firstup.probe.connection.Protocol;
import dev.firstup.probe.engine.ProbeAttempt;
import dev.firstup.probe.engine.ProbeEngine;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.Prober;
import dev.firstup.probe.engine.ReasonText;
import dev.firstup.probe.tls.TlsClient;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP check that is more than one request over one connection: it logs in, follows redirects or has a time that its answer may
 * take. The time-out is over all of that.
 *
 * @param http the first request
 * @param secure whether that goes over TLS
 * @param tls how TLS is spoken, there or after a redirect; null for never
 * @param login what logs in; null for nothing
 * @param maxTime how long the answer may take, all phases together; null for as long as the time-out
 */
public record HttpProber(
        HttpProtocol http,
        boolean secure,
        @Nullable TlsClient tls,
        @Nullable HttpLogin login,
        @Nullable Duration maxTime)
        implements Prober {
    public static final int HTTP_PORT = 80;
    public static final int HTTPS_PORT = 443;
    private static final int MOST_REDIRECTS = 5;
    private static final Set<ReasonCode> TIME_OUTS =
            EnumSet.of(ReasonCode.L4TOUT, ReasonCode.L6TOUT, ReasonCode.L7TOUT);

    @Override
    public void begin(ProbeAttempt attempt, ProbeEngine engine) {
        if (login == null) {
            new Way(attempt, engine, HttpLogin.Value.NONE, Duration.ZERO).next();
            return;
        }
        Server server = attempt.server();
        long began = System.nanoTime();
        try {
            ScheduledFuture<?> deadline = engine.deadline(
                    engine.loop(),
                    server.timeout(),
                    () -> ProbeResult.unknown(login.secret().reference() + " was not read within "
                            + DurationText.exact(server.timeout())),
                    attempt::settle);
            // A file may lie anywhere, and no event loop waits for it.
            engine.aside().execute(() -> {
                HttpLogin.Value value;
                try {
                    value = login.read();
                } catch (RuntimeException e) {
                    attempt.settle(ProbeResult.unknown(ReasonText.reason(e)));
                    return;
                } finally {
                    deadline.cancel(false);
                }
                new Way(attempt, engine, value, Duration.ofNanos(System.nanoTime() - began)).next();
            });
        } catch (RejectedExecutionException e) {
            attempt.settle(ProbeEngine.stopped());
        }
    }

    @Override
    public int port(Server server) {
        return server.port() == 0 ? usualPort(secure) : server.port();
    }

    private static int usualPort(boolean secure) {
        return secure ? HTTPS_PORT : HTTP_PORT;
    }

    /** From the first request to the answer that counts. Each request waits for the one before. */
    private final class Way {
        private final ProbeAttempt attempt;
        private final ProbeEngine engine;
        private final HttpLogin.Value login;
        private final Map<ProbePhase, Duration> phases = new EnumMap<>(ProbePhase.class);
        private Server server;
        private boolean encrypted = secure;
        private HttpRequestTemplate request = http.request();
        private Duration took = Duration.ZERO;
        /** What this machine was late in that. */
        private Duration lost = Duration.ZERO;
        /** What was taken besides, and was not for the server either. */
        private Duration wasted;

        private @Nullable Instant certificateExpires;
        private int redirects;

        /** @param wasted what was taken before the first request */
        Way(ProbeAttempt attempt, ProbeEngine engine, HttpLogin.Value login, Duration wasted) {
            this.attempt = attempt;
            this.engine = engine;
            this.login = login;
            this.wasted = wasted;
            Server asked = attempt.server();
            server = ask(asked.host(), asked.port(), asked.path());
        }

        /** The server, in the time that is left. */
        private Server ask(String host, int port, String path) {
            Server asked = attempt.server();
            Duration left = asked.timeout().minus(took).minus(wasted);
            return new Server(
                    asked.queue(),
                    asked.revision(),
                    asked.name(),
                    asked.addresses(),
                    asked.probe(),
                    host,
                    port,
                    path,
                    asked.publicName(),
                    left.isNegative() ? Duration.ZERO : left);
        }

        void next() {
            Hop hop = new Hop(new HttpProtocol(request, http.expected(), usualPort(encrypted)), login);
            ProbeAttempt one = new ProbeAttempt(server, (it, verdict) -> arrived(it, hop, verdict));
            new NetworkProber(encrypted ? tls : null, encrypted, hop, usualPort(encrypted)).begin(one, engine);
        }

        private void arrived(ProbeAttempt one, Hop hop, Verdict verdict) {
            Duration ours = lost.plus(wasted);
            boolean shortened = shortened();
            took = took.plus(verdict.took());
            lost = lost.plus(one.lost());
            wasted = wasted.plus(one.wasted());
            verdict.phases().forEach((phase, time) -> phases.merge(phase, time, Duration::plus));
            if (verdict.certificateExpires() != null) {
                certificateExpires = verdict.certificateExpires();
            }
            String redirect = hop.redirect();
            if (http.expected().redirects() == RedirectPolicy.FOLLOW && redirect != null) {
                follow(one, hop.status(), redirect);
            } else if (verdict.outcome() == ProbeOutcome.UP && maxTime != null && took.compareTo(maxTime) > 0) {
                settle(tooLong(verdict, maxTime));
            } else if (TIME_OUTS.contains(verdict.code()) && shortened) {
                settle(ProbeResult.unknown(verdict.reason() + after() + ", and " + DurationText.exact(ours)
                        + " before that were not the server's"));
            } else {
                settle(new ProbeResult(verdict.outcome(), verdict.code(), verdict.reason() + after()));
            }
        }

        /**
         * Whether so little of the time-out is left that it says nothing of the server if that runs out. What goes by at each probe,
         * such as the reading of a secret, must take a third of it for that: a server that hangs would never be down.
         */
        private boolean shortened() {
            Duration timeout = attempt.server().timeout();
            return ProbeEngine.excuses(lost, timeout) || wasted.multipliedBy(3).compareTo(timeout) > 0;
        }

        private ProbeResult tooLong(Verdict verdict, Duration most) {
            if (took.minus(lost).compareTo(most) <= 0) {
                return ProbeEngine.late(lost);
            }
            return ProbeResult.down(
                    ReasonCode.L7TOUT,
                    verdict.reason() + after() + ", but after " + DurationText.exact(took) + ", expected at most "
                            + DurationText.exact(most));
        }

        private void follow(ProbeAttempt one, int status, String redirect) {
            String from = "status " + status + " to " + ReasonText.excerptOfHeader(login.redactor(), redirect);
            HttpLocation target = here().resolve(redirect);
            if (target == null) {
                settle(ProbeResult.down(ReasonCode.L7STS, from + ", which is no address"));
                return;
            }
            String obstacle = obstacle(target);
            if (obstacle == null && redirects == MOST_REDIRECTS) {
                obstacle = ", after " + MOST_REDIRECTS + " redirects already";
            }
            if (obstacle != null) {
                settle(ProbeResult.down(ReasonCode.L7STS, from + obstacle));
                return;
            }
            redirects++;
            encrypted = secure(target);
            request = request.redirected(status);
            server = ask(
                    // The very address that was reached: its name may have others.
                    Objects.requireNonNull(one.address()).getHostAddress(),
                    target.port() == 0 ? usualPort(encrypted) : target.port(),
                    target.path());
            next();
        }

        private HttpLocation here() {
            return new HttpLocation(
                    encrypted ? "https" : "http",
                    bare(server.publicName()),
                    server.port(),
                    server.path().isEmpty() ? "/" : server.path());
        }

        /** Why this server cannot be asked for it; null if it can. */
        private @Nullable String obstacle(HttpLocation target) {
            if (!secure(target) && !target.scheme().equals("http")) {
                return ", expected http or https";
            }
            if (!target.host().equalsIgnoreCase(bare(server.publicName()))) {
                return ", another host than " + server.publicName();
            }
            if (encrypted && !secure(target)) {
                return ", out of TLS";
            }
            int port = server.port() == 0 ? usualPort(encrypted) : server.port();
            if (target.port() == 0 && port != usualPort(encrypted)) {
                return ", whose port at this server is not known: this one is " + port + ", not "
                        + usualPort(encrypted);
            }
            return null;
        }

        private static boolean secure(HttpLocation target) {
            return target.scheme().equals("https");
        }

        private static String bare(String host) {
            return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        }

        private String after() {
            return redirects == 0 ? "" : redirects == 1 ? " after 1 redirect" : " after " + redirects + " redirects";
        }

        private void settle(ProbeResult result) {
            Server asked = attempt.server();
            attempt.settle(new Verdict(
                    asked.queue(),
                    asked.name(),
                    asked.revision(),
                    0,
                    Instant.now(),
                    result.outcome(),
                    result.code(),
                    result.reason(),
                    took,
                    phases,
                    certificateExpires));
        }
    }

    /** One request of several. */
    private static final class Hop implements Protocol {
        private final HttpProtocol http;
        private final HttpLogin.Value login;
        private @Nullable HttpDialogue dialogue;

        Hop(HttpProtocol http, HttpLogin.Value login) {
            this.http = http;
            this.login = login;
        }

        @Override
        public Dialogue dialogue(Server server) {
            HttpDialogue begun = http.dialogue(server, login);
            dialogue = begun;
            return begun;
        }

        @Override
        public @Nullable String obstacle(Server server) {
            return http.obstacle(server);
        }

        @Override
        public boolean endsByReset() {
            return http.endsByReset();
        }

        /** The status of its answer; 0 before there is one. */
        int status() {
            return dialogue == null ? 0 : dialogue.status();
        }

        /** Where it was redirected to; null if it was not. */
        @Nullable
        String redirect() {
            return dialogue == null ? null : dialogue.redirect();
        }
    }
}
