package dev.firstup.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.Fixtures;
import dev.firstup.model.ProbeConditions;
import dev.firstup.model.Queue;
import dev.firstup.model.Server;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.names.Finding;
import dev.firstup.model.names.Finding.Kind;
import dev.firstup.model.names.NamesFindings;
import dev.firstup.model.names.NamesReading;
import dev.firstup.model.names.NamesReading.Alias;
import dev.firstup.model.names.NamesReading.Held;
import dev.firstup.model.names.NamesReading.Service;
import dev.firstup.model.names.NamesReading.Service.Entry;
import dev.firstup.model.rules.Failback;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DnsAuditTest {
    private static final String RECORD = "chat.dyn.test";
    private static final String ALIAS = "chat.example.org";
    private static final String SRV = "_xmpp-client._tcp.example.org";
    private static final Map<RecordType, List<String>> PARIS = Map.of(RecordType.A, List.of("192.0.2.10"));
    private static final Held HELD = held(PARIS, 60);
    private static final String MAKE_CNAME = "; make chat.example.org. 300 IN CNAME chat.dyn.test.";
    private static final String MAKE_SRV = "; make _xmpp-client._tcp.example.org. 300 IN SRV 0 5 5222 chat.dyn.test.";

    @Test
    void anAliasThatLeadsToARecordOfTheQueueIsRight() {
        assertThat(of(alias(List.of(RECORD), Map.of())).found()).isEmpty();
        assertThat(of(alias(List.of("www.example.org", RECORD), Map.of())).found())
                .isEmpty();
        assertThat(of(alias(List.of("second.dyn.test"), Map.of())).found()).isEmpty();
    }

    @Test
    void anAliasThatIsMissing() {
        assertThat(of(alias(List.of(), Map.of())).found())
                .containsExactly(new Finding(
                        "chat",
                        ALIAS,
                        Kind.ALIAS_MISSING,
                        "chat.example.org is no CNAME to chat.dyn.test: it has neither a CNAME nor an address record"
                                + MAKE_CNAME,
                        true));
    }

    @Test
    void anAliasThatLeadsElsewhere() {
        assertThat(texts(of(alias(List.of("www.example.org", "lb.example.net"), Map.of()))))
                .containsExactly("chat.example.org is no CNAME to chat.dyn.test: it leads to www.example.org, to"
                        + " lb.example.net" + MAKE_CNAME);
        assertThat(texts(of(alias(List.of("www.example.org", ALIAS), Map.of()))))
                .containsExactly("chat.example.org is no CNAME to chat.dyn.test: it leads to www.example.org, to"
                        + " chat.example.org, in a circle" + MAKE_CNAME);
    }

    @Test
    void anAliasThatCouldNotBeReadIsNotJudged() {
        NamesFindings unread = of(new Alias(ALIAS, List.of("lb.example.net"), Map.of(), "no answer"));
        assertThat(unread.found()).isEmpty();
        assertThat(unread.unread()).containsExactly(ALIAS);
    }

    @Test
    void anAliasAtTheTopOfAZoneSharesTheAddressesOfTheRecord() {
        assertThat(of(alias(List.of(), PARIS)).found()).isEmpty();
        Map<RecordType, List<String>> more =
                Map.of(RecordType.A, List.of("192.0.2.10"), RecordType.AAAA, List.of("2001:db8::99"));
        // It may only be late: told when it is there the next time too.
        assertThat(of(alias(List.of(), more)).found())
                .containsExactly(new Finding(
                        "chat",
                        ALIAS,
                        Kind.ALIAS_ADDRESSES,
                        "chat.example.org is no CNAME to chat.dyn.test: it has the addresses 192.0.2.10, 2001:db8::99,"
                                + " while chat.dyn.test has 192.0.2.10" + MAKE_CNAME
                                + ", or at the top of a zone, where no CNAME can stand, an ALIAS or ANAME to it",
                        false));
        assertThat(texts(judge(alias(List.of(), PARIS), List.of(), held(Map.of(), 0))))
                .singleElement()
                .asString()
                .contains("while chat.dyn.test has none");
    }

    @Test
    void anAliasWithAddressesIsNotHeldAgainstARecordThatCouldNotBeRead() {
        Held unread = new Held(RECORD, Map.of(), null, List.of(), "no answer");
        NamesFindings findings = judge(alias(List.of(), PARIS), List.of(), unread);
        assertThat(findings.found()).isEmpty();
        assertThat(findings.unread()).containsExactlyInAnyOrder(ALIAS, RECORD);
        assertThat(judge(alias(List.of(), PARIS), List.of(), unread, HELD).found())
                .isEmpty();
    }

    @Test
    void aServiceThatNamesTheRecordIsRight() {
        assertThat(srv(new Entry(0, 5, 5222, RECORD)).found()).isEmpty();
        // What stands behind it is there for when it fails altogether.
        assertThat(srv(new Entry(0, 5, 5222, RECORD), new Entry(10, 5, 5222, "spare.example.net"))
                        .found())
                .isEmpty();
    }

    @Test
    void aServiceThatIsMissing() {
        assertThat(srv().found())
                .containsExactly(new Finding(
                        "chat",
                        SRV,
                        Kind.SRV_MISSING,
                        "_xmpp-client._tcp.example.org has no SRV record" + MAKE_SRV,
                        true));
        assertThat(texts(srv(new Entry(0, 0, 0, ""))))
                .containsExactly("_xmpp-client._tcp.example.org says that there is no such service" + MAKE_SRV);
    }

    @Test
    void aServiceThatNamesSomethingElse() {
        assertThat(texts(srv(new Entry(0, 5, 5222, "b.example.net"), new Entry(0, 5, 5222, "a.example.net"))))
                .containsExactly("_xmpp-client._tcp.example.org names a.example.net, b.example.net, not chat.dyn.test"
                        + MAKE_SRV);
        assertThat(texts(srv(new Entry(10, 5, 5222, RECORD), new Entry(10, 5, 5222, "old.example.net"))))
                .containsExactly("_xmpp-client._tcp.example.org names old.example.net besides chat.dyn.test, and users"
                        + " go there whatever is decided; remove it, or give it a priority above 10");
    }

    @Test
    void aServiceThatNamesTheAlias() {
        Alias cname = alias(List.of(RECORD), Map.of());
        List<Service> named = List.of(service(new Entry(5, 1, 5222, ALIAS)));
        assertThat(judge(cname, named, HELD).found())
                .containsExactly(new Finding(
                        "chat",
                        SRV,
                        Kind.SRV_ALIAS,
                        "_xmpp-client._tcp.example.org names chat.example.org, which is an alias, and must not be one"
                                + " (RFC 2782); make _xmpp-client._tcp.example.org. 300 IN SRV 5 1 5222 chat.dyn.test.",
                        true));
        // At the top of a zone it is none.
        assertThat(judge(alias(List.of(), PARIS), named, HELD).found()).isEmpty();
        NamesFindings unread = judge(new Alias(ALIAS, List.of(), Map.of(), "no answer"), named, HELD);
        assertThat(unread.found()).isEmpty();
        assertThat(unread.unread()).containsExactlyInAnyOrder(ALIAS, SRV);
    }

    @Test
    void aServiceThatNamesAnotherPortThanIsProbed() {
        assertThat(srv(new Entry(7, 3, 5223, RECORD)).found())
                .containsExactly(new Finding(
                        "chat",
                        SRV,
                        Kind.SRV_PORT,
                        "_xmpp-client._tcp.example.org names port 5223, but servers are probed at 5222; make"
                                + " _xmpp-client._tcp.example.org. 300 IN SRV 7 3 5222 chat.dyn.test., or probe that port",
                        true));
    }

    @Test
    void everyProbeOfAServerCounts() {
        Server https = probed("probe:https?verify=false", 0, ProbeConditions.NONE);
        Server both = probed("probe:tcp", 5222, new ProbeConditions(1, List.of(https)));
        assertThat(srv(queue(both), new Entry(0, 5, 443, RECORD)).found()).isEmpty();
        assertThat(texts(srv(queue(both), new Entry(0, 5, 80, RECORD))))
                .singleElement()
                .asString()
                .contains("probed at 443, 5222");
    }

    @Test
    void whereNoProbeHasAPortNoneIsWrong() {
        Server route = probed("probe:route", 0, ProbeConditions.NONE);
        assertThat(srv(queue(route), new Entry(0, 5, 5223, RECORD)).found()).isEmpty();
        assertThat(texts(srv(queue(route))))
                .containsExactly("_xmpp-client._tcp.example.org has no SRV record; make _xmpp-client._tcp.example.org."
                        + " 300 IN SRV 0 5 PORT chat.dyn.test.");
    }

    @Test
    void aServiceThatCouldNotBeReadIsNotJudged() {
        NamesFindings unread = judge(null, List.of(new Service(SRV, List.of(), "no answer")), HELD);
        assertThat(unread.found()).isEmpty();
        assertThat(unread.unread()).containsExactly(SRV);
    }

    @Test
    void aRecordThatIsRememberedForLongerThanWasAsked() {
        assertThat(judge(null, List.of(), held(PARIS, 3600)).found())
                .containsExactly(new Finding(
                        "chat",
                        RECORD,
                        Kind.TTL,
                        "chat.dyn.test is served with a TTL of 3600 s, asked were 60 s: for so long after a move users"
                                + " may still be sent to a dead server; set it at the DNS host, or publish at one that"
                                + " takes it",
                        false));
        assertThat(judge(null, List.of(), held(PARIS, 30)).found()).isEmpty();
        assertThat(judge(null, List.of(), held(Map.of(), 0)).found()).isEmpty();
    }

    @Test
    void aRecordThatIsRememberedForLongerThanAMinuteAsWasAsked() {
        assertThat(texts(new DnsAudit()
                        .judge(new NamesReading(
                                queue(Duration.ofMinutes(5), probed("probe:tcp", 5222, ProbeConditions.NONE)),
                                List.of(held(PARIS, 300)),
                                null,
                                List.of()))))
                .containsExactly(
                        "chat.dyn.test is served with a TTL of 300 s, expected at most 60 s: for so long after a"
                                + " move users may still be sent to a dead server; lower ttl if the DNS host allows");
    }

    private static List<String> texts(NamesFindings findings) {
        return findings.found().stream().map(Finding::text).toList();
    }

    private static Alias alias(List<String> chain, Map<RecordType, List<String>> values) {
        return new Alias(ALIAS, chain, values, null);
    }

    private static Held held(Map<RecordType, List<String>> values, int ttl) {
        return new Held(
                RECORD,
                values,
                values.isEmpty() ? null : Duration.ofSeconds(ttl),
                List.of("ns1.dyn.test (192.0.2.53)"),
                null);
    }

    private static Service service(Entry... entries) {
        return new Service(SRV, List.of(entries), null);
    }

    private static NamesFindings of(Alias alias) {
        return judge(alias, List.of(), HELD);
    }

    private static NamesFindings srv(Entry... entries) {
        return srv(queue(probed("probe:tcp", 5222, ProbeConditions.NONE)), entries);
    }

    private static NamesFindings srv(Queue queue, Entry... entries) {
        return new DnsAudit()
                .judge(new NamesReading(
                        queue, List.of(HELD), alias(List.of(RECORD), Map.of()), List.of(service(entries))));
    }

    private static NamesFindings judge(Alias alias, List<Service> services, Held... records) {
        return new DnsAudit()
                .judge(new NamesReading(
                        queue(probed("probe:tcp", 5222, ProbeConditions.NONE)), List.of(records), alias, services));
    }

    private static Server probed(String probe, int port, ProbeConditions conditions) {
        return new Server(
                "chat",
                1,
                "paris",
                Map.of(RecordType.A, "192.0.2.10"),
                probe,
                "192.0.2.10",
                port,
                "",
                ALIAS,
                Fixtures.TIMEOUT,
                conditions);
    }

    private static Queue queue(Server server) {
        return queue(Duration.ofMinutes(1), server);
    }

    private static Queue queue(Duration ttl, Server server) {
        Queue it = Fixtures.queue(
                "chat",
                1,
                Failback.AT_ONCE,
                List.of(Fixtures.target("no-ip", RECORD), Fixtures.target("route53", "second.dyn.test")),
                server);
        return new Queue(
                it.name(),
                1,
                RECORD,
                ALIAS,
                List.of(SRV),
                ttl,
                it.servers(),
                it.pace(),
                it.rules(),
                it.witnesses(),
                it.quiet(),
                it.targets(),
                it.notifiers());
    }
}
