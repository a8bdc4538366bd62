package dev.firstup.publish.provider;

import dev.firstup.model.Publication;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import java.util.ArrayList;
import java.util.List;

/**
 * A talk with a host about one publication, as far as it has come.
 *
 * @param host whom it is with
 * @param about what is asked for
 * @param answers so far, in order
 * @param request what the host is to be asked next; null where the talk is over
 * @param result a {@link Receipt} or a {@link RecordReading}; null while it is not over
 */
public record ProviderExchange(
        Provider host, Publication about, List<ProviderResponse> answers, ProviderRequest request, Object result) {
    public ProviderExchange {
        answers = List.copyOf(answers);
    }

    static ProviderExchange with(Provider host, Publication about) {
        return new ProviderExchange(host, about, List.of(), null, null);
    }

    ProviderExchange answered(ProviderResponse answer) {
        List<ProviderResponse> all = new ArrayList<>(answers);
        all.add(answer);
        return new ProviderExchange(host, about, all, null, null);
    }

    ProviderExchange ask(ProviderRequest next) {
        return new ProviderExchange(host, about, answers, next, null);
    }

    /** The host has it, and said {@code answer}. */
    ProviderExchange confirmed(String answer) {
        return over(Receipt.of(answer));
    }

    ProviderExchange over(Receipt receipt) {
        return new ProviderExchange(host, about, answers, null, receipt);
    }

    ProviderExchange over(RecordReading reading) {
        return new ProviderExchange(host, about, answers, null, reading);
    }

    /** How many requests were answered. */
    int turns() {
        return answers.size();
    }

    /** The last answer. */
    ProviderResponse last() {
        return answers.get(answers.size() - 1);
    }
}
