/// A client for tests of a server: raw bytes over a socket to 127.0.0.1, so that requests may be as
/// broken as wanted.
///
///   HttpClient client(port);
///   client.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
///   const HttpResponse response = client.read_response();
///
/// Reading ends after 20 seconds without a byte: then the response is what came, `complete` false.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loadline::test {

struct HttpResponse {
  int status = 0;      ///< 0: no status line came
  std::string head{};  ///< status line and headers, each ended by CRLF
  std::string body{};  ///< chunks joined
  std::size_t chunks = 0;
  bool complete = false;  ///< as the length or the last chunk tells; or the server closed

  /// The value of the first such header; "" where there is none.
  [[nodiscard]] std::string header(std::string_view name) const {
    for (std::size_t at = head.find("\r\n"); at + 2 < head.size(); at = head.find("\r\n", at)) {
      at += 2;
      const std::string_view line = std::string_view(head).substr(at, head.find("\r\n", at) - at);
      if (line.size() > name.size() && line[name.size()] == ':' &&
          ::strncasecmp(line.data(), name.data(), name.size()) == 0) {
        const std::size_t value = line.find_first_not_of(' ', name.size() + 1);
        return value == std::string_view::npos ? "" : std::string(line.substr(value));
      }
    }
    return {};
  }
};

enum class Body { kExpected, kNone };  ///< none: the answer to a HEAD

class HttpClient {
 public:
  explicit HttpClient(int port, int receive_buffer_bytes = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (receive_buffer_bytes > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof(int));
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (fd_ < 0 || ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      if (fd_ >= 0) ::close(fd_);
      throw std::runtime_error("cannot connect to port " + std::to_string(port));
    }
  }
  ~HttpClient() {
    if (fd_ >= 0) ::close(fd_);
  }
  HttpClient(HttpClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}
  HttpClient& operator=(HttpClient&&) = delete;

  /// What the server no longer takes is dropped: it may have closed.
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  HttpResponse read_response(Body body = Body::kExpected) {
    HttpResponse response;
    if (!read_until([this] { return buffer_.find("\r\n\r\n") != std::string::npos; })) {
      return response;
    }
    response.head = take(buffer_.find("\r\n\r\n") + 4);
    response.head.resize(response.head.size() - 2);
    response.status = std::atoi(response.head.substr(response.head.find(' ') + 1, 3).c_str());
    if (body == Body::kNone || response.status == 304) {
      response.complete = true;
    } else if (response.header("Transfer-Encoding") == "chunked") {
      read_chunks(response);
    } else {
      read_plain(response);
    }
    return response;
  }

  /// Everything up to the end of the connection, with what was not taken before.
  std::string read_to_end() {
    while (read_more()) {
    }
    return std::exchange(buffer_, {});
  }
  /// Waits for the server to reset the connection, without reading; false after 20 seconds.
  [[nodiscard]] bool is_reset() const {
    pollfd events{.fd = fd_, .events = 0, .revents = 0};
    return ::poll(&events, 1, 20'000) == 1 && (events.revents & POLLERR) != 0;
  }
  /// Some bytes, at most this many; "" at the end.
  std::string read_some(std::size_t most) const {
    std::string bytes(most, '\0');
    const ssize_t got = ::recv(fd_, bytes.data(), most, 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }

 private:
  bool read_more() {
    char piece[16 << 10];
    const ssize_t got = ::recv(fd_, piece, sizeof(piece), 0);
    if (got > 0) buffer_.append(piece, static_cast<std::size_t>(got));
    return got > 0;
  }
  template <typename Condition>
  bool read_until(Condition is_enough) {
    while (!is_enough()) {
      if (!read_more()) return false;
    }
    return true;
  }
  std::string take(std::size_t count) {
    std::string taken = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return taken;
  }
  void read_plain(HttpResponse& response) {
    const std::string length = response.header("Content-Length");
    if (length.empty()) {
      response.body = read_to_end();
      response.complete = true;
      return;
    }
    const std::size_t size = std::strtoul(length.c_str(), nullptr, 10);
    response.complete = read_until([this, size] { return buffer_.size() >= size; });
    response.body = take(size);
  }
  void read_chunks(HttpResponse& response) {
    for (;;) {
      if (!read_until([this] { return buffer_.find("\r\n") != std::string::npos; })) return;
      const std::size_t size = std::strtoul(buffer_.c_str(), nullptr, 16);
      take(buffer_.find("\r\n") + 2);
      if (!read_until([this, size] { return buffer_.size() >= size + 2; })) return;
      response.body += take(size);
      take(2);
      if (size == 0) {
        response.complete = true;
        return;
      }
      ++response.chunks;
    }
  }

  int fd_ = -1;
  std::string buffer_{};
};

/// One request on a connection of its own; `headers` are lines that end with CRLF.
inline HttpResponse get(int port, std::string_view target, std::string_view headers = "",
                        std::string_view method = "GET") {
  HttpClient client(port);
  client.send(std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n" +
              std::string(headers) + "\r\n");
  return client.read_response(method == "HEAD" ? Body::kNone : Body::kExpected);
}

}  // namespace loadline::test
