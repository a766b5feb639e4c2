/// Cuts a streamed remote-read answer into frames while it arrives: uvarint length, CRC-32C
/// (big-endian), protobuf message.
/// https://github.com/prometheus/prometheus/blob/main/storage/remote/chunked.go
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "loadline/model/result.hpp"

namespace loadline {

class ChunkFrames {
 public:
  /// Called with each frame's message, whose CRC was right; the memory behind it may be read for
  /// kChunkPadding bytes more.
  using OnMessage = std::function<Result<void>(std::span<const std::byte> message)>;

  explicit ChunkFrames(OnMessage on_message) : on_message_(std::move(on_message)) {}

  /// Fails with kCorrupt on an impossible length or a wrong CRC -- a server that fails midway
  /// writes its error as text into the stream, so the message quotes what stands there -- or with
  /// the error of on_message.
  Result<void> feed(std::span<const std::byte> data);
  /// To be asked when the body is over: fails with kUnreachable where a frame is unfinished.
  [[nodiscard]] Result<void> finish() const;
  /// Forgets an attempt that broke.
  void reset();

 private:
  /// Takes header bytes until length and CRC are known.
  Result<void> take_header(std::span<const std::byte>& data);
  Result<void> complete();
  [[nodiscard]] Result<void> not_a_frame(const char* why) const;
  [[nodiscard]] std::string quoted() const;

  OnMessage on_message_;
  std::vector<std::byte> header_{};
  std::vector<std::byte> message_{};  // kChunkPadding longer than the longest message so far
  std::size_t length_ = 0;
  std::size_t have_ = 0;
  std::uint32_t expected_crc_ = 0;
  std::uint32_t crc_ = 0;
  bool in_message_ = false;
};

}  // namespace loadline
