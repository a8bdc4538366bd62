package dev.firstup.probe.xmpp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.firstup.model.probe.ReasonCode;
import dev.firstup.probe.connection.Dialogue;
import dev.firstup.probe.connection.DialogueStep;
import dev.firstup.probe.engine.ProbeResult;
import dev.firstup.probe.engine.ReasonText;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One stream after the other, up to what only an XMPP server says under TLS (RFC 6120), or to the answer to a ping of an account
 * that has logged in (XEP-0199).
 */
final class XmppDialogue implements Dialogue {
    private static final String STREAMS = "http://etherx.jabber.org/streams";
    private static final String STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";
    private static final String STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";
    private static final String TLS = "urn:ietf:params:xml:ns:xmpp-tls";
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
    private static final String SESSION = "urn:ietf:params:xml:ns:xmpp-session";
    private static final String DIALBACK = "jabber:server:dialback";
    private static final String DIALBACK_FEATURE = "urn:xmpp:features:dialback";
    private static final String EXTERNAL = "EXTERNAL";
    private static final String PLAIN = "PLAIN";
    /** Those of streams, of SASL and of stanzas (RFC 6120, sections 4.9.3, 6.5 and 8.3.3). */
    private static final Set<String> CONDITIONS = Set.of(
            "aborted",
            "account-disabled",
            "bad-format",
            "bad-namespace-prefix",
            "bad-request",
            "conflict",
            "connection-timeout",
            "credentials-expired",
            "encryption-required",
            "feature-not-implemented",
            "forbidden",
            "gone",
            "host-gone",
            "host-unknown",
            "improper-addressing",
            "incorrect-encoding",
            "internal-server-error",
            "invalid-authzid",
            "invalid-from",
            "invalid-mechanism",
            "invalid-namespace",
            "invalid-xml",
            "item-not-found",
            "jid-malformed",
            "malformed-request",
            "mechanism-too-weak",
            "not-acceptable",
            "not-allowed",
            "not-authorized",
            "not-well-formed",
            "policy-violation",
            "recipient-unavailable",
            "redirect",
            "registration-required",
            "remote-connection-failed",
            "remote-server-not-found",
            "remote-server-timeout",
            "reset",
            "resource-constraint",
            "restricted-xml",
            "see-other-host",
            "service-unavailable",
            "subscription-required",
            "system-shutdown",
            "temporary-auth-failure",
            "undefined-condition",
            "unexpected-request",
            "unsupported-encoding",
            "unsupported-feature",
            "unsupported-stanza-type",
            "unsupported-version");

    private static final byte[] GOODBYE = "</stream:stream>".getBytes(UTF_8);
    private static final byte ALERT = 21;
    private static final String OUTCOME = "the outcome of a login";
    private static final String UNSAID = "without a known condition";
    private static final int SHOWN = 6;

    private final XmppProtocol xmpp;
    private final String domain;
    private final String stanzas;

    private XmppStreamReader xml = new XmppStreamReader(0);
    private Function<XmppElement, DialogueStep> expected = this::unexpected;
    private String awaited = "an XMPP stream";
    private boolean secured;
    private boolean opened;
    private boolean dialback;
    private @Nullable ScramClient scram;
    private boolean proved;
    private @Nullable String mechanism;
    private boolean session;

    XmppDialogue(XmppProtocol xmpp, String domain) {
        this.xmpp = xmpp;
        this.domain = domain;
        stanzas = xmpp.from() == null ? "jabber:client" : "jabber:server";
    }

    @Override
    public DialogueStep connected() {
        return open(xmpp.tlsFirst() ? this::authentication : this::encryption);
    }

    @Override
    public DialogueStep secured() {
        secured = true;
        return open(this::authentication);
    }

    @Override
    public DialogueStep read(ByteBuf in) {
        if (xml.received() == 0 && in.getByte(in.readerIndex()) == ALERT) {
            return DialogueStep.over(ProbeResult.down(
                    ReasonCode.L7RSP, "expected an XMPP stream, received a TLS alert: the server wants TLS at once"));
        }
        try {
            for (XmppElement it = xml.next(in); it != null; it = xml.next(in)) {
                DialogueStep step = take(it);
                if (step != DialogueStep.LISTEN) {
                    return step;
                }
            }
            return DialogueStep.LISTEN;
        } catch (XmppStreamException e) {
            return DialogueStep.over(ProbeResult.down(
                    ReasonCode.L7RSP,
                    mechanism == null
                            ? String.valueOf(e.getMessage())
                            : "expected an XMPP stream, received something else"));
        }
    }

