#include "prometheus/curl_headers.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "prometheus/secret_file.hpp"

namespace loadline {
namespace {

constexpr std::size_t kShortestRedacted = 8;
constexpr std::string_view kTokenSetting = "prometheus.bearer_token_file";
constexpr std::string_view kPasswordSetting = "prometheus.basic_auth.password_file";

/// Headers that frame the message: another value would break the transfer, not refine it.
constexpr std::array<std::string_view, 8> kOwnHeaders = {
    "accept-encoding", "connection", "content-encoding", "content-length", "content-type",
    "expect",          "host",       "transfer-encoding"};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// A token of RFC 9110, 5.6.2.
bool is_header_name(std::string_view name) {
  constexpr std::string_view kSymbols = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kSymbols.find(c) != std::string_view::npos;
  });
}

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorKind::kInvalidInput, std::move(message));
}

/// `name` is shown only after it was found to be a token.
Result<void> check_extra_header(const std::string& name, const std::string& value) {
  if (!is_header_name(name)) {
    return refuse(
        "prometheus.headers: a name is not a header name; use letters, digits and '-', "
        "e.g. X-Scope-OrgID");
  }
  if (std::ranges::find(kOwnHeaders, lower(name)) != kOwnHeaders.end()) {
    return refuse("prometheus.headers: " + name + " is set by loadline itself; remove it");
  }
  if (!is_header_safe(value)) {
    return refuse("prometheus.headers: the value of " + name +
                  " holds a line break or another control character; remove it");
  }
  return {};
}

bool has_authorization_header(const Access& access) {
  return std::ranges::any_of(
      access.headers, [](const auto& header) { return lower(header.first) == "authorization"; });
}

Result<void> check_authentication(const Access& access) {
  const bool bearer = !access.bearer_token_file.empty();
  const bool basic =
      !access.basic_auth_username.empty() || !access.basic_auth_password_file.empty();
  if (int{bearer} + int{basic} + int{has_authorization_header(access)} > 1) {
    return refuse(
        "more than one way of authentication is set; keep one of "
        "prometheus.bearer_token_file, prometheus.basic_auth.username and an Authorization "
        "header in prometheus.headers");
  }
  if (basic && access.basic_auth_username.empty()) {
    return refuse(
        "prometheus.basic_auth.password_file is set without "
        "prometheus.basic_auth.username; set both");
  }
  if (!is_header_safe(access.basic_auth_username) ||
      access.basic_auth_username.find(':') != std::string::npos) {
    return refuse("prometheus.basic_auth.username must not hold ':' or control characters");
  }
  return {};
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    unsigned bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= group.size() ? kDigits[bits >> (18 - 6 * i) & 0x3F] : '=';
    }
  }
  return text;
}

/// libcurl wants a header without value written "Name;".
std::string header_line(const std::string& name, const std::string& value) {
  return value.empty() ? name + ";" : name + ": " + value;
}

Result<void> add_bearer(const Access& access, HeaderLines& headers) {
  if (access.bearer_token_file.empty()) return {};
  Result<std::string> token = read_secret_file(access.bearer_token_file, kTokenSetting);
  if (!token) return tl::unexpected(std::move(token.error()));
  headers.lines.push_back("Authorization: Bearer " + *token);
  headers.secrets.push_back(std::move(*token));
  return {};
}

Result<void> add_basic(const Access& access, HeaderLines& headers) {
  if (access.basic_auth_username.empty()) return {};
  std::string password;
  if (!access.basic_auth_password_file.empty()) {
    Result<std::string> read = read_secret_file(access.basic_auth_password_file, kPasswordSetting);
    if (!read) return tl::unexpected(std::move(read.error()));
    password = std::move(*read);
  }
  std::string encoded = base64(access.basic_auth_username + ":" + password);
  headers.lines.push_back("Authorization: Basic " + encoded);
  headers.secrets.push_back(std::move(encoded));
  headers.secrets.push_back(std::move(password));
  return {};
}

void add_request_headers(const HttpRequest& request, HeaderLines& headers) {
  for (const auto& header : request.headers) {
    headers.lines.push_back(header_line(header.first, header.second));
    const std::string name = lower(header.first);
    if (name == "accept-encoding" || name == "content-encoding") headers.negotiates_encoding = true;
  }
  // libcurl would ask before it sends a large body; servers answer that with a second of silence.
  headers.lines.emplace_back("Expect:");
}

void add_extra_headers(const Access& access, HeaderLines& headers) {
  for (const auto& header : access.headers) {
    headers.lines.push_back(header_line(header.first, header.second));
    headers.secrets.push_back(header.second);
  }
}

}  // namespace

Result<void> check_headers(const Access& access) {
  for (const auto& header : access.headers) {
    if (auto ok = check_extra_header(header.first, header.second); !ok) return ok;
  }
  if (auto ok = check_authentication(access); !ok) return ok;
  const Result<HeaderLines> headers = make_headers(access, HttpRequest{});
  if (!headers) return tl::unexpected(headers.error());
  return {};
}

Result<HeaderLines> make_headers(const Access& access, const HttpRequest& request) {
  HeaderLines headers;
  add_request_headers(request, headers);
  if (auto ok = add_bearer(access, headers); !ok) return tl::unexpected(std::move(ok.error()));
  if (auto ok = add_basic(access, headers); !ok) return tl::unexpected(std::move(ok.error()));
  add_extra_headers(access, headers);
  return headers;
}

std::string redact(std::string text, const std::vector<std::string>& secrets) {
  constexpr std::string_view kMask = "<secret>";
  for (const std::string& secret : secrets) {
    if (secret.size() < kShortestRedacted) continue;
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + kMask.size())) {
      text.replace(at, secret.size(), kMask);
    }
  }
  return text;
}

}  // namespace loadline
