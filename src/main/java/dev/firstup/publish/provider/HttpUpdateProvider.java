package dev.firstup.publish.provider;

import dev.firstup.model.Publication;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.text.RegexBudget;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Any provider that takes an update in one request over HTTP: the request is a template, and what its answer means is said by
 * patterns.
 *
 * <p>In the URL, the body and the headers stand, for what is published, <code>{record} {name} {zone} {ip} {ipv4} {ipv6} {type}
 * {ttl}</code>, and for what logs in, <code>{username} {secret} {secret2}</code>; each is escaped as its place needs it. {@code {name}}
 * is the record without its zone.
 *
 * <p>A pattern must match the whole answer, of which tags are removed, white space is one blank, and the first 4096 characters
 * count. In it, {@code {ip}} stands for an address of the record's type, and it must be the one that was sent.
 */
public final class HttpUpdateProvider extends Provider {
    private static final int LONGEST = 4096;
    /** At a character, by one pattern. */
    private static final int MOST_LOOKS = 1_000_000;

    /** So often in a row a provider's own wait is made longer. */
    private static final int LONGER = 4;

    private static final String SUCCESS = "success";
    private static final String WITHDRAWN = "withdrawSuccess";

    /** The groups of a pattern that stand for {@code {ip}}. */
    private static final String IP = "firstupIp";

