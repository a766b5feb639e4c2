#include "loadline/prometheus/source.hpp"

#include <algorithm>
#include <cassert>

namespace loadline {

ReadStats& ReadStats::operator+=(const ReadStats& other) {
  samples += other.samples;
  series += other.series;
  bytes += other.bytes;
  requests += other.requests;
  out_of_order += other.out_of_order;
  skipped_chunks += other.skipped_chunks;
  for (const std::string& warning : other.warnings) {
    // Every piece of a read repeats the same warning.
    if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
      warnings.push_back(warning);
    }
  }
  return *this;
}

std::string_view to_string(ReadPath path) {
  switch (path) {
    case ReadPath::kRemoteReadStreamed:
      return "remote-read";
    case ReadPath::kRemoteReadSamples:
      return "remote-read-samples";
    case ReadPath::kQuery:
      return "query";
    case ReadPath::kVictoriaMetricsExport:
      return "export";
  }
  assert(false);
  return "";
}

}  // namespace loadline
