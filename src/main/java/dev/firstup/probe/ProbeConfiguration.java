package dev.firstup.probe;

import dev.firstup.probe.line.DialogueScript;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** The options of an endpoint, as they were written. */
@UriParams
final class ProbeConfiguration {
    @UriParam(
            defaultValue = "GET",
            enums = "GET,HEAD,OPTIONS,POST,PUT",
            description = "http, https: the method of the request. POST and PUT send an empty body where"
                    + " there is no option body.")
    private String method = "GET";

    @UriParam(
            defaultValue = "200-399",
            description = "http, https: the status codes that count as up, numbers and ranges such as 200,204,300-399."
                    + " See redirects.")
    private String status = "200-399";

    @UriParam(
            description = "http, https: a text that the first 64 KiB of the body must contain, as UTF-8. It is read for"
                    + " this, not-contains, matches and json only.")
    private @Nullable String contains;

    @UriParam(
            defaultValue = "true",
            description = "tcp, tls, http, https, smtp, imap, pop3, postgres, xmpp, xmpps, xmpp-server: "
                    + "whether the certificate must be valid for the server's public name. Its end is reported"
                    + " either way.")
    private boolean verify = true;

    @UriParam(
            description = "tcp, tls, http, https, smtp, imap, pop3, postgres, xmpp, xmpps, xmpp-server: "
                    + "a PEM file with the certificates that are trusted, in place of those that the Java runtime"
                    + " trusts.")
    private @Nullable String ca;

    @UriParam(
            prefix = "header-",
            multiValue = true,
            description =
                    "http, https: a header of the request, header-NAME=VALUE. Those that log in have options of their own.")
    private Map<String, Object> headers = Map.of();

    @UriParam(description = "http, https: the body of the request, with method POST or PUT.")
    private @Nullable String body;

    @UriParam(
            defaultValue = "text/plain; charset=utf-8",
            description = "http, https: the media type of the request's body.")
    private @Nullable String contentType;

    @UriParam(description = "http, https: a text that the first 64 KiB of the body must not contain, as UTF-8.")
    private @Nullable String notContains;

    @UriParam(
            description =
                    "http, https: a regular expression (RE2: no back-references, no look-around) that must be found in the first"
                            + " 64 KiB of the body; a complicated one is looked for in less of it.")
    private @Nullable String matches;

    @UriParam(
            description =
                    "http, https: a value that the body must have as JSON, such as status=ok or data.items.0.status=ok.")
    private @Nullable String json;

    @UriParam(
            prefix = "expect-header-",
            multiValue = true,
            description = "http, https: a regular expression (RE2) that must be found in a header of the answer,"
                    + " expect-header-NAME=PATTERN.")
    private Map<String, Object> expectHeaders = Map.of();

    @UriParam(
            description =
                    "http, https: the user name for Basic authentication. xmpp, xmpps: the account to log in with, what stands"
                            + " before the at sign; it is bound and pings its domain. redis: the user that logs in. postgres: the user that"
                            + " the connection is begun for, firstup by default.")
    private @Nullable String username;

    @UriParam(
            description =
                    "http, https: the name of the password for Basic authentication, never its value: env:NAME, or file:NAME below"
                            + " firstup.secrets. xmpp, xmpps: likewise that of the account. redis: likewise; without one, a server that asks for it is up.")
    private @Nullable String password;

    @UriParam(
            description = "http, https: the name of a bearer token, never its value: env:NAME, or file:NAME below"
                    + " firstup.secrets.")
    private @Nullable String token;

    @UriParam(
            defaultValue = "up",
            enums = "up,down,follow",
            description =
                    "http, https: what a redirect means. up: what its status means; down: the server is down; follow: it is asked"
                            + " there, at the same address and under the same name, at most five times.")
    private String redirects = "up";

    @UriParam(description = "http, https: how long the answer may take, all phases together, such as 800ms or 2s.")
    private @Nullable String maxTime;

    @UriParam(
            defaultValue = "0",
            description = "tcp, tls, http, https, smtp, imap, pop3, postgres, xmpp, xmpps, xmpp-server: "
                    + "how many days the certificate must be valid still, such as 14.")
    private int certificateDays;

    @UriParam(
            enums = "1.2,1.3",
            description = "tcp, tls, http, https, smtp, imap, pop3, postgres, xmpp, xmpps, xmpp-server: "
                    + "the oldest version of TLS that is good enough.")
    private @Nullable String tlsMin;

    @UriParam(
            description = "tcp, tls, http, https, smtp, imap, pop3, postgres, xmpp, xmpps, xmpp-server: "
                    + "a PEM file with the certificate that is shown to servers that ask for one, and those that"
                    + " signed it. Under TLS 1.3 they say only after the handshake what they think of it: probe:tls is to expect"
                    + " something then.")
    private @Nullable String clientCert;

