package dev.fairlead.core.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.InvalidException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressProxiesTest {

  private static EgressProxies proxies(String noProxy) {
    return EgressProxies.of(
        Map.of("HTTPS_PROXY", "http://proxy.example.com:3128", "NO_PROXY", noProxy));
  }

  @Test
  void withoutAVariableThereIsNoProxy() {
    assertThat(EgressProxies.of(Map.of()).towards("hub.example.com", 443)).isEmpty();
    assertThat(EgressProxies.of(Map.of("HTTPS_PROXY", " ")).towards("hub", 443)).isEmpty();
  }

  @Test
  void theVariableInLowerCaseComesFirst() {
    EgressProxies both = EgressProxies.of(Map.of("HTTPS_PROXY", "a:1", "https_proxy", "b:2"));
    assertThat(both.towards("hub", 443)).get().hasToString("b:2");
  }

  @Test
  void userAndPasswordAreDecodedAndNeverShown() {
    EgressProxy proxy = EgressProxy.parse("HTTPS_PROXY", "http://al%40ice:p%3Ass+w@[::1]:8080/");
    assertThat(proxy.user()).contains("al@ice");
    assertThat(proxy.revealPassword()).isEqualTo("p:ss+w");
    assertThat(proxy.authorization()).contains("Basic YWxAaWNlOnA6c3Mrdw==");
    assertThat(proxy).hasToString("[::1]:8080");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://u:hunter2@p:1",
        "socks5://u:hunter2@p:1",
        "http://u:hunter2@",
        "http://u:hunter2@p:99999",
        "http://u:hun ter2@p:1"
      })
  void aVariableThatNamesNoHttpProxyIsRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> EgressProxies.of(Map.of("HTTPS_PROXY", text)))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("expected")
        .hasMessageNotContaining("hunter2")
        .hasMessageNotContaining("hun ter2");
  }

  @ParameterizedTest
  @CsvSource({
    "hub.example.com, example.com",
    "example.com, example.com",
    "hub.example.com, .example.com",
    "hub.example.com, *.example.com",
    "HUB.example.com, other;Example.COM",
    "hub.example.com, hub.example.com:8300",
    "10.1.2.3, 10.0.0.0/8",
    "10.1.2.3, 10.1.2.3",
    "10.1.2.3, 10.1.2.3:8300",
    "fd00::1, fd00::/16",
    "fd00::1, fd00:0::1",
    "fd00::1, [fd00::1]:8300",
    "anything, *",
    "localhost, x",
    "127.0.0.1, x",
    "127.5.5.5, x",
    "::1, x"
  })
  void isReachedDirectly(String host, String noProxy) {
    assertThat(proxies(noProxy.replace(';', ',')).towards(host, 8300)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "hub.example.com, ''",
    "notexample.com, example.com",
    "example.com, .example.com",
    "hub.example.com, hub.example.com:443",
    "11.1.2.3, 10.0.0.0/8",
    "10.1.2.3, 10.0.0.0/33",
    "10.1.2.3, 1.2.3",
    "hub.example.com, 10.0.0.0/8",
    "fd01::1, fd00::/16"
  })
  void isReachedThroughTheProxy(String host, String noProxy) {
    assertThat(proxies(noProxy).towards(host, 8300)).isPresent();
  }

  @Test
  void aProxyThatIsGivenHoldsForTheLoopbackAddressToo() {
    assertThat(EgressProxies.all(EgressProxy.at("proxy", 1)).towards("127.0.0.1", 1)).isPresent();
    assertThat(EgressProxies.none().towards("hub", 1)).isEmpty();
  }
}
