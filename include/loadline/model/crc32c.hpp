/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78; RFC 3720 appendix B.4), by the processor's
/// own instruction where it has one. No Debian 12 library offers it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace loadline {

/// Continues a checksum: crc32c(crc32c(0, a), b) is that of a and b together.
std::uint32_t crc32c(std::uint32_t crc, std::span<const std::byte> data);
/// The same without the instruction; for processors that lack it, and for the test.
std::uint32_t crc32c_portable(std::uint32_t crc, std::span<const std::byte> data);

}  // namespace loadline
