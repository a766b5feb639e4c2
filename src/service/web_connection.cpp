#include "service/web_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace loadline::service {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kSliceBytes = std::size_t{16} << 10;
constexpr std::size_t kCarefulSliceBytes = std::size_t{4} << 10;
constexpr std::chrono::milliseconds kPatience{500};

std::string text_or_empty(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

std::string header(const mg_connection& connection, const char* name) {
  return text_or_empty(mg_get_header(&connection, name));
}

HasBody body_of(const mg_connection& connection) {
  const std::string length = header(connection, "Content-Length");
  const bool has_none = length.empty() || length == "0";
  return has_none && header(connection, "Transfer-Encoding").empty() ? HasBody::kNo : HasBody::kYes;
}

Framing framing_of(const mg_connection& connection, const HttpAnswer& answer) {
  if (!answer.stream) return Framing::kLength;
  return knows_chunks(connection) ? Framing::kChunked : Framing::kUntilClose;
}

bool send_body(SocketWriter& writer, const HttpAnswer& answer, Framing framing) {
  if (!answer.stream) return writer.write(answer.body);
  if (framing == Framing::kUntilClose) {
    return answer.stream([&writer](std::string_view piece) { return writer.write(piece); });
  }
  return answer.stream([&writer](std::string_view piece) { return writer.write_chunk(piece); }) &&
         writer.end_chunks();
}

/// Whether `fd` is a TCP connection from that peer to the server's port.
bool is_socket_of(int fd, const mg_request_info& info) {
  sockaddr_in peer{};
  sockaddr_in self{};
  socklen_t size = sizeof(peer);
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return false;
  size = sizeof(self);
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&self), &size) != 0) return false;
  in_addr wanted{};
  return peer.sin_family == AF_INET && ::inet_pton(AF_INET, info.remote_addr, &wanted) == 1 &&
         peer.sin_addr.s_addr == wanted.s_addr && ntohs(peer.sin_port) == info.remote_port &&
         ntohs(self.sin_port) == info.server_port;
}

/// Closing then frees at once what the kernel holds for the reader, some megabytes each, and tells
/// the reader. The library does not tell its socket, so it is looked for among the open ones.
void reset_on_close(const mg_connection& connection) {
  const mg_request_info& info = *mg_get_request_info(&connection);
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
    const auto fd = static_cast<int>(std::strtol(entry.path().filename().c_str(), nullptr, 10));
    if (!is_socket_of(fd, info)) continue;
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    return;
  }
}

}  // namespace

HttpRequest request_of(const mg_connection& connection) {
  const mg_request_info& info = *mg_get_request_info(&connection);
  return {.method = text_or_empty(info.request_method),
          .path = text_or_empty(info.local_uri_raw),
          .query = text_or_empty(info.query_string),
          .accept = header(connection, "Accept"),
          .if_none_match = header(connection, "If-None-Match"),
          .authorization = header(connection, "Authorization"),
          .body = body_of(connection)};
}

bool knows_chunks(const mg_connection& connection) {
  const mg_request_info& info = *mg_get_request_info(&connection);
  return info.http_version != nullptr && std::strcmp(info.http_version, "1.1") == 0;
}

bool wants_to_stay(const mg_connection& connection) {
  const std::string wish = header(connection, "Connection");
  return knows_chunks(connection) &&
         (wish.empty() || ::strcasecmp(wish.c_str(), "keep-alive") == 0);
}

bool SocketWriter::keeps_up(Clock::duration took, std::size_t bytes) {
  waited_ += took;
  window_waited_ += took;
  window_bytes_ += bytes;
  if (window_waited_ < limits_.slow_after) return true;
  const double seconds = std::chrono::duration<double>(window_waited_).count();
  const bool is_enough = static_cast<double>(window_bytes_) >=
                         seconds * static_cast<double>(limits_.min_bytes_per_second);
  window_waited_ = {};
  window_bytes_ = 0;
  return is_enough;
}

bool SocketWriter::write_slice(std::string_view slice) {
  const Clock::time_point start = Clock::now();
  const int sent = mg_write(&connection_, slice.data(), slice.size());
  const Clock::duration took = Clock::now() - start;
  if (sent != static_cast<int>(slice.size())) {
    outcome_ = took >= limits_.request_timeout ? Outcome::kSlow : Outcome::kGone;
  } else if (!keeps_up(took, slice.size())) {
    outcome_ = Outcome::kSlow;
  }
  return outcome_ == Outcome::kSent;
}

bool SocketWriter::write(std::string_view bytes) {
  while (!bytes.empty() && outcome_ == Outcome::kSent) {
    const std::size_t slice =
        std::min(bytes.size(), waited_ < kPatience ? kSliceBytes : kCarefulSliceBytes);
    if (!write_slice(bytes.substr(0, slice))) return false;
    bytes.remove_prefix(slice);
  }
  return outcome_ == Outcome::kSent;
}

bool SocketWriter::write_chunk(std::string_view bytes) {
  if (bytes.empty()) return outcome_ == Outcome::kSent;
  char size[20];
  const std::to_chars_result end = std::to_chars(size, size + sizeof(size), bytes.size(), 16);
  frame_.assign(size, end.ptr);
  frame_ += "\r\n";
  frame_ += bytes;
  frame_ += "\r\n";
  return write(frame_);
}

Outcome send_answer(mg_connection& connection, const HttpRequest& request, const HttpAnswer& answer,
                    Persistence persistence, const WebLimits& limits, TimePoint now) {
  const Framing framing = framing_of(connection, answer);
  if (framing == Framing::kUntilClose) persistence = Persistence::kClose;
  SocketWriter writer(connection, limits);
  std::string head = head_of(answer, framing, persistence, now);
  const bool has_body = request.method != "HEAD" && answer.status != 304;
  // In one packet where it can be: readers often wait for the head alone.
  if (has_body && !answer.stream) head += answer.body;
  const bool is_whole =
      writer.write(head) && (!has_body || !answer.stream || send_body(writer, answer, framing));
  if (persistence == Persistence::kClose || !is_whole) {
    mg_disable_connection_keep_alive(&connection);
  }
  if (writer.outcome() == Outcome::kSlow) reset_on_close(connection);
  return is_whole || writer.outcome() != Outcome::kSent ? writer.outcome() : Outcome::kGone;
}

}  // namespace loadline::service
