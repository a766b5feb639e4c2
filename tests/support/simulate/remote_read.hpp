/// The answer of POST /api/v1/read as Prometheus streams it: a frame a series, whole chunks of up
/// to 120 samples that reach past the asked range on both sides, CRC-32C.
///
/// Quick, so that what is measured is the reader: labels are encoded once at the start, the chunks
/// of a range once for all pods that share a load.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "loadline/model/result.hpp"
#include "support/simulate/cluster.hpp"
#include "support/simulate/http_server.hpp"
#include "support/simulate/load.hpp"

namespace loadline::simulate {

/// What a request asks for, over matchers that this server does not look at.
struct ReadRequest {
  std::vector<std::string> metrics{};
  std::vector<std::string> namespaces{};  ///< empty: all
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;  ///< inclusive
  bool takes_chunks = false;
};
/// `body` as sent, compressed. kInvalidInput for what is no such request.
Result<ReadRequest> parse_read_request(const std::string& body);

/// Thread-safe.
class RemoteRead {
 public:
  RemoteRead(const Cluster& cluster, const Loads& loads);

  void answer(const Request& request, Answer& answer);

 private:
  /// The encoded chunks of every load over one range.
  struct Chunks {
    std::array<std::vector<std::string>, kLoads> of_load{};  ///< chunk messages, in order of time
  };
  struct Range {
    Resource resource = Resource::kCpu;
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    auto operator<=>(const Range&) const = default;
  };

  std::shared_ptr<const Chunks> chunks_of(const Range& range);
  [[nodiscard]] std::vector<std::string> encode(std::size_t load, const Range& range) const;
  void write_namespace(std::size_t number, Resource resource, const Chunks& chunks,
                       Answer& answer) const;

  const Cluster& cluster_;
  const Loads& loads_;
  PerResource<std::vector<std::string>> labels_{};  ///< encoded, by the pod's number
  std::mutex mutex_{};
  std::map<Range, std::shared_ptr<const Chunks>> cache_{};
};

}  // namespace loadline::simulate
