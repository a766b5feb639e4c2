/// The effective settings: defaults, then the file, then LOADLINE_* variables, then flags. A plain
/// struct; no code behind the configuration stage reads files, the environment or flags.
///
/// One table (src/config/schema.hpp) describes every key; parsing, overriding, printing, the
/// example file and the reference are made of it. All functions are pure but load_config, and
/// thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loadline/model/result.hpp"
#include "loadline/prometheus/access.hpp"
#include "loadline/prometheus/promql.hpp"
#include "loadline/prometheus/source.hpp"
#include "loadline/publish/report.hpp"
#include "loadline/recommend/policy_book.hpp"
#include "loadline/recommend/prices.hpp"

namespace loadline {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
/// "debug", "info", "warning", "error".
std::string_view to_string(LogLevel level);
enum class LogFormat { kAuto, kLogfmt, kJson };  ///< auto: logfmt on a terminal, else JSON

struct UsageConfig {
  std::chrono::days window{14};
  Milliseconds cpu_window{60'000};
  std::optional<Milliseconds> scrape_interval{};  ///< nullopt: detected
  std::string cluster_label{};
  std::vector<std::string> replica_labels{"prometheus_replica", "replica"};
  bool require_image = true;
  std::vector<std::string> namespaces{};
  std::vector<std::string> exclude_namespaces{};
};

/// `loadline serve`.
struct ServeConfig {
  std::string listen{"0.0.0.0:9804"};
  std::string state_dir{"/var/lib/loadline"};  ///< empty: in memory
  Milliseconds interval{300'000};              ///< from the end of a cycle to the next
  double jitter = 0.1;                         ///< each interval is longer or shorter by up to this
  std::optional<Milliseconds> settle{};        ///< nullopt: from the scrape intervals
  std::optional<Milliseconds> max_age{};       ///< nullopt: three intervals and the settle delay
  std::string basic_auth_file{};               ///< empty: no authentication
  int total_shards = 1;
  std::optional<int> shard{};  ///< nullopt: the ordinal at the end of the pod's name
};

/// A kind that loadline does not know by itself: how a patch addresses it.
struct PatchKind {
  std::string kind{};
  std::string api_version{};                    ///< "argoproj.io/v1alpha1"
  std::string pod_spec = "spec.template.spec";  ///< dotted path of the pod's spec

  bool operator==(const PatchKind&) const = default;
};

enum class PatchVpaMode { kOff, kInitial };

/// `loadline patch`. The names of formats are those of gitops/formats.hpp.
struct PatchConfig {
  std::string output_dir{};  ///< empty: a flag must name it
  std::vector<std::string> formats{"kustomize"};
  double dead_band = 0.10;
  std::vector<std::string> exclude{};  ///< "namespace/Kind/name" patterns
  std::vector<std::string> exclude_containers{"istio-proxy", "istio-init", "istio-validation",
                                              "linkerd-proxy", "linkerd-init"};
  std::string helm_mapping{};  ///< a file; empty: none
  PatchVpaMode vpa_mode = PatchVpaMode::kOff;
  std::vector<PatchKind> kinds{};
};

struct Config {
  Access prometheus{};
  std::vector<Matcher> matchers{};      ///< prometheus.matchers: added to every selector
  std::optional<ReadPath> read_path{};  ///< nullopt: detected ("auto")
  UsageConfig usage{};
  Policy policy = default_policy();
  std::vector<PolicyRule> policy_rules{};  ///< `policies`
  ReportFormat output = ReportFormat::kTable;
  SortKey sort = SortKey::kWaste;
  std::string prices_file{};  ///< empty: no money
  /// What stands in it; load_config reads it.
  std::optional<PriceBook> prices{};
  PatchConfig patch{};
  ServeConfig serve{};
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kAuto;
};

/// The policy of every container: policy.* and the rules of `policies`.
PolicyBook policy_book(const Config& config);

/// One setting from outside the file: its dotted key ("prometheus.url") and its text, with where it
/// came from for errors.
struct Override {
  std::string key{};
  std::string value{};
  std::string origin{};  ///< "--prometheus", "LOADLINE_PROMETHEUS_URL"
};

/// Parses YAML strictly: an unknown key, a wrong type or an impossible value is kInvalidInput with
/// file, line, dotted key and what would be right. Then applies the overrides in order.
Result<Config> parse_config(std::string_view yaml, std::string_view file_name,
                            const std::vector<Override>& overrides);
/// The same from a file; an empty path is an empty file. Reads the price file as well.
Result<Config> load_config(const std::string& path, const std::vector<Override>& overrides);
/// LOADLINE_<KEY IN CAPITALS, DOTS AS UNDERSCORES> for every key of the schema; unknown LOADLINE_*
/// names are an error, but for LOADLINE_CONFIG and the variables that Kubernetes makes of a Service
/// called loadline. An empty variable is as if it were unset.
Result<std::vector<Override>> overrides_from_environment(
    const std::vector<std::pair<std::string, std::string>>& environment);
/// The effective configuration as YAML that parse_config accepts again, every key present, secrets
/// masked.
std::string print_config(const Config& config);

/// "10%" or "0.1", in [0, 1]: as policy.min_change is read.
Result<double> parse_ratio(std::string_view text);

/// What is known of one key: for help texts and references.
struct KeyInfo {
  std::string name{};         ///< dotted
  std::string type{};         ///< for people: "duration", "auto | none"
  std::string summary{};      ///< one line
  std::string detail{};       ///< further sentences; may be empty
  std::string environment{};  ///< LOADLINE_...
};
/// All keys, in the order of the printed configuration.
std::vector<KeyInfo> config_keys();
/// config/loadline.yaml: every key with its default, its meaning and its variable.
std::string commented_config();
/// The table of docs/configuration.md, in Markdown.
std::string config_reference();

}  // namespace loadline
