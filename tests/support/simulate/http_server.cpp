#include "support/simulate/http_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace loadline::simulate {
namespace {

constexpr std::size_t kPiece = 256U << 10;

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '+') {
      plain += ' ';
    } else if (text[i] == '%' && i + 2 < text.size() &&
               std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ec ==
                   std::errc{}) {
      plain += static_cast<char>(byte);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::string header(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;
       at = head.find("\r\n", at)) {
    at += 2;
    const std::string_view line = head.substr(at, head.find("\r\n", at) - at);
    if (line.size() > name.size() && line[name.size()] == ':' &&
        ::strncasecmp(line.data(), name.data(), name.size()) == 0) {
      const std::size_t value = line.find_first_not_of(' ', name.size() + 1);
      return value == std::string_view::npos ? "" : std::string(line.substr(value));
    }
  }
  return {};
}

class Connection {
 public:
  Connection(int fd, const Handler& handler) : fd_(fd), handler_(handler) {}

  void run() {
    Request request;
    while (read_request(request)) {
      Answer answer(fd_);
      handler_(request, answer);
      if (!answer.finish()) break;
    }
    ::close(fd_);
  }

 private:
  bool read_request(Request& request) {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
      if (!read_more()) return false;
    const std::string head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    if (::strcasecmp(header(head, "Expect").c_str(), "100-continue") == 0) say_continue();
    const std::size_t length = std::strtoul(header(head, "Content-Length").c_str(), nullptr, 10);
    while (buffer_.size() < length)
      if (!read_more()) return false;
    request.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    read_target(head, request);
    return true;
  }

  static void read_target(const std::string& head, Request& request) {
    const std::size_t first = head.find(' ');
    const std::size_t second = head.find(' ', first + 1);
    const std::string target = head.substr(first + 1, second - first - 1);
    const std::size_t question = target.find('?');
    request.method = head.substr(0, first);
    request.path = decoded(target.substr(0, question));
    request.query = question == std::string::npos ? "" : target.substr(question + 1);
  }

  void say_continue() const {
    constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
    (void)::send(fd_, kGoOn.data(), kGoOn.size(), MSG_NOSIGNAL);
  }

  bool read_more() {
    char piece[16 << 10];
    const ssize_t got = ::recv(fd_, piece, sizeof piece, 0);
    if (got > 0) buffer_.append(piece, static_cast<std::size_t>(got));
    return got > 0;
  }

  int fd_;
  const Handler& handler_;
  std::string buffer_{};
};

}  // namespace

void Answer::start(int status, std::string_view content_type) {
  waiting_.reserve(kPiece + (64U << 10));
  send_all("HTTP/1.1 " + std::to_string(status) + (status == 200 ? " OK" : " Error") +
           "\r\nContent-Type: " + std::string(content_type) +
           "\r\nTransfer-Encoding: chunked\r\n\r\n");
}

void Answer::write(std::string_view bytes) {
  waiting_ += bytes;
  if (waiting_.size() >= kPiece) flush();
}

bool Answer::finish() {
  flush();
  send_all("0\r\n\r\n");
  return !is_broken_;
}

void Answer::flush() {
  if (waiting_.empty()) return;
  char size[32];
  const int length = std::snprintf(size, sizeof size, "%zx\r\n", waiting_.size());
  send_all({size, static_cast<std::size_t>(length)});
  waiting_ += "\r\n";
  send_all(waiting_);
  waiting_.clear();
}

void Answer::send_all(std::string_view bytes) {
  while (!bytes.empty() && !is_broken_) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    is_broken_ = sent <= 0;
    if (!is_broken_) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

Result<Listener> listen_on(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  (void)::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || ::bind(fd, any, size) != 0 || ::listen(fd, 64) != 0 ||
      ::getsockname(fd, any, &size) != 0)
    return fail(ErrorKind::kInvalidInput, "cannot listen on 127.0.0.1:" + std::to_string(port) +
                                              "; pass another --port, or 0 for a free one");
  return Listener{.fd = fd, .port = ntohs(address.sin_port)};
}

void serve_forever(const Listener& listener, const Handler& handler) {
  for (;;) {
    const int fd = ::accept4(listener.fd, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int yes = 1;
    (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    std::thread([fd, &handler] { Connection(fd, handler).run(); }).detach();
  }
}

std::string form_value(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const std::string_view pair = form.substr(0, form.find('&'));
    const std::size_t equals = pair.find('=');
    if (decoded(pair.substr(0, equals)) == name)
      return equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1));
    form.remove_prefix(std::min(form.size(), pair.size() + 1));
  }
  return {};
}

}  // namespace loadline::simulate
