/// CPU and memory, and what a container asks for of each. Cores and bytes, as doubles.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace loadline {

enum class Resource { kCpu, kMemory };
inline constexpr std::array<Resource, 2> kResources{Resource::kCpu, Resource::kMemory};

/// "cpu", "memory": the spelling of Kubernetes and of the `resource` label.
constexpr std::string_view to_string(Resource resource) {
  return resource == Resource::kCpu ? "cpu" : "memory";
}
/// "cores", "bytes": the suffix of keys and columns.
constexpr std::string_view unit_of(Resource resource) {
  return resource == Resource::kCpu ? "cores" : "bytes";
}

/// One value of T for each resource: `per[Resource::kCpu]`.
template <typename T>
struct PerResource {
  std::array<T, 2> values{};

  T& operator[](Resource r) { return values[static_cast<std::size_t>(r)]; }
  const T& operator[](Resource r) const { return values[static_cast<std::size_t>(r)]; }
  bool operator==(const PerResource&) const = default;
};

/// What one container asks for of one resource; nullopt = not set in the pod's spec.
struct Requirement {
  std::optional<double> request{};
  std::optional<double> limit{};

  bool operator==(const Requirement&) const = default;
};
using Requirements = PerResource<Requirement>;

}  // namespace loadline
