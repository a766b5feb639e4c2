#include "prometheus/curl_transfer.hpp"

#include <algorithm>
#include <utility>

namespace loadline {
namespace {

/// A Retry-After further off than any wait; keeps the conversion to milliseconds in range.
constexpr curl_off_t kMaxRetryAfterSeconds = curl_off_t{365} * 86'400;
/// Reserved for a body whose length the server announced: it may announce anything.
constexpr std::size_t kMaxReservedBytes = std::size_t{16} << 20;

curl_off_t number(CURL* handle, CURLINFO what) {
  curl_off_t value = 0;
  return curl_easy_getinfo(handle, what, &value) == CURLE_OK ? value : 0;
}

}  // namespace

/// Implementation details: libcurl's own low-speed limit averages over the last five seconds and
/// counts in whole ones; the progress callback sees each byte and is called once a second at least,
/// in every phase: also while a name is resolved, a connection made or an answer waited for.
void CurlTransfer::install(CurlOptions& options) {
  options.set(CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  options.set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  if (sink_ == nullptr && !cancel_.stop_possible()) return;
  options.set(CURLOPT_NOPROGRESS, 0L);
  options.set(CURLOPT_XFERINFOFUNCTION, &CurlTransfer::on_progress);
  options.set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
}

void CurlTransfer::finish(CURLcode code) {
  if (exception_) std::rethrow_exception(exception_);
  if (code == CURLE_OK && !begun_) begin();
  response_.wire_bytes = static_cast<std::uint64_t>(number(handle_, CURLINFO_SIZE_DOWNLOAD_T));
}

std::size_t CurlTransfer::on_body(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  try {
    // Any count but `size` ends the transfer.
    return transfer.accept(std::as_bytes(std::span(data, size))) ? size : CURL_WRITEFUNC_ERROR;
  } catch (...) {
    transfer.exception_ = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

int CurlTransfer::on_progress(void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (transfer.cancel_.stop_requested()) {
    // Else libcurl would wait for the thread that resolves the name, and that for a dead server.
    curl_easy_setopt(transfer.handle_, CURLOPT_QUICK_EXIT, 1L);
    transfer.end_with(Stop::kCancelled);
    return 1;
  }
  if (transfer.sink_ == nullptr || !transfer.has_stalled(down + up)) return 0;
  transfer.end_with(Stop::kStalled);
  return 1;
}

bool CurlTransfer::has_stalled(curl_off_t moved) {
  const Clock::time_point now = Clock::now();
  if (moved != moved_) {
    moved_ = moved;
    last_move_ = now;
  }
  return now - last_move_ >= stall_timeout_;
}

bool CurlTransfer::accept(std::span<const std::byte> data) {
  if (!begun_ && !begin()) return false;
  if (!is_success()) return keep_error(data);
  if (sink_ == nullptr) return keep(data);
  auto taken = sink_->on_data(data);
  // Time that the sink needs is not the server's.
  last_move_ = Clock::now();
  return taken ? true : end_with_sink_error(std::move(taken.error()));
}

bool CurlTransfer::begin() {
  begun_ = true;
  read_head();
  if (!is_success()) return true;
  if (sink_ == nullptr) {
    const auto length = static_cast<std::size_t>(
        std::max<curl_off_t>(0, number(handle_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)));
    if (length > max_body_bytes_) return end_with(Stop::kTooLarge);
    response_.body.reserve(std::min(length, kMaxReservedBytes));
    return true;
  }
  auto started = sink_->on_start(response_);
  return started ? true : end_with_sink_error(std::move(started.error()));
}

void CurlTransfer::read_head() {
  long status = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  const char* content_type = nullptr;
  curl_easy_getinfo(handle_, CURLINFO_CONTENT_TYPE, &content_type);
  if (content_type != nullptr) response_.content_type = content_type;
  const curl_off_t seconds = number(handle_, CURLINFO_RETRY_AFTER);
  if (seconds > 0) {
    response_.retry_after = Milliseconds(std::min(seconds, kMaxRetryAfterSeconds) * 1000);
  }
}

bool CurlTransfer::keep(std::span<const std::byte> data) {
  if (data.size() > max_body_bytes_ - response_.body.size()) return end_with(Stop::kTooLarge);
  make_room(response_.body.size() + data.size());
  response_.body.append(reinterpret_cast<const char*>(data.data()), data.size());
  return true;
}

/// Implementation details: a large answer seldom announces its length, and a string that grows
/// holds both halves while it copies. Memory that nobody has written to is not resident, so the
/// steps are long.
void CurlTransfer::make_room(std::size_t bytes) {
  std::string& body = response_.body;
  if (bytes <= body.capacity() || bytes < kMaxReservedBytes) return;
  body.reserve(std::max(bytes, std::min(4 * body.capacity(), max_body_bytes_)));
}

bool CurlTransfer::keep_error(std::span<const std::byte> data) {
  const std::size_t room = kMaxErrorBodyBytes - response_.body.size();
  response_.body.append(reinterpret_cast<const char*>(data.data()), std::min(data.size(), room));
  return data.size() <= room ? true : end_with(Stop::kErrorBodyKept);
}

bool CurlTransfer::end_with(Stop stop) {
  stop_ = stop;
  return false;
}

bool CurlTransfer::end_with_sink_error(Error error) {
  sink_error_ = std::move(error);
  return end_with(Stop::kSink);
}

}  // namespace loadline
