package dev.firstup.probe.xmpp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XmppStreamReaderTest {
    private static final String HEADER =
            "<?xml version='1.0'?>\n<stream:stream xmlns='jabber:client' xmlns:stream=\"urn:s\" from = 'a&amp;b' >";

    @Test
    void namesHaveTheirNamespaces() throws Exception {
        List<XmppElement> read = read(HEADER + " <stream:features a='&quot;>'><b xmlns='urn:b'><c xml:lang='en'/></b>"
                + "<d/></stream:features>\n<x:e xmlns:x='urn:x'/></stream:stream>");

        assertThat(read).hasSize(4);
        assertThat(read.get(0).is("urn:s", "stream")).isTrue();
        assertThat(read.get(0).attribute("from")).isEqualTo("a&b");
        XmppElement features = read.get(1);
        assertThat(features.is("urn:s", "features")).isTrue();
        assertThat(features.attribute("a")).isEqualTo("\">");
        assertThat(features.child("urn:b", "b").orElseThrow().child("urn:b", "c"))
                .isPresent();
        assertThat(features.child("jabber:client", "d")).isPresent();
        assertThat(read.get(2).is("urn:x", "e")).isTrue();
        assertThat(read.get(3)).isSameAs(XmppStreamReader.END);
    }

    @Test
    void textIsReadWithItsReferences() throws Exception {
        assertThat(read(HEADER + "<a>1 &lt; <b>not this</b>2 &#x20AC;&#97;é<![CDATA[<&]]]></a>")
                        .get(1)
                        .text())
                .isEqualTo("1 < 2 €aé<&]");
    }

    @Test
    void nothingIsReadBeyondWhatIsComplete() throws Exception {
        ByteBuf in = Unpooled.copiedBuffer(HEADER + "<a/><b/>", UTF_8);
        XmppStreamReader stream = new XmppStreamReader(0);
        stream.next(in);

        assertThat(stream.next(in).name()).isEqualTo("a");
        assertThat(in.toString(UTF_8)).isEqualTo("<b/>");
        assertThat(stream.received()).isEqualTo(HEADER.length() + 4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello | received \"h\"",
                "<!DOCTYPE a [ | a comment or a document type: \"<!D\"",
                "<!-- a --> | a comment or a document type: \"<!-\"",
                "<?php phpinfo() ?> | a processing instruction: \"<?php phpinfo() ?>\"",
                "<a/> | an empty stream: \"<a/>\"",
                "</a> | the wrong end tag: \"</a>\"",
                "<a><b></c> | the wrong end tag: \"</c>\"",
                "<a><b>&nbsp;</b> | an entity: \"&nbsp;\"",
                "<a><b>&</b> | an entity: \"&\"",
                "<a><b>&#0;</b> | a character that XML does not have: \"&#0;\"",
                "<a><b>&#x110000;</b> | a character that XML does not have: \"&#x110000;\"",
                "<a b='&x;'> | an entity: \"<a b='&x;'>\"",
                "<a b='<'> | a tag within a tag: \"<a b='<\"",
                "<a <b> | a tag within a tag: \"<a <\"",
                "<a b=c> | a broken tag: \"<a b=c>\"",
                "<a b='1'c='2'> | a broken tag: \"<a b='1'c='2'>\"",
                "<a b='1' b='2'> | an attribute twice: \"<a b='1' b='2'>\"",
                "< a> | no tag: \"< a>\"",
                "<a:b> | a prefix without a namespace: \"<a:b>\"",
                "<a b:c='1'> | a prefix without a namespace: \"<a b:c='1'>\"",
                "<a>text | received \"t\"",
                "<a><?xml version='1.0'?> | a processing instruction: \"<?xml version='1.0'?>\"",
                "<a><![CDATA[b]]> | text between elements: \"<![CDATA[b]]>\"",
                "<a><b><?c?></b> | a processing instruction: \"<?c?>\"",
                "<a><b><!ENTITY c 'd'> | a comment or a document type: \"<!E\"",
            })
    void whatXmppForbidsIsShown(String xml, String message) {
        assertThatThrownBy(() -> read(xml))
                .isInstanceOf(XmppStreamException.class)
                .hasMessage(
                        "expected an XMPP stream, " + (message.startsWith("received") ? "" : "received ") + message);
    }

    @Test
    void onlyTheFirstLineIsShown() {
        assertThatThrownBy(() -> new XmppStreamReader(0)
                        .next(Unpooled.copiedBuffer("HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n", UTF_8)))
                .hasMessage("expected an XMPP stream, received \"HTTP/1.1 400 Bad Request\"");
    }

    @Test
    void bytesAreUtf8() {
        assertThatThrownBy(() -> read(new byte[] {'<', 'a', '>', '<', 'b', '>', (byte) 0xE9, '<'}))
                .hasMessage("expected an XMPP stream, received bytes that are not UTF-8: \"?\"");
        assertThatThrownBy(() -> read(new byte[] {'<', 'a', '>', '<', 'b', '>', 1, '<'}))
                .hasMessage("expected an XMPP stream, received a character that XML does not have: \"?\"");
    }

    @Test
    void everyThingHasALimit() {
        String attributes = " a%d='1'";
        StringBuilder many = new StringBuilder("<a");
        for (int i = 0; i <= 20; i++) {
            many.append(attributes.formatted(i));
        }
        assertThatThrownBy(() -> read(many + ">")).hasMessageContaining("more than 20 attributes: ");
        assertThatThrownBy(() -> read("<a>".repeat(11))).hasMessage("elements are nested more than 10 deep");
        assertThatThrownBy(() -> read("<a>" + "<b/>".repeat(500))).hasMessage("more than 500 elements were received");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "<a", "<a b='", "<a><b>x"})
    void everyConnectionHasALimit(String beginning) throws Exception {
        int left = XmppStreamReader.LONGEST - beginning.length();
        String rest = (beginning.contains("'") || beginning.endsWith("x") ? "y" : " ").repeat(left);

        assertThat(read(beginning + rest)).hasSizeLessThan(2);
        assertThatThrownBy(() -> read(beginning + rest + " ")).hasMessage("more than 64 KiB were received");
        assertThatThrownBy(() -> new XmppStreamReader(XmppStreamReader.LONGEST).next(Unpooled.copiedBuffer("<", UTF_8)))
                .hasMessage("more than 64 KiB were received");
    }

    private static List<XmppElement> read(String xml) throws XmppStreamException {
        return read(xml.getBytes(UTF_8));
    }

    /** Byte by byte, as the slowest server sends it. */
    private static List<XmppElement> read(byte[] bytes) throws XmppStreamException {
        XmppStreamReader stream = new XmppStreamReader(0);
        List<XmppElement> read = new ArrayList<>();
        for (byte it : bytes) {
            XmppElement element = stream.next(Unpooled.wrappedBuffer(new byte[] {it}));
            if (element != null) {
                read.add(element);
            }
        }
        return read;
    }
}
