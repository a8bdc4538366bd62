package dev.firstup.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.names.Finding;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.RuntimeCamelException;

/** What is known now, as JSON and as a page: the bean {@code firstup-status} of the routes. */
public final class Status {
    private static final int EVENTS = 100;
    private static final int MOST_EVENTS = 1000;

    /** What it takes to answer for queues; the others may be somebody else's fault. */
    private static final Set<String> READY = Set.of("loop", "queues", "state");

    private final Clock clock;

    public Status(Clock clock) {
        this.clock = clock;
    }

    /** All queues. */
    public HttpResponse queues(Overview all) {
        Instant now = clock.instant();
        Map<String, List<Publication>> publications = publications(all);
        Map<String, List<Finding>> findings = findings(all);
        ObjectNode json = ApiJson.object();
        json.set(
                "queues",
                ApiJson.array(
                        all.views(),
                        it -> ApiJson.queue(
                                it,
                                publications.getOrDefault(it.queue().name(), List.of()),
                                findings.getOrDefault(it.queue().name(), List.of()),
                                now)));
        json.set("problems", ApiJson.texts(all.problems(), Object::toString));
        return HttpResponse.json(200, json);
    }

    private static Map<String, List<Publication>> publications(Overview all) {
        return all.publications() == null
                ? Map.of()
                : all.publications().stream().collect(Collectors.groupingBy(Publication::queue));
    }

    private static Map<String, List<Finding>> findings(Overview all) {
        return all.findings().stream().collect(Collectors.groupingBy(Finding::queue));
    }

    /**
     * One queue.
     *
     * @param name the queue's
     * @throws RequestRefusedException if there is none (404): the message names those there are
     */
    public HttpResponse queue(String name, Overview all) {
        List<Finding> its = findings(all).getOrDefault(name, List.of());
        return HttpResponse.json(
                200, ApiJson.queue(StatusText.queue(name, all.views()), all.known(), its, clock.instant()));
    }

    /**
     * How many events are asked for.
     *
     * @param headers the request's, with the parameter {@code limit}: 1 to 1000, by default 100
     * @throws RequestRefusedException if it is anything else (400)
     */
    public int limit(Map<String, Object> headers) {
        String limit = headers.getOrDefault("limit", EVENTS).toString();
        if (limit.matches("[0-9]{1,4}")) {
            int number = Integer.parseInt(limit);
            if (number >= 1 && number <= MOST_EVENTS) {
                return number;
            }
        }
        throw new RequestRefusedException(
                400, "limit is \"" + limit + "\", expected a number from 1 to " + MOST_EVENTS);
    }

    /** Events, as they come. */
    public HttpResponse events(List<Event> events) {
        ObjectNode json = ApiJson.object();
        json.set("events", ApiJson.array(events, ApiJson::event));
        return HttpResponse.json(200, json);
    }

    /** Everything at a glance, for people. */
    public HttpResponse page(Overview all) {
        return new HttpResponse(
                200,
                "text/html; charset=utf-8",
                new StatusPage(clock.instant()).html(checks(all), all, publications(all), findings(all)));
    }

    /** What is well and what is not. */
    public List<HealthCheck> checks(Overview all) {
        return List.of(
                HealthCheck.loop(all.idle(), all.views()),
                HealthCheck.queues(all.views()),
                HealthCheck.state(all.unwritable()),
                HealthCheck.publishers(all.publications(), clock.instant()),
                HealthCheck.files(all.problems()),
                HealthCheck.link(all.views()));
    }

    /**
     * Whether all is well.
     *
     * @return the checks {@code loop queues state publishers files link}; 503 where one of them is DOWN
     */
    public HttpResponse health(Overview all) {
        return HealthCheck.answer(checks(all));
    }

    /** Whether the program works at all: one that does not is to be started again. */
    public HttpResponse live(Overview all) {
        return HealthCheck.answer(List.of(HealthCheck.loop(all.idle(), all.views())));
    }

    /** Whether the program knows enough to answer for its queues, and can keep what it decides. */
    public HttpResponse ready(Overview all) {
        return HealthCheck.answer(
                checks(all).stream().filter(it -> READY.contains(it.name())).toList());
    }

    /** Why a request is not answered: a {@link RequestRefusedException}, or that it could not be, by no fault of its own. */
    public HttpResponse failed(Exception failure) {
        Throwable cause = failure;
        // Camel wraps what its expressions throw.
        while ((cause instanceof RuntimeCamelException || cause instanceof CamelExchangeException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RequestRefusedException refused
                ? refused(refused)
                : error(500, "this could not be answered: " + cause.getMessage());
    }

    static HttpResponse refused(RequestRefusedException refused) {
        return error(refused.status(), refused.getMessage());
    }

    private static HttpResponse error(int status, String message) {
        ObjectNode json = ApiJson.object();
        json.put("status", status);
        json.put("error", message);
        return HttpResponse.json(status, json);
    }
}
