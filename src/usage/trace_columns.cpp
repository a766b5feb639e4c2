#include "usage/trace_columns.hpp"

#include <algorithm>
#include <array>

#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

/// Which of several columns of a resource is taken: the lower rank.
enum class Statistic { kMean, kUnsaid, kMax };

int rank(Resource resource, Statistic statistic) {
  constexpr std::array<int, 3> kCpu{0, 1, 2};
  constexpr std::array<int, 3> kMemory{2, 1, 0};
  const auto index = static_cast<std::size_t>(statistic);
  return resource == Resource::kCpu ? kCpu[index] : kMemory[index];
}

struct UnitName {
  std::string_view name{};
  Resource resource = Resource::kCpu;
  double unit = 1;
};

constexpr double kKi = 1024;
constexpr std::array<UnitName, 12> kUnits{{{"cores", Resource::kCpu, 1},
                                           {"mcores", Resource::kCpu, 1e-3},
                                           {"millicores", Resource::kCpu, 1e-3},
                                           {"ncores", Resource::kCpu, 1e-9},
                                           {"nanocores", Resource::kCpu, 1e-9},
                                           {"bytes", Resource::kMemory, 1},
                                           {"kib", Resource::kMemory, kKi},
                                           {"mib", Resource::kMemory, kKi* kKi},
                                           {"gib", Resource::kMemory, kKi* kKi* kKi},
                                           {"kb", Resource::kMemory, 1e3},
                                           {"mb", Resource::kMemory, 1e6},
                                           {"gb", Resource::kMemory, 1e9}}};

std::optional<Statistic> statistic_of(std::string_view word) {
  if (word == "mean" || word == "avg" || word == "average") return Statistic::kMean;
  if (word == "max" || word == "peak") return Statistic::kMax;
  return std::nullopt;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string_view take_word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('_'), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

struct Measure {
  Resource resource = Resource::kCpu;
  double unit = 1;
  Statistic statistic = Statistic::kUnsaid;
};

/// "cpu_mcores_mean" and its like; nullopt for a column of something else.
std::optional<Measure> measure_of(std::string_view name) {
  Measure measure;
  const std::string_view subject = take_word(name);
  if (subject == "memory" || subject == "mem") {
    measure.resource = Resource::kMemory;
  } else if (subject != "cpu") {
    return std::nullopt;
  }
  while (!name.empty()) {
    const std::string_view word = take_word(name);
    const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const UnitName& known) {
      return known.name == word && known.resource == measure.resource;
    });
    const std::optional<Statistic> statistic = statistic_of(word);
    if (unit != kUnits.end()) {
      measure.unit = unit->unit;
    } else if (statistic) {
      measure.statistic = *statistic;
    } else {
      return std::nullopt;
    }
  }
  return measure;
}

/// Fills in the columns, one name after the other.
class Header {
 public:
  Result<void> add(std::string_view name, std::size_t index) {
    const std::string lower = lower_case(name);
    for (Text& text : texts_) {
      const auto& names = text.names;
      if (std::find(names.begin(), names.end(), lower) == names.end()) continue;
      if (text.index) return twice(name);
      text.index = index;
      return {};
    }
    const std::optional<Measure> measure = measure_of(lower);
    return measure ? add(*measure, name, index) : Result<void>{};
  }

  Result<TraceColumns> finish(std::size_t count) const {
    for (const Text& text : texts_) {
      if (text.is_needed && !text.index) return lacks(std::string(text.names[0]));
    }
    TraceColumns columns{.cluster = texts_[0].index,
                         .namespace_name = *texts_[1].index,
                         .pod = *texts_[2].index,
                         .container = *texts_[3].index,
                         .time = *texts_[4].index,
                         .count = count};
    for (const Resource resource : kResources) columns.values[resource] = best_[resource].column;
    if (!columns.values[Resource::kCpu] && !columns.values[Resource::kMemory]) {
      return lacks("cpu or memory");
    }
    return columns;
  }

 private:
  struct Text {
    std::array<std::string_view, 3> names{};
    bool is_needed = true;
    std::optional<std::size_t> index{};
  };
  struct Best {
    std::optional<ValueColumn> column{};
    int rank = 0;
  };

  static tl::unexpected<Error> twice(std::string_view name) {
    return fail(ErrorKind::kInvalidInput, "the column " + printable(name) +
                                              " tells what another column tells already; leave "
                                              "one of them out");
  }

  static tl::unexpected<Error> lacks(const std::string& name) {
    return fail(ErrorKind::kInvalidInput,
                "no column " + name +
                    "; the first line must name the columns, e.g. "
                    "namespace,pod,container,t,cpu,memory, with commas between them");
  }

  Result<void> add(const Measure& measure, std::string_view name, std::size_t index) {
    Best& best = best_[measure.resource];
    const int own = rank(measure.resource, measure.statistic);
    if (best.column && best.rank == own) return twice(name);
    if (!best.column || own < best.rank) best = {ValueColumn{index, measure.unit}, own};
    return {};
  }

  std::array<Text, 5> texts_{{{{"cluster", "", ""}, false, {}},
                              {{"namespace", "ns", "namespace_name"}, true, {}},
                              {{"pod", "pod_name", "podname"}, true, {}},
                              {{"container", "container_name", "containername"}, true, {}},
                              {{"t", "time", "timestamp"}, true, {}}}};
  PerResource<Best> best_{};
};

}  // namespace

Result<TraceColumns> parse_trace_header(const std::vector<std::string_view>& names) {
  Header header;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;  // no alias is meant by an unnamed column
    if (Result<void> added = header.add(names[i], i); !added) {
      return tl::unexpected(added.error());
    }
  }
  return header.finish(names.size());
}

}  // namespace loadline
