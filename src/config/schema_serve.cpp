#include <array>
#include <string>

#include "config/schema.hpp"

namespace loadline::config {
namespace {

constexpr std::array<Word<LogLevel>, 4> kLogLevels{{
    {"debug", LogLevel::kDebug},
    {"info", LogLevel::kInfo},
    {"warning", LogLevel::kWarning},
    {"error", LogLevel::kError},
}};
constexpr std::array<Word<LogFormat>, 3> kLogFormats{{
    {"auto", LogFormat::kAuto},
    {"logfmt", LogFormat::kLogfmt},
    {"json", LogFormat::kJson},
}};

constexpr int kMostShards = 1000;

tl::unexpected<Error> wrong(const Node& node, const std::string& wanted) {
  return fail(ErrorKind::kInvalidInput, "\"" + printable(node.text) + "\" is not " + wanted);
}

bool is_auto(const Node& node) {
  return node.kind == Node::Kind::kScalar && node.text == "auto";
}

Result<std::optional<Milliseconds>> read_auto_duration(const Node& node) {
  if (is_auto(node)) return std::nullopt;
  const Result<Milliseconds> duration = read_duration(node);
  if (!duration) return tl::unexpected(duration.error());
  return *duration;
}

Node write_auto_duration(const std::optional<Milliseconds>& duration) {
  return duration ? write_duration(*duration) : scalar("auto");
}

Result<Milliseconds> read_cycle_interval(const Node& node) {
  const Result<Milliseconds> interval = read_duration(node);
  if (!interval) return tl::unexpected(interval.error());
  if (*interval < Milliseconds(100) || *interval > std::chrono::hours(24)) {
    return wrong(node, "a duration from 100ms to 1d, e.g. 5m");
  }
  return *interval;
}

/// HOST:PORT; the host may be empty (all addresses), the port 0 (any free one).
Result<std::string> read_listen(const Node& node) {
  const Result<std::string> text = read_text(node);
  if (!text) return tl::unexpected(text.error());
  const std::size_t colon = text->rfind(':');
  const std::string host = colon == std::string::npos ? "" : text->substr(0, colon);
  const bool is_plain = host.find_first_not_of("0123456789.") == std::string::npos;
  const Result<int> port = colon == std::string::npos
                               ? wrong(node, "")
                               : read_integer(scalar(text->substr(colon + 1)), 0, 65535);
  if (port && is_plain) return *text;
  return wrong(node, "an IPv4 address and a port, e.g. 0.0.0.0:9804");
}

Result<std::optional<int>> read_shard(const Node& node) {
  if (is_auto(node)) return std::nullopt;
  const Result<int> shard = read_integer(node, 0, kMostShards - 1);
  if (!shard) return tl::unexpected(shard.error());
  return *shard;
}

Node write_shard(const std::optional<int>& shard) {
  return shard ? write_integer(*shard) : scalar("auto");
}

std::vector<Key> place_keys() {
  return {
      with_value(
          {.name = "serve.listen",
           .type = "address:port",
           .summary = "Where metrics, health and the API are served; plain HTTP.",
           .detail = "Port 0 takes any free one and logs it."},
          [](auto& c) -> auto& { return c.serve.listen; }, read_listen, write_text),
      with_value(
          {.name = "serve.state_dir",
           .type = "directory",
           .summary = "Where profiles are kept between restarts; empty: in memory only.",
           .detail = "In memory, each start reads the whole window again."},
          [](auto& c) -> auto& { return c.serve.state_dir; }, read_text, write_text),
      with_value(
          {.name = "serve.basic_auth_file",
           .type = "file",
           .summary = "Lines of user:password that may read; empty: anyone may.",
           .detail = "Read again when it changes. /healthz and /readyz never ask."},
          [](auto& c) -> auto& { return c.serve.basic_auth_file; }, read_text, write_text),
  };
}

std::vector<Key> time_keys() {
  return {
      with_value(
          {.name = "serve.interval",
           .type = "duration",
           .summary = "Time between two reads of what is new."},
          [](auto& c) -> auto& { return c.serve.interval; }, read_cycle_interval, write_duration),
      with_value(
          {.name = "serve.jitter",
           .type = "ratio",
           .summary = "Each interval is longer or shorter by up to this.",
           .detail = "So that many instances do not ask one Prometheus at the same moment."},
          [](auto& c) -> auto& { return c.serve.jitter; }, read_ratio, write_ratio),
      with_value(
          {.name = "serve.settle",
           .type = "auto or duration",
           .summary = "How long samples may be late; younger ones wait for the next read.",
           .detail = "auto: twice the scrape interval, or one and that of kube-state-metrics, so "
                     "that the owner of a young pod is known."},
          [](auto& c) -> auto& { return c.serve.settle; }, read_auto_duration, write_auto_duration),
      with_value(
          {.name = "serve.max_age",
           .type = "auto or duration",
           .summary = "/readyz fails once the last complete read is older.",
           .detail = "auto: three intervals and the settle delay."},
          [](auto& c) -> auto& { return c.serve.max_age; }, read_auto_duration,
          write_auto_duration),
  };
}

std::vector<Key> shard_keys() {
  return {
      with_value(
          {.name = "serve.total_shards",
           .type = "1 to 1000",
           .summary = "Instances that share the workloads; each workload is in exactly one."},
          [](auto& c) -> auto& { return c.serve.total_shards; },
          [](const Node& node) { return read_integer(node, 1, kMostShards); }, write_integer),
      with_value(
          {.name = "serve.shard",
           .type = "auto or number",
           .summary = "Which of them this is, from 0.",
           .detail = "auto: the number at the end of the pod's name (POD_NAME, else HOSTNAME), as "
                     "a StatefulSet gives it."},
          [](auto& c) -> auto& { return c.serve.shard; }, read_shard, write_shard),
  };
}

}  // namespace

std::vector<Key> serve_keys() {
  std::vector<Key> keys;
  for (auto part : {place_keys(), time_keys(), shard_keys()}) {
    for (Key& key : part) keys.push_back(std::move(key));
  }
  return keys;
}

std::vector<Key> log_keys() {
  return {
      with_words<LogLevel>(
          {.name = "log.level", .summary = "Least severe message to print."},
          [](auto& c) -> auto& { return c.log_level; }, kLogLevels),
      with_words<LogFormat>(
          {.name = "log.format",
           .summary = "Form of the log of `serve`; auto: logfmt on a terminal, else json."},
          [](auto& c) -> auto& { return c.log_format; }, kLogFormats),
  };
}

}  // namespace loadline::config
