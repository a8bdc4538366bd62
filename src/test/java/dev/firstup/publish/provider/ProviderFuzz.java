package dev.firstup.publish.provider;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.driver.FuzzedDataProviderImpl;
import dev.firstup.Fixtures;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Ask;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.dns.RecordType;
import java.util.List;

/** What Jazzer runs: whatever a host answers, the talk ends, and nothing else is thrown than what a host may throw. */
public final class ProviderFuzz {
    private static final int LONGEST_TALK = 50;

    private static Provider host;

    private ProviderFuzz() {}

    public static void fuzzerInitialize() {
        host = Dialects.all().get(System.getProperty("firstup.fuzz.host"));
        // What is loaded at the first input is loaded before the time is taken.
        fuzzerTestOneInput(FuzzedDataProviderImpl.withJavaData(new byte[100]));
    }

    public static void fuzzerTestOneInput(FuzzedDataProvider data) {
        RecordType type = data.pickValue(new RecordType[] {RecordType.A, RecordType.AAAA});
        Ask ask = data.pickValue(new Ask[] {Ask.WRITE, Ask.WITHDRAW, Ask.LOOK});
        List<String> values =
                ask == Ask.WITHDRAW ? List.of() : List.of(type == RecordType.A ? "192.0.2.20" : "2001:db8::20");
        String ticket = data.consumeBoolean() ? "ticket-1" : null;
        Publication about = Fixtures.read(Fixtures.RECORD, type, null)
                .edit()
                .wanted(null, values)
                .attempt(attempt -> attempt.sent(values, null).found())
                .taken(taken -> taken.under(ticket))
                .ask(ask)
                .done();
        try {
            ProviderExchange exchange = host.begin(about);
            while (exchange.request() != null) {
                if (exchange.turns() > LONGEST_TALK) {
                    throw new AssertionError("the talk has no end: " + exchange.request());
                }
                int status = data.pickValue(new int[] {200, 201, 204, 301, 400, 401, 404, 422, 429, 500});
                String retryAfter = data.consumeBoolean() ? data.consumeString(30) : null;
                String body = data.consumeString(2000);
                exchange = host.next(exchange, new ProviderResponse(status, retryAfter, body));
            }
            if (exchange.result() == null) {
                throw new AssertionError("the talk ends without a result");
            }
        } catch (WaitException | StopException | IllegalStateException e) {
            if (e.getMessage() == null || e.getMessage().length() > 2000) {
                throw new AssertionError("no sentence for people: " + e.getMessage());
            }
        }
    }
}
