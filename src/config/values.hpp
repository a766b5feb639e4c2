/// How the value of a key is read and written: one pair of functions a type, `read_x` and
/// `write_x`. A reader's error says what is wrong with the value and what would be right; the
/// caller puts the place and the key before it. Values of secret keys never stand in an error.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/document.hpp"
#include "loadline/model/resources.hpp"
#include "loadline/model/time.hpp"
#include "loadline/prometheus/promql.hpp"
#include "loadline/recommend/policy.hpp"

namespace loadline::config {

/// What printed configurations show in place of a secret.
inline constexpr std::string_view kMask = "********";

using NameValues = std::vector<std::pair<std::string, std::string>>;

Result<std::string> read_text(const Node& node);
Node write_text(const std::string& text);

Result<bool> read_bool(const Node& node);
Node write_bool(bool value);

/// A finite decimal number.
Result<double> read_number(const Node& node);
Node write_number(double value);
Result<int> read_integer(const Node& node, int least, int most);
Node write_integer(int value);
/// "10%" or 0.1; in [0, 1].
Result<double> read_ratio(const Node& node);
Node write_ratio(double ratio);

Result<Milliseconds> read_duration(const Node& node);
Result<Milliseconds> read_positive_duration(const Node& node);
Node write_duration(Milliseconds duration);
/// Whole days, 1 to 90: "14d".
Result<std::chrono::days> read_window(const Node& node);
Node write_window(std::chrono::days window);

/// Kubernetes' spelling, not negative.
Result<double> read_quantity(const Node& node);
Node write_quantity(Resource resource, double value);
/// Steps "from: 0, step: 1m", `from` ascending, `step` positive.
Result<std::vector<GridStep>> read_grid(const Node& node);
Node write_grid(Resource resource, const std::vector<GridStep>& grid);

Result<std::vector<std::string>> read_list(const Node& node);
Node write_list(const std::vector<std::string>& list);

/// http:// or https:// without credentials, query or fragment; empty: not set.
Result<std::string> read_url(const Node& node);
/// A proxy's URL may carry credentials, which are masked when written.
Result<std::string> read_proxy_url(const Node& node);
Node write_proxy_url(const std::string& url);

/// HTTP header names to values; the values are masked when written.
Result<NameValues> read_headers(const Node& node);
Node write_headers(const NameValues& headers);

Result<std::vector<Matcher>> read_matchers(const Node& node);
Node write_matchers(const std::vector<Matcher>& matchers);

/// Settings given as one text, from a flag or the environment, as the node that a file would hold.
/// Lists are separated by commas, headers ("Name: value") by line ends, grid steps ("0:1m") and
/// kinds ("KIND:API_VERSION:POD_SPEC") by commas; YAML stays YAML.
enum class Shape { kScalar, kList, kMap, kGrid, kKinds, kYaml };
Result<Node> node_of_text(Shape shape, std::string_view text);

}  // namespace loadline::config
