/// Writes the generated range block by block, and lets promtool make TSDB blocks of the text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "loadline/model/result.hpp"
#include "support/generate/cluster.hpp"
#include "support/generate/kube_state.hpp"
#include "support/generate/simulate.hpp"
#include "support/generate/text_writers.hpp"

namespace loadline::generate {

/// The third size of Prometheus' blocks (2 h, 6 h, 18 h), aligned to the epoch as it aligns them.
inline constexpr Ms kBlock = 18 * kHour;

/// Writes ranges one after the other; keeps the state of every run between them.
class BlockWriter {
 public:
  /// `cluster` must outlive the writer.
  BlockWriter(const Cluster& cluster, const Options& options);

  /// All series up to `limit`, from where the last call ended. Returns the number of samples.
  std::uint64_t write(Ms limit, SeriesWriter& writer);

 private:
  struct Source {
    const Workload* workload = nullptr;
    const Pod* pod = nullptr;
    const Run* run = nullptr;
    std::unique_ptr<RunSimulator> simulator{};
  };

  std::uint64_t write_run(Source& source, Ms limit, SeriesWriter& writer);
  std::uint64_t write_steps(const StepSeries& series, Ms limit, SeriesWriter& writer);

  const Cluster& cluster_;
  Timestamps timestamps_ = Timestamps::kScrape;
  std::vector<Source> sources_{};  ///< of runs that have not ended, by start
  std::vector<StepSeries> steps_{};
  ScrapeSchedule ksm_;
  Ms from_ = 0;
  std::vector<Scrape> scrapes_{};
};

/// Runs promtool on finished files while the next is written.
class Promtool {
 public:
  Promtool(std::string program, std::string data_dir, std::size_t jobs);
  ~Promtool();
  Promtool(const Promtool&) = delete;
  Promtool& operator=(const Promtool&) = delete;

  /// Takes the file over: it is deleted once its block stands in the data directory. Waits while
  /// `jobs` are running; fails if one of them failed.
  Result<void> add(const std::string& text_file);
  Result<void> wait_for_all();

 private:
  struct Job {
    int pid = 0;
    std::string text_file{};
    std::string work_dir{};
  };

  Result<void> wait_for_first();
  Result<void> adopt(const Job& job);

  std::string program_{};
  std::string data_dir_{};
  std::size_t jobs_ = 1;
  std::vector<Job> running_{};
};

}  // namespace loadline::generate
