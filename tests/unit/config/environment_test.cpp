#include "loadline/config/config.hpp"
#include "support/catch.hpp"

namespace loadline {

TEST_CASE("a variable for every key, named after it") {
  for (const KeyInfo& key : config_keys()) {
    const auto overrides = overrides_from_environment({{key.environment, "x"}});
    INFO(key.environment);
    REQUIRE(overrides.has_value());
    REQUIRE(overrides->size() == 1);
    CHECK(overrides->front().key == key.name);
    CHECK(overrides->front().origin == key.environment);
  }
}

TEST_CASE("variables of others, empty ones and those of Kubernetes' services are no settings") {
  const auto name =
      GENERATE(as<std::string>{}, "PATH", "LOADLINE", "LOADLINE_CONFIG", "LOADLINE_SERVICE_HOST",
               "LOADLINE_SERVICE_PORT", "LOADLINE_SERVICE_PORT_HTTP", "LOADLINE_PORT",
               "LOADLINE_PORT_9804_TCP", "LOADLINE_PORT_9804_TCP_ADDR",
               "LOADLINE_METRICS_SERVICE_HOST", "LOADLINE_METRICS_PORT_80_TCP_PROTO");
  INFO(name);
  const auto overrides =
      overrides_from_environment({{name, "tcp://10.0.0.1:9804"}, {"LOADLINE_WINDOW", ""}});
  REQUIRE(overrides.has_value());
  CHECK(overrides->empty());
}

TEST_CASE("an unknown variable is an error that proposes the nearest") {
  const auto overrides = overrides_from_environment({{"LOADLINE_PROMETHEUS_ULR", "secret"}});
  REQUIRE_FALSE(overrides.has_value());
  CHECK(overrides.error().kind == ErrorKind::kInvalidInput);
  CHECK(overrides.error().message ==
        "LOADLINE_PROMETHEUS_ULR: no setting has this name; did you mean LOADLINE_PROMETHEUS_URL?");
}

}  // namespace loadline
