#include "service/basic_auth.hpp"

#include <strings.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <system_error>

namespace loadline::service {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{64} << 10;

tl::unexpected<Error> refuse(const std::string& path, const std::string& what) {
  return fail(ErrorKind::kInvalidInput,
              "password file " + path + ": " + what +
                  "; serve.basic_auth_file must name a readable file of lines user:password");
}

Result<std::string> read_small_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  // A directory opens, but does not read.
  if (!file || !file.read(text.data(), static_cast<std::streamsize>(text.size())).eof()) {
    if (file && file.gcount() > 0) return refuse(path, "is larger than 64 KiB");
    return refuse(path, errno == 0 ? "cannot be read" : std::generic_category().message(errno));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::string_view take_line(std::string_view& text) {
  std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

bool is_credential(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != std::string_view::npos && colon > 0 && colon + 1 < line.size();
}

int sextet(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

std::optional<std::string> base64_decoded(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string result;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const int value = sextet(c);
    if (value < 0) return std::nullopt;
    bits = (bits << 6U) | static_cast<unsigned>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    result += static_cast<char>((bits >> held) & 0xffU);
  }
  return result;
}

/// As long for every `guess` of a length: the secret alone sets the number of steps.
bool equal_in_constant_time(std::string_view guess, std::string_view secret) {
  std::size_t difference = guess.size() ^ secret.size();
  for (std::size_t i = 0; i < secret.size(); ++i) {
    const char c = guess.empty() ? '\0' : guess[i % guess.size()];
    difference |= static_cast<unsigned char>(c ^ secret[i]);
  }
  return difference == 0;
}

}  // namespace

Result<std::vector<std::string>> read_credentials(const std::string& path) {
  const Result<std::string> text = read_small_file(path);
  if (!text) return tl::unexpected(text.error());
  std::vector<std::string> credentials;
  std::string_view rest = *text;
  for (int number = 1; !rest.empty(); ++number) {
    const std::string_view line = take_line(rest);
    if (line.empty() || line.front() == '#') continue;
    if (!is_credential(line)) {
      return refuse(path, "line " + std::to_string(number) + " is not user:password");
    }
    credentials.emplace_back(line);
  }
  if (credentials.empty()) return refuse(path, "holds no user");
  return credentials;
}

bool is_authorized(std::string_view authorization, const std::vector<std::string>& credentials) {
  constexpr std::string_view kScheme = "Basic ";
  if (authorization.size() < kScheme.size() ||
      ::strncasecmp(authorization.data(), kScheme.data(), kScheme.size()) != 0) {
    return false;
  }
  const auto guess = base64_decoded(authorization.substr(kScheme.size()));
  bool is_known = false;
  for (const std::string& credential : credentials) {
    is_known |= equal_in_constant_time(guess.value_or(""), credential);
  }
  return guess.has_value() && is_known;
}

bool Door::lets_in(std::string_view authorization) {
  if (path_.empty()) return true;
  const Result<std::vector<std::string>> credentials = read_credentials(path_);
  tell_once(credentials);
  return credentials && is_authorized(authorization, *credentials);
}

void Door::tell_once(const Result<std::vector<std::string>>& credentials) {
  const bool is_news = is_broken_.exchange(!credentials) != !credentials;
  if (!is_news || log_ == nullptr) return;
  if (credentials) {
    log_->event(LogLevel::kInfo, "the password file can be read again", {{"file", path_}});
  } else {
    log_->event(LogLevel::kError, "everybody is refused", {{"error", credentials.error().message}});
  }
}

}  // namespace loadline::service
