/// Who may read: HTTP basic authentication against a file of lines "user:password" ("#" comments
/// and empty lines are passed over), as it is mounted from a Secret.
///
/// The file is read at each request: it is small, and a rotated Secret counts at once. Thread-safe.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loadline/model/result.hpp"
#include "loadline/service/log.hpp"

namespace loadline::service {

/// The lines "user:password" of a file. kInvalidInput, which names the file, serve.basic_auth_file
/// and the line but never what stands in it, where the file cannot be read, is larger than 64 KiB,
/// holds no user, or a line lacks user, colon or password.
Result<std::vector<std::string>> read_credentials(const std::string& path);

/// Whether an Authorization header carries one of them. Takes as long whichever it is, if any: all
/// are compared to their last byte.
bool is_authorized(std::string_view authorization, const std::vector<std::string>& credentials);

/// Asks the file about each visitor. A file that cannot be used any more lets nobody in; the log
/// says so once, and once more when it is mended.
class Door {
 public:
  /// An empty path lets everybody in; `log` may be missing.
  Door(std::string path, Log* log) : path_(std::move(path)), log_(log) {}

  bool lets_in(std::string_view authorization);

 private:
  void tell_once(const Result<std::vector<std::string>>& credentials);

  const std::string path_;
  Log* const log_;
  std::atomic<bool> is_broken_{false};
};

}  // namespace loadline::service
