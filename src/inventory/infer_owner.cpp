#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

#include "inventory/owner_names.hpp"
#include "loadline/inventory/inventory.hpp"

namespace loadline {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// Source: apimachinery pkg/util/rand: the alphabet of String(5), which ends a pod's name.
constexpr std::string_view kRandomAlphabet = "bcdfghjklmnpqrstvwxz2456789";
constexpr std::size_t kRandomLength = 5;
// A pod-template hash is a 32-bit number in decimal, each digit mapped into that alphabet by
// SafeEncodeString: only ten of its characters can occur. Fewer than six digits come once in 43,000
// hashes, but are how people number things.
constexpr std::string_view kHashAlphabet = "456789bcdf";
constexpr std::size_t kHashLongest = 10;
constexpr std::size_t kHashShortest = 6;
constexpr std::string_view kDigits = "0123456789";
// generateName is cut so that name and random end fit a DNS label.
constexpr std::size_t kLongestPodName = 63;

bool consists_of(std::string_view text, std::string_view alphabet) {
  return !text.empty() && text.find_first_not_of(alphabet) == kNone;
}

struct Split {
  std::string_view front{};
  std::string_view end{};  ///< behind the last dash
};

/// nullopt where one side of the last dash is empty.
std::optional<Split> split_at_last_dash(std::string_view name) {
  const std::size_t dash = name.rfind('-');
  if (dash == kNone || dash == 0 || dash + 1 == name.size()) return std::nullopt;
  return Split{name.substr(0, dash), name.substr(dash + 1)};
}

std::optional<std::string_view> without_hash(std::string_view name, std::size_t shortest) {
  const auto split = split_at_last_dash(name);
  if (!split || split->end.size() < shortest || split->end.size() > kHashLongest ||
      !consists_of(split->end, kHashAlphabet)) {
    return std::nullopt;
  }
  return split->front;
}

/// Whether the digits are an instant of 2010 to 2045, in minutes or in seconds. No hash looks so:
/// its alphabet lacks 0 to 3, with which all of these begin.
bool is_schedule_time(std::string_view digits) {
  constexpr std::int64_t kFirstMinute = 21'000'000;
  constexpr std::int64_t kLastMinute = 39'999'999;
  if (!consists_of(digits, kDigits) || digits.size() > 10) return false;
  std::int64_t time = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), time);
  if (digits.size() == 10) time /= 60;
  return time >= kFirstMinute && time <= kLastMinute;
}

/// A word of the name says so, or a number too long for anything but a run.
bool is_called_job(std::string_view name) {
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('-'), name.size());
    const std::string_view word = name.substr(0, end);
    if (word == "job" || word == "jobs" || (word.size() >= 6 && consists_of(word, kDigits))) {
      return true;
    }
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

struct Guess {
  std::string_view kind{};
  std::string_view name{};
};

/// For the pods that a controller names `<generated-from>-<random>`.
Guess from_generated(std::string_view generated_from) {
  if (const auto name = without_template_hash(generated_from)) return {"Deployment", *name};
  if (const auto name = without_schedule_time(generated_from)) return {"CronJob", *name};
  return {is_called_job(generated_from) ? "Job" : "DaemonSet", generated_from};
}

/// A name of full length lost its dash, and perhaps a part of the hash, to the random end.
std::optional<Guess> from_cut(std::string_view pod) {
  if (pod.size() != kLongestPodName) return std::nullopt;
  const std::size_t cut = kLongestPodName - kRandomLength;
  if (!consists_of(pod.substr(cut), kRandomAlphabet)) return std::nullopt;
  const auto name = without_hash(pod.substr(0, cut), 1);
  if (!name) return std::nullopt;
  return Guess{"Deployment", *name};
}

Guess guess_owner(std::string_view pod) {
  constexpr std::size_t kLongestOrdinal = 4;
  const auto split = split_at_last_dash(pod);
  if (split && split->end.size() == kRandomLength && consists_of(split->end, kRandomAlphabet)) {
    return from_generated(split->front);
  }
  if (const auto cut = from_cut(pod)) return *cut;
  const bool is_ordinal = split && split->end.size() <= kLongestOrdinal &&
                          consists_of(split->end, kDigits) &&
                          (split->end.size() == 1 || split->end.front() != '0');
  return is_ordinal ? Guess{"StatefulSet", split->front} : Guess{"Pod", pod};
}

}  // namespace

std::optional<std::string_view> without_template_hash(std::string_view replicaset) {
  return without_hash(replicaset, kHashShortest);
}

std::optional<std::string_view> without_schedule_time(std::string_view job) {
  const auto split = split_at_last_dash(job);
  if (!split || !is_schedule_time(split->end)) return std::nullopt;
  return split->front;
}

WorkloadKey infer_owner(const PodKey& pod) {
  const Guess guess = guess_owner(pod.pod);
  return {pod.cluster, pod.namespace_name, std::string(guess.kind), std::string(guess.name)};
}

}  // namespace loadline
