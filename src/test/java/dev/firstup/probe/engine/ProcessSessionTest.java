package dev.firstup.probe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProcessSessionTest {
    /** As one that has become somebody else's by its set-user-id bit. */
    private static final ProcessHandle UNTOUCHABLE = (ProcessHandle) Proxy.newProxyInstance(
            ProcessHandle.class.getClassLoader(),
            new Class<?>[] {ProcessHandle.class},
            (proxy, method, arguments) -> method.getName().equals("pid") ? (Object) 4_711L : false);

    @Test
    @Timeout(30)
    void whatCannotBeEndedIsGivenUp() {
        long began = System.nanoTime();

        new ProcessSession(() -> List.of(UNTOUCHABLE)).end();

        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)).isBetween(5_000L, 10_000L);
    }
}