    @Override
    public @Nullable ProbeResult end() {
        return null;
    }

    @Override
    public String awaited() {
        return opened ? awaited : "an XMPP stream";
    }

    private void expect(String what, Function<XmppElement, DialogueStep> next) {
        awaited = what;
        expected = next;
    }

    private DialogueStep take(XmppElement it) {
        if (it == XmppStreamReader.END) {
            return down(ReasonCode.L7RSP, "the server ended the stream");
        }
        if (!opened) {
            opened = true;
            dialback = it.attributes().containsValue(DIALBACK);
            return it.is(STREAMS, "stream")
                    ? DialogueStep.LISTEN
                    : down(ReasonCode.L7RSP, "expected an XMPP stream, received " + shown(it));
        }
        return it.is(STREAMS, "error") ? failed(it) : expected.apply(it);
    }

    private DialogueStep open(Function<XmppElement, DialogueStep> next) {
        xml = new XmppStreamReader(xml.received());
        opened = false;
        expect("stream features", next);
        return DialogueStep.say("<?xml version='1.0'?><stream:stream xmlns='" + stanzas + "' xmlns:stream='" + STREAMS
                + "'"
                + (xmpp.from() == null ? "" : " xmlns:db='" + DIALBACK + "' from='" + escaped(xmpp.from()) + "'")
                + " to='" + escaped(domain) + "' version='1.0' xml:lang='en'>");
    }

    private DialogueStep encryption(XmppElement features) {
        if (!features.is(STREAMS, "features")) {
            return unexpected(features);
        }
        if (features.child(TLS, "starttls").isEmpty()) {
            return down(ReasonCode.L7RSP, "no STARTTLS is offered, only " + names(features.children()));
        }
        expect("<proceed>", this::agreement);
        return DialogueStep.say("<starttls xmlns='" + TLS + "'/>");
    }

    private DialogueStep agreement(XmppElement it) {
        return it.is(TLS, "proceed")
                ? DialogueStep.SECURE
                : it.is(TLS, "failure") ? down(ReasonCode.L7STS, "STARTTLS failed") : unexpected(it);
    }

    private DialogueStep authentication(XmppElement features) {
        if (!features.is(STREAMS, "features")) {
            return unexpected(features);
        }
        List<String> mechanisms = features.child(SASL, "mechanisms").stream()
                .flatMap(it -> it.children().stream())
                .filter(it -> it.is(SASL, "mechanism"))
                .map(it -> it.text().strip())
                .sorted()
                .toList();
        if (xmpp.from() != null) {
            return amongServers(features, mechanisms);
        }
        if (mechanisms.isEmpty()) {
            return down(ReasonCode.L7RSP, "no login is offered under TLS, only " + names(features.children()));
        }
        XmppProtocol.Account account = xmpp.account();
        return account == null
                ? up("XMPP server of " + domain + ", logins by " + list(mechanisms))
                : logIn(account, mechanisms);
    }

    private DialogueStep amongServers(XmppElement features, List<String> mechanisms) {
        boolean external = mechanisms.contains(EXTERNAL);
        boolean dialback =
                this.dialback || features.child(DIALBACK_FEATURE, "dialback").isPresent();
        if (!external && !dialback) {
            String neither = "neither SASL EXTERNAL nor dialback is offered under TLS";
            // Who trusts certificates only has nothing to offer to us, who show none; but who offers logins means
            // clients.
            return mechanisms.isEmpty()
                    ? up(amongServers() + "those with a certificate: " + neither)
                    : down(ReasonCode.L7RSP, neither + ", only " + names(features.children()));
        }
        return up(amongServers() + "by "
                + (external ? dialback ? "SASL EXTERNAL and dialback" : "SASL EXTERNAL" : "dialback"));
    }

    private String amongServers() {
        return "XMPP server of " + domain + " for other servers, ";
    }

