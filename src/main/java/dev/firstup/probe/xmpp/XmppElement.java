package dev.firstup.probe.xmpp;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One element of a stream of XML.
 *
 * @param namespace empty for none
 * @param name its local name
 * @param attributes by their names as they were written, declarations of namespaces among them
 * @param children its child elements, in order
 * @param text its own text, that of its children left out
 */
record XmppElement(
        String namespace, String name, Map<String, String> attributes, List<XmppElement> children, String text) {
    boolean is(String namespace, String name) {
        return this.namespace.equals(namespace) && this.name.equals(name);
    }

    Optional<XmppElement> child(String namespace, String name) {
        return children.stream().filter(it -> it.is(namespace, name)).findFirst();
    }

    /** The attribute {@code name}; empty if there is none. */
    String attribute(String name) {
        return attributes.getOrDefault(name, "");
    }
}
