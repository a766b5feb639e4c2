#include "service/http_stream.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace loadline::service {
namespace {

struct Pieces {
  std::vector<std::string> pieces{};
  std::size_t most = 1'000'000;

  WritePiece writer() {
    return [this](std::string_view piece) {
      pieces.emplace_back(piece);
      return pieces.size() < most;
    };
  }
  [[nodiscard]] std::string joined() const {
    std::string text;
    for (const std::string& piece : pieces) text += piece;
    return text;
  }
};

TEST_CASE("text comes through in pieces, whole and in order") {
  Pieces pieces;
  std::string expected;
  CHECK(stream_pieces(pieces.writer(), [&expected](std::ostream& out) {
    for (int i = 0; i < 50'000; ++i) {
      out << i << '\n';
      expected += std::to_string(i) + '\n';
    }
    out << std::string(200'000, 'x');
    expected += std::string(200'000, 'x');
  }));
  CHECK(pieces.joined() == expected);
  for (const std::string& piece : pieces.pieces) CHECK(piece.size() <= 64U << 10U);
}

TEST_CASE("nothing written is no piece") {
  Pieces pieces;
  CHECK(stream_pieces(pieces.writer(), [](std::ostream&) {}));
  CHECK(pieces.pieces.empty());
}

TEST_CASE("a producer is left when its reader has gone") {
  Pieces pieces{.most = 2};
  int lines = 0;
  CHECK_FALSE(stream_pieces(pieces.writer(), [&lines](std::ostream& out) {
    for (; lines < 1'000'000; ++lines) out << "a line of some length\n";
  }));
  CHECK(pieces.pieces.size() == 2);
  CHECK(lines < 10'000);
}

TEST_CASE("a reader that goes at the very last piece is noticed") {
  Pieces pieces{.most = 1};
  CHECK_FALSE(stream_pieces(pieces.writer(), [](std::ostream& out) { out << "short"; }));
}

}  // namespace
}  // namespace loadline::service
