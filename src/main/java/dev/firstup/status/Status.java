package dev.firstup.status;

import dev.firstup.model.Event;
import dev.firstup.model.HealthView;
import dev.firstup.model.Publication;
import dev.firstup.model.names.Finding;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.util.json.JsonObject;

/** What is known now, as JSON and as a page: the bean {@code status} of the routes. */
public final class Status {
    private static final int EVENTS = 100;
    private static final int MOST_EVENTS = 1000;

    /** What it takes to answer for queues; the others may be somebody else's fault. */
    private static final Set<String> READY = Set.of("loop", "queues", "state");

    private final Clock clock;

    public Status(Clock clock) {
        this.clock = clock;
    }

    /**
     * All queues.
     *
     * @param views in the order in which they are shown
     * @param publications of all queues
     * @param problems what is wrong with the files now, {@code FILE:LINE:COLUMN: error|warning: ...}
     * @param findings what is wrong with the names around records
     */
    public HttpResponse queues(
            List<HealthView> views, List<Publication> publications, List<?> problems, List<Finding> findings) {
        Instant now = clock.instant();
        Map<String, List<Publication>> byQueue =
                publications.stream().collect(Collectors.groupingBy(Publication::queue));
        Map<String, List<Finding>> byName = findings.stream().collect(Collectors.groupingBy(Finding::queue));
        JsonObject json = new JsonObject();
        json.put(
                "queues",
                ApiJson.array(
                        views,
                        it -> ApiJson.queue(
                                it,
                                byQueue.getOrDefault(it.queue().name(), List.of()),
                                byName.getOrDefault(it.queue().name(), List.of()),
                                now)));
        json.put("problems", ApiJson.array(problems, Object::toString));
        return HttpResponse.json(200, json);
    }

    /**
     * One queue.
     *
     * @param name the queue's
     * @throws RequestRefusedException if there is none (404): the message names those there are
     */
    public HttpResponse queue(
            String name, List<HealthView> views, List<Publication> publications, List<Finding> findings) {
        List<Finding> its =
                findings.stream().filter(it -> it.queue().equals(name)).toList();
        return HttpResponse.json(200, ApiJson.queue(StatusText.queue(name, views), publications, its, clock.instant()));
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
        JsonObject json = new JsonObject();
        json.put("events", ApiJson.array(events, ApiJson::event));
        return HttpResponse.json(200, json);
    }

    /** Everything at a glance, for people. */
    public HttpResponse page(
            List<HealthCheck> checks,
            List<HealthView> views,
            List<Publication> publications,
            List<?> problems,
            List<Finding> findings,
            List<Event> events) {
        Map<String, List<Publication>> byQueue =
                publications.stream().collect(Collectors.groupingBy(Publication::queue));
        Map<String, List<Finding>> byName = findings.stream().collect(Collectors.groupingBy(Finding::queue));
        return new HttpResponse(
                200,
                "text/html; charset=utf-8",
                new StatusPage(clock.instant()).html(checks, views, byQueue, problems, byName, events));
    }

    /**
     * What is well and what is not.
     *
     * @param idle how long ago due probes were last asked for; null for never
     * @param unwritable why nothing can be kept; null where it can
     * @param publications of all queues; null where they cannot be read
     */
    public List<HealthCheck> checks(
            List<HealthView> views,
            Duration idle,
            String unwritable,
            List<Publication> publications,
            List<?> problems) {
        return List.of(
                HealthCheck.loop(idle, views),
                HealthCheck.queues(views),
                HealthCheck.state(unwritable),
                HealthCheck.publishers(publications, clock.instant()),
                HealthCheck.files(problems),
                HealthCheck.link(views));
    }

    /**
     * Whether all is well.
     *
     * @return the checks {@code loop queues state publishers files link}; 503 where one of them is DOWN
     */
    public HttpResponse health(List<HealthCheck> checks) {
        return HealthCheck.answer(checks);
    }

    /** Whether the program works at all: one that does not is to be started again. */
    public HttpResponse live(List<HealthView> views, Duration idle) {
        return HealthCheck.answer(List.of(HealthCheck.loop(idle, views)));
    }

    /** Whether the program knows enough to answer for its queues, and can keep what it decides. */
    public HttpResponse ready(List<HealthCheck> checks) {
        return HealthCheck.answer(
                checks.stream().filter(it -> READY.contains(it.name())).toList());
    }

    /**
     * Why a request is not answered: a {@link RequestRefusedException}; that what it asks for is not written down in time (503); or that it
     * could not be, by no fault of its own.
     */
    public HttpResponse failed(Exception failure) {
        Throwable cause = failure;
        // Camel wraps what its expressions throw.
        while ((cause instanceof RuntimeCamelException || cause instanceof CamelExchangeException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ExchangeTimedOutException) {
            return error(
                    503,
                    "this is in force, but could not be written down yet: if Firstup ends before it is, it is"
                            + " forgotten. /observe/health says why");
        }
        return cause instanceof RequestRefusedException refused
                ? error(refused.status(), refused.getMessage())
                : error(500, "this could not be answered: " + cause.getMessage());
    }

    private static HttpResponse error(int status, String message) {
        JsonObject json = new JsonObject();
        json.put("status", status);
        json.put("error", message);
        return HttpResponse.json(status, json);
    }
}
