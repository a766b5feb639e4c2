#include "loadline/prometheus/retrying_transport.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>

namespace loadline {
namespace {

/// What no waiting mends: the server did the work and found it too much, and would again. Spelled
/// without blanks, as `is_final` compares.
constexpr std::array<std::string_view, 5> kFinalWords = {
    R"("errortype":"timeout")", R"("errortype":"canceled")", "querytimedout", "toomanysamples",
    "exceededmaximumresolution"};

bool may_pass(int status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

/// The text in lower case without blanks, so that JSON of any layout compares.
std::string squeezed(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isspace(byte) == 0) result += static_cast<char>(std::tolower(byte));
  }
  return result;
}

bool is_final(const HttpResponse& response) {
  const std::string body = squeezed(response.body);
  return std::ranges::any_of(
      kFinalWords, [&](std::string_view words) { return body.find(words) != std::string::npos; });
}

/// Why to ask again; nullopt: this is the outcome.
std::optional<std::string> reason_to_retry(const Result<HttpResponse>& outcome,
                                           const HttpRequest& request) {
  if (!outcome) {
    if (outcome.error().kind != ErrorKind::kUnreachable) return std::nullopt;
    return outcome.error().message;
  }
  if (!may_pass(outcome->status) || is_final(*outcome)) return std::nullopt;
  return request.path + " answered with status " + std::to_string(outcome->status);
}

/// Doubled `attempt` times from the initial wait, never over the maximum.
Milliseconds whole_wait(const RetryPolicy& policy, int attempt) {
  Milliseconds wait = std::min(policy.initial, policy.max);
  for (int i = 0; i < attempt && wait < policy.max; ++i) wait = std::min(wait * 2, policy.max);
  return wait;
}

Milliseconds draw(Milliseconds whole, double random) {
  const Milliseconds half = whole / 2;
  return half + Milliseconds(static_cast<Milliseconds::rep>(
                    random * static_cast<double>((whole - half).count())));
}

/// The wait that the server asked for, 0 where it did not.
Milliseconds asked_wait(const Result<HttpResponse>& outcome) {
  return outcome ? outcome->retry_after.value_or(Milliseconds(0)) : Milliseconds(0);
}

Result<HttpResponse> after_attempts(Result<HttpResponse> outcome, int attempts) {
  if (!outcome && attempts > 1) {
    outcome.error().message += " (" + std::to_string(attempts) + " attempts)";
  }
  return outcome;
}

tl::unexpected<Error> cancelled(const HttpRequest& request) {
  return fail(ErrorKind::kCancelled, request.path + ": stopped before an answer came");
}

void sleep_until_stopped(const std::stop_token& stop, Milliseconds wait) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, wait, [] { return false; });
}

double draw_random() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

}  // namespace

RetryWorld real_retry_world(std::stop_token stop) {
  RetryWorld world{.random = draw_random, .stop = std::move(stop)};
  world.sleep = [token = world.stop](Milliseconds wait) { sleep_until_stopped(token, wait); };
  return world;
}

RetryingTransport::RetryingTransport(HttpTransport& inner, RetryPolicy policy, RetryWorld world)
    : inner_(inner), policy_(policy), world_(std::move(world)) {}

Result<HttpResponse> RetryingTransport::send(const HttpRequest& request) {
  return persist(request, [&] { return inner_.send(request); });
}

Result<HttpResponse> RetryingTransport::stream(const HttpRequest& request, BodySink& sink) {
  return persist(request, [&] { return inner_.stream(request, sink); });
}

Result<HttpResponse> RetryingTransport::persist(
    const HttpRequest& request, const std::function<Result<HttpResponse>()>& attempt) {
  for (int retries = 0;; ++retries) {
    if (world_.stop.stop_requested()) return cancelled(request);
    ++requests_;
    Result<HttpResponse> outcome = attempt();
    if (world_.on_attempt) world_.on_attempt(outcome ? outcome->status : 0);
    const std::optional<std::string> reason = reason_to_retry(outcome, request);
    if (!reason) return outcome;
    const Milliseconds asked = asked_wait(outcome);
    if (retries >= policy_.max_retries || asked > policy_.max_retry_after) {
      return after_attempts(std::move(outcome), retries + 1);
    }
    const Milliseconds wait = std::max(asked, draw(whole_wait(policy_, retries), world_.random()));
    ++retries_;
    if (world_.on_retry) world_.on_retry(*reason, wait);
    world_.sleep(wait);
  }
}

}  // namespace loadline
