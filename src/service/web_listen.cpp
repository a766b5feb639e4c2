#include "service/web_listen.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>

namespace loadline::service {
namespace {

tl::unexpected<Error> bad_listen(std::string_view listen, std::string_view what) {
  return fail(ErrorKind::kInvalidInput, "serve.listen \"" + std::string(listen) + "\" " +
                                            std::string(what) +
                                            "; write IPv4:port, for example 0.0.0.0:9804");
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

std::string_view next_step(int error) {
  switch (error) {
    case EADDRINUSE:
      return "another process has it: stop that one or choose another port";
    case EACCES:
    case EPERM:
      return "choose a port above 1023";
    case EADDRNOTAVAIL:
      return "this machine has no such address: choose one of its own, or 0.0.0.0";
    default:
      return "choose another address";
  }
}

sockaddr_in socket_address(const ListenAddress& address) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(address.port);
  ::inet_pton(AF_INET, address.ip.c_str(), &where.sin_addr);
  return where;
}

/// 0, or the errno of listening there for a moment.
int listening_error(const ListenAddress& address) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const sockaddr_in where = socket_address(address);
  int error = ::bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof(where)) == 0 ? 0 : errno;
  if (error == 0 && ::listen(fd, 1) != 0) error = errno;
  ::close(fd);
  return error;
}

}  // namespace

Result<ListenAddress> parse_listen(std::string_view listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string_view::npos) return bad_listen(listen, "has no port");
  ListenAddress address{.ip = std::string(listen.substr(0, colon))};
  if (address.ip.find_first_of("[:") != std::string::npos) {
    return bad_listen(listen, "is IPv6, which the server does not speak");
  }
  if (address.ip.empty()) address.ip = "0.0.0.0";
  if (address.ip == "localhost") address.ip = "127.0.0.1";
  in_addr parsed{};
  if (::inet_pton(AF_INET, address.ip.c_str(), &parsed) != 1) {
    return bad_listen(listen, "names no IPv4 address");
  }
  const auto port = parse_port(listen.substr(colon + 1));
  if (!port) return bad_listen(listen, "has no port from 0 to 65535");
  address.port = *port;
  return address;
}

Error why_not_listening(const ListenAddress& address) {
  const int error = listening_error(address);
  const std::string what =
      "cannot listen on " + address.ip + ":" + std::to_string(address.port) + " (serve.listen): ";
  if (error == 0) {
    return {ErrorKind::kInvalidInput, what +
                                          "the server's threads could not be started; see that "
                                          "the process may have some 300 threads"};
  }
  return {ErrorKind::kInvalidInput,
          what + std::generic_category().message(error) + "; " + std::string(next_step(error))};
}

void knock(const ListenAddress& address) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return;
  const sockaddr_in where = socket_address(address);
  (void)::connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof(where));
  ::close(fd);
}

}  // namespace loadline::service
