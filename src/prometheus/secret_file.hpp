/// Secrets as Kubernetes mounts them: one value in a file, replaced when it is rotated.
#pragma once

#include <string>
#include <string_view>

#include "loadline/model/result.hpp"

namespace loadline {

inline constexpr std::size_t kMaxSecretBytes = std::size_t{64} << 10;

/// The content without its trailing newlines. Read anew at each call: a file of a few hundred bytes
/// costs microseconds, and no cache can then hold a token that was rotated.
///
/// Fails with kInvalidInput for a file that cannot be read, is no regular file, is empty or over 64
/// KiB, or holds a control character (which would end the header early and begin another). The
/// message names the file and `setting` ("prometheus.bearer_token_file"), never the content.
Result<std::string> read_secret_file(const std::string& path, std::string_view setting);

/// Whether `text` may stand in a header: no control character but the tab.
bool is_header_safe(std::string_view text);

}  // namespace loadline
