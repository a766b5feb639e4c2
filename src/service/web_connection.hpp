/// One client of the HTTP library: its request as a value, and the way back. The only place, beside
/// web.cpp, that knows the library.
#pragma once

#include <civetweb.h>

#include <chrono>
#include <cstddef>
#include <string_view>

#include "loadline/service/web.hpp"
#include "service/http.hpp"

namespace loadline::service {

HttpRequest request_of(const mg_connection& connection);
/// Whether the request lets the connection stay open, and is of HTTP/1.1.
bool wants_to_stay(const mg_connection& connection);
bool knows_chunks(const mg_connection& connection);

/// How writing went.
enum class Outcome {
  kSent,
  kGone,  ///< the reader closed
  kSlow,  ///< the reader was dropped
};

/// Writes to one connection and gives up on readers that take nothing or too little. One thread.
///
/// Implementation details: the library's write goes on for as long as anything moves, with at most
/// request_timeout between two steps. So slices are small, smaller once the reader has made us
/// wait, and the rate is looked at between them. It is that of the latest window of waiting, not of
/// the whole: the kernel takes the first megabytes for even the slowest reader.
class SocketWriter {
 public:
  SocketWriter(mg_connection& connection, const WebLimits& limits)
      : connection_(connection), limits_(limits) {}

  bool write(std::string_view bytes);
  /// As a chunk of a chunked body, in one piece; nothing for empty bytes, which would end the body.
  bool write_chunk(std::string_view bytes);
  bool end_chunks() { return write("0\r\n\r\n"); }
  [[nodiscard]] Outcome outcome() const { return outcome_; }

 private:
  bool write_slice(std::string_view slice);
  bool keeps_up(std::chrono::steady_clock::duration took, std::size_t bytes);

  mg_connection& connection_;
  const WebLimits& limits_;
  std::string frame_{};
  std::chrono::steady_clock::duration waited_{0};  ///< in the library's write
  std::chrono::steady_clock::duration window_waited_{0};
  std::size_t window_bytes_ = 0;
  Outcome outcome_ = Outcome::kSent;
};

/// Sends the whole answer, for HEAD its head. Closes the connection after an answer that is not
/// whole.
Outcome send_answer(mg_connection& connection, const HttpRequest& request, const HttpAnswer& answer,
                    Persistence persistence, const WebLimits& limits, TimePoint now);

}  // namespace loadline::service
