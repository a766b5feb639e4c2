#include "prometheus/chunk_frames.hpp"

#include <algorithm>
#include <cstring>

#include "loadline/model/crc32c.hpp"
#include "loadline/model/labels.hpp"
#include "prometheus/xor_chunk.hpp"

namespace loadline {
namespace {

// Prometheus' frames have 1 MiB by default (--storage.remote.read-max-bytes-in-frame).
constexpr std::uint64_t kLongestMessage = std::uint64_t{256} << 20;
constexpr std::size_t kCrcBytes = 4;
constexpr std::size_t kLongestVarint = 10;

}  // namespace

Result<void> ChunkFrames::feed(std::span<const std::byte> data) {
  while (!data.empty()) {
    if (!in_message_) {
      if (auto taken = take_header(data); !taken) return taken;
      if (!in_message_) continue;
    }
    const auto part = data.first(std::min(data.size(), length_ - have_));
    // Grown as bytes come: a length that lies costs no memory.
    if (message_.size() < have_ + part.size() + kChunkPadding)
      message_.resize(have_ + part.size() + kChunkPadding);
    if (!part.empty()) std::memcpy(message_.data() + have_, part.data(), part.size());
    crc_ = crc32c(crc_, part);
    have_ += part.size();
    data = data.subspan(part.size());
    if (have_ < length_) continue;
    if (auto done = complete(); !done) return done;
  }
  return {};
}

Result<void> ChunkFrames::take_header(std::span<const std::byte>& data) {
  header_.push_back(data.front());
  data = data.subspan(1);
  const auto last_of_length = std::ranges::find_if(
      header_, [](std::byte byte) { return (byte & std::byte{0x80}) == std::byte{0}; });
  const auto varint_bytes = static_cast<std::size_t>(last_of_length - header_.begin()) + 1;
  if (last_of_length == header_.end())
    return header_.size() < kLongestVarint ? Result<void>{}
                                           : not_a_frame("a frame's length does not end");
  if (header_.size() < varint_bytes + kCrcBytes) return {};
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < varint_bytes; ++i)
    length |= std::to_integer<std::uint64_t>(header_[i] & std::byte{0x7F}) << (7 * i);
  if (length > kLongestMessage) return not_a_frame("a frame is impossibly long");
  expected_crc_ = 0;
  for (std::size_t i = varint_bytes; i < header_.size(); ++i)
    expected_crc_ = expected_crc_ << 8 | std::to_integer<std::uint32_t>(header_[i]);
  length_ = static_cast<std::size_t>(length);
  have_ = 0;
  crc_ = 0;
  in_message_ = true;
  if (length_ == 0) {
    message_.resize(std::max(message_.size(), kChunkPadding));
    return complete();
  }
  return {};
}

Result<void> ChunkFrames::complete() {
  if (crc_ != expected_crc_) return not_a_frame("a frame's CRC-32C is wrong");
  in_message_ = false;
  header_.clear();
  return on_message_(std::span<const std::byte>(message_).first(length_));
}

Result<void> ChunkFrames::finish() const {
  if (!in_message_ && header_.empty()) return {};
  return fail(ErrorKind::kUnreachable, "the streamed answer ends inside a frame" + quoted() +
                                           "; the server may have run out of "
                                           "memory or time: look at its log");
}

void ChunkFrames::reset() {
  header_.clear();
  in_message_ = false;
}

Result<void> ChunkFrames::not_a_frame(const char* why) const {
  return fail(ErrorKind::kCorrupt,
              std::string("the streamed answer is damaged: ") + why + quoted());
}

// Implementation details: an error text in place of a frame has been taken apart as header and
// message.
std::string ChunkFrames::quoted() const {
  std::string text;
  for (const std::byte byte : header_) text.push_back(static_cast<char>(byte));
  if (in_message_)
    text.append(reinterpret_cast<const char*>(message_.data()), std::min<std::size_t>(have_, 300));
  const auto printables = std::ranges::count_if(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (text.size() < 8 || printables * 10 < static_cast<std::ptrdiff_t>(text.size()) * 9) return "";
  return "; it says: \"" + printable(text) + "\"";
}

}  // namespace loadline
