#include "support/generate/options.hpp"

#include <charconv>
#include <functional>
#include <map>
#include <string_view>

#include "loadline/model/time.hpp"

namespace loadline::generate {
namespace {

using Apply = std::function<Result<void>(const std::string&)>;

Apply text(std::string& target) {
  return [&target](const std::string& value) -> Result<void> {
    target = value;
    return {};
  };
}

template <typename Number>
Apply number(Number& target) {
  return [&target](const std::string& value) -> Result<void> {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), target);
    if (error != std::errc{} || end != value.data() + value.size() || target < 1)
      return fail(ErrorKind::kInvalidInput, "\"" + value + "\" is no whole number above 0");
    return {};
  };
}

Apply duration(Ms& target) {
  return [&target](const std::string& value) -> Result<void> {
    const auto parsed = parse_duration(value);
    if (!parsed) return tl::unexpected<Error>(parsed.error());
    target = parsed->count();
    if (target < kSecond) return fail(ErrorKind::kInvalidInput, value + " is under a second");
    return {};
  };
}

Apply instant(Ms& target) {
  return [&target](const std::string& value) -> Result<void> {
    const auto parsed = parse_time(value);
    if (!parsed) return tl::unexpected<Error>(parsed.error());
    target = to_unix_ms(*parsed);
    return {};
  };
}

template <typename Choice>
Apply one_of(Choice& target, std::map<std::string, Choice> choices) {
  return [&target, choices](const std::string& value) -> Result<void> {
    const auto found = choices.find(value);
    if (found == choices.end())
      return fail(ErrorKind::kInvalidInput, "\"" + value + "\" is none of the choices; see --help");
    target = found->second;
    return {};
  };
}

std::map<std::string, Apply> option_table(Options& options) {
  return {
      {"--output", text(options.output)},
      {"--truth", text(options.truth)},
      {"--promtool", text(options.promtool)},
      {"--format", one_of<Format>(options.format, {{"tsdb", Format::kTsdb},
                                                   {"openmetrics", Format::kOpenMetrics},
                                                   {"victoriametrics", Format::kVictoriaMetrics},
                                                   {"none", Format::kNone}})},
      {"--timestamps",
       one_of<Timestamps>(options.timestamps,
                          {{"scrape", Timestamps::kScrape}, {"cadvisor", Timestamps::kCadvisor}})},
      {"--end", instant(options.end)},
      {"--window-start", instant(options.window_start)},
      {"--window-end", instant(options.window_end)},
      {"--days", number(options.days)},
      {"--interval", duration(options.interval)},
      {"--ksm-interval", duration(options.ksm_interval)},
      {"--workloads", number(options.workloads)},
      {"--seed", number(options.seed)},
      {"--jobs", number(options.jobs)}};
}

Result<void> apply(const std::map<std::string, Apply>& table, const std::string& name,
                   const std::string& value) {
  const auto found = table.find(name);
  if (found == table.end())
    return fail(ErrorKind::kInvalidInput, "unknown option " + name + "; see --help");
  auto applied = found->second(value);
  if (!applied) return fail_while(name, applied.error());
  return applied;
}

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments, Ms now) {
  Options options;
  options.end = now - now % kSecond;
  const auto table = option_table(options);
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size() && table.contains(arguments[i]))
      return fail(ErrorKind::kInvalidInput, arguments[i] + " needs a value");
    const std::string value = i + 1 < arguments.size() ? arguments[i + 1] : "";
    if (auto applied = apply(table, arguments[i], value); !applied)
      return tl::unexpected<Error>(applied.error());
  }
  if (options.output.empty() && options.format != Format::kNone)
    return fail(ErrorKind::kInvalidInput, "--output DIR is missing; see --help");
  options.start = options.end - options.end % kDay - options.days * kDay;
  if (options.window_start == 0) options.window_start = options.start;
  if (options.window_end == 0) options.window_end = options.end;
  return options;
}

std::string usage_text() {
  return R"(Usage: loadline-generate --output DIR [OPTION VALUE]...
Writes days of realistic cAdvisor and kube-state-metrics series of a made-up cluster.

  --output DIR           where to write; must be empty or absent
  --format FORMAT        tsdb (a Prometheus data directory, through promtool; the default),
                         openmetrics (the text), victoriametrics (lines for /api/v1/import),
                         none (for --truth alone)
  --truth FILE           write the exact quantiles, counts and requirements as JSON
  --days N               complete UTC days before the day of the end (14)
  --end TIME             RFC 3339 or Unix seconds (now)
  --window-start TIME    the truth is about the samples from here on (the start)
  --window-end TIME      up to here, this moment excluded (the end)
  --interval DURATION    of the cAdvisor scrapes (30s)
  --ksm-interval DURATION  of the kube-state-metrics scrapes (4m)
  --timestamps KIND      scrape (the default) or cadvisor (of its housekeeping)
  --workloads N          how many; the 25 shapes repeat (25)
  --seed N               another cluster (1)
  --promtool PATH        (promtool)
  --jobs N               promtool processes at a time (1)
)";
}

}  // namespace loadline::generate
