#include <atomic>
#include <cassert>
#include <utility>

#include "loadline/prometheus/sources.hpp"
#include "prometheus/build_info.hpp"
#include "prometheus/remote_read_probe.hpp"

namespace loadline {
namespace {

/// Adds the user's matchers to what a source that knows nothing of them is asked.
class WithMatchers final : public SeriesSource {
 public:
  WithMatchers(std::unique_ptr<SeriesSource> inner, std::vector<Matcher> extra)
      : inner_(std::move(inner)), extra_(std::move(extra)) {}

  Result<ReadStats> read(const Selection& selection, SeriesSink& sink) override {
    Selection narrowed = selection;
    narrowed.matchers.insert(narrowed.matchers.end(), extra_.begin(), extra_.end());
    return inner_->read(narrowed, sink);
  }
  [[nodiscard]] ReadPath path() const override { return inner_->path(); }

 private:
  std::unique_ptr<SeriesSource> inner_;
  std::vector<Matcher> extra_;
};

std::unique_ptr<SeriesSource> with_matchers(std::unique_ptr<SeriesSource> source,
                                            const QueryApi& api) {
  if (api.extra_matchers().empty()) return source;
  return std::make_unique<WithMatchers>(std::move(source), api.extra_matchers());
}

/// Streamed chunks until a chunk turns up in an encoding that this version cannot decode; from then
/// on the server is asked for samples instead.
class StreamedElseSamples final : public SeriesSource {
 public:
  StreamedElseSamples(std::unique_ptr<SeriesSource> streamed, std::unique_ptr<SeriesSource> samples)
      : streamed_(std::move(streamed)), samples_(std::move(samples)) {}

  Result<ReadStats> read(const Selection& selection, SeriesSink& sink) override {
    if (!unsupported_) {
      Result<ReadStats> stats = streamed_->read(selection, sink);
      if (stats || stats.error().kind != ErrorKind::kUnsupported) return stats;
      unsupported_ = true;
    }
    return samples_->read(selection, sink);
  }
  [[nodiscard]] ReadPath path() const override {
    return unsupported_ ? samples_->path() : streamed_->path();
  }

 private:
  std::unique_ptr<SeriesSource> streamed_;
  std::unique_ptr<SeriesSource> samples_;
  std::atomic<bool> unsupported_{false};
};

ChosenPath remote_read(ReadPath path) {
  if (path == ReadPath::kRemoteReadStreamed) {
    return {path, "the server streams its chunks by remote read, the fastest way"};
  }
  return {path, "the server speaks remote read but does not stream chunks"};
}

/// The query API, if it answers at all.
Result<ChosenPath> query_path(QueryApi& api, TimePoint now, std::string why) {
  const Result<std::vector<InstantSample>> answer = api.instant("vector(1)", now);
  if (!answer) return tl::unexpected<Error>(answer.error());
  return ChosenPath{ReadPath::kQuery, std::move(why)};
}

}  // namespace

Result<ChosenPath> choose_read_path(HttpTransport& transport, QueryApi& api,
                                    std::optional<ReadPath> forced, TimePoint now) {
  if (forced) return ChosenPath{*forced, "asked for in the configuration or by --read-path"};
  const Result<std::optional<ReadPath>> probed =
      probe_remote_read(transport, api.extra_matchers(), now);
  if (!probed) {
    if (probed.error().kind == ErrorKind::kCancelled) return tl::unexpected<Error>(probed.error());
    // A proxy may let queries pass and nothing else: what counts is whether those do.
    return query_path(api, now, "remote read failed (" + probed.error().message + ")");
  }
  if (*probed) return remote_read(**probed);
  const Result<bool> exports = speaks_export(transport, api.extra_matchers(), now);
  if (!exports && exports.error().kind == ErrorKind::kCancelled) {
    return tl::unexpected<Error>(exports.error());
  }
  if (exports && *exports) {
    return ChosenPath{ReadPath::kVictoriaMetricsExport,
                      "the server has no remote read but VictoriaMetrics' export of raw samples"};
  }
  return query_path(api, now, "the server answers neither remote read nor VictoriaMetrics' export");
}

std::unique_ptr<SeriesSource> make_source(ReadPath path, HttpTransport& transport, QueryApi& api,
                                          PieceLimits limits) {
  switch (path) {
    case ReadPath::kRemoteReadStreamed:
      return with_matchers(std::make_unique<StreamedElseSamples>(
                               make_remote_read_source(transport),
                               make_remote_read_samples_source(transport, api, limits)),
                           api);
    case ReadPath::kRemoteReadSamples:
      return with_matchers(make_remote_read_samples_source(transport, api, limits), api);
    case ReadPath::kQuery:
      return make_query_source(api, limits);
    case ReadPath::kVictoriaMetricsExport:
      return with_matchers(make_export_source(transport), api);
  }
  assert(false);
  return nullptr;
}

}  // namespace loadline
