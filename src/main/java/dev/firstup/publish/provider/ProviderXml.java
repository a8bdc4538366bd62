package dev.firstup.publish.provider;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * An element of XML (XML 1.0) that a provider answered. Where one is missing stands an empty one without a name, of which all
 * parts are missing too.
 *
 * @param name as written, with its prefix if it has one; empty where there is no such element
 * @param element null where there is none
 */
record ProviderXml(String name, @Nullable Element element) {
    private static final ProviderXml MISSING = new ProviderXml("", null);
    private static final String DEEPEST = "32";

    /**
     * What a provider answered; a missing element where that is not one document without a document type, whose entities may
     * grow.
     */
    static ProviderXml of(ProviderResponse answer) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setAttribute("jdk.xml.maxElementDepth", DEEPEST);
            DocumentBuilder builder = factory.newDocumentBuilder();
            // Its own prints to the console.
            builder.setErrorHandler(new DefaultHandler());
            return named(builder.parse(new InputSource(new StringReader(answer.body())))
                    .getDocumentElement());
        } catch (SAXException | IOException e) {
            return MISSING;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this Java reads no XML safely: " + e.getMessage(), e);
        }
    }

    private static ProviderXml named(Element element) {
        return new ProviderXml(element.getTagName(), element);
    }

    /** The first element of this name in it. */
    ProviderXml path(String child) {
        List<ProviderXml> all = all(child);
        return all.isEmpty() ? MISSING : all.get(0);
    }

    /** The elements of this name in it. */
    List<ProviderXml> all(String child) {
        List<ProviderXml> all = new ArrayList<>();
        for (Node it = element == null ? null : element.getFirstChild(); it != null; it = it.getNextSibling()) {
            if (it instanceof Element found && found.getTagName().equals(child)) {
                all.add(named(found));
            }
        }
        return all;
    }

    /** Its text; empty where there is none. */
    String text() {
        return element == null ? "" : element.getTextContent().strip();
    }

    /** As text in an element. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
