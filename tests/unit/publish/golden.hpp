/// Output held against a file that was read by a person once; LOADLINE_UPDATE_GOLDEN=1 rewrites it.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "support/catch.hpp"

namespace loadline::test {

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The lines that differ, each with its number: "-" is the golden file, "+" what came out.
inline std::string diff(const std::string& golden, const std::string& actual) {
  std::istringstream left(golden);
  std::istringstream right(actual);
  std::string text;
  for (int number = 1; left || right; ++number) {
    std::string a;
    std::string b;
    std::getline(left, a);
    std::getline(right, b);
    if (a != b) {
      text += std::to_string(number) + " - " + a + "\n" + std::to_string(number) + " + " + b + "\n";
    }
  }
  return text;
}

/// `name` is a path below tests/golden.
inline void check_golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(LOADLINE_SOURCE_DIR) + "/tests/golden/" + name;
  if (const char* update = std::getenv("LOADLINE_UPDATE_GOLDEN"); update != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
  }
  const std::string golden = read_file(path);
  INFO(name << " differs; LOADLINE_UPDATE_GOLDEN=1 rewrites it\n" << diff(golden, actual));
  CHECK(golden == actual);
}

}  // namespace loadline::test
