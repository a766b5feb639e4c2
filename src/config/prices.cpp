#include "loadline/config/prices.hpp"

#include <algorithm>
#include <cctype>

#include "config/read_file.hpp"
#include "config/settings.hpp"
#include "config/values.hpp"
#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

using config::Node;

constexpr double kMostPrice = 10'000;
constexpr std::size_t kMostCurrency = 16;

/// Reads one file; errors name it, the line and the key.
class PriceReader {
 public:
  explicit PriceReader(std::string_view file_name) : file_name_(file_name) {}

  Result<PriceBook> read(const Node& root) {
    if (root.kind != Node::Kind::kMap) {
      return wrong(root, "prices", "a map is expected, with currency, core_hour and gib_hour");
    }
    for (const Node& item : root.items) {
      if (item.name == "pools") continue;  // they begin as what stands beside them
      if (Result<void> set = set_key(item); !set) return tl::unexpected(set.error());
    }
    if (Result<void> whole = check(root); !whole) return tl::unexpected(whole.error());
    for (const Node& item : root.items) {
      if (item.name != "pools") continue;
      if (Result<void> set = set_pools(item); !set) return tl::unexpected(set.error());
    }
    return std::move(book_);
  }

 private:
  [[nodiscard]] tl::unexpected<Error> wrong(const Node& node, const std::string& key,
                                            const std::string& problem) const {
    const std::string place = file_name_ + ":" + std::to_string(std::max(1, node.line));
    return tl::unexpected(config::setting_error(place, key, problem));
  }

  Result<void> set_key(const Node& item) {
    if (item.name == "currency") return set_currency(item);
    if (item.name == "pool_label") return set_label(item);
    if (item.name != "core_hour" && item.name != "gib_hour") {
      return wrong(item, item.name,
                   "unknown key; there are currency, core_hour, gib_hour, pool_label, pools");
    }
    has_core_ = has_core_ || item.name == "core_hour";
    has_gib_ = has_gib_ || item.name == "gib_hour";
    return set_price(item, item.name, book_.base);
  }

  Result<void> set_price(const Node& item, const std::string& key, UnitPrices& prices) {
    const Result<double> price = config::read_number(item);
    if (!price) return wrong(item, key, price.error().message);
    if (*price < 0 || *price > kMostPrice) {
      return wrong(item, key, "\"" + printable(item.text) + "\" is no price from 0 to 10000");
    }
    (item.name == "core_hour" ? prices.core_hour : prices.gib_hour) = *price;
    return {};
  }

  Result<void> set_currency(const Node& item) {
    const Result<std::string> text = config::read_text(item);
    const bool is_short = text && !text->empty() && text->size() <= kMostCurrency;
    if (!is_short || printable(*text) != *text) {
      return wrong(item, "currency", "a short text is expected, e.g. EUR");
    }
    book_.currency = *text;
    return {};
  }

  Result<void> set_label(const Node& item) {
    const Result<std::string> text = config::read_text(item);
    if (!text || text->empty()) return wrong(item, "pool_label", "the name of a label is expected");
    book_.pool_label = label_of(*text);
    return {};
  }

  /// As kube-state-metrics spells it: what no label of Prometheus may hold is "_", camel case is
  /// snake case.
  static std::string label_of(const std::string& name) {
    const bool is_plain = std::ranges::all_of(name, [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte < 128 && (std::isalnum(byte) != 0 || c == '_');
    });
    if (is_plain && name.starts_with("label_")) return name;  // it stands in queries
    std::string label = "label_";
    for (const char c : name) {
      const auto byte = static_cast<unsigned char>(c);
      const char before = label.back();
      if (std::isupper(byte) != 0 && (std::islower(static_cast<unsigned char>(before)) != 0 ||
                                      std::isdigit(static_cast<unsigned char>(before)) != 0)) {
        label += '_';
      }
      label += byte < 128 && std::isalnum(byte) != 0 ? static_cast<char>(std::tolower(byte)) : '_';
    }
    return label;
  }

  Result<void> check(const Node& root) const {
    if (book_.currency.empty()) return wrong(root, "currency", "it is missing, e.g. EUR");
    if (!has_core_) return wrong(root, "core_hour", "it is missing: the price of a core and hour");
    if (!has_gib_) return wrong(root, "gib_hour", "it is missing: the price of a GiB and hour");
    return {};
  }

  Result<void> set_pools(const Node& pools) {
    if (pools.kind != Node::Kind::kMap) {
      return wrong(pools, "pools", "a map is expected, e.g. spot: {core_hour: 0.01}");
    }
    if (book_.pool_label.empty()) {
      return wrong(pools, "pools", "set pool_label, the label of nodes that names their pool");
    }
    for (const Node& pool : pools.items) {
      if (Result<void> added = add_pool(pool); !added) return added;
    }
    return {};
  }

  Result<void> add_pool(const Node& pool) {
    const std::string key = "pools." + pool.name;
    if (pool.kind != Node::Kind::kMap || pool.items.empty()) {
      return wrong(pool, key, "a map of core_hour and gib_hour is expected");
    }
    PoolPrices own{.pattern = pool.name, .prices = book_.base};
    for (const Node& item : pool.items) {
      if (item.name != "core_hour" && item.name != "gib_hour") {
        return wrong(item, key + "." + item.name, "unknown key; there are core_hour and gib_hour");
      }
      if (Result<void> set = set_price(item, key + "." + item.name, own.prices); !set) return set;
    }
    book_.pools.push_back(std::move(own));
    return {};
  }

  std::string file_name_;
  PriceBook book_{};
  bool has_core_ = false;
  bool has_gib_ = false;
};

}  // namespace

Result<PriceBook> parse_prices(std::string_view yaml, std::string_view file_name) {
  const Result<Node> root = config::parse_document(yaml, file_name);
  if (!root) return tl::unexpected(root.error());
  return PriceReader(file_name).read(*root);
}

Result<PriceBook> load_prices(const std::string& path) {
  const Result<std::string> text = config::read_file(path, "prices");
  if (!text) return tl::unexpected(text.error());
  return parse_prices(*text, path);
}

}  // namespace loadline
