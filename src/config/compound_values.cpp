// Values with parts: lists, maps, URLs, headers, matchers and grids.

#include <algorithm>
#include <array>

#include "config/values.hpp"
#include "loadline/model/labels.hpp"

namespace loadline::config {
namespace {

tl::unexpected<Error> wrong(std::string problem) {
  return fail(ErrorKind::kInvalidInput, std::move(problem));
}

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// The parts between separators, trimmed, empty ones left out.
std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = trimmed(text.substr(0, end));
    if (!part.empty()) parts.push_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool has_control_bytes(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

/// RFC 9110's token: the bytes of a header's name.
bool is_header_name(std::string_view name) {
  constexpr std::string_view kPunctuation = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || kPunctuation.find(c) != std::string_view::npos;
  });
}

/// "user:password" of scheme://user:password@host/path; empty where there is none.
std::string_view credentials_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::string_view authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const std::size_t at = authority.rfind('@');
  return at == std::string_view::npos ? std::string_view{} : authority.substr(0, at);
}

bool has_scheme(std::string_view url, std::string_view scheme) {
  return url.starts_with(scheme) && url.size() > scheme.size();
}

}  // namespace

Result<std::vector<std::string>> read_list(const Node& node) {
  if (node.kind == Node::Kind::kScalar) return wrong("a list is expected, e.g. [a, b]");
  if (node.kind != Node::Kind::kList) return wrong("a list is expected");
  std::vector<std::string> list;
  for (const Node& item : node.items) {
    Result<std::string> text = read_text(item);
    if (!text || text->empty()) return wrong("a list of texts is expected, e.g. [a, b]");
    list.push_back(std::move(*text));
  }
  return list;
}

Node write_list(const std::vector<std::string>& list) {
  Node node{.kind = Node::Kind::kList};
  for (const std::string& text : list) node.items.push_back(scalar(text));
  return node;
}

Result<std::string> read_url(const Node& node) {
  Result<std::string> url = read_text(node);
  if (!url || url->empty()) return url;
  if (!credentials_of(*url).empty()) {
    return wrong(
        "a URL must not hold a user name or password; use prometheus.basic_auth or "
        "prometheus.bearer_token_file");
  }
  if (!has_scheme(*url, "http://") && !has_scheme(*url, "https://")) {
    return wrong("\"" + printable(*url) + "\" is not a URL that begins with http:// or https://");
  }
  if (url->find_first_of("?#") != std::string::npos || has_control_bytes(*url)) {
    return wrong("a base URL has no query, no fragment and no control bytes");
  }
  return url;
}

Result<std::string> read_proxy_url(const Node& node) {
  Result<std::string> url = read_text(node);
  if (!url || url->empty()) return url;
  constexpr std::array<std::string_view, 5> kSchemes{"http://", "https://", "socks4://",
                                                     "socks5://", "socks5h://"};
  const auto fits = [&](std::string_view scheme) { return has_scheme(*url, scheme); };
  if (std::any_of(kSchemes.begin(), kSchemes.end(), fits) && !has_control_bytes(*url)) return url;
  return wrong("a proxy URL begins with http://, https://, socks4://, socks5:// or socks5h://");
}

Node write_proxy_url(const std::string& url) {
  const std::string_view credentials = credentials_of(url);
  if (credentials.empty()) return scalar(url);
  std::string masked = url;
  masked.replace(static_cast<std::size_t>(credentials.data() - url.data()), credentials.size(),
                 kMask);
  return scalar(masked);
}

Result<NameValues> read_headers(const Node& node) {
  if (node.kind != Node::Kind::kMap) return wrong("a map is expected, e.g. {X-Scope-OrgID: team}");
  NameValues headers;
  for (const Node& item : node.items) {
    if (!is_header_name(item.name)) {
      return wrong("\"" + printable(item.name) + "\" is not the name of an HTTP header");
    }
    Result<std::string> value = read_text(item);
    if (!value || has_control_bytes(*value)) {
      return wrong("the value of header " + item.name + " must be one line of text");
    }
    headers.emplace_back(item.name, std::move(*value));
  }
  return headers;
}

Node write_headers(const NameValues& headers) {
  Node node{.kind = Node::Kind::kMap};
  for (const auto& [name, value] : headers) node.items.push_back(named(name, scalar(kMask)));
  return node;
}

Result<std::vector<Matcher>> read_matchers(const Node& node) {
  const Result<std::string> text = read_text(node);
  if (!text) return tl::unexpected(text.error());
  return parse_matchers(*text);
}

