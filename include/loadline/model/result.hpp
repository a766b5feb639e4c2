/// The one error system: what the network, the disk or the user can cause is a value.
///
/// A port or a parser returns Result<T>; "no data" is std::optional, never a sentinel. Broken
/// invariants assert. Exceptions of third-party libraries are caught in the folder that uses them.
/// This is the only public header that shows a third-party type: tl::expected stands in for
/// std::expected until the compilers we support carry it (docs/adr/0001).
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace loadline {

/// What a caller may do about an error; the message is for people.
enum class ErrorKind {
  kInvalidInput,  ///< configuration, flags or arguments: mend them (exit 2)
  kUnreachable,   ///< no connection, time-out, reset: try again later
  kUnauthorized,  ///< 401 or 403: credentials
  kTooLarge,      ///< the server refuses this much at once: ask for less
  kUnsupported,   ///< the server does not speak this: take another way
  kRejected,      ///< any other refusal of the server; the message quotes it
  kCancelled,     ///< the program is asked to stop: nobody waits for the answer
  kCorrupt,       ///< bytes that cannot be what they should be
  kInternal,      ///< disk, memory, library faults
};

/// An error names the thing that failed and the next step, e.g.
/// "cannot read bearer token file /run/token: No such file or directory; check
/// prometheus.bearer_token_file".
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message{};

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = tl::expected<T, Error>;

/// The failed side of a Result, for `return fail(ErrorKind::kCorrupt, "...")`.
inline tl::unexpected<Error> fail(ErrorKind kind, std::string message) {
  return tl::unexpected<Error>(Error{kind, std::move(message)});
}

/// Passes an error on, with what was being done put before it: "reading day 3: <message>".
inline tl::unexpected<Error> fail_while(std::string_view doing, Error error) {
  error.message = std::string(doing) + ": " + error.message;
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace loadline
