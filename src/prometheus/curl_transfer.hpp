/// One answer while it arrives: what libcurl's callbacks fill.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>

#include "loadline/model/result.hpp"
#include "loadline/model/time.hpp"
#include "loadline/prometheus/http.hpp"
#include "prometheus/curl_handle.hpp"

namespace loadline {

inline constexpr std::size_t kMaxErrorBodyBytes = std::size_t{64} << 10;

/// Why a transfer was ended by loadline itself.
enum class Stop { kNone, kSink, kTooLarge, kErrorBodyKept, kStalled, kCancelled };

/// Lives on the stack of the request, which libcurl's callbacks point to: neither copied nor moved.
///
/// Bytes go from libcurl's buffer straight to the sink. No exception crosses libcurl's C frames:
/// one of the sink is kept and thrown again by `finish`.
class CurlTransfer {
 public:
  /// A body of at most `max_body_bytes` goes into the answer. A request on `cancel` ends it.
  CurlTransfer(CURL* handle, std::size_t max_body_bytes, std::stop_token cancel)
      : handle_(handle), max_body_bytes_(max_body_bytes), cancel_(std::move(cancel)) {}
  /// A 2xx body goes to `sink`; the transfer ends when nothing moves for `stall_timeout`.
  CurlTransfer(CURL* handle, BodySink& sink, Milliseconds stall_timeout, std::stop_token cancel)
      : handle_(handle), sink_(&sink), stall_timeout_(stall_timeout), cancel_(std::move(cancel)) {}
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  void install(CurlOptions& options);
  /// After the transfer: completes the answer, starts the sink for an empty 2xx body, throws what
  /// the sink threw.
  void finish(CURLcode code);

  [[nodiscard]] Stop stop() const { return stop_; }
  [[nodiscard]] HttpResponse& response() { return response_; }
  /// The sink's, where stop() is kSink.
  [[nodiscard]] const Error& sink_error() const { return sink_error_; }

 private:
  using Clock = std::chrono::steady_clock;

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up);

  /// Notes what moved; whether nothing did for the stall time-out.
  bool has_stalled(curl_off_t moved);
  [[nodiscard]] bool is_success() const {
    return response_.status >= 200 && response_.status < 300;
  }
  bool accept(std::span<const std::byte> data);
  bool begin();
  void read_head();
  bool keep(std::span<const std::byte> data);
  void make_room(std::size_t bytes);
  bool keep_error(std::span<const std::byte> data);
  bool end_with(Stop stop);
  bool end_with_sink_error(Error error);

  CURL* handle_ = nullptr;
  BodySink* sink_ = nullptr;
  std::size_t max_body_bytes_ = 0;
  Milliseconds stall_timeout_{0};
  std::stop_token cancel_{};
  Clock::time_point last_move_ = Clock::now();
  curl_off_t moved_ = 0;
  HttpResponse response_{};
  bool begun_ = false;
  Stop stop_ = Stop::kNone;
  Error sink_error_{};
  std::exception_ptr exception_{};
};

}  // namespace loadline
