/// A file descriptor with an owner.
#pragma once

namespace loadline {

/// Closes the descriptor when it dies; an error of close(2) is not told, so whoever writes calls
/// fsync before. Neither copied nor moved: `const Descriptor file(::open(...))`.
class Descriptor {
 public:
  /// `fd` as open(2) and its like return it: negative where they failed, and then errno says why.
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  /// The number; negative where there is none.
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_ = -1;
};

}  // namespace loadline
