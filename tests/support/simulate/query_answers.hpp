/// The query API as far as loadline asks it: build information, values of two labels, label sets of
/// owners and of usage, the instant forms that tell requirements and living pods, and the raw range
/// selector. What else is asked for is refused with 400, so that a new question is noticed.
#pragma once

#include <string>
#include <vector>

#include "support/simulate/cluster.hpp"
#include "support/simulate/http_server.hpp"
#include "support/simulate/load.hpp"

namespace loadline::simulate {

/// Thread-safe.
class QueryAnswers {
 public:
  QueryAnswers(const Cluster& cluster, const Loads& loads) : cluster_(cluster), loads_(loads) {}

  void build_info(Answer& answer) const;
  void label_values(const Request& request, Answer& answer) const;
  void series(const Request& request, Answer& answer) const;
  void query(const Request& request, Answer& answer) const;

 private:
  struct RangeQuestion {
    std::vector<std::string> metrics{};
    std::vector<std::string> namespaces{};
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;  ///< both inclusive
  };
  void instant_rows(const std::vector<std::string>& metrics, double time, Answer& answer) const;
  [[nodiscard]] std::vector<Sample> samples_of(const std::string& metric, const Pod& pod,
                                               const RangeQuestion& question) const;
  void matrix_rows(const RangeQuestion& question, Answer& answer) const;

  const Cluster& cluster_;
  const Loads& loads_;
};

}  // namespace loadline::simulate
