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

    @UriParam(description = "dns: the name that is asked for. By default the server's public name.")
    private String name;

    @UriParam(defaultValue = "A", description = "dns: the type that is asked for, such as A, AAAA, MX, SOA or TXT.")
    private String type = "A";

    @UriParam(
            defaultValue = "NOERROR",
            description = "dns: the response code that counts as up, such as NOERROR, NXDOMAIN or REFUSED.")
    private String rcode = "NOERROR";

    @UriParam(
            description =
                    "dns: the value that one of the answers must have, as it is written in a zone: 192.0.2.1, or 10"
                            + " mail.example.org. The last dot of a name, the quotes of a text, and the case of letters do not"
                            + " count.")
    private String answer;

    @UriParam(
            description =
                    "dns: a regular expression (as java.util.regex.Pattern) that the whole of one answer must match.")
    private String answerMatches;

    @UriParam(
            defaultValue = "false",
            description =
                    "dns: whether the server must know the answer by itself (the AA bit). It is then not asked to ask others.")
    private boolean authoritative;

    @UriParam(
            description =
                    "exec: the plugin, by its absolute path or below the folder firstup.plugins. It is up at exit status 0 and"
                            + " 1 (warning), down at 2, unknown at 3 and all others; the first line that it prints is the"
                            + " reason. No shell has a part in it.")
    private String command;

    @UriParam(
            description =
                    "exec: the plugin's arguments, with spaces between them and single quotes around one that has spaces."
                            + " {host}, {port} and {name} (the public name) are filled in for each server.")
    private String args;

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

    public String getName() {
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

    public String getAnswer() {
        return answer;
    }

    public void setAnswer(String answer) {
        this.answer = answer;
    }

    public String getAnswerMatches() {
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

    public String getCommand() {
        return command;
    }

    public void setCommand(String command) {
        this.command = command;
    }

    public String getArgs() {
        return args;
    }

    public void setArgs(String args) {
        this.args = args;
    }
}
