/// A request and an answer as values, so that routes need no server to be tested.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loadline/model/time.hpp"
#include "loadline/publish/metrics.hpp"

namespace loadline::service {

enum class HasBody { kNo, kYes };

struct HttpRequest {
  std::string method{"GET"};
  std::string path{};   ///< as sent: percent signs and dots stand
  std::string query{};  ///< behind the question mark, as sent
  std::string accept{};
  std::string if_none_match{};
  std::string authorization{};
  HasBody body = HasBody::kNo;
};

/// What an answer costs while it is being written: of the dear ones only a few may be under way.
enum class Weight { kLight, kMetrics, kReport };

struct HttpAnswer {
  int status = 200;
  std::string_view handler{"other"};  ///< the word under which it is counted
  std::string content_type{"text/plain; charset=utf-8"};
  std::vector<std::pair<std::string, std::string>> headers{};  ///< beside those of every answer
  std::string body{};
  /// Instead of `body`: writes piece by piece. False: the reader has gone, or the rest cannot be
  /// made; the connection must be cut then, so that nobody takes the part for the whole.
  std::function<bool(const WritePiece&)> stream{};
  Weight weight = Weight::kLight;
};

/// {"error": {"status": 404, "message": "..."}}, with the parameter at fault where one is named.
HttpAnswer error_answer(int status, std::string_view message, std::string_view parameter = {});
/// 503, with a Retry-After.
HttpAnswer busy_answer(std::string_view message, int retry_after_seconds);

enum class Framing { kLength, kChunked, kUntilClose };
enum class Persistence { kKeepAlive, kClose };

/// The status line and all headers, to the empty line. `now` is the Date.
std::string head_of(const HttpAnswer& answer, Framing framing, Persistence persistence,
                    TimePoint now);

/// A header's value without what could end it: control bytes are left out.
std::string header_value(std::string_view text);

/// "Tue, 24 Nov 2026 16:20:57 GMT".
std::string http_date(TimePoint time);

}  // namespace loadline::service
