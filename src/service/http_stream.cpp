#include "service/http_stream.hpp"

#include <streambuf>
#include <vector>

namespace loadline::service {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

class PieceBuffer : public std::streambuf {
 public:
  explicit PieceBuffer(const WritePiece& write) : write_(write), bytes_(kPieceBytes) { reset(); }

  /// False once the reader has gone.
  bool pass_on() {
    const std::string_view piece(pbase(), static_cast<std::size_t>(pptr() - pbase()));
    if (!piece.empty() && is_open_) is_open_ = write_(piece);
    reset();
    return is_open_;
  }

 protected:
  int_type overflow(int_type c) override {
    if (!pass_on()) return traits_type::eof();
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    return sputc(traits_type::to_char_type(c));
  }

 private:
  void reset() { setp(bytes_.data(), bytes_.data() + bytes_.size()); }

  const WritePiece& write_;
  std::vector<char> bytes_;
  bool is_open_ = true;
};

}  // namespace

bool stream_pieces(const WritePiece& write, const std::function<void(std::ostream&)>& produce) {
  PieceBuffer buffer(write);
  std::ostream out(&buffer);
  // A report of 100,000 rows must not be rendered to its end for a reader that has gone.
  out.exceptions(std::ios::badbit);
  try {
    produce(out);
  } catch (const std::ios_base::failure&) {
    return false;
  }
  return buffer.pass_on();
}

}  // namespace loadline::service
