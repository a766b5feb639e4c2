/// An ostream over a file descriptor that remembers why a write failed, which std::cout does not.
#pragma once

#include <array>
#include <ostream>
#include <streambuf>

namespace loadline::cli {

class FdBuffer final : public std::streambuf {
 public:
  /// `fd` stays the caller's.
  explicit FdBuffer(int fd);
  ~FdBuffer() override;
  FdBuffer(const FdBuffer&) = delete;
  FdBuffer& operator=(const FdBuffer&) = delete;

  /// errno of the first write that failed, 0 before; nothing is written after it.
  [[nodiscard]] int error() const { return error_; }

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  bool drain();

  int fd_ = -1;
  int error_ = 0;
  std::array<char, 65536> buffer_{};
};

/// Flush before asking `error`.
class FdStream final : public std::ostream {
 public:
  explicit FdStream(int fd) : std::ostream(nullptr), buffer_(fd) { rdbuf(&buffer_); }
  [[nodiscard]] int error() const { return buffer_.error(); }

 private:
  FdBuffer buffer_;
};

}  // namespace loadline::cli
