package dev.firstup.queue.parse;

import dev.firstup.queue.parse.Problem.Severity;

/** Every sentence that this room says of a file: what was found, what was expected, what to do. */
public enum ProblemMessage {
    FOLDER_UNREADABLE("the folder cannot be read (%s); what runs is kept; make it readable for this program"),
    FILE_UNREADABLE("cannot be read (%s); make it a file that this program may read, or remove it"),
    FILE_TOO_LARGE("larger than 1 MiB; split it into several files"),
    NOT_UTF8("found bytes that are not UTF-8; save the file as UTF-8"),
    CONTROL_CHARACTER("found the control character %s, expected text; remove it"),
    TAB("found a tab, expected blanks: YAML does not take tabs for indentation; write blanks"),
    COLON(
            "found a colon where no key can stand; put quotes around a value that holds one, or indent the line like others"),
    SYNTAX("not valid YAML: %s"),
    TOO_DEEP("found more than %d levels, expected 4 at most; flatten it"),
    TOO_MANY_ALIASES("found more than %d aliases (*NAME); write the values out"),
    TOO_MANY_PROBLEMS("%d more problems are not listed; mend the others first"),

    NO_QUEUE("found no queue, expected the keys \"record\" and \"servers\"; write them, or remove it"),
    QUEUE_NAME_NEEDED("several queues in one file: expected the key \"queue\" in every one but one; name this one"),
    CLAIMED("%s is taken by the queue at %s; a record is moved by one queue only; remove one of the two"),
    NAME_TAKEN("queue %s exists at %s already; give one of the two another name with the key \"queue\""),

    UNKNOWN_KEY("unknown key %s; expected one of: %s"),
    UNKNOWN_KEY_NEAR("unknown key %s; did you mean %s?"),
    DUPLICATE_KEY("found the key %s again, first on line %d; remove one of the two"),
    MISSING_KEY("missing key %s, expected %s; add it"),
    WRONG_TYPE("%s: found %s, expected %s"),
    NOT_ONE_OF("%s: found %s, expected one of: %s"),
    LIST_TOO_LONG("%s: found %d entries, expected %d at most; split the queue"),
    TWICE("%s: found %s twice; remove one of them"),
    NO_UNIT("%s: found the number %s, expected a duration with its unit; write %ss for seconds, or ms, m, h, d"),
    NOT_A_DURATION("%s: found %s, expected a duration%s: a whole number and ms, s, m, h or d; write it like 10s"),
    NOT_WHOLE_SECONDS("%s: found %s, expected whole seconds; round it"),
    OUT_OF_RANGE("%s: found %s, expected %s to %s; choose a value between"),
    FAST_ABOVE_INTERVAL("\"fast-interval\": found %s, expected at most the interval, %s; lower it, or remove it"),
    SLOW_ABOVE_TIMEOUT("\"slow\": found %s, expected at most the time-out, %s; lower it, or remove it"),
    WITHDRAW_UNABLE(
            "\"all-down\": found withdraw, but the publisher %s cannot withdraw a record; write hold, first or an"
                    + " address"),
    SORRY_IS_SERVER(
            "\"all-down\": found %s, which is server %s, expected the address of another one, that says sorry; or"
                    + " write first"),
    SORRY_FAMILY("\"all-down\": found the %s address %s, but no server of this queue has %s; write one of a family that"
            + " they have"),
    SORRY_UNABLE(
            "\"all-down\": found the %s address %s, but servers of this queue have both families, and the publisher"
                    + " %s cannot withdraw the other one; write hold or first"),
    ANSWERS_UNABLE("\"answers\": found %d, but the publisher %s takes one value for a record; remove it"),
    ANSWERS_CNAME("\"answers\": found %d, but server %s has a cname, and a name has one at most; remove it"),
    QUIET_FORM(
            "\"quiet\": found %s, expected a mapping; write - { start: \"22:00\", duration: 8h, zone: Europe/Berlin }"),
    QUIET_DAYS("\"monthdays\": found beside \"weekdays\", expected one or the other; remove one"),
    NO_SUCH_ZONE("\"zone\": found %s, expected a time zone of IANA's, such as Europe/Berlin"),
    NO_SUCH_ZONE_NEAR("\"zone\": found %s, expected a time zone of IANA's; did you mean %s?"),
    NOT_A_NAME("%s: found %s, expected a name of at most 63 letters, digits, - _ and ."),
    NOT_A_HOST("%s: found %s, expected a host name: letters, digits and - between dots, at most 63 a label"),
    NOT_A_FULL_NAME("%s: found %s, expected a full domain name such as chat.example.org"),
    NOT_A_SERVICE("%s: found %s, expected an SRV name such as _xmpp-client._tcp.example.org"),
    SRV_CNAME(
            "\"srv\": found it beside server %s, which has a cname, but an SRV record must not name an alias (RFC 2782);"
                    + " give the server addresses, or remove it"),
    NOT_A_TIME("%s: found %s, expected a time of day such as \"22:00\""),
    NOT_A_NAMESERVER("%s: found %s, expected HOST, HOST:PORT or [IPV6]:PORT"),

