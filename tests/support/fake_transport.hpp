/// An HttpTransport without a network: canned answers chosen by path and by what the request says,
/// and a record of all requests. Thread-safe.
///
///   FakeTransport http;
///   http.on("/api/v1/query", "kube_pod_owner", {.body = R"({"status":"success",...})"});
///   http.on("/api/v1/series", {.status = 503, .times = 1});   // once, then the next rule
#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loadline/prometheus/http.hpp"

namespace loadline::test {

/// Percent-decoded, `+` as a space: what a form or a query string means.
inline std::string url_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      decoded += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

/// The decoded value of a parameter in the query string or the form body; "" where it is absent.
inline std::string parameter(const HttpRequest& request, std::string_view name) {
  std::string rest = request.query + "&" + request.body;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string pair = rest.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string::npos && url_decode(pair.substr(0, equals)) == name) {
      return url_decode(pair.substr(equals + 1));
    }
    rest.erase(0, end + 1);
  }
  return {};
}

struct CannedAnswer {
  int status = 200;
  std::string body{};
  std::string content_type = "application/json";
  std::optional<Milliseconds> retry_after{};
  std::optional<Error> error{};  ///< instead of an answer
  std::size_t chunk_bytes = 0;   ///< pieces in which `stream` hands over the body; 0: all at once
  /// `stream` fails with kUnreachable after so many bytes of the body.
  std::size_t break_after = std::numeric_limits<std::size_t>::max();
  int times = -1;  ///< serves so many requests, then the next matching rule does; -1: all
};

class FakeTransport final : public HttpTransport {
 public:
  using Handler = std::function<CannedAnswer(const HttpRequest&)>;

  /// Answers requests for `path` whose decoded query string or body contains `containing`. Earlier
  /// rules win.
  void on(std::string path, std::string containing, CannedAnswer answer) {
    const int times = answer.times;
    add({std::move(path), std::move(containing), times,
         [answer = std::move(answer)](const HttpRequest&) { return answer; }});
  }
  void on(std::string path, CannedAnswer answer) { on(std::move(path), "", std::move(answer)); }
  /// Answers with what `handler` makes of the request; it may be called by several threads.
  void on_request(std::string path, Handler handler) {
    add({std::move(path), "", -1, std::move(handler)});
  }

  Result<HttpResponse> send(const HttpRequest& request) override {
    const CannedAnswer answer = answer_to(request);
    if (answer.error) return tl::unexpected<Error>(*answer.error);
    if (answer.body.size() > request.max_body_bytes) {
      return fail(ErrorKind::kTooLarge, "the answer is over the body limit");
    }
    return response_of(answer, answer.body);
  }

  Result<HttpResponse> stream(const HttpRequest& request, BodySink& sink) override {
    const CannedAnswer answer = answer_to(request);
    if (answer.error) return tl::unexpected<Error>(*answer.error);
    if (answer.status / 100 != 2) return response_of(answer, answer.body);
    const HttpResponse head = response_of(answer, "");
    if (Result<void> started = sink.on_start(head); !started) {
      return tl::unexpected<Error>(started.error());
    }
    if (Result<void> sent = deliver(answer, sink); !sent) {
      return tl::unexpected<Error>(sent.error());
    }
    return head;
  }

  /// Everything that was asked, in order.
  [[nodiscard]] std::vector<HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  struct Rule {
    std::string path{};
    std::string containing{};
    int times = -1;
    Handler handler{};
  };

  void add(Rule rule) {
    const std::lock_guard lock(mutex_);
    rules_.push_back(std::move(rule));
  }

  CannedAnswer answer_to(const HttpRequest& request) {
    const Handler handler = find(request);
    if (handler) return handler(request);
    return {.error = Error{ErrorKind::kUnreachable, "no canned answer for " + request.path + " " +
                                                        url_decode(request.query) +
                                                        url_decode(request.body)}};
  }

  Handler find(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const std::string text = url_decode(request.query) + "&" + url_decode(request.body);
    for (Rule& rule : rules_) {
      if (rule.path != request.path || rule.times == 0) continue;
      if (text.find(rule.containing) == std::string::npos) continue;
      if (rule.times > 0) --rule.times;
      return rule.handler;
    }
    return {};
  }

  static HttpResponse response_of(const CannedAnswer& answer, std::string body) {
    HttpResponse response;
    response.status = answer.status;
    response.content_type = answer.content_type;
    response.retry_after = answer.retry_after;
    response.body = std::move(body);
    response.wire_bytes = answer.body.size();
    return response;
  }

  static Result<void> deliver(const CannedAnswer& answer, BodySink& sink) {
    const std::string_view body(answer.body.data(),
                                std::min(answer.body.size(), answer.break_after));
    const std::size_t step = answer.chunk_bytes == 0 ? body.size() + 1 : answer.chunk_bytes;
    for (std::size_t at = 0; at < body.size(); at += step) {
      const std::string_view chunk = body.substr(at, step);
      const std::span<const char> bytes(chunk.data(), chunk.size());
      if (Result<void> taken = sink.on_data(std::as_bytes(bytes)); !taken) return taken;
    }
    if (answer.break_after < answer.body.size()) {
      return fail(ErrorKind::kUnreachable, "the connection was cut in the middle of the body");
    }
    return {};
  }

  mutable std::mutex mutex_;
  std::vector<Rule> rules_;
  std::vector<HttpRequest> requests_;
};

}  // namespace loadline::test
