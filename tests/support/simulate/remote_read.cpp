#include "support/simulate/remote_read.hpp"

#include <snappy.h>

#include <algorithm>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "loadline/model/crc32c.hpp"
#include "support/remote_read_answer.hpp"
#include "support/simulate/matchers.hpp"

namespace loadline::simulate {
namespace {

constexpr std::int64_t kChunkScrapes = 120;
constexpr std::size_t kFrameBytes = 1U << 20;
constexpr std::size_t kCachedRanges = 64;
/// A server's clock is ahead of what loadline asks for by its settle delay: so far its head
/// reaches.
constexpr std::int64_t kHeadScrapes = 2;

Matcher read_matcher(protozero::pbf_reader in) {
  Matcher matcher;
  while (in.next()) {
    if (in.tag() == 1) {
      matcher.op = static_cast<MatchOp>(in.get_enum());
    } else if (in.tag() == 2) {
      matcher.name = in.get_string();
    } else if (in.tag() == 3) {
      matcher.value = in.get_string();
    } else {
      in.skip();
    }
  }
  return matcher;
}

Result<void> read_query(protozero::pbf_reader in, ReadRequest& request) {
  std::vector<Matcher> matchers;
  while (in.next()) {
    if (in.tag() == 1) {
      request.start_ms = in.get_int64();
    } else if (in.tag() == 2) {
      request.end_ms = in.get_int64();
    } else if (in.tag() == 3) {
      matchers.push_back(read_matcher(in.get_message()));
    } else {
      in.skip();
    }
  }
  auto metrics = wanted_values(matchers, "__name__");
  auto namespaces = wanted_values(matchers, "namespace");
  if (!metrics) return tl::unexpected<Error>(metrics.error());
  if (!namespaces) return tl::unexpected<Error>(namespaces.error());
  request.metrics = std::move(*metrics);
  request.namespaces = std::move(*namespaces);
  return {};
}

std::string encoded_labels(const Labels& labels) {
  std::string bytes;
  protozero::pbf_writer out(bytes);
  for (const auto& [name, value] : labels.pairs()) {
    protozero::pbf_writer label(out, 1);
    label.add_string(1, name);
    label.add_string(2, value);
  }
  return bytes;
}

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

/// A frame with one series in it; `scratch` saves an allocation a series.
void write_frame(std::string_view labels, std::string_view chunks, std::string& scratch,
                 Answer& answer) {
  constexpr char kSeriesField = 1 << 3 | 2;
  scratch.assign(1, kSeriesField);
  append_varint(scratch, labels.size() + chunks.size());
  scratch += labels;
  scratch += chunks;
  std::string head;
  append_varint(head, scratch.size());
  const std::uint32_t crc = crc32c(0, std::as_bytes(std::span(scratch)));
  for (int shift = 24; shift >= 0; shift -= 8) head += static_cast<char>(crc >> shift);
  answer.write(head);
  answer.write(scratch);
}

bool asks_for(const std::vector<std::string>& wanted, std::string_view text) {
  return wanted.empty() || std::ranges::find(wanted, text) != wanted.end();
}

std::string_view metric_of(Resource resource) {
  return resource == Resource::kCpu ? "container_cpu_usage_seconds_total"
                                    : "container_memory_working_set_bytes";
}

}  // namespace

Result<ReadRequest> parse_read_request(const std::string& body) try {
  std::string message;
  if (!snappy::Uncompress(body.data(), body.size(), &message))
    return fail(ErrorKind::kInvalidInput, "the request is not compressed by snappy");
  protozero::pbf_reader in(message);
  ReadRequest request;
  while (in.next()) {
    if (in.tag() == 1) {
      if (auto read = read_query(in.get_message(), request); !read)
        return tl::unexpected<Error>(read.error());
    } else if (in.tag() == 2) {
      request.takes_chunks = in.get_enum() == 1;
    } else {
      in.skip();
    }
  }
  return request;
} catch (const protozero::exception& e) {
  return fail(ErrorKind::kInvalidInput, std::string("the request is no protobuf: ") + e.what());
}

RemoteRead::RemoteRead(const Cluster& cluster, const Loads& loads)
    : cluster_(cluster), loads_(loads) {
  for (const Resource resource : kResources) {
    labels_[resource].reserve(cluster.pods().size());
    for (const Pod& pod : cluster.pods())
      labels_[resource].push_back(encoded_labels(usage_labels(pod, resource)));
  }
}

void RemoteRead::answer(const Request& request, Answer& answer) {
  const auto asked = parse_read_request(request.body);
  if (!asked || !asked->takes_chunks) {
    answer.start(400, "text/plain");
    return answer.write(asked ? "only streamed chunks are simulated" : asked.error().message);
  }
  answer.start(200, "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse");
  for (const Resource resource : kResources) {
    if (!asks_for(asked->metrics, metric_of(resource))) continue;
    const auto chunks = chunks_of({resource, asked->start_ms, asked->end_ms});
    for (std::size_t i = 0; i < cluster_.namespaces().size(); ++i)
      if (asks_for(asked->namespaces, cluster_.namespaces()[i]))
        write_namespace(i, resource, *chunks, answer);
  }
}

/// Chunks are cut at the same scrapes for all, as a server's are.
std::vector<std::string> RemoteRead::encode(std::size_t load, const Range& range) const {
  const std::int64_t first = loads_.scrape_from(load, range.start_ms);
  const std::int64_t last = loads_.scrape_from(load, range.end_ms) + kHeadScrapes;
  std::vector<std::string> chunks;
  for (std::int64_t begin = first - first % kChunkScrapes; begin < last; begin += kChunkScrapes) {
    std::vector<Sample> samples;
    for (std::int64_t i = begin; i < std::min(begin + kChunkScrapes, last); ++i)
      samples.push_back(loads_.sample(load, range.resource, i));
    std::string bytes;
    protozero::pbf_writer(bytes).add_message(2, test::chunk_message(samples));
    chunks.push_back(std::move(bytes));
  }
  return chunks;
}

std::shared_ptr<const RemoteRead::Chunks> RemoteRead::chunks_of(const Range& range) {
  const std::scoped_lock lock(mutex_);
  auto& known = cache_[range];
  if (known) return known;
  auto made = std::make_shared<Chunks>();
  for (std::size_t load = 0; load < kLoads; ++load) made->of_load[load] = encode(load, range);
  std::shared_ptr<const Chunks> chunks = made;
  known = chunks;
  if (cache_.size() > kCachedRanges)
    std::erase_if(cache_, [&](const auto& entry) { return entry.second != chunks; });
  return chunks;
}

void RemoteRead::write_namespace(std::size_t number, Resource resource, const Chunks& chunks,
                                 Answer& answer) const {
  std::string together;
  std::string scratch;
  for (std::size_t pod = cluster_.first_pod(number); pod < cluster_.last_pod(number); ++pod) {
    const std::string& labels = labels_[resource][pod];
    together.clear();
    for (const std::string& chunk : chunks.of_load[load_of(pod)]) {
      if (labels.size() + together.size() + chunk.size() > kFrameBytes) {
        write_frame(labels, together, scratch, answer);
        together.clear();
      }
      together += chunk;
    }
    if (!together.empty()) write_frame(labels, together, scratch, answer);
  }
}

}  // namespace loadline::simulate