    ALIAS_IS_RECORD("\"alias\": found the record itself, expected a name of your own that is a CNAME to it; remove it"),
    NO_SERVERS("\"servers\": found an empty list, expected at least one server; add - NAME: ADDRESS"),
    SERVER_FORM("found %s, expected a server: - NAME: ADDRESS, or the long form with the key \"name\""),
    SERVER_MIXED_FORM("found %s: beside other keys, expected the long form; write name: %s and address: ..."),
    SERVER_NAME_TWICE("found a second server %s, first on line %d; give it another name"),
    SERVER_ADDRESS_TWICE("server %s: found %s, which server %s on line %d has already; remove one of the two"),
    NOTHING_TO_PUBLISH("server %s has nothing to publish; add address, address6 or cname"),
    CNAME_BESIDE_ADDRESS("server %s: found \"cname\" beside an address, expected one or the other; remove one"),
    CNAME_IS_RECORD("server %s: found the record itself as its cname, expected another name"),
    MIXED_FAMILIES("server %s has %s but server %s has %s; all servers of a queue need the same, for the publisher %s"
            + " cannot withdraw one family; make them alike, or set families: apart"),
    MIXED_CNAME("server %s has %s but server %s has %s; a name has a cname or addresses, and never goes from one to the"
            + " other without a gap; make them alike"),
    APART_CNAME(
            "server %s has a cname, but families: apart chooses for IPv4 and IPv6 each on its own; give it addresses,"
                    + " or write together"),
    NOT_AN_ADDRESS("%s: found %s, expected an %s address such as %s; for a host name use \"cname\" in the long form"),
    WRONG_FAMILY("%s: found the %s address %s, expected %s; write it as %s"),
    MAPPED_ADDRESS("%s: found %s, an IPv4 address written as IPv6; write it as %s"),
    IMPOSSIBLE_ADDRESS("%s: found the %s address %s, which no server can have; put the server's own there"),
    RESERVED_ADDRESS("%s: found the %s address %s, expected a public one; put the server's own there, or set"
            + " allow-private: true"),

    NO_PROBE(
            "missing key \"probe\", expected what to ask of server %s; add it to the queue, such as probe: probe:https"),
    PROBE_AND_PROBES("\"probes\": found beside \"probe\", expected one or the other; remove one"),
    PROBES_FORM(
            "\"probes\": found %s, expected a list of probes that must all be good, or a mapping with any: [...], or"
                    + " all: [...], or at-least: NUMBER and of: [...]"),
    PROBES_COUNT("%s: found %d probes, expected 1 to %d; add or remove some"),
    AT_LEAST_ABOVE("\"at-least\": found %d, expected at most the number of probes, %d; lower it"),
    WITNESS_HOST("\"witnesses\": found %s, which names no host, expected what is always up; write it like"
            + " probe:https://example.org"),
    PROBE_FORM("%s: found %s, expected probe:KIND[://HOST[:PORT][/PATH]][?options], or the name of a route of yours"),
    PROBE_KIND("%s: found the kind %s, expected one of: %s"),
    PROBE_KIND_NEAR("%s: found the kind %s; did you mean %s?"),
    PROBE_PORT_MISSING("%s: found no port, expected one: probe:%s has no usual port; write probe:%s?port=NUMBER"),
    PROBE_PORT("%s: found the port %s, expected 1 to 65535"),
    PROBE_PORT_UNUSED("%s: found the port %s, but probe:%s has none; remove it"),
    PROBE_HOST("%s: found the host %s, expected an address (IPv6 in brackets) or a host name"),
    PROBE_NAME("%s: found the public name %s, expected a host name, the one that the server is asked for"),
    PROBE_USER("%s: found a user before the host; remove it, and use the options username and password"),
    PROBE_OPTION("%s: found %s, expected NAME=VALUE; write %%26 for an & in a value"),
    PROBE_VALUE("%s: found character %d of the value of %s, expected it percent-encoded, such as %%26 for &"),
    PROBE_OPTION_TWICE("%s: found %s twice; remove one of them"),
    PROBE_TIMEOUT("%s: found the option timeout; remove it, and use the queue's key \"timeout\""),
    PROBE_PATH("%s: found the path %s, expected /..., other characters percent-encoded, and %%3F before a query"),
    PROBE_PATH_UNUSED("%s: found the path %s, but probe:%s asks for none; remove it"),
    PROBE_REFUSED("%s: %s cannot be made: %s"),

    NO_SUCH_ROUTE("%s: found %s, but no Camel file declares a route from direct:%s; declare it, or name one of: %s"),
    NO_SUCH_ROUTE_NEAR("%s: found %s, but no Camel file declares a route from direct:%s; did you mean %s?"),

    ROUTE_FAULT("%s: %s cannot work as it is declared: %s; mend its route"),
    TYPE_UNABLE("server %s has %s, but the publisher %s writes none; remove it, or publish elsewhere"),

    TTL_BELOW(
            Severity.WARNING,
            "\"ttl\": found %s, but the publisher %s takes no less than %s: users may be sent to a dead server for up to %s"
                    + " (%s until it is noticed, then the TTL)"),
    TTL_LONG(
            Severity.WARNING,
            "\"ttl\": found %s, expected at most 1m: users may be sent to a dead server for up to %s (%s until it is"
                    + " noticed, then the TTL); lower it if the DNS host allows"),
    FAILBACK_BELOW_GAP(
            Severity.WARNING,
            "\"failback\": found %s, but the publisher %s wants %s between two writes: the record returns after %s at the"
                    + " earliest; write that, or more"),
    PUBLISHES_NOTHING(
            Severity.WARNING,
            "\"publish\" names nobody: servers are probed, but the record is not moved; add a publisher");

    private final Severity severity;
    private final String format;

    ProblemMessage(String format) {
        this(Severity.ERROR, format);
    }

    ProblemMessage(Severity severity, String format) {
        this.severity = severity;
        this.format = format;
    }

    public Problem at(String file, int line, int column, Object... values) {
        return new Problem(severity, file, line, column, String.format(format, values));
    }

    String format() {
        return format;
    }
}
