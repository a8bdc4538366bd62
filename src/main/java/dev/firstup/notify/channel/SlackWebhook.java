package dev.firstup.notify.channel;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.notify.ChannelMessage;
import dev.firstup.model.time.RetryAfter;
import dev.firstup.notify.LogSanitizer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;

/**
 * What an incoming webhook of Slack's is sent, and what its answers mean
 * (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, "Handling errors").
 */
public final class SlackWebhook {
    private static final Pattern WORD = Pattern.compile("[a-z_]{2,60}");
    private static final String RENEW = "make a new incoming webhook in Slack and put its address into the secret";
    private static final String CHANNEL = "restore the channel in Slack, or make a webhook for another one";
    private static final String ALLOW = "ask an administrator of the Slack workspace to allow it";
    private static final Map<String, String> ADVICE = Map.ofEntries(
            Map.entry("invalid_token", RENEW),
            Map.entry("no_service", RENEW),
            Map.entry("no_service_id", RENEW),
            Map.entry("no_team", RENEW),
            Map.entry("team_disabled", RENEW),
            Map.entry("user_not_found", RENEW),
            Map.entry("channel_not_found", CHANNEL),
            Map.entry("channel_is_archived", CHANNEL),
            Map.entry("action_prohibited", ALLOW),
            Map.entry("posting_to_general_channel_denied", ALLOW));

    /** The JSON that tells {@code message}, with Slack's own three characters escaped so that no value can mention anybody. */
    public String payload(ChannelMessage message) {
        String text =
                message.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return JsonNodeFactory.instance.objectNode().put("text", text).toString();
    }

    /**
     * Takes the answer that lies in the variable {@code slackAnswer}.
     *
     * @throws WaitException if Slack is to be asked again; without a delay of its own where Slack gave none
     * @throws StopException if no repetition can mend it
     */
    public void answer(Exchange exchange) {
        int status = exchange.getVariable("header:slackAnswer." + Exchange.HTTP_RESPONSE_CODE, Integer.class);
        String body = exchange.getVariable("slackAnswer", "", String.class).strip();
        if (status == 200 && body.equals("ok")) {
            return;
        }
        // Only Slack's own words are repeated: other servers like to quote the address, which is the secret.
        String word = WORD.matcher(body).matches() ? body : "";
        String said = "Slack answered " + status + (word.isEmpty() ? "" : " " + word);
        if (status == 429) {
            String after = exchange.getVariable("header:slackAnswer.Retry-After", String.class);
            throw new WaitException(
                    RetryAfter.delay(after, Instant.now(), Duration.ZERO), said + ": too many messages");
        }
        if (status >= 500 || status == 408) {
            throw new WaitException(Duration.ZERO, said);
        }
        if (status / 100 == 2) {
            throw new StopException("The webhook answered " + status
                    + " without Slack's \"ok\": check that the secret is the address of an incoming webhook");
        }
        throw new StopException(said + ": " + ADVICE.getOrDefault(word, "check the address in the secret"));
    }

    /** @throws WaitException always: Slack could not be reached, or did not answer in time */
    public void unreachable(@ExchangeException IOException failure) {
        throw new WaitException(
                Duration.ZERO,
                "Slack cannot be reached: "
                        + LogSanitizer.line(failure.getClass().getSimpleName() + ": " + failure.getMessage(), 300));
    }
}