    private DialogueStep logIn(XmppProtocol.Account account, List<String> mechanisms) {
        Optional<ScramClient.Hash> hash = Arrays.stream(ScramClient.Hash.values())
                .filter(it -> mechanisms.contains(it.mechanism()))
                .findFirst();
        if (hash.isPresent()) {
            mechanism = hash.get().mechanism();
            ScramClient login = new ScramClient(hash.get(), account.username());
            scram = login;
            expect(OUTCOME, it -> challenge(login, it));
            return DialogueStep.say(auth(login.first()));
        }
        if (!mechanisms.contains(PLAIN)) {
            return over(
                    ProbeResult.unknown("logins are tried by SCRAM (SHA-512, SHA-256, SHA-1) or PLAIN only, offered is "
                            + list(mechanisms)));
        }
        if (!xmpp.verified()) {
            return over(ProbeResult.unknown("only PLAIN is offered, and no password is shown with verify=false"));
        }
        mechanism = PLAIN;
        expect(OUTCOME, this::outcome);
        return DialogueStep.THINK;
    }

    private DialogueStep challenge(ScramClient login, XmppElement it) {
        if (!it.is(SASL, "challenge")) {
            return outcome(it);
        }
        ProbeResult wrong = login.challenged(decoded(it));
        if (wrong != null) {
            return over(wrong);
        }
        expect(OUTCOME, this::outcome);
        return DialogueStep.THINK;
    }

    @Override
    public DialogueStep think() {
        XmppProtocol.Account account = Objects.requireNonNull(xmpp.account());
        String password;
        try {
            password = account.password().read(account.folder());
        } catch (IllegalStateException e) {
            return over(ProbeResult.unknown(String.valueOf(e.getMessage())));
        }
        return DialogueStep.say(
                scram == null
                        ? auth("\0" + account.username() + "\0" + password)
                        : "<response xmlns='" + SASL + "'>" + encoded(scram.answer(password)) + "</response>");
    }

    private DialogueStep outcome(XmppElement it) {
        if (it.is(SASL, "failure")) {
            return down(ReasonCode.L7STS, "login by " + mechanism + " was refused: " + explained(it, SASL));
        }
        if (it.is(SASL, "challenge") && scram != null && scram.isProof(decoded(it))) {
            // Some say with the last challenge what others say with the success.
            proved = true;
            return DialogueStep.say("<response xmlns='" + SASL + "'/>");
        }
        if (!it.is(SASL, "success")) {
            return unexpected(it);
        }
        if (scram != null && !proved && !scram.isProof(decoded(it))) {
            return down(
                    ReasonCode.L7RSP, "login was accepted by a server that does not prove that it knows the account");
        }
        return open(this::binding);
    }

    private DialogueStep binding(XmppElement features) {
        if (!features.is(STREAMS, "features")) {
            return unexpected(features);
        }
        if (features.child(BIND, "bind").isEmpty()) {
            return down(
                    ReasonCode.L7RSP,
                    "no binding of a resource is offered after login, only " + names(features.children()));
        }
        session = features.child(SESSION, "session")
                .filter(it -> it.child(SESSION, "optional").isEmpty())
                .isPresent();
        expect("the binding of a resource", this::bound);
        return DialogueStep.say("<iq type='set' id='bind'><bind xmlns='" + BIND + "'/></iq>");
    }

    private DialogueStep bound(XmppElement it) {
        if (!answers(it, "bind")) {
            return DialogueStep.LISTEN;
        }
        if (!it.attribute("type").equals("result")) {
            return down(ReasonCode.L7STS, "binding of a resource was refused: " + errorOf(it));
        }
        if (!session) {
            return ping();
        }
        // RFC 3921, section 3: some servers answer nothing before.
        expect("a session", this::established);
        return DialogueStep.say("<iq type='set' id='session'><session xmlns='" + SESSION + "'/></iq>");
    }

    private DialogueStep established(XmppElement it) {
        if (!answers(it, "session")) {
            return DialogueStep.LISTEN;
        }
        return it.attribute("type").equals("result")
                ? ping()
                : down(ReasonCode.L7STS, "a session was refused: " + errorOf(it));
    }

    private DialogueStep ping() {
        expect("an answer to a ping", this::pong);
        return DialogueStep.say(
                "<iq type='get' id='ping' to='" + escaped(domain) + "'><ping xmlns='urn:xmpp:ping'/></iq>");
    }

