#include "loadline/usage/trace.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "loadline/model/labels.hpp"
#include "loadline/usage/collector.hpp"
#include "usage/csv_reader.hpp"
#include "usage/sketch_accumulator.hpp"
#include "usage/trace_columns.hpp"

namespace loadline {
namespace {

/// Samples that wait for their sketch, of all containers together: 16 bytes each.
constexpr std::size_t kMostWaiting = std::size_t{1} << 21;

using Waiting = PerResource<std::vector<Sample>>;

/// One container of one pod.
struct Series {
  ContainerProfile* profile = nullptr;  ///< nullptr: not chosen
  Waiting waiting{};
};

/// Unix seconds without a fraction, the usual case, are read here; parse_time reads the rest.
std::optional<std::int64_t> whole_seconds(std::string_view text) {
  constexpr std::size_t kMostDigits = 11;
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  const bool is_whole = error == std::errc{} && stop == end && text.size() <= kMostDigits;
  return is_whole && seconds >= 0 ? std::optional(seconds * 1000) : std::nullopt;
}

Result<std::int64_t> time_of(std::string_view text) {
  if (const std::optional<std::int64_t> ms = whole_seconds(text)) return *ms;
  const Result<TimePoint> time = parse_time(text);
  if (!time) {
    return fail(ErrorKind::kInvalidInput,
                "\"" + printable(text, 60) +
                    "\" is no time; Unix seconds (no milliseconds) or RFC 3339 is expected");
  }
  return to_unix_ms(*time);
}

bool is_missing(std::string_view text) {
  constexpr std::size_t kNanLength = 3;
  return text.empty() || (text.size() == kNanLength && (text[0] == 'N' || text[0] == 'n') &&
                          (text[1] == 'a' || text[1] == 'A') && (text[2] == 'N' || text[2] == 'n'));
}

tl::unexpected<Error> no_usage(std::string_view text, Resource resource) {
  return fail(ErrorKind::kInvalidInput, "\"" + printable(text, 60) + "\" is no " +
                                            std::string(to_string(resource)) +
                                            " usage; a number from 0 up is expected");
}

/// nullopt where the cell tells nothing.
Result<std::optional<double>> value_of(std::string_view text, Resource resource, double unit) {
  if (is_missing(text)) return std::optional<double>();
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  value *= unit;
  if (error != std::errc{} || stop != end || !(value >= 0 && value < kUsageCeiling)) {
    return no_usage(text, resource);
  }
  return std::optional(value);
}

DayUsage& day_in(ResourceProfile& profile, std::int32_t day) {
  const auto at = std::ranges::lower_bound(profile.days, day, {}, &DayUsage::day);
  if (at != profile.days.end() && at->day == day) return *at;
  return *profile.days.insert(at, DayUsage{.day = day});
}

/// Rows to profiles.
class TraceFold {
 public:
  TraceFold(CsvReader& reader, const TraceColumns& columns, const TraceOptions& options)
      : reader_(reader), columns_(columns), options_(options) {}

  Result<void> add_row() {
    const auto& fields = reader_.fields();
    if (fields.size() != columns_.count) return count_differs(fields.size());
    ++trace_.stats.rows;
    const Result<std::int64_t> time = time_of(fields[columns_.time]);
    if (!time) return reader_.wrong(time.error().message);
    PerResource<std::optional<double>> values;
    for (const Resource resource : kResources) {
      const auto& column = columns_.values[resource];
      if (!column) continue;
      const auto value = value_of(fields[column->index], resource, column->unit);
      if (!value) return reader_.wrong(value.error().message);
      values[resource] = *value;
    }
    Series& series = series_of(fields);
    if (series.profile == nullptr || *time >= to_unix_ms(options_.end)) {
      ++trace_.stats.ignored_rows;
    } else {
      add(series, *time, values);
    }
    return {};
  }

  Trace take() {
    fold_all();
    return std::move(trace_);
  }

 private:
  [[nodiscard]] tl::unexpected<Error> count_differs(std::size_t count) const {
    return reader_.wrong(std::to_string(count) + " fields where the first line has " +
                         std::to_string(columns_.count));
  }

  Series& series_of(const std::vector<std::string_view>& fields) {
    name_.clear();
    const auto append = [this](std::string_view text) { name_.append(text).push_back('\0'); };
    if (columns_.cluster) append(fields[*columns_.cluster]);
    append(fields[columns_.namespace_name]);
    append(fields[columns_.pod]);
    append(fields[columns_.container]);
    if (last_ != nullptr && last_->first == name_) return last_->second;
    const auto [at, is_new] = series_.try_emplace(name_);
    last_ = &*at;
    if (is_new) at->second.profile = profile_of(fields);
    return at->second;
  }

