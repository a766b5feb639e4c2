/// Usage from a file instead of Prometheus: CSV rows of (namespace, pod, container, time, CPU,
/// memory) become the same day sketches, pod by pod (ProfileBy::kPod). docs/accuracy.md tells the
/// format.
///
/// The first line names the columns, in any order and any case; others than these are ignored:
///
///   namespace, pod, container   required; `cluster` may stand beside them
///   t (time, timestamp)         Unix seconds or RFC 3339
///   cpu, memory (mem)           at least one; with "_" the unit and what the value is of its
///                               interval: cpu_cores (what no unit means), cpu_mcores_mean,
///                               memory_bytes (what no unit means), mem_kib_max, memory_mib, ...
///                               (cores, mcores, millicores; bytes, kib, mib, gib, kb, mb, gb;
///                               mean, avg, max, peak)
///
/// Where several columns tell the same resource, CPU is taken from the mean, as a CPU usage sample
/// is a mean over its window, and memory from the maximum, as it is the maximum that kills. Values
/// are usage: no rates are made of them. An empty cell (or NaN) is no sample, zero memory is no
/// usage, a row without pod or container or with container POD is no container. Rows may come in
/// any order; the same row twice counts twice. Quotes per RFC 4180, a byte order mark, CRLF and
/// empty lines are fine.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "loadline/model/result.hpp"
#include "loadline/model/time.hpp"
#include "loadline/usage/profile.hpp"
#include "loadline/usage/read.hpp"

namespace loadline {

struct TraceOptions {
  ContainerSelection selection{};           ///< its namespaces; what else it says is Prometheus'
  TimePoint end = from_unix_ms(INT64_MAX);  ///< samples at or after are left out
};

struct TraceStats {
  std::uint64_t rows = 0;  ///< without the header and empty lines
  PerResource<std::uint64_t> samples{};
  std::uint64_t ignored_rows = 0;  ///< no container, POD, namespaces that are not chosen, too late
  std::uint64_t zero_memory_samples = 0;
  std::int64_t first_ms = 0;  ///< of the samples taken; both 0 without any
  std::int64_t last_ms = 0;
};

struct Trace {
  ProfileSet by_pod{};
  TraceStats stats{};
};

/// Reads to the end of `in`, line by line: what is in memory are the sketches and at most some tens
/// of megabytes of samples that wait for theirs. Every sample counts as expected, so that coverage
/// is whole. The first bad line ends it with kInvalidInput, naming `name`, the line, what is wrong
/// and what would be right; a stream that breaks is kInternal.
Result<Trace> read_trace(std::istream& in, const std::string& name, const TraceOptions& options);

}  // namespace loadline
