package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firstup.probe.engine.Prober;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    private final CamelContext context = new DefaultCamelContext();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "probe:tcp",
                "probe:http",
                "probe:http?method=HEAD&status=200,204,300-399",
                "probe:https?verify=false",
                "probe:https?certificateDays=14&tls-min=1.3&header-x=y&expect-header-x=y",
                "probe:https?contains=ok&method=OPTIONS",
                "probe:dns",
                "probe:dns?name=example.net&type=MX&rcode=NXDOMAIN&authoritative=true&answer=10%20mail.example.net",
                "probe:dns?answer-matches=192[.]0[.]2[.].*",
                "probe:exec?command=/bin/sh&args=-c 'exit 0' {host} {port} {name}",
                "probe:xmpp",
                "probe:xmpps?verify=false&see-other-host=up",
                "probe:xmpp?username=monitor&password=env:MONITOR",
                "probe:xmpp-server?from=my.example",
                "probe:route",
                "probe:batch",
                "probe:verdicts",
                "probe:due",
                "probe:tcp?lazyStartProducer=true"
            })
    void whatIsRightIsTaken(String uri) {
        assertThatCode(() -> context.getEndpoint(uri)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "probe:htp | probe:htp: unknown kind \"htp\", did you mean \"http\"? Expected one of tcp, tls, http, https, smtp, imap, pop3, postgres, redis, ssh, xmpp, xmpps, xmpp-server, dns, icmp, exec, route, batch, verdicts, due, sentinel",
                "probe:gopher | probe:gopher: unknown kind \"gopher\". Expected one of tcp, tls, http, https, smtp, imap, pop3, postgres, redis, ssh, xmpp, xmpps, xmpp-server, dns, icmp, exec, route, batch, verdicts, due, sentinel",
                "probe:tcp://10.0.0.30:5222 | probe:tcp://10.0.0.30:5222: host, port and path come with each server, expected probe:tcp",
                "probe:ssh?method=GET | probe:ssh: unknown option \"method\". It has none",
                "probe:batch?verdicts=direct:x | probe:batch: unknown option \"verdicts\", which an earlier release had: leave it out; what is found goes to the one route from probe:verdicts",
                "probe:http?stauts=200 | probe:http: unknown option \"stauts\", did you mean \"status\"? Expected one of body, ca, certificate-days, client-cert, client-key, contains, content-type, expect-header-NAME, header-NAME, json, matches, max-time, method, not-contains, password, redirects, status, tls-min, token, username, verify",
                "probe:http?verify=false | probe:http: verify means nothing here: http speaks no TLS unless it follows redirects, expected redirects=follow or https",
                "probe:http?status=2xx | probe:http: status: \"2xx\" is not a status, expected numbers and ranges such as 200-399 or 200,204,300-399",
                "probe:http?status=399-200 | probe:http: status: \"399-200\" is not a status, expected numbers and ranges such as 200-399 or 200,204,300-399",
                "probe:http?method=get | probe:http: method is \"get\", did you mean \"GET\"? Expected one of GET, HEAD, OPTIONS, POST, PUT",
                "probe:http?method=HAED | probe:http: method is \"HAED\", did you mean \"HEAD\"? Expected one of GET, HEAD, OPTIONS, POST, PUT",
                "probe:http?method=HEAD&contains=x | probe:http: contains cannot go with method HEAD, whose answer has no body",
                "probe:http?contains= | probe:http: contains is empty, expected a text that the body must contain",
                "probe:xmpp?see-other-host=allow | probe:xmpp: see-other-host is \"allow\", expected up or down",
                "probe:xmpp?username=monitor | probe:xmpp: password is missing, expected both or neither",
                "probe:xmpps?password=env:MONITOR | probe:xmpps: username is missing, expected both or neither",
                "probe:xmpp?username=me@example.org&password=env:MONITOR | probe:xmpp: username has a character that none has, expected what stands before the @ alone",
                "probe:xmpp?username=monitor&password=secret | probe:xmpp: password: a secret is given by name, as env:NAME or file:NAME, never by its value",
                "probe:xmpp-server?from=a..b | probe:xmpp-server: from is \"a..b\", expected an XMPP domain",
                "probe:https?verify=maybe | probe:https: verify is \"maybe\", expected true or false",
                "probe:https?verify=false&ca=ca.pem | probe:https: ca cannot go with verify=false, which accepts every certificate",
                "probe:dns?type=ABC | probe:dns: type is \"ABC\", expected a type of record such as A, AAAA, MX, SOA or TXT",
                "probe:dns?type=AXFR | probe:dns: type is \"AXFR\", expected a type of record such as A, AAAA, MX, SOA or TXT",
                "probe:dns?rcode=NXDOMIAN | probe:dns: rcode is \"NXDOMIAN\", expected a response code such as NOERROR, NXDOMAIN or REFUSED",
                "probe:dns?rcode=BADVERS | probe:dns: rcode is \"BADVERS\", expected a response code such as NOERROR, NXDOMAIN or REFUSED",
                "probe:dns?name=a..b | probe:dns: name is \"a..b\", expected a domain name",
                "probe:dns?answer= | probe:dns: answer: it is empty, expected a value such as 192.0.2.1",
                "probe:dns?answer-matches=a(b | probe:dns: answer-matches: \"a(b\", which is no regular expression (RE2): missing closing )",
                "probe:dns?answer=a&answer-matches=b | probe:dns: answer cannot go with answer-matches, expected one of them",
                "probe:dns?authoritative=yes | probe:dns: authoritative is \"yes\", expected true or false",
                "probe:icmp?port=1 | probe:icmp: unknown option \"port\". It has none",
                "probe:exec | probe:exec: command is missing, expected a plugin such as check_http",
                "probe:exec?command=../x | probe:exec: command is \"../x\", expected an absolute path, or a plugin below /usr/lib/nagios/plugins (firstup.plugins)",
                "probe:https?ca=none.pem | probe:https: ca cannot be read, expected certificates in the PEM file none.pem: none.pem"
            })
    void whatIsWrongIsExplained(String uri, String message) {
        assertThatThrownBy(() -> context.getEndpoint(uri))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "probe:http, 80",
        "probe:https, 443",
        "probe:https?token=env:HOME, 443",
        "probe:http?redirects=follow, 80",
        "probe:https?max-time=1s, 443",
        "probe:xmpp, 5222",
        "probe:tcp, 0",
        "probe:dns, -1",
        "probe:icmp, -1",
        "probe:route, -1"
    })
    void aCheckKnowsThePortThatItConnectsTo(String uri, int usual) {
        Prober check = ((ProbeEndpoint) context.getEndpoint(uri)).check();

        assertThat(check.port(Probing.server(0))).isEqualTo(Math.max(0, usual));
        assertThat(check.port(Probing.server(8443))).isEqualTo(usual < 0 ? 0 : 8443);
    }

    @Test
    void everyDescriptionNamesTheKindsThatHaveTheOption() throws Exception {
        JsonNode options;
        try (InputStream in = ProbeEndpoint.class.getResourceAsStream("/META-INF/dev/firstup/probe/probe.json")) {
            options = new ObjectMapper().readTree(in).path("properties");
        }
        Set<String> documented = new TreeSet<>();
        options.properties().forEach(it -> {
            String name = Map.of("headers", "header-NAME", "expectHeaders", "expect-header-NAME")
                    .getOrDefault(it.getKey(), StringHelper.camelCaseToDash(it.getKey()));
            Set<String> kinds = Arrays.stream(ProbeKind.values())
                    .filter(kind -> kind.options().contains(name))
                    .map(ProbeKind::text)
                    .collect(Collectors.toSet());
            if (!kinds.isEmpty()) {
                documented.add(name);
                assertThat(kindsIn(it.getValue().path("description").asText()))
                        .as(name)
                        .isEqualTo(kinds);
            }
        });
        assertThat(documented)
                .isEqualTo(Arrays.stream(ProbeKind.values())
                        .flatMap(it -> it.options().stream())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Those in lists before a colon. */
    private static Set<String> kindsIn(String description) {
        return Pattern.compile("([a-z0-9-]+(?:, [a-z0-9-]+)*):")
                .matcher(description)
                .results()
                .flatMap(it -> Arrays.stream(it.group(1).split(", ")))
                .filter(ProbeKind.known()::contains)
                .collect(Collectors.toSet());
    }

    @Test
    void anEndpointCannotBeListenedTo() {
        assertThatThrownBy(() -> context.getEndpoint("probe:tcp").createConsumer(exchange -> {}))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("from:");
    }

    @Test
    void theOptionsOfTheComponentAreChecked() {
        ProbeComponent component = context.getComponent("probe", ProbeComponent.class);

        assertThatThrownBy(() -> component.setThreads(0)).hasMessage("probe: threads is 0, expected at least 1");
        assertThatThrownBy(() -> component.setRouteThreads(-1))
                .hasMessage("probe: routeThreads is -1, expected at least 1");
        assertThatThrownBy(() -> component.setNameserver("ns.example"))
                .hasMessage("probe: nameserver is \"ns.example\","
                        + " expected an IP address such as 192.0.2.53 or 127.0.0.1:5300");
        assertThatThrownBy(() -> component.setPlugins(0)).hasMessage("probe: plugins is 0, expected at least 1");
        assertThatThrownBy(() -> component.setPings(0)).hasMessage("probe: pings is 0, expected at least 1");
        component.setNameserver("::1");
        component.setNameserver("[::1]:5300");
        assertThat(component.getNameserver()).isEqualTo("[::1]:5300");
    }
}
