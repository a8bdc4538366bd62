package dev.firstup.probe;

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
                    "tls, https, xmpp, xmpps, xmpp-server: whether the certificate must be valid for the server's public name. Its end is reported"
                            + " either way.")
    private boolean verify = true;

    @UriParam(
            description =
                    "tls, https, xmpp, xmpps, xmpp-server: a PEM file with the certificates that are trusted, in place of those that the Java runtime"
                            + " trusts.")
    private String ca;

    @UriParam(
            defaultValue = "down",
            enums = "up,down",
            description = "xmpp, xmpps, xmpp-server: what a server is that sends its users to another host.")
    private String seeOtherHost = "down";

    @UriParam(
            description =
                    "xmpp, xmpps: the account to log in with, what stands before the @. It is bound and pings its domain.")
    private String username;

    @UriParam(
            description = "xmpp, xmpps: the name of the secret that is the account's password, env:NAME or file:NAME.")
    private String password;

    @UriParam(
            defaultValue = "firstup.invalid",
            description = "xmpp-server: the XMPP domain in whose name this asks. Nothing is sent to it.")
    private String from = "firstup.invalid";

    @UriParam(
            description =
                    "batch: the endpoint that verdicts are sent to, in lists of what has come since the last one.")
    private String verdicts;

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

    public String getSeeOtherHost() {
        return seeOtherHost;
    }

    public void setSeeOtherHost(String seeOtherHost) {
        this.seeOtherHost = seeOtherHost;
    }

    public String getUsername() {
        return username;
    }

    public void setUsername(String username) {
        this.username = username;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public String getFrom() {
        return from;
    }

    public void setFrom(String from) {
        this.from = from;
    }
}
