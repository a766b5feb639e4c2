/// A server that misbehaves as told: raw bytes for each request, on 127.0.0.1 and a free port.
///
///   TcpServer server({{.bytes = http_reply("200 OK", "up")}, {.after = After::kReset}});
///   ... ask server.url() ...
///   server.requests()[0].header("Authorization")
///
/// The n-th request, counted over all connections, gets the n-th reply; the last reply serves all
/// further ones. Bounded: 64 connections, 8 MiB a request, and the destructor ends every transfer.
#pragma once

#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace loadline::test {

/// What happens to the connection once the bytes are sent. Kept open, it waits for the next
/// request: an answer that is not complete then stands still.
enum class After { kKeepOpen, kClose, kReset };

struct Reply {
  std::string bytes{};
  After after = After::kKeepOpen;
  int times = 1;  ///< how often the bytes are sent, a pause between
  std::chrono::milliseconds pause{0};
};

/// A well-formed answer; `headers` are lines that end with CRLF.
inline std::string http_reply(std::string_view status, std::string_view body,
                              std::string_view headers = "") {
  return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

struct ReceivedRequest {
  int connection = 0;  ///< counted from 0
  std::string head{};  ///< request line and headers, to the empty line
  std::string body{};

  [[nodiscard]] std::string line() const { return head.substr(0, head.find("\r\n")); }
  /// The value of the first such header; "" where there is none.
  [[nodiscard]] std::string header(std::string_view name) const {
    for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at)) {
      at += 2;
      const std::string_view rest = std::string_view(head).substr(at);
      if (rest.size() > name.size() && rest[name.size()] == ':' &&
          ::strncasecmp(rest.data(), name.data(), name.size()) == 0) {
        const std::size_t value = rest.find_first_not_of(' ', name.size() + 1);
        return std::string(rest.substr(value, rest.find("\r\n") - value));
      }
    }
    return {};
  }
};

class TcpServer {
 public:
  explicit TcpServer(std::vector<Reply> replies)
      : replies_(std::move(replies)), listener_(listen_on_free_port()) {
    acceptor_ = std::jthread([this](const std::stop_token& stop) { accept_all(stop); });
  }
  ~TcpServer() {
    acceptor_.request_stop();
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    end_connections();
    connections_.clear();
    ::close(listener_);
  }
  TcpServer(const TcpServer&) = delete;
  TcpServer& operator=(const TcpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof(address);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
  [[nodiscard]] std::vector<ReceivedRequest> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

 private:
  static constexpr std::size_t kMaxConnections = 64;
  static constexpr std::size_t kMaxRequestBytes = std::size_t{8} << 20;

  static int listen_on_free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
        ::listen(fd, 16) != 0) {
      throw std::runtime_error("cannot listen on 127.0.0.1");
    }
    return fd;
  }

  void accept_all(const std::stop_token& stop) {
    while (!stop.stop_requested() && connections_.size() < kMaxConnections) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      const int number = static_cast<int>(connections_.size());
      const std::scoped_lock lock(mutex_);
      open_.push_back(fd);
      connections_.emplace_back([this, fd, number] { serve(fd, number); });
    }
  }

  void serve(int fd, int number) {
    std::string buffer;
    ReceivedRequest request;
    while (read_request(fd, buffer, request)) {
      request.connection = number;
      const Reply reply = record(request);
      send_reply(fd, reply);
      if (reply.after == After::kReset) reset_on_close(fd);
      if (reply.after != After::kKeepOpen) break;
    }
    const std::scoped_lock lock(mutex_);
    std::erase(open_, fd);
    ::close(fd);
  }

  Reply record(const ReceivedRequest& request) {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(request);
    return replies_[std::min(requests_.size(), replies_.size()) - 1];
  }

  /// Leaves what follows the request in `buffer`.
  static bool read_request(int fd, std::string& buffer, ReceivedRequest& request) {
    std::size_t end = std::string::npos;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more(fd, buffer)) return false;
    }
    request.head = buffer.substr(0, end + 2);
    buffer.erase(0, end + 4);
    const std::size_t length = std::strtoul(request.header("Content-Length").c_str(), nullptr, 10);
    while (buffer.size() < length) {
      if (!read_more(fd, buffer)) return false;
    }
    request.body = buffer.substr(0, length);
    buffer.erase(0, length);
    return true;
  }

  static bool read_more(int fd, std::string& buffer) {
    char piece[16 << 10];
    const ssize_t got = ::recv(fd, piece, sizeof(piece), 0);
    if (got <= 0 || buffer.size() > kMaxRequestBytes) return false;
    buffer.append(piece, static_cast<std::size_t>(got));
    return true;
  }

  void send_reply(int fd, const Reply& reply) {
    for (int i = 0; i < reply.times; ++i) {
      if (i > 0 && pause_or_end(reply.pause)) return;
      if (!send_all(fd, reply.bytes)) return;
    }
  }

  /// Whether the server is ending.
  bool pause_or_end(std::chrono::milliseconds pause) {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, pause, [this] { return is_ending_; });
  }

  static bool send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Closing then sends RST, whatever was sent before.
  static void reset_on_close(int fd) {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  }

  void end_connections() {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
    ended_.notify_all();
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }

  const std::vector<Reply> replies_;
  const int listener_;
  mutable std::mutex mutex_{};
  std::condition_variable ended_{};
  bool is_ending_ = false;
  std::vector<ReceivedRequest> requests_{};
  std::vector<int> open_{};
  std::vector<std::jthread> connections_{};
  std::jthread acceptor_{};
};

}  // namespace loadline::test
