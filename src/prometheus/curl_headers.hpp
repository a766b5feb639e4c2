/// The header lines of a request, secrets among them, and what keeps those out of messages.
#pragma once

#include <string>
#include <vector>

#include "loadline/model/result.hpp"
#include "loadline/prometheus/access.hpp"
#include "loadline/prometheus/http.hpp"

namespace loadline {

struct HeaderLines {
  std::vector<std::string> lines{};    ///< "Name: value", as CURLOPT_HTTPHEADER takes them
  std::vector<std::string> secrets{};  ///< what must not appear in text that a server wrote
  bool negotiates_encoding = false;    ///< the request speaks of encodings itself
};

/// Everything about the headers of an Access that can be wrong, kInvalidInput with the setting
/// named: values with line breaks, names that are no tokens or are loadline's own, two ways of
/// authentication, secret files that cannot be used.
Result<void> check_headers(const Access& access);

/// Reads the secret files. kInvalidInput as read_secret_file.
Result<HeaderLines> make_headers(const Access& access, const HttpRequest& request);

/// `text` with every secret of eight characters or more replaced by "<secret>": a server may echo
/// what it was sent. Shorter ones stay: they are guessable anyway, and would riddle the text.
std::string redact(std::string text, const std::vector<std::string>& secrets);

}  // namespace loadline
