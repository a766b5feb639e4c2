/// A small HTTP/1.1 server on 127.0.0.1 and a free port: a thread a connection, kept open, answers
/// streamed in chunks. For trusted clients alone.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "loadline/model/result.hpp"

namespace loadline::simulate {

struct Request {
  std::string method{};
  std::string path{};   ///< decoded
  std::string query{};  ///< as sent: what follows "?"
  std::string body{};
};

/// Writes one answer. Call start once, then write as often as needed.
class Answer {
 public:
  explicit Answer(int fd) : fd_(fd) {}

  void start(int status, std::string_view content_type);
  void write(std::string_view bytes);
  /// Ends the answer; false where the client has gone.
  bool finish();

 private:
  void flush();
  void send_all(std::string_view bytes);

  int fd_;
  bool is_broken_ = false;
  std::string waiting_{};
};

/// Called from many threads at once.
using Handler = std::function<void(const Request&, Answer&)>;

/// A listening socket on 127.0.0.1; port 0 takes a free one.
struct Listener {
  int fd = -1;
  std::uint16_t port = 0;
};
Result<Listener> listen_on(std::uint16_t port);

/// Serves until the process ends.
[[noreturn]] void serve_forever(const Listener& listener, const Handler& handler);

/// The value of the first such parameter of a form, decoded; "" where there is none.
std::string form_value(std::string_view form, std::string_view name);

}  // namespace loadline::simulate