    private DialogueStep pong(XmppElement it) {
        if (!answers(it, "ping")) {
            return DialogueStep.LISTEN;
        }
        String loggedIn = "logged in at " + domain + " by " + mechanism;
        if (it.attribute("type").equals("result")) {
            return up(loggedIn + ", ping answered");
        }
        String error = errorOf(it);
        // Who knows no ping must say so (XEP-0199, section 4.2): that is an answer too.
        return Set.of("service-unavailable", "feature-not-implemented").contains(error)
                ? up(loggedIn + ", ping answered with " + error)
                : down(ReasonCode.L7STS, "ping was refused: " + error);
    }

    /** Whether {@code it} is the answer to our request; other stanzas may come in between. */
    private boolean answers(XmppElement it, String id) {
        return it.is(stanzas, "iq")
                && it.attribute("id").equals(id)
                && Set.of("result", "error").contains(it.attribute("type"));
    }

    private DialogueStep failed(XmppElement error) {
        Optional<XmppElement> elsewhere = error.child(STREAM_ERRORS, "see-other-host");
        if (elsewhere.isPresent()) {
            String reason = "see-other-host" + (mechanism == null ? ", to " + quoted(elsewhere.get()) : "");
            return xmpp.referring() ? up(reason) : down(ReasonCode.L7STS, reason);
        }
        if (secured
                && xmpp.from() != null
                && error.child(STREAM_ERRORS, "not-authorized").isPresent()) {
            // We show no certificate, and are refused for that, as by Prosody's own configuration: it does what it
            // should.
            return up(amongServers() + "those with a certificate: " + explained(error, STREAM_ERRORS));
        }
        return down(ReasonCode.L7STS, "stream error " + explained(error, STREAM_ERRORS));
    }

    private String errorOf(XmppElement stanza) {
        return stanza.child(stanzas, "error")
                .map(it -> condition(it, STANZA_ERRORS))
                .orElse(UNSAID);
    }

    /** {@code host-unknown}, and what the server says about it. */
    private String explained(XmppElement error, String namespace) {
        return condition(error, namespace)
                + error.child(namespace, "text")
                        .filter(it -> mechanism == null)
                        .map(it -> ", " + quoted(it))
                        .orElse("");
    }

    private String condition(XmppElement error, String namespace) {
        return error.children().stream()
                .filter(it -> it.is(namespace, it.name()) && !it.name().equals("text"))
                .map(XmppElement::name)
                .filter(it -> mechanism == null || CONDITIONS.contains(it))
                .findFirst()
                .map(ReasonText::firstLine)
                .orElse(UNSAID);
    }

    private DialogueStep unexpected(XmppElement it) {
        return down(ReasonCode.L7RSP, "expected " + awaited + ", received " + shown(it));
    }

    private static DialogueStep up(String reason) {
        return over(ProbeResult.up(ReasonCode.L7OK, reason));
    }

    private static DialogueStep down(ReasonCode code, String reason) {
        return over(ProbeResult.down(code, reason));
    }

    private static DialogueStep over(ProbeResult result) {
        return new DialogueStep(GOODBYE, false, result);
    }

    private String auth(String initial) {
        return "<auth xmlns='" + SASL + "' mechanism='" + mechanism + "'>" + encoded(initial) + "</auth>";
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** The text of {@code it} out of Base64; empty if it is none. */
    private static String decoded(XmppElement it) {
        try {
            return new String(Base64.getDecoder().decode(it.text().strip()), UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    // A server that was shown a password may repeat it: from then on, nothing is shown that it chose itself.

    private String names(List<XmppElement> elements) {
        return mechanism != null
                ? "something else"
                : elements.isEmpty()
                        ? "nothing"
                        : list(elements.stream()
                                .map(XmppElement::name)
                                .distinct()
                                .toList());
    }

    private String shown(XmppElement it) {
        return mechanism == null ? "<" + word(it.name()) + ">" : "something else";
    }

    private static String list(List<String> words) {
        return words.stream().limit(SHOWN).map(XmppDialogue::word).collect(joining(", "))
                + (words.size() > SHOWN ? ", ..." : "");
    }

    private static String word(String text) {
        String quoted = quoted(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    private static String quoted(XmppElement it) {
        return quoted(it.text().strip());
    }

    private static String quoted(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return ReasonText.excerpt(bytes, bytes.length);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
    }
}
