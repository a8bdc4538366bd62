package dev.firstup.publish;

import dev.firstup.model.Publication;
import dev.firstup.model.Reading;
import dev.firstup.model.Receipt;
import java.util.ArrayList;
import java.util.List;

/**
 * A talk with a host about one publication, as far as it has come.
 *
 * @param host whom it is with
 * @param about what is asked for
 * @param answers so far, in order
 * @param request what the host is to be asked next; null where the talk is over
 * @param result a {@link Receipt} or a {@link Reading}; null while it is not over
 */
public record Talk(Host host, Publication about, List<Answer> answers, Request request, Object result) {
    public Talk {
        answers = List.copyOf(answers);
    }

    static Talk with(Host host, Publication about) {
        return new Talk(host, about, List.of(), null, null);
    }

    Talk heard(Answer answer) {
        List<Answer> all = new ArrayList<>(answers);
        all.add(answer);
        return new Talk(host, about, all, null, null);
    }

    Talk ask(Request next) {
        return new Talk(host, about, answers, next, null);
    }

    /** The host has it, and said {@code answer}. */
    Talk confirmed(String answer) {
        return over(Receipt.of(answer));
    }

    Talk over(Receipt receipt) {
        return new Talk(host, about, answers, null, receipt);
    }

    Talk over(Reading reading) {
        return new Talk(host, about, answers, null, reading);
    }

    /** How many requests were answered. */
    int turns() {
        return answers.size();
    }

    /** The last answer. */
    Answer last() {
        return answers.get(answers.size() - 1);
    }
}