    private static final Set<String> MARKERS = Set.of("username", "secret", "secret2");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z][a-z0-9]*)}");
    private static final Map<RecordType, String> VALUE = Map.of(
            RecordType.A, "[0-9]{1,3}(?:\\.[0-9]{1,3}){3}",
            RecordType.AAAA, "[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}",
            RecordType.CNAME, "[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*");

    private final Map<String, String> patterns = new HashMap<>();
    private String name = "http-update";
    private String url = "";
    private String url6 = "";
    private String method = "GET";
    private String type = "";
    private String body = "";
    private String headers = "";
    private String login = "";
    private String second = "secret2";
    private String statuses = "200-299";
    private String tags = "remove";
    private Duration pause = Duration.ofMinutes(10);
    private String zone = "";
    private String apex = "@";
    private String unused = "";
    private Set<String> refused = Set.of();
    private String withdrawUrl = "";
    private String withdrawMethod = "DELETE";
    private String withdrawBody = "";

    public HttpUpdateProvider() {
        this(Clock.systemUTC());
    }

    HttpUpdateProvider(Clock clock) {
        super("http-update", clock);
    }

    /** @param name what the Kamelet is called */
    public void setName(String name) {
        this.name = name;
    }

    /** @param url where updates go */
    public void setUrl(String url) {
        this.url = url;
    }

    /** @param url where those of type AAAA go; empty where that is the same */
    public void setUrl6(String url) {
        this.url6 = url;
    }

    /** @param method of HTTP */
    public void setMethod(String method) {
        this.method = method;
    }

    /** @param type the media type of the body; empty where there is none */
    public void setType(String type) {
        this.type = type;
    }

    /** @param body what is sent; empty for nothing */
    public void setBody(String body) {
        this.body = body;
    }

    /** @param headers of the form {@code NAME: VALUE}, with {@code ||} between them, for Camel leaves no line breaks in a parameter */
    public void setHeaders(String headers) {
        this.headers = headers;
    }

    /** @param login {@code basic}, {@code bearer}, or empty where the template itself holds what logs in */
    public void setLogin(String login) {
        this.login = login;
    }

    /** @param parameter what the Kamelet calls the second secret */
    public void setSecond(String parameter) {
        this.second = parameter;
    }

    /** @param pattern for the answer that the provider has it */
    public void setSuccess(String pattern) {
        patterns.put(SUCCESS, pattern);
    }

    /** @param pattern for the answer that the provider had it already */
    public void setUnchanged(String pattern) {
        patterns.put("unchanged", pattern);
    }

    /** @param pattern for an answer that no repetition can mend */
    public void setStop(String pattern) {
        patterns.put("stop", pattern);
    }

    /** @param pattern for the answer that the provider does not accept the credential */
    public void setDenied(String pattern) {
        patterns.put("denied", pattern);
    }

    /** @param pattern for the answer that the provider wants to be left alone for a while */
    public void setWait(String pattern) {
        patterns.put("wait", pattern);
    }

    /** @param seconds how long that while is, at first */
    public void setPause(int seconds) {
        this.pause = Duration.ofSeconds(seconds);
    }

    /** @param statuses with which it may be a success: such as {@code 200-299,404} */
    public void setStatuses(String statuses) {
        this.statuses = statuses;
    }

    /** @param tags {@code remove}, or {@code keep} where it is the tags that say it */
    public void setTags(String tags) {
        this.tags = tags;
    }

    /** @param zone the domain that the record is in */
    public void setZone(String zone) {
        this.zone = RecordValues.name(zone);
    }

    /** @param apex what the provider calls a record that has the name of its zone */
    public void setApex(String apex) {
        this.apex = apex;
    }

    /**
     * @param unused what {@code {ipv4}} and {@code {ipv6}} are for the family that is left alone; if empty, a parameter that is
     *     nothing else is left out
     */
    public void setUnused(String unused) {
        this.unused = unused;
    }

    /** @param addresses with blanks: those that mean something else to this provider */
    public void setRefused(String addresses) {
        this.refused = Set.of(addresses.split(" "));
    }

    /** @param url where a record is withdrawn; empty where that cannot be */
    public void setWithdrawUrl(String url) {
        this.withdrawUrl = url;
    }

    /** @param method of HTTP */
    public void setWithdrawMethod(String method) {
        this.withdrawMethod = method;
    }

    /** @param body what is sent to withdraw a record; empty for nothing */
    public void setWithdrawBody(String body) {
        this.withdrawBody = body;
    }

    /** @param pattern for the answer that there is no such record any more; empty where it is the one for {@code success} */
    public void setWithdrawSuccess(String pattern) {
        patterns.put(WITHDRAWN, pattern);
    }

    @Override
    String name() {
        return name;
    }

    @Override
    ProviderExchange turn(ProviderExchange exchange) {
        return exchange.turns() == 0
                ? exchange.ask(request(exchange.about()))
                : exchange.over(meaning(exchange.about(), exchange.last()));
    }

    // What is asked

    private ProviderRequest request(Publication about) {
        if (patterns.getOrDefault(SUCCESS, "").isEmpty()) {
            throw new StopException(name
                    + " needs success, the pattern for the answer that the host has it: without one nothing is sent");
        }
        patterns.forEach((what, it) -> pattern(what, it, about.type()));
        boolean withdraw = about.ask() == Publication.Ask.WITHDRAW;
        String target = withdraw ? withdrawUrl : about.type() == RecordType.AAAA && !url6.isEmpty() ? url6 : url;
        if (about.ask() == Publication.Ask.LOOK || withdraw && target.isEmpty()) {
            throw unable(withdraw ? "withdraw a record" : "say what a record holds");
        }
        List<String> decided = RecordValues.decided(about);
        if (!withdraw && decided.size() != 1) {
            throw unable("write " + decided.size() + " of type " + about.type() + ": it takes exactly one");
        }
        if (!withdraw && refused.contains(decided.get(0))) {
            throw unable("write " + decided.get(0) + ", which means something else to it");
        }
        Map<String, String> values = values(about, decided);
        String content = filled(withdraw ? withdrawBody : body, values, escape(type), type.endsWith("form-urlencoded"));
        Map<String, String> all = new HashMap<>();
        Stream.of(headers.split("\\|\\||\\R"))
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .forEach(it -> {
                    int colon = it.indexOf(':');
                    if (colon < 1) {
                        throw new StopException(
                                name + ": the header \"" + it + "\" has no colon, expected NAME: VALUE");
                    }
                    all.put(
                            it.substring(0, colon).strip(),
                            filled(it.substring(colon + 1).strip(), values, v -> v, false));
                });
        if (!content.isEmpty() && !type.isEmpty()) {
            all.put("Content-Type", type);
        }
        if (!login.isEmpty()) {
            all.put("Authorization", login.equals("basic") ? "Basic {username}:{secret}" : "Bearer {secret}");
        }
        String address = address(target, values);
        String sent = address + content + all;
        if (!hasSecret() && sent.contains("{secret}")) {
            throw new StopException(name + " needs the parameter secret: the name of a secret");
        }
        if (!hasSecondSecret() && sent.contains("{secret2}")) {
            throw new StopException(name + " needs the parameter " + second + " for a record of type " + about.type()
                    + ": the name of a secret");
        }
        return new ProviderRequest(
                withdraw ? withdrawMethod : method, address, all, content.isEmpty() ? null : content, true);
    }

    private String address(String target, Map<String, String> values) {
        int query = target.indexOf('?');
        String address = query < 0
                ? filled(target, values, Provider::encode, false)
                : filled(target.substring(0, query), values, Provider::encode, false) + "?"
                        + filled(target.substring(query + 1), values, Provider::encode, true);
        // A marker is no part of an address until it is replaced.
        base(PLACEHOLDER.matcher(address).replaceAll("x"));
        return address;
    }

    private Map<String, String> values(Publication about, List<String> decided) {
        String value = decided.isEmpty() ? "" : decided.get(0);
        Map<String, String> values = new HashMap<>();
        values.put("record", about.record());
        values.put("type", about.type().name());
        values.put("ttl", String.valueOf(about.ttl().toSeconds()));
        values.put("ip", value);
        values.put("ipv4", about.type() == RecordType.A ? value : unused);
        values.put("ipv6", about.type() == RecordType.AAAA ? value : unused);
        if (!zone.isEmpty()) {
            values.put("zone", zone);
            values.put("name", relative(about.record()));
        }
        return values;
    }

    private String relative(String record) {
        if (record.equals(zone)) {
            return apex;
        }
        if (!record.endsWith("." + zone)) {
            throw unable("write " + record + ": it is not in the zone " + zone);
        }
        return record.substring(0, record.length() - zone.length() - 1);
    }

    private String filled(String text, Map<String, String> values, UnaryOperator<String> escape, boolean ofParameters) {
        String whole = text;
        if (ofParameters && unused.isEmpty()) {
            // What is empty may mean the address of whoever asks.
            whole = Stream.of(text.split("&"))
                    .filter(it -> !(it.endsWith("={ipv4}") && "".equals(values.get("ipv4"))
                            || it.endsWith("={ipv6}") && "".equals(values.get("ipv6"))))
                    .collect(Collectors.joining("&"));
        }
        return PLACEHOLDER.matcher(whole).replaceAll(it -> {
            String placeholder = it.group(1);
            if (MARKERS.contains(placeholder)) {
                return Matcher.quoteReplacement(it.group());
            }
            String value = values.get(placeholder);
            if (value == null) {
                throw new StopException(
                        Set.of("zone", "name").contains(placeholder)
                                ? name + " needs the parameter zone, for " + it.group()
                                : name + " knows no " + it.group()
                                        + ": expected {record} {name} {zone} {ip} {ipv4} {ipv6} {type} {ttl} {username}"
                                        + " {secret} or {secret2}");
            }
            return Matcher.quoteReplacement(escape.apply(value));
        });
    }

    private static UnaryOperator<String> escape(String type) {
        return type.endsWith("form-urlencoded")
                ? Provider::encode
                : type.endsWith("json") ? it -> it.replace("\\", "\\\\").replace("\"", "\\\"") : it -> it;
    }

    // What the answer means

    private Receipt meaning(Publication about, ProviderResponse answer) {
        String text = text(answer.body());
        if (answer.status() != 429) {
            if (matches("denied", about, text)) {
                throw StopException.ofAccount(answer.said(text));
            }
            if (matches("stop", about, text)) {
                throw new StopException(answer.said(text));
            }
            if (matches("wait", about, text)) {
                throw new WaitException(
                        pause.multipliedBy(Math.min(about.attempt().failures() + 1, LONGER)),
                        answer.said(text) + ": it wants to be left alone for a while");
            }
        }
        boolean good = good(answer.status());
        boolean withdrawn = about.ask() == Publication.Ask.WITHDRAW
                && !patterns.getOrDefault(WITHDRAWN, "").isEmpty();
        boolean unchanged = good && !withdrawn && matches("unchanged", about, text);
        if (!unchanged && !(good && matches(withdrawn ? WITHDRAWN : SUCCESS, about, text))) {
            throw unexpected(answer, text, "what success describes");
        }
        return new Receipt(unchanged, answer.said(text), null);
    }

    private String text(String answer) {
        // More than enough, before it is made shorter.
        String start = answer.substring(0, Math.min(answer.length(), 4 * LONGEST));
        String plain = tags.equals("keep") ? start : start.replaceAll("<[^<>]*>", " ");
        String text = plain.replaceAll("\\s+", " ").strip();
        return text.substring(0, Math.min(text.length(), LONGEST));
    }

    private boolean good(int status) {
        return Stream.of(statuses.split("[, ]+")).anyMatch(it -> {
            String[] range = it.split("-", 2);
            try {
                return status >= Integer.parseInt(range[0]) && status <= Integer.parseInt(range[range.length - 1]);
            } catch (NumberFormatException e) {
                throw new StopException(name + ": statuses has \"" + it + "\", expected such as 200-299,404");
            }
        });
    }

    private Pattern pattern(String what, String template, RecordType type) {
        StringBuilder pattern = new StringBuilder();
        String[] parts = template.split("\\{ip}", -1);
        for (int i = 0; i < parts.length; i++) {
            pattern.append(i == 0 ? "" : "(?<" + IP + i + ">" + VALUE.get(type) + ")")
                    .append(parts[i]);
        }
        try {
            return Pattern.compile(pattern.toString(), Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new StopException(
                    name + ": the pattern " + what + " is not one: " + e.getDescription() + " in " + template);
        }
    }

    private boolean matches(String what, Publication about, String text) {
        String template = patterns.getOrDefault(what, "");
        if (template.isEmpty()) {
            return false;
        }
        RegexBudget budget = new RegexBudget("the pattern " + what, MOST_LOOKS, MOST_LOOKS);
        Matcher matcher = pattern(what, template, about.type()).matcher(budget.over(text));
        try {
            if (!matcher.matches()) {
                return false;
            }
        } catch (StackOverflowError e) {
            throw budget.exceeded();
        }
        List<String> decided = RecordValues.decided(about);
        if (decided.size() == 1) {
            int count = template.split("\\{ip}", -1).length - 1;
            for (int i = 1; i <= count; i++) {
                check(about.type(), decided.get(0), matcher.group(IP + i));
            }
        }
        return true;
    }

    private static void check(RecordType type, String sent, @Nullable String answered) {
        if (answered != null && !normal(answered, type).equals(normal(sent, type))) {
            throw WaitException.ambiguous("it answered " + answered + " instead of " + sent);
        }
    }

    private static String normal(String value, RecordType type) {
        return type == RecordType.CNAME ? value.toLowerCase(Locale.ROOT) : Dyndns2.normal(value);
    }
}
