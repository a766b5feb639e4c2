#include <utility>

#include "loadline/prometheus/sources.hpp"
#include "prometheus/chunk_frames.hpp"
#include "prometheus/chunk_series.hpp"
#include "prometheus/pieces.hpp"
#include "prometheus/remote_read_messages.hpp"
#include "prometheus/remote_read_probe.hpp"
#include "prometheus/sample_run.hpp"

namespace loadline {
namespace {

constexpr std::string_view kStreamedType = "application/x-streamed-protobuf";
constexpr std::string_view kSampledType = "application/x-protobuf";

HttpRequest read_request(const Selection& selection, RemoteReadAnswer accepted) {
  return HttpRequest{.method = HttpMethod::kPost,
                     .path = "/api/v1/read",
                     .headers = {{"Content-Type", "application/x-protobuf"},
                                 {"Content-Encoding", "snappy"},
                                 {"X-Prometheus-Remote-Read-Version", "0.1.0"}},
                     .body = encode_read_request(selection, accepted)};
}

bool has_type(const HttpResponse& response, std::string_view type) {
  return response.content_type.starts_with(type);
}

bool succeeded(const HttpResponse& response) {
  return response.status / 100 == 2;
}

/// Decodes while the body arrives: what is in memory is one frame.
class StreamedBody final : public BodySink {
 public:
  StreamedBody(TimeRange range, SeriesSink& sink) : range_(range), sink_(sink) {}

  Result<void> on_start(const HttpResponse& head) override {
    if (!has_type(head, kStreamedType))
      return fail(ErrorKind::kUnsupported, "remote read answers with " +
                                               printable(head.content_type) +
                                               " instead of streamed chunks");
    frames_.reset();
    series_.reset();
    series_.emplace(range_, sink_);
    return {};
  }
  Result<void> on_data(std::span<const std::byte> data) override { return frames_.feed(data); }

  Result<ReadStats> finish() {
    if (auto whole = frames_.finish(); !whole) return tl::unexpected(std::move(whole).error());
    if (!series_) return ReadStats{};
    series_->close();
    return series_->stats();
  }

 private:
  TimeRange range_;
  SeriesSink& sink_;
  std::optional<ChunkSeries> series_{};
  ChunkFrames frames_{[this](std::span<const std::byte> message) {
    return for_each_chunked_series(
        message, [this](const ChunkedSeriesView& series) { return series_->take(series); });
  }};
};

class RemoteReadSource final : public SeriesSource {
 public:
  explicit RemoteReadSource(HttpTransport& transport) : transport_(transport) {}

  Result<ReadStats> read(const Selection& selection, SeriesSink& sink) override {
    StreamedBody body(selection.range, sink);
    auto response =
        transport_.stream(read_request(selection, RemoteReadAnswer::kStreamedXorChunks), body);
    if (!response) return fail_while("remote read", std::move(response).error());
    if (!succeeded(*response)) return tl::unexpected(error_of(*response, "remote read"));
    auto stats = body.finish();
    if (!stats) return fail_while("remote read", std::move(stats).error());
    stats->bytes += response->wire_bytes;
    ++stats->requests;
    return stats;
  }
  [[nodiscard]] ReadPath path() const override { return ReadPath::kRemoteReadStreamed; }

 private:
  HttpTransport& transport_;
};

/// Answers come whole, so the selection is cut into pieces of a bounded size.
class RemoteReadSamplesSource final : public SeriesSource {
 public:
  RemoteReadSamplesSource(HttpTransport& transport, QueryApi& api, PieceLimits limits)
      : transport_(transport), api_(api), limits_(limits) {}

  Result<ReadStats> read(const Selection& selection, SeriesSink& sink) override {
    if (selection.range.empty()) return ReadStats{};
    const Result<std::uint64_t> series = estimate_series(api_, selection);
    if (!series) return tl::unexpected<Error>(series.error());
    return read_in_pieces(
        selection.range, piece_length(*series, limits_), limits_.scrape_interval,
        [&](TimeRange piece) {
          return read_piece({selection.matchers, piece}, sink, piece_body_bytes(*series, limits_));
        });
  }
  [[nodiscard]] ReadPath path() const override { return ReadPath::kRemoteReadSamples; }

 private:
  Result<ReadStats> read_piece(const Selection& piece, SeriesSink& sink, std::size_t max_bytes);

  HttpTransport& transport_;
  QueryApi& api_;
  PieceLimits limits_;
};

Result<ReadStats> RemoteReadSamplesSource::read_piece(const Selection& piece, SeriesSink& sink,
                                                      std::size_t max_bytes) {
  HttpRequest request = read_request(piece, RemoteReadAnswer::kSamples);
  request.max_body_bytes = max_bytes;
  const auto response = transport_.send(request);
  if (!response) return fail_while("remote read", response.error());
  if (!succeeded(*response)) return tl::unexpected(error_of(*response, "remote read"));
  if (!has_type(*response, kSampledType))
    return fail(
        ErrorKind::kUnsupported,
        "remote read answers with " + printable(response->content_type) + " instead of samples");
  const auto message = snappy_uncompress(response->body, max_bytes);
  if (!message) return fail_while("remote read", message.error());
  SampleRuns runs(sink, piece.range);
  const auto read = for_each_sampled_series(
      *message, [&](const Labels& labels, const std::vector<Sample>& samples) {
        runs.begin(labels);
        for (const Sample& sample : samples) runs.add(sample);
      });
  if (!read) return fail_while("remote read", read.error());
  runs.end();
  ReadStats stats = runs.stats();
  stats.bytes = response->wire_bytes;
  stats.requests = 1;
  return stats;
}

/// Keeps the head of a successful answer and throws its body away.
class HeadOnly final : public BodySink {
 public:
  Result<void> on_start(const HttpResponse& head) override {
    head_ = head;
    return {};
  }
  Result<void> on_data(std::span<const std::byte> /*data*/) override { return {}; }
  [[nodiscard]] const HttpResponse& head() const { return head_; }

 private:
  HttpResponse head_{};
};

}  // namespace

std::unique_ptr<SeriesSource> make_remote_read_source(HttpTransport& transport) {
  return std::make_unique<RemoteReadSource>(transport);
}

std::unique_ptr<SeriesSource> make_remote_read_samples_source(HttpTransport& transport,
                                                              QueryApi& api, PieceLimits limits) {
  return std::make_unique<RemoteReadSamplesSource>(transport, api, limits);
}

Result<std::optional<ReadPath>> probe_remote_read(HttpTransport& transport,
                                                  const std::vector<Matcher>& extra,
                                                  TimePoint now) {
  // No such series: a real one would come with whole chunks of the whole cluster.
  Selection nothing{.matchers = {{.name = "__name__", .value = "loadline_remote_read_probe"}},
                    .range = {now - std::chrono::seconds(1), now}};
  nothing.matchers.insert(nothing.matchers.end(), extra.begin(), extra.end());
  HeadOnly answer;
  const auto response =
      transport.stream(read_request(nothing, RemoteReadAnswer::kStreamedXorChunks), answer);
  if (!response) return tl::unexpected(response.error());
  if (!succeeded(*response)) return std::nullopt;
  if (has_type(answer.head(), kStreamedType)) return ReadPath::kRemoteReadStreamed;
  if (has_type(answer.head(), kSampledType)) return ReadPath::kRemoteReadSamples;
  return std::nullopt;
}

}  // namespace loadline