  ContainerProfile* profile_of(const std::vector<std::string_view>& fields) {
    const std::string_view namespace_name = fields[columns_.namespace_name];
    const std::string_view container = fields[columns_.container];
    const PodKey pod{columns_.cluster ? std::string(fields[*columns_.cluster]) : "",
                     std::string(namespace_name), std::string(fields[columns_.pod])};
    const bool is_container = !container.empty() && container != "POD" && !pod.pod.empty();
    if (!is_container || !options_.selection.takes(namespace_name)) return nullptr;
    const ContainerKey key{pod_profile_key(pod), std::string(container)};
    ContainerProfile& profile = trace_.by_pod[key];
    profile.owner_source = OwnerSource::kPodName;
    return &profile;
  }

  void add(Series& series, std::int64_t time_ms, const PerResource<std::optional<double>>& values) {
    for (const Resource resource : kResources) {
      const std::optional<double>& value = values[resource];
      if (!value) continue;
      if (resource == Resource::kMemory && *value == 0) {
        ++trace_.stats.zero_memory_samples;
        continue;
      }
      count(resource, time_ms);
      series.waiting[resource].push_back({time_ms, *value});
      if (++waiting_ >= kMostWaiting) fold_all();
    }
  }

  void count(Resource resource, std::int64_t time_ms) {
    TraceStats& stats = trace_.stats;
    const bool is_first = stats.samples[Resource::kCpu] + stats.samples[Resource::kMemory] == 0;
    stats.first_ms = is_first ? time_ms : std::min(stats.first_ms, time_ms);
    stats.last_ms = is_first ? time_ms : std::max(stats.last_ms, time_ms);
    ++stats.samples[resource];
  }

  void fold_all() {
    for (auto& [name, series] : series_) {
      if (series.profile == nullptr) continue;
      for (const Resource resource : kResources) {
        fold(series.waiting[resource], series.profile->resources[resource]);
      }
    }
    waiting_ = 0;
  }

  /// Sorted by time, so that each day is one batch.
  void fold(std::vector<Sample>& samples, ResourceProfile& profile) {
    if (!std::ranges::is_sorted(samples, {}, &Sample::t_ms)) {
      std::ranges::sort(samples, {}, &Sample::t_ms);
    }
    for (auto begin = samples.begin(); begin != samples.end();) {
      const std::int32_t day = utc_day(from_unix_ms(begin->t_ms));
      const auto end = std::ranges::lower_bound(
          begin, samples.end(), to_unix_ms(start_of_day(day + 1)), {}, &Sample::t_ms);
      fold_day(std::span<const Sample>(begin, end), day_in(profile, day));
      begin = end;
    }
    samples = {};
  }

  void fold_day(std::span<const Sample> samples, DayUsage& day) {
    const bool is_first = day.scrapes_seen == 0;
    const std::int64_t first_ms = samples.front().t_ms;
    const std::int64_t last_ms = samples.back().t_ms;
    day.first_ms = is_first ? first_ms : std::min(day.first_ms, first_ms);
    day.last_ms = is_first ? last_ms : std::max(day.last_ms, last_ms);
    day.scrapes_seen += static_cast<std::uint32_t>(samples.size());
    day.scrapes_expected = day.scrapes_seen;
    accumulator_(samples);
    accumulator_.flush_into(day.sketch);
  }

  CsvReader& reader_;
  const TraceColumns& columns_;
  const TraceOptions& options_;
  Trace trace_{};
  std::unordered_map<std::string, Series> series_{};
  std::pair<const std::string, Series>* last_ = nullptr;
  std::string name_{};
  std::size_t waiting_ = 0;
  SketchAccumulator accumulator_{};
};

}  // namespace

Result<Trace> read_trace(std::istream& in, const std::string& name, const TraceOptions& options) {
  CsvReader reader(in, name);
  Result<bool> has_header = reader.next();
  if (!has_header) return tl::unexpected(has_header.error());
  const Result<TraceColumns> columns = parse_trace_header(reader.fields());
  if (!columns) return reader.wrong(columns.error().message);
  TraceFold fold(reader, *columns, options);
  for (;;) {
    const Result<bool> more = reader.next();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return fold.take();
    if (Result<void> added = fold.add_row(); !added) return tl::unexpected(added.error());
  }
}

}  // namespace loadline
