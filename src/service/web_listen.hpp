/// The address to listen on: what may be written, and why it could not be had.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "loadline/model/result.hpp"

namespace loadline::service {

struct ListenAddress {
  std::string ip{};  ///< IPv4, dotted
  std::uint16_t port = 0;
};

/// "127.0.0.1:9804", ":9804" (all addresses), "localhost:9804". Strict, because the HTTP library's
/// own syntax knows lists, TLS and sockets in the file system. kInvalidInput names serve.listen.
Result<ListenAddress> parse_listen(std::string_view listen);

/// After the library could not listen: tries itself, to learn the reason that the library keeps to
/// itself. Always kInvalidInput.
Error why_not_listening(const ListenAddress& address);

/// Connects there and leaves at once; whether it worked does not matter.
void knock(const ListenAddress& address);

}  // namespace loadline::service
