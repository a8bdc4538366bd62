package dev.firstup.publish.provider;

import dev.firstup.model.Publication;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exchange with a provider about one publication, as far as it has come.
 *
 * @param provider whom it is with
 * @param about what is asked for
 * @param answers so far, in order
 * @param request what the provider is to be asked next; null where the exchange is over
 * @param result a {@link Receipt} or a {@link RecordReading}; null while it is not over
 */
public record ProviderExchange(
        Provider provider,
        Publication about,
        List<ProviderResponse> answers,
        @Nullable ProviderRequest request,
        @Nullable Object result) {
    public ProviderExchange {
        answers = List.copyOf(answers);
    }

    static ProviderExchange with(Provider provider, Publication about) {
        return new ProviderExchange(provider, about, List.of(), null, null);
    }

    ProviderExchange answered(ProviderResponse answer) {
        List<ProviderResponse> all = new ArrayList<>(answers);
        all.add(answer);
        return new ProviderExchange(provider, about, all, null, null);
    }

    ProviderExchange ask(ProviderRequest next) {
        return new ProviderExchange(provider, about, answers, next, null);
    }

    /** The provider has it, and said {@code answer}. */
    ProviderExchange confirmed(String answer) {
        return over(Receipt.of(answer));
    }

    ProviderExchange over(Receipt receipt) {
        return new ProviderExchange(provider, about, answers, null, receipt);
    }

    ProviderExchange over(RecordReading reading) {
        return new ProviderExchange(provider, about, answers, null, reading);
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
