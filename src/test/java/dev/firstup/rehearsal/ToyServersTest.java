package dev.firstup.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firstup.rehearsal.ToyServers.State;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ToyServersTest {
    private ToyServers servers;

    @BeforeEach
    void start() throws IOException {
        servers = ToyServers.start("paris", "tokyo");
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    @Test
    void answerUntilTheyAreTakenDownAndAgainWhenTheyAreBack() throws IOException {
        int port = servers.port("paris");
        assertThat(get("paris")).startsWith("HTTP/1.1 200 OK").endsWith("paris is up\n");
        servers.takeDown("paris");
        assertThat(servers.state("paris")).isEqualTo(State.DOWN);
        assertThatThrownBy(() -> get("paris")).isInstanceOf(ConnectException.class);
        assertThat(get("tokyo")).endsWith("tokyo is up\n");
        servers.takeDown("paris");
        servers.bringUp("paris");
        assertThat(servers.port("paris")).isEqualTo(port);
        assertThat(get("paris")).endsWith("paris is up\n");
    }

    @Test
    void acceptAndNeverAnswerWhenTheyHang() throws IOException {
        servers.hang("paris");
        assertThat(servers.state("paris")).isEqualTo(State.HUNG);
        assertThatThrownBy(() -> get("paris")).isInstanceOf(SocketTimeoutException.class);
        servers.takeDown("paris");
        servers.hang("paris");
        assertThatThrownBy(() -> get("paris")).isInstanceOf(SocketTimeoutException.class);
        servers.bringUp("paris");
        assertThat(get("paris")).endsWith("paris is up\n");
    }

    @Test
    void areAsTheyWereAfterTheyWereSilent() throws IOException {
        servers.takeDown("tokyo");
        servers.silence(true);
        assertThatThrownBy(() -> get("paris")).isInstanceOf(SocketTimeoutException.class);
        servers.silence(false);
        assertThat(get("paris")).endsWith("paris is up\n");
        assertThatThrownBy(() -> get("tokyo")).isInstanceOf(ConnectException.class);
    }

    @Test
    void areKnownByName() {
        assertThat(servers.names()).containsExactly("paris", "tokyo");
        assertThatThrownBy(() -> servers.takeDown("rome"))
                .hasMessage("there is no toy server rome, only [paris, tokyo]");
    }

    private String get(String name) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", servers.port(name))) {
            socket.setSoTimeout(300);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
