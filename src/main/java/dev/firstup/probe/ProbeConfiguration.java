package dev.firstup.probe;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of an endpoint, as they were written. */
@UriParams
final class ProbeConfiguration {
    @UriParam(
            defaultValue = "GET",
            enums = "GET,HEAD,OPTIONS,POST,PUT",
            description = "http, https: the method of the request. POST and PUT send an empty body.")
    private String method = "GET";

    @UriParam(
            defaultValue = "200-399",
            description = "http, https: the status codes that count as up, numbers and ranges such as 200,204,300-399."
                    + " Redirects are not followed.")
    private String status = "200-399";

    @UriParam(
            description =
                    "http, https: a text that the first 64 KiB of the body must contain, as UTF-8. The body is not read"
                            + " without it.")
    private String contains;

    @UriParam(
            defaultValue = "true",
            description =
                    "tls, https: whether the certificate must be valid for the server's public name. Its end is reported"
                            + " either way.")
    private boolean verify = true;

    @UriParam(
            description =
                    "tls, https: a PEM file with the certificates that are trusted, in place of those that the Java runtime"
                            + " trusts.")
    private String ca;

    @UriParam(
            description =
                    "batch: the endpoint that verdicts are sent to, in lists of what has come since the last one.")
    private String verdicts;

    @UriParam(
            prefix = "send",
            multiValue = true,
            description =
                    "tcp, tls: what is sent, and send2 to send9 what is sent later, as UTF-8, other bytes percent-encoded,"
                            + " in RAW(...): RAW(PING%0D%0A). What has been received until then counts no more.")
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
    private String starttls;

    @UriParam(
            defaultValue = "none",
            enums = "none,starttls,tls",
            description =
                    "smtp, imap, pop3, postgres: whether TLS is spoken from the start (not postgres), after STARTTLS (postgres:"
                            + " an SSLRequest), or not at all.")
    private String security = "none";

    @UriParam(
            description =
                    "postgres: the user that the connection is begun for, firstup by default. redis: the user that logs in.")
    private String user;

    @UriParam(description = "postgres: the database that is asked for. By default the one with the user's name.")
    private String database;

    @UriParam(
            description =
                    "redis: the name of the secret that logs in, env:NAME or file:NAME. Without one, a server that asks for"
                            + " it is up.")
    private String password;

    /** Takes the numbered options out of {@code parameters}, for there is no setter for each. */
    void takeTurns(Map<String, Object> parameters) {
        send = taken(Talk.SEND, parameters);
        expect = taken(Talk.EXPECT, parameters);
    }

    private static Map<String, Object> taken(String prefix, Map<String, Object> parameters) {
        Map<String, Object> taken = new TreeMap<>();
        for (String option : List.copyOf(parameters.keySet())) {
            if (Talk.unnumbered(option).equals(prefix)) {
                taken.put(option.substring(prefix.length()), parameters.remove(option));
            }
        }
        return taken;
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

    public String getStarttls() {
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

    public String getUser() {
        return user;
    }

    public void setUser(String user) {
        this.user = user;
    }

    public String getDatabase() {
        return database;
    }

    public void setDatabase(String database) {
        this.database = database;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
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

    public String getContains() {
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

    public String getVerdicts() {
        return verdicts;
    }

    public void setVerdicts(String verdicts) {
        this.verdicts = verdicts;
    }

    public String getCa() {
        return ca;
    }

    public void setCa(String ca) {
        this.ca = ca;
    }
}
