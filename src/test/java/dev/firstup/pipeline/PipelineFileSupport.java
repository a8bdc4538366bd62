package dev.firstup.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.camel.test.junit5.TestExecutionConfiguration;

/**
 * One file of the pipeline by itself. Stand-ins are what its routes name of the other rooms, nothing begins by itself, and a test
 * starts it.
 */
abstract class PipelineFileSupport extends CamelTestSupport {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What has been asked of stand-ins, in order. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    private final String file;

    PipelineFileSupport(String file) {
        this.file = file;
    }

    @Override
    public void configureTest(TestExecutionConfiguration configuration) {
        super.configureTest(configuration);
        configuration.withUseAdviceWith(true);
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext created = super.createCamelContext();
        created.getPropertiesComponent().setLocation("file:application.properties");
        return created;
    }

    @Override
    protected RoutesBuilder[] createRouteBuilders() throws Exception {
        return PluginHelper.getRoutesLoader(context)
                .findRoutesBuilders(PluginHelper.getResourceLoader(context)
                        .resolveResource("file:routes/pipeline/" + file + ".camel.yaml"))
                .toArray(RoutesBuilder[]::new);
    }

    /** Has a route begin at {@code direct:} and its id, whatever begins it otherwise. */
    final void byHand(String... routes) throws Exception {
        for (String route : routes) {
            AdviceWith.adviceWith(context, route, it -> it.replaceFromWith("direct:" + route + "-by-hand"));
        }
    }

    /** Begins a route that is {@linkplain #byHand by hand}. */
    final void begin(String route, Object body) {
        template.sendBody("direct:" + route + "-by-hand", body);
    }

    /** So many messages of this route have come to their end. */
    final NotifyBuilder done(String route, int times) {
        return new NotifyBuilder(context).fromRoute(route).whenDone(times).create();
    }
}
