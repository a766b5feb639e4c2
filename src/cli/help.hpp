/// The words of `--help` that belong to no single flag.
#pragma once

#include <string_view>

namespace loadline::cli {

inline constexpr std::string_view kDescription =
    "loadline says how much CPU and memory each container should ask for, from the days of\n"
    "history that Prometheus already holds: request = 95th percentile, limit = 2 x that.\n";

inline constexpr std::string_view kRootFooter = R"(
Examples:
  loadline check --prometheus http://localhost:9090     is this Prometheus usable?
  loadline report --prometheus http://localhost:9090    the recommendations
  loadline explain -p http://localhost:9090 shop/Deployment/web  why these numbers
  loadline backtest -p http://localhost:9090            what policies would have cost and risked
  loadline serve --prometheus http://localhost:9090     the same, kept current, as metrics and API
  loadline patch -p http://localhost:9090 --output-dir .  the same, as patches in a Git repository
  loadline config --defaults > loadline.yaml            a configuration to start from

Each flag is also a setting of the configuration file and a LOADLINE_* variable.

Exit codes:
  0  done
  1  failure
  2  wrong flags, arguments or configuration
  3  done, but the result is incomplete; it says what is missing)";

inline constexpr std::string_view kReportFooter = R"(
Examples:
  loadline report -p http://localhost:9090
  loadline report -p http://localhost:9090 -n 'shop-*' --only change --min-change 20%
  loadline report -p https://mimir.example/prometheus --header 'X-Scope-OrgID: team-a' \
                  --bearer-token-file /run/secrets/token -o json --output-file report.json
  loadline report -p http://localhost:9090 --workload Deployment/checkout -o wide

The window is the complete UTC days before the one of --now, and that day up to --now. --now
takes RFC 3339 (2026-11-24T12:00:00Z) or Unix seconds. PATTERN: * is any run, ? one character.

Exit codes: 0 done, 1 failure, 2 usage, 3 done but incomplete.)";

inline constexpr std::string_view kExplainFooter = R"(
Examples:
  loadline explain -p http://localhost:9090 shop/Deployment/web
  loadline explain -p http://localhost:9090 shop/Deployment/web/app -o json

Shows today's values and the recommended ones, each step from the quantile to the rounded value, the
guards that fired, quantiles, a histogram, every day, restarts and kills, and what would change it.
Only the workload's namespace is read. Each part may be a pattern: * is any run, ? one character.

Exit codes: 0 done, 1 failure, 2 usage or no such workload, 3 done but incomplete.)";

inline constexpr std::string_view kBacktestFooter = R"(
Examples:
  loadline backtest -p http://localhost:9090
  loadline backtest -p http://localhost:9090 --policy configured --policy vpa -n 'shop-*' -o json
  xz -dc usage.csv.xz | loadline backtest --trace -

Walks forward over the history: each policy sees the days before a day and is judged by that day,
on the same pod-days, read once. A trace is CSV whose first line names its columns:
namespace,pod,container,t,cpu,memory (Unix seconds or RFC 3339; cores; bytes), in any order, units
also in the names: cpu_mcores_mean, mem_kib_max. With --trace no Prometheus is needed.

Exit codes: 0 done, 1 failure, 2 usage, 3 done but incomplete.)";

inline constexpr std::string_view kServeFooter = R"(
Examples:
  loadline serve -p http://prometheus:9090 --state-dir /var/lib/loadline
  loadline serve --config loadline.yaml
  loadline serve -p http://localhost:9090 --listen 127.0.0.1:9804 --state-dir ''

Serves /metrics, /healthz, /readyz, /api/v1/recommendations, /api/v1/status and, at /, the report.
The first start reads the whole window and can be stopped and gone on with at any time; after that
only what is new is read. --state-dir '' keeps everything in memory.

SIGTERM and SIGINT save and end. SIGHUP, or a change of the configuration file, reads the
configuration again; a bad one is refused and the old one stays.

Exit codes: 0 stopped, 1 failure, 2 usage.)";

inline constexpr std::string_view kPatchFooter = R"(
Examples:
  loadline patch -p http://localhost:9090 --output-dir deploy/rightsizing
  loadline patch -p http://localhost:9090 --output-dir deploy/rightsizing --diff --exit-code
  loadline patch -p http://localhost:9090 --output-dir out --format json6902 --format vpa \
                 --manifests deploy --summary pull-request.md

Nothing is written where nothing changed. Files of workloads that are gone are removed; files that
were edited by hand are kept and reported. Workloads that could not be seen (other namespaces, an
incomplete read) keep their files. --diff and --dry-run write no patches.

Exit codes: 0 done, 1 failure or, with --exit-code, something would change, 2 usage, 3 done but
incomplete or with files kept that were edited by hand.)";

inline constexpr std::string_view kVerifyFooter = R"(
Examples:
  loadline verify --patches deploy/rightsizing --manifests deploy
  kubectl kustomize overlays/prod > rendered.yaml && \
    loadline verify --patches deploy/rightsizing --manifests rendered.yaml -o json

Applies every patch to the manifests in memory. A patch must have a target and change resources
alone: one that would add a container, changes anything else, fails a test, or sets a request above
its limit is a finding. Reads files only, neither Prometheus nor a cluster.

Exit codes: 0 good, 1 findings or failure, 2 usage.)";

inline constexpr std::string_view kCheckFooter = R"(
Examples:
  loadline check -p http://localhost:9090
  loadline check -p http://localhost:9090 --matcher 'cluster="eu-1"' -o json

Exit codes: 0 usable, 1 not usable or not reachable, 2 usage, 3 usable but some information is
missing, as the report would say too.)";

inline constexpr std::string_view kConfigFooter = R"(
Examples:
  loadline config --config loadline.yaml      what the file, the environment and flags add up to
  loadline config --defaults > loadline.yaml  a commented file to start from

Secrets are printed as ********. The output is a valid configuration file.)";

}  // namespace loadline::cli
