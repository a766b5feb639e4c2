/// String matchers under one name for Catch2 2 and 3: CHECK_THAT(text, contains("part")).
#pragma once

#include <string>

#include "support/catch.hpp"

namespace loadline::test {

#if __has_include(<catch2/catch_all.hpp>)
inline auto contains(const std::string& part) {
  return Catch::Matchers::ContainsSubstring(part);
}
#else
inline auto contains(const std::string& part) {
  return Catch::Matchers::Contains(part);
}
#endif
inline auto starts_with(const std::string& part) {
  return Catch::Matchers::StartsWith(part);
}
inline auto ends_with(const std::string& part) {
  return Catch::Matchers::EndsWith(part);
}

}  // namespace loadline::test