    @UriParam(
            description = "tcp, tls, http, https, smtp, imap, pop3, postgres, xmpp, xmpps, xmpp-server: "
                    + "the name of that certificate's key, in PEM as PKCS#8: file:NAME below firstup.secrets, or"
                    + " env:NAME.")
    private @Nullable String clientKey;

    @UriParam(
            description =
                    "tls: protocols that are offered (ALPN), such as xmpp-client or h2,http/1.1. The server must choose one.")
    private @Nullable String alpn;

    @UriParam(
            prefix = "send",
            multiValue = true,
            description =
                    "tcp, tls: what is sent, and send2 to send9 what is sent later, as UTF-8, other bytes percent-encoded,"
                            + " in RAW(...): RAW(PING%0D%0A). Before a line is sent, the rest of the line that the server has begun is read.")
    private Map<String, Object> send = Map.of();

    @UriParam(
            prefix = "expect",
            multiValue = true,
            description =
                    "tcp, tls: what the server must say then, and expect2 to expect9 later, written like send. It must begin"
                            + " with this text, or with what a regular expression after ~ matches: RAW(~220 .*ESMTP)."
                            + " The first 64 KiB count.")
    private Map<String, Object> expect = Map.of();

    @UriParam(
            description =
                    "tcp: the number of the send and expect after which TLS begins: 3 for send3 and expect3. TLS is spoken"
                            + " after the end of their line.")
    private @Nullable String starttls;

    @UriParam(
            defaultValue = "none",
            enums = "none,starttls,tls",
            description =
                    "smtp, imap, pop3, postgres: whether TLS is spoken from the start (not postgres), after STARTTLS (postgres:"
                            + " an SSLRequest), or not at all.")
    private String security = "none";

    @UriParam(
            defaultValue = "[127.0.0.1]",
            description = "smtp: who asks, in EHLO: a host name, or an address in brackets.")
    private String helo = "[127.0.0.1]";

    @UriParam(description = "postgres: the database that is asked for. By default the one with the user's name.")
    private @Nullable String database;

    @UriParam(
            defaultValue = "down",
            enums = "up,down",
            description = "xmpp, xmpps, xmpp-server: what a server is that sends its users to another host.")
    private String seeOtherHost = "down";

    @UriParam(
            defaultValue = "firstup.invalid",
            description = "xmpp-server: the XMPP domain in whose name this asks. Nothing is sent to it.")
    private String from = "firstup.invalid";

    @UriParam(description = "dns: the name that is asked for. By default the server's public name.")
    private @Nullable String name;

    @UriParam(defaultValue = "A", description = "dns: the type that is asked for, such as A, AAAA, MX, SOA or TXT.")
    private String type = "A";

    @UriParam(
            defaultValue = "NOERROR",
            description = "dns: the response code that counts as up, such as NOERROR, NXDOMAIN or REFUSED.")
    private String rcode = "NOERROR";

    @UriParam(
            description =
                    "dns: the value that one of the answers must have, as it is written in a zone: 192.0.2.1, or 10"
                            + " mail.example.org. Names need no last dot, a text (TXT) no quotes, and the case of letters does not"
                            + " count.")
    private @Nullable String answer;

    @UriParam(
            description =
                    "dns: a regular expression (RE2) that the whole of one answer must match, the case of letters aside.")
    private @Nullable String answerMatches;

    @UriParam(
            defaultValue = "false",
            description =
                    "dns: whether the server must know the answer by itself (the AA bit). It is then not asked to ask others.")
    private boolean authoritative;

    @UriParam(
            description =
                    "exec: the plugin, by its absolute path or below the folder firstup.plugins. It is up at exit status 0 and"
                            + " 1 (warning), down at 2, unknown at 3 and all others; the first line that it prints, if none to standard output then to standard error, is the"
                            + " reason. No shell has a part in it.")
    private @Nullable String command;

    @UriParam(
            description =
                    "exec: the plugin's arguments, with spaces between them and single quotes around one that has spaces."
                            + " {host}, {port} and {name} (the public name) are filled in for each server.")
    private @Nullable String args;

    /** Takes the numbered options out of {@code parameters}, for there is no setter for each. */
    void takeTurns(Map<String, Object> parameters) {
        send = taken(DialogueScript.SEND, parameters);
        expect = taken(DialogueScript.EXPECT, parameters);
    }

    private static Map<String, Object> taken(String prefix, Map<String, Object> parameters) {
        Map<String, Object> taken = new TreeMap<>();
        for (String option : List.copyOf(parameters.keySet())) {
            if (DialogueScript.unnumbered(option).equals(prefix)) {
                taken.put(option.substring(prefix.length()), parameters.remove(option));
            }
        }
        return taken;
    }

    public String getMethod() {
        return method;
    }

