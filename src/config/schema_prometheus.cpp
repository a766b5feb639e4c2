#include <array>

#include "config/schema.hpp"

namespace loadline::config {
namespace {

constexpr std::array<Word<std::optional<ReadPath>>, 5> kReadPaths{{
    {"auto", std::nullopt},
    {"remote-read", ReadPath::kRemoteReadStreamed},
    {"remote-read-samples", ReadPath::kRemoteReadSamples},
    {"query", ReadPath::kQuery},
    {"export", ReadPath::kVictoriaMetricsExport},
}};
constexpr std::array<Word<Compression>, 2> kCompressions{{
    {"none", Compression::kNone},
    {"gzip", Compression::kGzip},
}};
constexpr std::array<Word<TlsVerification>, 2> kInsecure{{
    {"false", TlsVerification::kOn},
    {"true", TlsVerification::kOff},
}};

template <typename Member>
Key text_key(Key key, Member member) {
  return with_value(std::move(key), member, read_text, write_text);
}

template <typename Member>
Key timeout_key(Key key, Member member) {
  return with_value(std::move(key), member, read_positive_duration, write_duration);
}

std::vector<Key> credential_keys() {
  return {
      text_key(
          {.name = "prometheus.bearer_token_file",
           .type = "file",
           .summary = "File with a bearer token.",
           .detail = "It is read again for new requests, so a rotated token is picked up."},
          [](auto& c) -> auto& { return c.prometheus.bearer_token_file; }),
      text_key(
          {.name = "prometheus.basic_auth.username",
           .type = "text",
           .summary = "User name of HTTP basic authentication."},
          [](auto& c) -> auto& { return c.prometheus.basic_auth_username; }),
      text_key(
          {.name = "prometheus.basic_auth.password_file",
           .type = "file",
           .summary = "File with the password of HTTP basic authentication."},
          [](auto& c) -> auto& { return c.prometheus.basic_auth_password_file; }),
  };
}

std::vector<Key> tls_keys() {
  return {
      text_key(
          {.name = "prometheus.tls.ca_file",
           .type = "file",
           .summary = "PEM file of the authorities that may have signed the server.",
           .detail = "Empty: those that the system trusts."},
          [](auto& c) -> auto& { return c.prometheus.ca_file; }),
      text_key(
          {.name = "prometheus.tls.client_certificate_file",
           .type = "file",
           .summary = "PEM file of the client certificate."},
          [](auto& c) -> auto& { return c.prometheus.client_certificate_file; }),
      text_key(
          {.name = "prometheus.tls.client_key_file",
           .type = "file",
           .summary = "PEM file of the client certificate's key."},
          [](auto& c) -> auto& { return c.prometheus.client_key_file; }),
      text_key(
          {.name = "prometheus.tls.server_name",
           .type = "text",
           .summary = "Name to send and to verify instead of the URL's host."},
          [](auto& c) -> auto& { return c.prometheus.server_name; }),
      with_words<TlsVerification>(
          {.name = "prometheus.tls.insecure_skip_verify",
           .summary = "Accept any certificate of the server; not for production."},
          [](auto& c) -> auto& { return c.prometheus.tls_verification; }, kInsecure),
  };
}

/// Adds to what is there, header by header: a flag adds to the file's.
Result<void> add_headers(Config& config, const Node& node) {
  Result<NameValues> headers = read_headers(node);
  if (!headers) return tl::unexpected(headers.error());
  for (auto& added : *headers) {
    NameValues& all = config.prometheus.headers;
    std::erase_if(all, [&](const auto& header) { return header.first == added.first; });
    all.push_back(std::move(added));
  }
  return {};
}

std::vector<Key> request_keys() {
  return {
      with_value(
          {.name = "prometheus.proxy_url",
           .type = "URL",
           .summary = "Proxy for all requests.",
           .detail = "Empty: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say."},
          [](auto& c) -> auto& { return c.prometheus.proxy_url; }, read_proxy_url, write_proxy_url),
      {.name = "prometheus.headers",
       .type = "map of text",
       .summary = "HTTP headers for every request, e.g. {X-Scope-OrgID: team-a}.",
       .detail = "Values are secret and never printed. A flag or a variable holds \"Name: value\" "
                 "and adds to those of the file.",
       .shape = Shape::kMap,
       .set = add_headers,
       .get = [](const Config& c) { return write_headers(c.prometheus.headers); }},
      with_value(
          {.name = "prometheus.matchers",
           .type = "label matchers",
           .summary = "Matchers added to every selector, e.g. cluster=\"eu-1\".",
           .detail = "Chooses one cluster of a Prometheus that holds many."},
          [](auto& c) -> auto& { return c.matchers; }, read_matchers, write_matchers),
      with_words<std::optional<ReadPath>>(
          {.name = "prometheus.read_path",
           .summary = "How samples are read; auto takes the fastest that the server offers.",
           .detail = "`loadline check` says which one that is, and why."},
          [](auto& c) -> auto& { return c.read_path; }, kReadPaths),
      with_words<Compression>(
          {.name = "prometheus.compression",
           .summary = "Compression to ask the server for.",
           .detail = "gzip costs the server 5 to 10 times the time: only for slow links."},
          [](auto& c) -> auto& { return c.prometheus.compression; }, kCompressions),
  };
}

std::vector<Key> patience_keys() {
  return {
      timeout_key(
          {.name = "prometheus.timeouts.connect",
           .type = "duration",
           .summary = "Longest time to wait for a connection."},
          [](auto& c) -> auto& { return c.prometheus.connect_timeout; }),
      timeout_key(
          {.name = "prometheus.timeouts.request",
           .type = "duration",
           .summary = "Longest time that one query may take."},
          [](auto& c) -> auto& { return c.prometheus.request_timeout; }),
      timeout_key(
          {.name = "prometheus.timeouts.stall",
           .type = "duration",
           .summary = "Longest time that a streamed read may stand still."},
          [](auto& c) -> auto& { return c.prometheus.stall_timeout; }),
      with_value(
          {.name = "prometheus.max_retries",
           .type = "0 to 100",
           .summary = "Retries of a request that failed for a reason that may pass."},
          [](auto& c) -> auto& { return c.prometheus.max_retries; },
          [](const Node& node) { return read_integer(node, 0, 100); }, write_integer),
      with_value(
          {.name = "prometheus.concurrency",
           .type = "1 to 64",
           .summary = "Requests under way at once.",
           .detail = "More than 2 rarely bring speed and cost the server memory."},
          [](auto& c) -> auto& { return c.prometheus.concurrency; },
          [](const Node& node) { return read_integer(node, 1, 64); }, write_integer),
  };
}

}  // namespace

std::vector<Key> prometheus_keys() {
  std::vector<Key> keys{with_value(
      {.name = "prometheus.url",
       .type = "URL",
       .summary = "Base URL, with its path prefix if it has one.",
       .detail = "E.g. http://prometheus:9090 or https://mimir.example/prometheus."},
      [](auto& c) -> auto& { return c.prometheus.url; }, read_url, write_text)};
  for (auto part : {credential_keys(), tls_keys(), request_keys(), patience_keys()}) {
    std::move(part.begin(), part.end(), std::back_inserter(keys));
  }
  return keys;
}

}  // namespace loadline::config
