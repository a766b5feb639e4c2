#include "loadline/config/config.hpp"

#include <fstream>
#include <sstream>

#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

struct Refused {
  const char* yaml;
  const char* message;  ///< a part of it
};

std::string error_of(std::string_view yaml, const std::vector<Override>& overrides = {}) {
  const Result<Config> config = parse_config(yaml, "l.yaml", overrides);
  if (config) return "";
  CHECK(config.error().kind == ErrorKind::kInvalidInput);
  return config.error().message;
}

Config parsed(std::string_view yaml, const std::vector<Override>& overrides = {}) {
  const Result<Config> config = parse_config(yaml, "l.yaml", overrides);
  INFO((config ? "" : config.error().message));
  REQUIRE(config.has_value());
  return *config;
}

}  // namespace

TEST_CASE("an empty configuration is the defaults") {
  const auto yaml = GENERATE("", "\n", "# nothing\n", "---\n", "prometheus:\n", "window:\n",
                             "policy:\n  cpu:\n", "{}", "~");
  CAPTURE(yaml);
  CHECK(print_config(parsed(yaml)) == print_config(Config{}));
}

TEST_CASE("every setting of Prometheus' access arrives") {
  const Config config = parsed(R"(
prometheus:
  url: https://mimir.example/prometheus
  bearer_token_file: /run/token
  tls:
    ca_file: ca.pem
    client_certificate_file: c.pem
    client_key_file: k.pem
    server_name: mimir
    insecure_skip_verify: true
  proxy_url: http://user:secret@proxy:3128
  headers: {X-Scope-OrgID: team-a, X-Other: "1"}
  matchers: cluster="eu-1",tier=~"a|b"
  read_path: query
  compression: gzip
  timeouts: {connect: 1s, request: 2m, stall: 500ms}
  max_retries: 0
  concurrency: 8
)");
  const Access& access = config.prometheus;
  CHECK(access.url == "https://mimir.example/prometheus");
  CHECK(access.bearer_token_file == "/run/token");
  CHECK(access.ca_file == "ca.pem");
  CHECK(access.client_certificate_file == "c.pem");
  CHECK(access.client_key_file == "k.pem");
  CHECK(access.server_name == "mimir");
  CHECK(access.tls_verification == TlsVerification::kOff);
  CHECK(access.proxy_url == "http://user:secret@proxy:3128");
  const std::vector<std::pair<std::string, std::string>> headers{{"X-Scope-OrgID", "team-a"},
                                                                 {"X-Other", "1"}};
  CHECK(access.headers == headers);
  CHECK(config.matchers == std::vector<Matcher>{{"cluster", MatchOp::kEqual, "eu-1"},
                                                {"tier", MatchOp::kRegex, "a|b"}});
  CHECK(config.read_path == ReadPath::kQuery);
  CHECK(access.compression == Compression::kGzip);
  CHECK(access.connect_timeout == Milliseconds(1000));
  CHECK(access.request_timeout == Milliseconds(120'000));
  CHECK(access.stall_timeout == Milliseconds(500));
  CHECK(access.max_retries == 0);
  CHECK(access.concurrency == 8);
}

TEST_CASE("every setting of usage, policy and report arrives") {
  const Config config = parsed(R"(
window: 7d
cpu_window: 2m
scrape_interval: 15s
cluster_label: cluster
replica_labels: []
require_image: false
namespaces: [shop-*, billing]
exclude_namespaces: [kube-system]
policy:
  cpu: {quantile: 0.9, limit: none, floor: 5m, grid: []}
  memory:
    quantile: 1
    limit_factor: 1.5
    floor: 64Mi
    grid:
      - {from: 0, step: 4Mi}
      - {from: 1Gi, step: 32Mi}
  min_history: 36h
  min_change: 5%
report: {output: json, sort: name}
log: {level: debug}
)");
  CHECK(config.usage.window == std::chrono::days(7));
  CHECK(config.usage.cpu_window == Milliseconds(120'000));
  CHECK(config.usage.scrape_interval == Milliseconds(15'000));
  CHECK(config.usage.cluster_label == "cluster");
  CHECK(config.usage.replica_labels.empty());
  CHECK_FALSE(config.usage.require_image);
  CHECK(config.usage.namespaces == std::vector<std::string>{"shop-*", "billing"});
  CHECK(config.usage.exclude_namespaces == std::vector<std::string>{"kube-system"});
  const ResourcePolicy cpu{
      .quantile = 0.9, .limit_factor = std::nullopt, .floor = 0.005, .grid = {}};
  CHECK(config.policy.resources[Resource::kCpu] == cpu);
  const double mi = 1048576;
  const ResourcePolicy memory{.quantile = 1,
                              .limit_factor = 1.5,
                              .floor = 64 * mi,
                              .grid = {{0, 4 * mi}, {1024 * mi, 32 * mi}}};
  CHECK(config.policy.resources[Resource::kMemory] == memory);
  CHECK(config.policy.min_history == std::chrono::hours(36));
  CHECK(config.policy.min_change == Approx(0.05));
  CHECK(config.output == ReportFormat::kJson);
  CHECK(config.sort == SortKey::kName);
  CHECK(config.log_level == LogLevel::kDebug);
}

TEST_CASE("what is wrong is refused with file, line, key and what would be right") {
  const auto row = GENERATE(values<Refused>({
      {"prometheus:\n  urll: http://p",
       "l.yaml:2: prometheus.urll: unknown key; did you mean "
       "prometheus.url?"},
      {"url: http://p", "l.yaml:1: url: unknown key; did you mean prometheus.url?"},
      {"windw: 14d", "did you mean window?"},
      {"\n\nzzzzzzzzzz: 1", "l.yaml:3: zzzzzzzzzz: unknown key; `loadline config` prints"},
      {"policy: {cpu: {quantil: 1}}", "did you mean policy.cpu.quantile?"},
      {"prometheus: http://p", "l.yaml:1: prometheus: a map of settings is expected"},
      {"window: [14d]", "l.yaml:1: window: one value is expected, not a list"},
      {"window: {a: b}", "one value is expected, not a map"},
      {"window: 14", "l.yaml:1: window: \"14\" is not a duration"},
      {"window: 36h", "\"36h\" is not 1 to 90 whole days"},
      {"window: 0d", "1 to 90 whole days"},
      {"window: 91d", "1 to 90 whole days"},
      {"window: 5000000y", "is not"},
      {"cpu_window: 0s", "longer than zero"},
      {"cpu_window: -1s", "a duration"},
      {"scrape_interval: 2h", "longer than 1h"},
      {"scrape_interval: sometimes", "a duration"},
      {"require_image: maybe", "\"maybe\" is not true or false"},
      {"namespaces: shop", "a list is expected, e.g. [a, b]"},
      {"namespaces: {a: b}", "a list is expected"},
      {"namespaces: [[a]]", "a list of texts"},
      {"namespaces: ['']", "a list of texts"},
      {"policy: {cpu: {quantile: 0}}", "policy.cpu.quantile: \"0\" is not more than 0"},
      {"policy: {cpu: {quantile: 1.01}}", "at most 1"},
      {"policy: {cpu: {quantile: .nan}}", "a number"},
      {"policy: {cpu: {quantile: nan}}", "a number"},
      {"policy: {cpu: {quantile: 0.95x}}", "a number"},
      {"policy: {cpu: {quantile: 1e999}}", "a number"},
      {"policy: {memory: {limit_factor: 0.9}}",
       "policy.memory.limit_factor: \"0.9\" is not from 1"},
      {"policy: {memory: {limit: 3}}", "none of auto | none"},
      {"policy: {memory: {floor: -1}}", "a quantity"},
      {"policy: {memory: {floor: 1Zi}}", "a quantity"},
      {"policy: {memory: {grid: 5}}", "a list of {from, step}"},
      {"policy: {memory: {grid: [5]}}", "{from: QUANTITY, step: QUANTITY}"},
      {"policy: {memory: {grid: [{from: 0}]}}", "{from: QUANTITY, step: QUANTITY}"},
      {"policy: {memory: {grid: [{from: 0, step: 0}]}}", "more than zero"},
      {"policy: {memory: {grid: [{from: 2, step: 1}, {from: 2, step: 1}]}}", "ascending"},
      {"policy: {min_history: soon}", "policy.min_history: \"soon\" is not a duration"},
      {"policy: {min_change: 10}", "0% to 100%"},
      {"policy: {min_change: 101%}", "0% to 100%"},
      {"policy: {min_change: -1%}", "0% to 100%"},
      {"report: {output: pdf}", "\"pdf\" is none of table | wide | json"},
      {"report: {sort: size}", "\"size\" is none of waste | risk"},
      {"log: {level: loud}", "\"loud\" is none of debug"},
      {"prometheus: {url: prometheus:9090}", "begins with http:// or https://"},
      {"prometheus: {url: 'ftp://p'}", "begins with http:// or https://"},
      {"prometheus: {url: 'http://p/?x=1'}", "no query"},
      {"prometheus: {proxy_url: 'proxy:3128'}", "a proxy URL begins with"},
      {"prometheus: {headers: [a]}", "a map is expected"},
      {"prometheus: {headers: {'a b': c}}", "not the name of an HTTP header"},
      {"prometheus: {headers: {a: \"b\\r\\nc: d\"}}", "header a must be one line"},
      {"prometheus: {matchers: 'cluster=eu'}", "prometheus.matchers:"},
      {"prometheus: {max_retries: 1.5}", "a whole number from 0 to 100"},
      {"prometheus: {concurrency: 0}", "a whole number from 1 to 64"},
      {"prometheus: {tls: {insecure_skip_verify: yes}}", "none of false | true"},
      {"prometheus: {bearer_token_file: t, basic_auth: {username: u}}", "keep one"},
      {"prometheus: {basic_auth: {password_file: p}}", "without prometheus.basic_auth.username"},
      {"prometheus: {tls: {client_key_file: p}}", "belong together"},
  }));
  INFO(row.yaml);
  CHECK_THAT(error_of(row.yaml), test::contains(row.message));
}

TEST_CASE("a secret never stands in an error") {
  const auto yaml = GENERATE("prometheus: {url: 'http://joe:hunter2@p'}",
                             "prometheus: {proxy_url: 'gopher://joe:hunter2@p'}",
                             "prometheus: {headers: {Authorization: \"hunter2\\n\"}}");
  const std::string error = error_of(yaml);
  CHECK_FALSE(error.empty());
  CHECK_THAT(error, !test::contains("hunter2"));
}

TEST_CASE("overrides win over the file, and the last of them wins") {
  const Config config =
      parsed("window: 7d\n", {{"window", "8d", "LOADLINE_WINDOW"}, {"window", "9d", "--window"}});
  CHECK(config.usage.window == std::chrono::days(9));
}

TEST_CASE("an override is an error at its origin, even where a later one wins") {
  CHECK(error_of("", {{"window", "x", "LOADLINE_WINDOW"}, {"window", "9d", "--window"}}) ==
        "LOADLINE_WINDOW: window: \"x\" is not a duration, e.g. 30s, 5m or 3d");
  CHECK_THAT(error_of("", {{"windw", "9d", "--set"}}),
             test::contains("--set: windw: unknown key; did you mean window?"));
}

TEST_CASE("lists, headers and grids can be overridden by text") {
  const Config config = parsed("namespaces: [x]\nprometheus: {headers: {A: file, B: file}}",
                               {{"namespaces", " a, b-* ,", "--namespace"},
                                {"prometheus.headers", "B: flag: 1", "--header"},
                                {"prometheus.headers", "C: c\nD: d", "--header"},
                                {"policy.cpu.grid", "0:1m, 1:50m", "--set"}});
  CHECK(config.usage.namespaces == std::vector<std::string>{"a", "b-*"});
  const std::vector<std::pair<std::string, std::string>> headers{
      {"A", "file"}, {"B", "flag: 1"}, {"C", "c"}, {"D", "d"}};
  CHECK(config.prometheus.headers == headers);
  CHECK(config.policy.resources[Resource::kCpu].grid ==
        std::vector<GridStep>{{0, 0.001}, {1, 0.05}});
  CHECK_THAT(error_of("", {{"prometheus.headers", "secret", "--header"}}),
             test::contains("a header is \"Name: value\"") && !test::contains("secret"));
  CHECK_THAT(error_of("", {{"policy.cpu.grid", "1m", "--set"}}), test::contains("FROM:STEP"));
}

TEST_CASE("limit none and limit_factor do not depend on their order") {
  const auto factor = [](std::string_view yaml, const std::vector<Override>& overrides) {
    return parsed(yaml, overrides).policy.resources[Resource::kCpu].limit_factor;
  };
  CHECK(factor("policy: {cpu: {limit: none, limit_factor: 3}}", {}) == std::nullopt);
  CHECK(factor("policy: {cpu: {limit_factor: 3, limit: none}}", {}) == std::nullopt);
  CHECK(factor("policy: {cpu: {limit_factor: 3, limit: none}}",
               {{"policy.cpu.limit", "auto", "--set"}}) == 3.0);
  CHECK(factor("policy: {cpu: {limit: none}}", {{"policy.cpu.limit_factor", "3", "--set"}}) ==
        std::nullopt);
}

TEST_CASE("the printed configuration loads again and prints the same") {
  const Config config = parsed(R"(
prometheus:
  url: https://mimir.example/prometheus
  headers: {X-Scope-OrgID: hunter2}
  proxy_url: http://joe:hunter2@proxy:3128
  matchers: '{cluster="e\"u",tier!~"a|b"}'
  read_path: remote-read-samples
window: 3d
scrape_interval: 1m30s
cluster_label: "null"
namespaces: [a-*, "true", "- x", "#b", "it's", "tab\t", "ü"]
policy:
  cpu: {quantile: 0.999, limit: none, floor: 0.0005, grid: [{from: 0, step: 0.25m}]}
  min_change: 0.123456789
)");
  const std::string printed = print_config(config);
  CHECK_THAT(printed, !test::contains("hunter2"));
  CHECK_THAT(printed, test::contains("proxy_url: \"http://********@proxy:3128\""));
  const Config again = parsed(printed);
  CHECK(print_config(again) == printed);
  CHECK(again.policy == config.policy);
  CHECK(again.matchers == config.matchers);
  CHECK(again.usage.namespaces == config.usage.namespaces);
  CHECK(again.usage.cluster_label == "null");
}

TEST_CASE("a file is read, and one that cannot be is named") {
  const test::TempDir dir;
  const std::string path = dir.write("l.yaml", "window: 5d\n");
  const Result<Config> config = load_config(path, {});
  REQUIRE(config.has_value());
  CHECK(config->usage.window == std::chrono::days(5));
  CHECK(load_config("", {}).has_value());

  const Result<Config> absent = load_config(path + ".absent", {});
  REQUIRE_FALSE(absent.has_value());
  CHECK(absent.error().kind == ErrorKind::kInvalidInput);
  CHECK_THAT(absent.error().message, test::contains(".absent") && test::contains("No such file"));
  const Result<Config> directory = load_config("/", {});
  REQUIRE_FALSE(directory.has_value());
  CHECK_THAT(directory.error().message, test::contains("cannot read configuration /"));
}

}  // namespace loadline
