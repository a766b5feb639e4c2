/// Names as Kubernetes and containerd make them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace loadline::generate {

/// Characters of Kubernetes' rand.SafeEncodeString: consonants and digits without 0, 1, 3.
std::string safe_characters(std::uint64_t seed, std::size_t length);
/// The end of a ReplicaSet's name: the decimal digits of a 32-bit hash, each through the same
/// encoding, which leaves ten characters to choose from.
std::string template_hash(std::uint64_t seed);
/// A container id: 64 hexadecimal digits.
std::string container_id(std::uint64_t seed);
/// A pod's uid, e.g. "12606883-05a6-4572-bb79-ffa847b300fb".
std::string pod_uid(std::uint64_t seed);

}  // namespace loadline::generate
