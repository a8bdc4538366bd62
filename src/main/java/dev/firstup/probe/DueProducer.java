package dev.firstup.probe;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Whatever the message is: somebody is to be probed before the next tick. */
final class DueProducer extends DefaultProducer {
    DueProducer(ProbeEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    public void process(Exchange exchange) {
        ProbeComponent component = (ProbeComponent) getEndpoint().getComponent();
        component.wakeUp().request(component.engine()::tell);
    }
}
