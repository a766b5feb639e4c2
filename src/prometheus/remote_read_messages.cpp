#include "prometheus/remote_read_messages.hpp"

#include <snappy.h>

#include <exception>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

namespace loadline {
namespace {

std::string_view view(const protozero::data_view& data) {
  return {data.data(), data.size()};
}

std::string encode_query(const Selection& selection) {
  std::string bytes;
  protozero::pbf_writer query(bytes);
  query.add_int64(1, to_unix_ms(selection.range.start));
  query.add_int64(2, to_unix_ms(selection.range.end) - 1);  // the protocol's end is inclusive
  for (const Matcher& matcher : selection.matchers) {
    protozero::pbf_writer out(query, 3);
    out.add_enum(1, static_cast<std::int32_t>(matcher.op));
    out.add_string(2, matcher.name);
    out.add_string(3, matcher.value);
  }
  return bytes;
}

void read_label(protozero::pbf_reader label, Labels& labels) {
  std::string_view name;
  std::string_view value;
  while (label.next()) {
    switch (label.tag()) {
      case 1:
        name = view(label.get_view());
        break;
      case 2:
        value = view(label.get_view());
        break;
      default:
        label.skip();
    }
  }
  labels.set(name, value);
}

ChunkView read_chunk(protozero::pbf_reader chunk) {
  ChunkView result;
  while (chunk.next()) {
    switch (chunk.tag()) {
      case 1:
        result.min_ms = chunk.get_int64();
        break;
      case 2:
        result.max_ms = chunk.get_int64();
        break;
      case 3:
        result.encoding = chunk.get_enum();
        break;
      case 4:
        result.data = view(chunk.get_view());
        break;
      default:
        chunk.skip();
    }
  }
  return result;
}

void read_chunked_series(protozero::pbf_reader series, ChunkedSeriesView& result) {
  result.labels.clear();
  result.chunks.clear();
  while (series.next()) {
    switch (series.tag()) {
      case 1:
        read_label(series.get_message(), result.labels);
        break;
      case 2:
        result.chunks.push_back(read_chunk(series.get_message()));
        break;
      default:
        series.skip();
    }
  }
}

Sample read_sample(protozero::pbf_reader sample) {
  Sample result;
  while (sample.next()) {
    switch (sample.tag()) {
      case 1:
        result.value = sample.get_double();
        break;
      case 2:
        result.t_ms = sample.get_int64();
        break;
      default:
        sample.skip();
    }
  }
  return result;
}

void read_time_series(protozero::pbf_reader series, Labels& labels, std::vector<Sample>& samples) {
  labels.clear();
  samples.clear();
  while (series.next()) {
    switch (series.tag()) {
      case 1:
        read_label(series.get_message(), labels);
        break;
      case 2:
        samples.push_back(read_sample(series.get_message()));
        break;
      default:
        series.skip();
    }
  }
}

tl::unexpected<Error> not_protobuf(const std::exception& e) {
  return fail(
      ErrorKind::kCorrupt,
      std::string("the remote-read answer is not the protobuf message it should be: ") + e.what());
}

}  // namespace

std::string encode_read_request(const Selection& selection, RemoteReadAnswer accepted) {
  std::string request;
  protozero::pbf_writer out(request);
  out.add_message(1, encode_query(selection));
  out.add_enum(2, static_cast<std::int32_t>(accepted));
  std::string compressed;
  snappy::Compress(request.data(), request.size(), &compressed);
  return compressed;
}

Result<void> for_each_chunked_series(
    std::span<const std::byte> message,
    const std::function<Result<void>(const ChunkedSeriesView&)>& on_series) try {
  protozero::pbf_reader response(reinterpret_cast<const char*>(message.data()), message.size());
  ChunkedSeriesView series;
  while (response.next()) {
    if (response.tag() != 1) {
      response.skip();
      continue;
    }
    read_chunked_series(response.get_message(), series);
    if (auto taken = on_series(series); !taken) return taken;
  }
  return {};
} catch (const protozero::exception& e) {
  return not_protobuf(e);
}

Result<void> for_each_sampled_series(
    std::string_view message,
    const std::function<void(const Labels& labels, const std::vector<Sample>& samples)>&
        on_series) try {
  protozero::pbf_reader response(message.data(), message.size());
  Labels labels;
  std::vector<Sample> samples;
  while (response.next(1)) {
    protozero::pbf_reader result = response.get_message();
    while (result.next(1)) {
      read_time_series(result.get_message(), labels, samples);
      on_series(labels, samples);
    }
  }
  return {};
} catch (const protozero::exception& e) {
  return not_protobuf(e);
}

Result<std::string> snappy_uncompress(std::string_view compressed, std::size_t max_bytes) {
  std::size_t size = 0;
  if (!snappy::GetUncompressedLength(compressed.data(), compressed.size(), &size))
    return fail(ErrorKind::kCorrupt, "the remote-read answer is not snappy-compressed");
  if (size > max_bytes)
    return fail(ErrorKind::kTooLarge,
                "the remote-read answer would be " + std::to_string(size) + " bytes");
  std::string out;
  if (!snappy::Uncompress(compressed.data(), compressed.size(), &out))
    return fail(ErrorKind::kCorrupt, "the remote-read answer's snappy block is damaged");
  return out;
}

}  // namespace loadline
