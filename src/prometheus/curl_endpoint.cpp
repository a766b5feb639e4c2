#include "prometheus/curl_endpoint.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <memory>

#include "loadline/prometheus/curl_transport.hpp"
#include "prometheus/secret_file.hpp"

namespace loadline {
namespace {

constexpr std::size_t kShownQueryBytes = 100;

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, UrlDeleter>;

/// Empty where the URL has no such part.
std::string part(const UrlHandle& url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), what, &text, flags) != CURLUE_OK) return {};
  std::string result(text);
  curl_free(text);
  return result;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

tl::unexpected<Error> refuse_url(const std::string& url, const std::string& why) {
  return fail(ErrorKind::kInvalidInput, "prometheus.url " + without_credentials(url) + " " + why);
}

/// nullptr where libcurl cannot take it apart.
UrlHandle parse_url(const std::string& text, unsigned flags = 0) {
  UrlHandle url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), flags) != CURLUE_OK) return {};
  return url;
}

Result<UrlHandle> parse_base_url(const std::string& text) {
  if (text.empty()) {
    return fail(ErrorKind::kInvalidInput,
                "prometheus.url is not set; give --prometheus http://HOST:9090 or set it in the "
                "configuration file");
  }
  if (!is_header_safe(text)) return refuse_url("", "holds a control character; remove it");
  if (text.find_first_of("?#") != std::string::npos) {
    return refuse_url(text, "must not have a query or fragment; end it before '?' or '#'");
  }
  UrlHandle url = parse_url(text, CURLU_NON_SUPPORT_SCHEME);
  if (!url) return refuse_url(text, "is not a URL; write http://HOST:PORT or https://HOST/PREFIX");
  return url;
}

Result<void> check_base_url(const std::string& text, const UrlHandle& url) {
  if (const std::string scheme = part(url, CURLUPART_SCHEME);
      scheme != "http" && scheme != "https") {
    return refuse_url(text, "must begin with http:// or https://");
  }
  if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty()) {
    return refuse_url(text,
                      "must not hold credentials; set prometheus.basic_auth.username and "
                      "prometheus.basic_auth.password_file (or prometheus.bearer_token_file)");
  }
  return {};
}

/// The path without the slashes at its end.
std::string prefix_of(const UrlHandle& url) {
  std::string path = part(url, CURLUPART_PATH);
  path.erase(path.find_last_not_of('/') + 1);
  return path;
}

std::string address(const UrlHandle& url, const std::string& host) {
  std::string port = part(url, CURLUPART_PORT);
  if (!port.empty()) port.insert(0, ":");
  return part(url, CURLUPART_SCHEME) + "://" + host + port + prefix_of(url);
}

/// Characters of DNS names and IPv4 addresses: nothing that could become another part of a URL.
bool is_host_name(std::string_view name) {
  return std::ranges::all_of(name, [](char c) { return is_unreserved(c) && c != '~'; });
}

bool ends_with_domain(std::string_view host, std::string_view domain) {
  if (host == domain) return true;
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

/// NO_PROXY as names and addresses; ranges of addresses are left to libcurl, which matches them
/// against the server name.
bool no_proxy_names(std::string_view host, std::string_view list) {
  while (!list.empty()) {
    std::string_view entry = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), entry.size() + 1));
    entry.remove_prefix(std::min(entry.size(), entry.find_first_not_of(" .")));
    entry = entry.substr(0, entry.find(' '));
    if (entry == "*" || (!entry.empty() && ends_with_domain(host, entry))) return true;
  }
  return false;
}

std::string_view environment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* value = std::getenv(name)) return value;
  }
  return {};
}

/// Puts the server name in the host's place; see Endpoint.
Result<void> apply_server_name(const Access& access, const UrlHandle& url, Endpoint& endpoint) {
  if (access.server_name.empty() || part(url, CURLUPART_SCHEME) != "https") return {};
  if (!is_host_name(access.server_name)) {
    return fail(ErrorKind::kInvalidInput, "prometheus.tls.server_name \"" + access.server_name +
                                              "\" is not a host name; write it without scheme, "
                                              "port and path");
  }
  const std::string host = part(url, CURLUPART_HOST);
  const std::string port = part(url, CURLUPART_PORT);
  endpoint.base = address(url, access.server_name);
  endpoint.host_header = "Host: " + host + (port.empty() ? "" : ":" + port);
  endpoint.connect_to = "::" + host + ":" + part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  endpoint.bypasses_proxy =
      access.proxy_url.empty() && no_proxy_names(host, environment({"no_proxy", "NO_PROXY"}));
  return {};
}

Result<void> apply_proxy(const Access& access, Endpoint& endpoint) {
  if (access.proxy_url.empty()) return {};
  endpoint.proxy = access.proxy_url;
  endpoint.proxy_display = without_credentials(access.proxy_url);
  constexpr unsigned kFlags = CURLU_NON_SUPPORT_SCHEME | CURLU_DEFAULT_SCHEME;
  if (!is_header_safe(access.proxy_url) || !parse_url(access.proxy_url, kFlags)) {
    return fail(ErrorKind::kInvalidInput, "prometheus.proxy_url " + endpoint.proxy_display +
                                              " is not a URL; write http://HOST:PORT");
  }
  return {};
}

}  // namespace

std::string url_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size() * 3 / 2);
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4];
    encoded += kDigits[byte & 0xF];
  }
  return encoded;
}

std::string without_credentials(std::string_view url) {
  std::string_view scheme;
  if (const std::size_t at = url.find("://"); at != std::string_view::npos) {
    scheme = url.substr(0, at + 3);
    url.remove_prefix(at + 3);
  }
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
    url.remove_prefix(at + 1);
  }
  return std::string(scheme) + std::string(url.substr(0, url.find_first_of("?#")));
}

Result<Endpoint> make_endpoint(const Access& access) {
  const Result<UrlHandle> url = parse_base_url(access.url);
  if (!url) return tl::unexpected(url.error());
  if (auto ok = check_base_url(access.url, *url); !ok) return tl::unexpected(ok.error());
  if (prefix_of(*url).ends_with("/api/v1")) {
    return refuse_url(access.url, "must end before /api/v1; loadline appends that itself");
  }
  Endpoint endpoint;
  endpoint.base = endpoint.display = address(*url, part(*url, CURLUPART_HOST));
  if (auto ok = apply_server_name(access, *url, endpoint); !ok) return tl::unexpected(ok.error());
  if (auto ok = apply_proxy(access, endpoint); !ok) return tl::unexpected(ok.error());
  return endpoint;
}

std::string request_url(const Endpoint& endpoint, const HttpRequest& request) {
  return endpoint.base + request.path + (request.query.empty() ? "" : "?" + request.query);
}

std::string describe_request(const Endpoint& endpoint, const HttpRequest& request) {
  std::string text = request.method == HttpMethod::kPost ? "POST " : "GET ";
  text += endpoint.display + request.path;
  if (!request.query.empty()) text += "?" + request.query.substr(0, kShownQueryBytes);
  if (request.query.size() > kShownQueryBytes) text += "...";
  if (!endpoint.proxy_display.empty()) text += " through proxy " + endpoint.proxy_display;
  return text;
}

}  // namespace loadline
