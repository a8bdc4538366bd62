package dev.firstup.notify.channel;

import dev.firstup.model.notify.ChannelMessage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Converter;

/** Lets any endpoint that takes text or bytes stand in a notifier's place. */
@Converter(generateLoader = true)
public final class MessageConverter {
    private MessageConverter() {}

    @Converter
    public static String toString(ChannelMessage message) {
        return message.toString();
    }

    @Converter
    public static byte[] toBytes(ChannelMessage message) {
        return (message + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Converter
    public static InputStream toStream(ChannelMessage message) {
        return new ByteArrayInputStream(toBytes(message));
    }
}
