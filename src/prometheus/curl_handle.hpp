/// libcurl's handles with owners, and a pool of them.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace loadline {

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CurlDeleter>;
using CurlList = std::unique_ptr<curl_slist, CurlDeleter>;

/// nullptr where `lines` is empty or memory is short.
inline CurlList make_list(const std::vector<std::string>& lines) {
  CurlList list;
  for (const std::string& line : lines) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) return nullptr;
    (void)list.release();
    list.reset(longer);
  }
  return list;
}

/// Sets options and remembers the first one that libcurl refused.
class CurlOptions {
 public:
  explicit CurlOptions(CURL* handle) : handle_(handle) {}
  template <typename T>
  void set(CURLoption option, T value) {
    const CURLcode code = curl_easy_setopt(handle_, option, value);
    if (first_failure_ == CURLE_OK) first_failure_ = code;
  }
  /// Empty text leaves libcurl's default.
  void set_unless_empty(CURLoption option, const std::string& value) {
    if (!value.empty()) set(option, value.c_str());
  }
  [[nodiscard]] CURLcode first_failure() const { return first_failure_; }

 private:
  CURL* handle_ = nullptr;
  CURLcode first_failure_ = CURLE_OK;
};

/// Handles keep their connections alive; the last one given back is the next one lent, so that one
/// thread after another uses the same connection. As many live as requests ever ran at once.
/// Thread-safe.
class CurlPool {
 public:
  /// A handle without options; nullptr where libcurl cannot make one.
  CurlHandle take() {
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        CurlHandle handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
      }
    }
    return CurlHandle(curl_easy_init());
  }
  void give_back(CurlHandle handle) {
    curl_easy_reset(handle.get());
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(handle));
  }

 private:
  std::mutex mutex_{};
  std::vector<CurlHandle> idle_{};
};

}  // namespace loadline
