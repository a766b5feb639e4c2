/// The command line of loadline-generate as a plain struct.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loadline/model/result.hpp"
#include "support/generate/load.hpp"

namespace loadline::generate {

enum class Format {
  kTsdb,             ///< a Prometheus data directory, through promtool
  kOpenMetrics,      ///< the text promtool would read, one file a block
  kVictoriaMetrics,  ///< JSON lines for POST /api/v1/import, one file a block
  kNone,             ///< no series; for the truth alone
};

/// Which time a sample carries.
enum class Timestamps {
  kScrape,    ///< the scrape's (honor_timestamps: false)
  kCadvisor,  ///< that of cAdvisor's last housekeeping (honor_timestamps: true)
};

struct Options {
  std::string output{};
  std::string truth{};  ///< file; empty: not written
  std::string promtool = "promtool";
  Format format = Format::kTsdb;
  Timestamps timestamps = Timestamps::kScrape;
  Ms start = 0;  ///< midnight UTC `days` before the day of `end`
  Ms end = 0;
  Ms window_start = 0;  ///< the truth is about samples in [window_start, window_end); 0: start
  Ms window_end = 0;    ///< 0: end
  int days = 14;
  Ms interval = 30 * kSecond;
  Ms ksm_interval = 4 * kMinute;
  std::size_t workloads = 25;
  std::uint64_t seed = 1;
  std::size_t jobs = 1;  ///< promtool processes at a time, beside the writing of the next block
};

/// Fails with kInvalidInput on an unknown option or a value that does not parse. `now` is the
/// default end, cut to the second.
Result<Options> parse_options(const std::vector<std::string>& arguments, Ms now);
/// What --help prints.
std::string usage_text();

}  // namespace loadline::generate
