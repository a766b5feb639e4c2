#include "cli/file_watch.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "loadline/model/stable_hash.hpp"

namespace loadline::cli {

FileWatch::FileWatch(std::string path) : path_(std::move(path)), seen_(look()) {}

bool FileWatch::has_changed() {
  const std::optional<std::uint64_t> now = look();
  if (!now || now == seen_) return false;
  seen_ = now;
  return true;
}

std::optional<std::uint64_t> FileWatch::look() const {
  if (path_.empty()) return std::nullopt;
  std::ifstream file(path_, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file) return std::nullopt;
  return StableHash().add(content).value();
}

}  // namespace loadline::cli