Node write_matchers(const std::vector<Matcher>& matchers) {
  return scalar(matchers.empty() ? "" : selector(matchers));
}

namespace {

Result<GridStep> read_step(const Node& node) {
  GridStep grid_step;
  bool has_from = false;
  bool has_step = false;
  for (const Node& item : node.items) {
    const Result<double> value = read_quantity(item);
    if (!value) return tl::unexpected(value.error());
    if (item.name == "from") grid_step.from = *value;
    if (item.name == "step") grid_step.step = *value;
    has_from = has_from || item.name == "from";
    has_step = has_step || item.name == "step";
  }
  if (!has_from || !has_step || node.items.size() != 2) {
    return wrong("a step is {from: QUANTITY, step: QUANTITY}");
  }
  if (grid_step.step <= 0) return wrong("the step of a grid must be more than zero");
  return grid_step;
}

}  // namespace

Result<std::vector<GridStep>> read_grid(const Node& node) {
  if (node.kind != Node::Kind::kList) return wrong("a list of {from, step} is expected");
  std::vector<GridStep> grid;
  for (const Node& item : node.items) {
    const Result<GridStep> step = read_step(item);
    if (!step) return tl::unexpected(step.error());
    if (!grid.empty() && step->from <= grid.back().from) {
      return wrong("the steps of a grid must be in ascending order of from");
    }
    grid.push_back(*step);
  }
  return grid;
}

Node write_grid(Resource resource, const std::vector<GridStep>& grid) {
  Node node{.kind = Node::Kind::kList};
  for (const GridStep& step : grid) {
    Node item{.kind = Node::Kind::kMap};
    item.items.push_back(named("from", write_quantity(resource, step.from)));
    item.items.push_back(named("step", write_quantity(resource, step.step)));
    node.items.push_back(std::move(item));
  }
  return node;
}

namespace {

Result<Node> header_lines(std::string_view text) {
  Node node{.kind = Node::Kind::kMap};
  for (const std::string_view line : parts_of(text, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return wrong("a header is \"Name: value\"");
    node.items.push_back(
        named(trimmed(line.substr(0, colon)), scalar(trimmed(line.substr(colon + 1)))));
  }
  return node;
}

Result<Node> grid_steps(std::string_view text) {
  Node node{.kind = Node::Kind::kList};
  for (const std::string_view part : parts_of(text, ',')) {
    const std::size_t colon = part.find(':');
    if (colon == std::string_view::npos) return wrong("a grid is FROM:STEP,FROM:STEP,...");
    Node step{.kind = Node::Kind::kMap};
    step.items.push_back(named("from", scalar(trimmed(part.substr(0, colon)))));
    step.items.push_back(named("step", scalar(trimmed(part.substr(colon + 1)))));
    node.items.push_back(std::move(step));
  }
  return node;
}

/// API versions hold slashes and dots, but no colon.
Result<Node> kind_rows(std::string_view text) {
  constexpr std::array<std::string_view, 3> kFields{"kind", "api_version", "pod_spec"};
  Node node{.kind = Node::Kind::kList};
  for (const std::string_view part : parts_of(text, ',')) {
    const std::vector<std::string_view> fields = parts_of(part, ':');
    if (fields.size() < 2 || fields.size() > kFields.size()) {
      return wrong("kinds are KIND:API_VERSION:POD_SPEC,...; the third part may be left out");
    }
    Node row{.kind = Node::Kind::kMap};
    for (std::size_t i = 0; i < fields.size(); ++i) {
      row.items.push_back(named(kFields[i], scalar(fields[i])));
    }
    node.items.push_back(std::move(row));
  }
  return node;
}

Result<Node> yaml_value(std::string_view text) {
  Result<Node> document = parse_document("value: " + std::string(text), "value");
  if (!document) return document;
  if (document->items.size() != 1) return wrong("one YAML value on one line is expected");
  return std::move(document->items.front());
}

}  // namespace

Result<Node> node_of_text(Shape shape, std::string_view text) {
  switch (shape) {
    case Shape::kScalar:
      return scalar(text);
    case Shape::kMap:
      return header_lines(text);
    case Shape::kGrid:
      return grid_steps(text);
    case Shape::kKinds:
      return kind_rows(text);
    case Shape::kYaml:
      return yaml_value(text);
    case Shape::kList:
      break;
  }
  Node node{.kind = Node::Kind::kList};
  for (const std::string_view part : parts_of(text, ',')) node.items.push_back(scalar(part));
  return node;
}

}  // namespace loadline::config
