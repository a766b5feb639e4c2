/// loadline-generate: days of a made-up cluster's series, with the truth about them. The series are
/// described in shapes.hpp.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "loadline/model/time.hpp"
#include "support/generate/blocks.hpp"
#include "support/generate/cluster.hpp"
#include "support/generate/options.hpp"
#include "support/generate/text_writers.hpp"
#include "support/generate/truth.hpp"

namespace {

using namespace loadline;
using namespace loadline::generate;
namespace fs = std::filesystem;

Result<void> prepare(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    return fail(ErrorKind::kInternal, "cannot create " + directory + ": " + error.message());
  if (!fs::is_empty(directory, error) || error)
    return fail(ErrorKind::kInvalidInput,
                directory + " is not empty; pass another --output or remove it first");
  return {};
}

std::string file_of_block(const Options& options, Ms from) {
  const bool json = options.format == Format::kVictoriaMetrics;
  return options.output + "/block-" + std::to_string(from / kBlock) + (json ? ".jsonl" : ".om");
}

Result<std::uint64_t> write_block(BlockWriter& blocks, const Options& options, Ms limit,
                                  const std::string& path) {
  auto file = TextFile::create(path);
  if (!file) return tl::unexpected<Error>(file.error());
  const auto writer = make_writer(options.format, **file);
  const std::uint64_t samples = blocks.write(limit, *writer);
  (*file)->buffer() += ending_of(options.format);
  if (auto closed = (*file)->close(); !closed) return tl::unexpected<Error>(closed.error());
  return samples;
}

void say(const char* what, Ms at, std::uint64_t samples) {
  std::fprintf(stderr, "%s %s, %.1f million samples\n", what,
               format_rfc3339(from_unix_ms(at)).c_str(), static_cast<double>(samples) / 1e6);
}

Result<void> write_blocks(const Cluster& cluster, const Options& options) {
  BlockWriter blocks(cluster, options);
  Promtool promtool(options.promtool, options.output, options.jobs);
  std::uint64_t samples = 0;
  for (Ms from = options.start - options.start % kBlock; from < options.end; from += kBlock) {
    const std::string path = file_of_block(options, from);
    const Ms limit = std::min(from + kBlock, options.end);
    const auto written = write_block(blocks, options, limit, path);
    if (!written) return tl::unexpected<Error>(written.error());
    samples += *written;
    say("written up to", limit, samples);
    if (options.format != Format::kTsdb) continue;
    if (auto added = promtool.add(path); !added) return added;
  }
  return promtool.wait_for_all();
}

Result<void> write_series(const Cluster& cluster, const Options& options) {
  if (options.format == Format::kNone) return {};
  if (auto prepared = prepare(options.output); !prepared) return prepared;
  return write_blocks(cluster, options);
}

Result<void> generate_all(const Options& options) {
  Cluster cluster = make_cluster(options);
  const Window range{.start = options.start, .end = options.end};
  settle_requirements(cluster, measure(cluster, options.timestamps, range));
  if (auto written = write_series(cluster, options); !written) return written;
  if (options.truth.empty()) return {};
  const Window window{.start = options.window_start, .end = options.window_end};
  return write_truth(options.truth, cluster, measure(cluster, options.timestamps, window), options);
}

int report(const Error& error) {
  std::fprintf(stderr, "loadline-generate: %s\n", error.message.c_str());
  return error.kind == ErrorKind::kInvalidInput ? 2 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (argc == 2 && arguments[0] == "--help") {
    std::fputs(usage_text().c_str(), stdout);
    return 0;
  }
  const auto now = std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
  const auto options = parse_options(arguments, to_unix_ms(now));
  if (!options) return report(options.error());
  const auto done = generate_all(*options);
  return done ? 0 : report(done.error());
}
