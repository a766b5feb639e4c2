#include "support/simulate/options.hpp"

#include <charconv>

namespace loadline::simulate {
namespace {

Result<std::size_t> number(const std::string& name, const std::string& text) {
  std::size_t value = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec == std::errc{} && parsed.ptr == end) return value;
  return fail(ErrorKind::kInvalidInput, name + " takes a number, not \"" + text + "\"");
}

template <typename To, typename Value>
Result<void> put(To& to, const Result<Value>& value) {
  if (!value) return tl::unexpected<Error>(value.error());
  to = static_cast<To>(*value);
  return {};
}

Result<void> set(Options& options, const std::string& name, const std::string& value) {
  if (name == "--workloads") return put(options.cluster.workloads, number(name, value));
  if (name == "--replicas") return put(options.cluster.replicas, number(name, value));
  if (name == "--per-namespace") return put(options.cluster.per_namespace, number(name, value));
  if (name == "--port") return put(options.port, number(name, value));
  if (name == "--shard") return put(options.shard, number(name, value));
  if (name == "--total-shards") return put(options.total_shards, number(name, value));
  if (name == "--interval") return put(options.interval, parse_duration(value));
  if (name == "--stopped") return put(options.stopped, parse_duration(value));
  if (name == "--now") return put(options.now, parse_time(value));
  if (name == "--state-dir") return put(options.state_dir, Result<std::string>(value));
  if (name == "--url") return put(options.url, Result<std::string>(value));
  return fail(ErrorKind::kInvalidInput, "there is no option " + name);
}

Result<void> check(const Options& options) {
  const ClusterSize& size = options.cluster;
  if (size.workloads == 0 || size.replicas == 0 || size.per_namespace == 0)
    return fail(ErrorKind::kInvalidInput, "a cluster has at least one of each");
  if (options.shard < 0 || options.shard >= options.total_shards)
    return fail(ErrorKind::kInvalidInput, "--shard counts from 0 to below --total-shards");
  const std::int64_t interval_ms = options.interval.count();
  if (interval_ms <= 0 || kMillisecondsPerDay % interval_ms != 0)
    return fail(ErrorKind::kInvalidInput, "--interval must divide the day");
  return {};
}

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size())
      return fail(ErrorKind::kInvalidInput, arguments[i] + " needs a value");
    const Result<void> known = set(options, arguments[i], arguments[i + 1]);
    if (!known) return tl::unexpected<Error>(known.error());
  }
  if (const Result<void> good = check(options); !good) return tl::unexpected<Error>(good.error());
  return options;
}

}  // namespace loadline::simulate