    public void setMethod(String method) {
        this.method = method;
    }

    public String getStatus() {
        return status;
    }

    public void setStatus(String status) {
        this.status = status;
    }

    public @Nullable String getContains() {
        return contains;
    }

    public void setContains(String contains) {
        this.contains = contains;
    }

    public boolean isVerify() {
        return verify;
    }

    public void setVerify(boolean verify) {
        this.verify = verify;
    }

    public @Nullable String getCa() {
        return ca;
    }

    public void setCa(String ca) {
        this.ca = ca;
    }

    public Map<String, Object> getHeaders() {
        return headers;
    }

    public void setHeaders(Map<String, Object> headers) {
        this.headers = headers;
    }

    public @Nullable String getBody() {
        return body;
    }

    public void setBody(String body) {
        this.body = body;
    }

    public @Nullable String getContentType() {
        return contentType;
    }

    public void setContentType(String contentType) {
        this.contentType = contentType;
    }

    public @Nullable String getNotContains() {
        return notContains;
    }

    public void setNotContains(String notContains) {
        this.notContains = notContains;
    }

    public @Nullable String getMatches() {
        return matches;
    }

    public void setMatches(String matches) {
        this.matches = matches;
    }

    public @Nullable String getJson() {
        return json;
    }

    public void setJson(String json) {
        this.json = json;
    }

    public Map<String, Object> getExpectHeaders() {
        return expectHeaders;
    }

    public void setExpectHeaders(Map<String, Object> expectHeaders) {
        this.expectHeaders = expectHeaders;
    }

    public @Nullable String getUsername() {
        return username;
    }

    public void setUsername(String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public @Nullable String getToken() {
        return token;
    }

    public void setToken(String token) {
        this.token = token;
    }

    public String getRedirects() {
        return redirects;
    }

    public void setRedirects(String redirects) {
        this.redirects = redirects;
    }

    public @Nullable String getMaxTime() {
        return maxTime;
    }

    public void setMaxTime(String maxTime) {
        this.maxTime = maxTime;
    }

    public int getCertificateDays() {
        return certificateDays;
    }

    public void setCertificateDays(int certificateDays) {
        this.certificateDays = certificateDays;
    }

    public @Nullable String getTlsMin() {
        return tlsMin;
    }

    public void setTlsMin(String tlsMin) {
        this.tlsMin = tlsMin;
    }

    public @Nullable String getClientCert() {
        return clientCert;
    }

    public void setClientCert(String clientCert) {
        this.clientCert = clientCert;
    }

    public @Nullable String getClientKey() {
        return clientKey;
    }

    public void setClientKey(String clientKey) {
        this.clientKey = clientKey;
    }

    public @Nullable String getAlpn() {
        return alpn;
    }

    public void setAlpn(String alpn) {
        this.alpn = alpn;
    }

    public Map<String, Object> getSend() {
        return send;
    }

    public void setSend(Map<String, Object> send) {
        this.send = send;
    }

    public Map<String, Object> getExpect() {
        return expect;
    }

    public void setExpect(Map<String, Object> expect) {
        this.expect = expect;
    }

    public @Nullable String getStarttls() {
        return starttls;
    }

    public void setStarttls(String starttls) {
        this.starttls = starttls;
    }

    public String getSecurity() {
        return security;
    }

    public void setSecurity(String security) {
        this.security = security;
    }

    public String getHelo() {
        return helo;
    }

    public void setHelo(String helo) {
        this.helo = helo;
    }

    public @Nullable String getDatabase() {
        return database;
    }

    public void setDatabase(String database) {
        this.database = database;
    }

    public String getSeeOtherHost() {
        return seeOtherHost;
    }

    public void setSeeOtherHost(String seeOtherHost) {
        this.seeOtherHost = seeOtherHost;
    }

    public String getFrom() {
        return from;
    }

    public void setFrom(String from) {
        this.from = from;
    }

    public @Nullable String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getType() {
        return type;
    }

    public void setType(String type) {
        this.type = type;
    }

    public String getRcode() {
        return rcode;
    }

    public void setRcode(String rcode) {
        this.rcode = rcode;
    }

    public @Nullable String getAnswer() {
        return answer;
    }

    public void setAnswer(String answer) {
        this.answer = answer;
    }

    public @Nullable String getAnswerMatches() {
        return answerMatches;
    }

    public void setAnswerMatches(String answerMatches) {
        this.answerMatches = answerMatches;
    }

    public boolean isAuthoritative() {
        return authoritative;
    }

    public void setAuthoritative(boolean authoritative) {
        this.authoritative = authoritative;
    }

    public @Nullable String getCommand() {
        return command;
    }

    public void setCommand(String command) {
        this.command = command;
    }

    public @Nullable String getArgs() {
        return args;
    }

    public void setArgs(String args) {
        this.args = args;
    }
}
