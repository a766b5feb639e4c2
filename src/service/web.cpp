#include "loadline/service/web.hpp"

#include <civetweb.h>

#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <stop_token>
#include <thread>
#include <utility>

#include "service/basic_auth.hpp"
#include "service/routes.hpp"
#include "service/web_connection.hpp"
#include "service/web_listen.hpp"

namespace loadline {

using service::HttpAnswer;
using service::HttpRequest;
using service::Outcome;
using service::Persistence;

struct WebServer::State {
  State(WebOptions web_options, WebView web_view)
      : options(std::move(web_options)),
        view(std::move(web_view)),
        door(options.basic_auth_file, view.log) {}

  const WebOptions options;
  const WebView view;
  service::Door door;
  std::atomic<int> connections{0};
  std::atomic<int> metrics{0};  ///< under way
  std::atomic<int> reports{0};
  mg_context* context = nullptr;
  service::ListenAddress address{};  ///< with the port that was taken
};

namespace {

using State = WebServer::State;

/// Counts what is under way; holds one place until it is destroyed, if there was one.
class Place {
 public:
  Place(std::atomic<int>& taken, int most) : taken_(taken), has_(taken.fetch_add(1) < most) {}
  ~Place() { taken_.fetch_sub(1); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] bool has() const { return has_; }

 private:
  std::atomic<int>& taken_;
  const bool has_;
};

State& state_of(const mg_connection* connection) {
  return *static_cast<State*>(mg_get_user_data(mg_get_context(connection)));
}

HttpAnswer safe_answer(const HttpRequest& request, State& state) {
  try {
    return service::answer_to(request,
                              {state.view, state.door, state.options.limits.max_query_bytes});
  } catch (const std::exception& error) {
    if (state.view.log != nullptr) {
      state.view.log->event(LogLevel::kError, "a request failed", {{"error", error.what()}});
    }
    return service::error_answer(500, "the request failed; the log says why");
  }
}

HttpAnswer overloaded(const State& state, const HttpAnswer& wanted) {
  state.view.metrics.add(Count::kHttpRejected);
  HttpAnswer answer = service::busy_answer("too many answers of this kind are under way", 2);
  answer.handler = wanted.handler;
  return answer;
}

/// Idle connections hold a thread each, so they must go once half of the threads are taken.
Persistence persistence_for(const mg_connection& connection, const HttpRequest& request,
                            const State& state) {
  const bool is_crowded = state.connections.load() > state.options.limits.workers / 2;
  const bool stays =
      service::wants_to_stay(connection) && !is_crowded && request.body == service::HasBody::kNo;
  return stays ? Persistence::kKeepAlive : Persistence::kClose;
}

/// The status that is counted: 499, as nginx has it, where the reader did not take the answer.
int send(mg_connection& connection, const HttpRequest& request, const HttpAnswer& answer,
         const State& state) {
  const Outcome outcome =
      service::send_answer(connection, request, answer, persistence_for(connection, request, state),
                           state.options.limits, state.view.now());
  if (outcome == Outcome::kSlow) state.view.metrics.add(Count::kHttpRejected);
  return outcome == Outcome::kSent ? answer.status : 499;
}

int send_if_free(mg_connection& connection, const HttpRequest& request, const HttpAnswer& answer,
                 std::atomic<int>& taken, int most, const State& state) {
  if (!answer.stream) return send(connection, request, answer, state);
  const Place place(taken, most);
  return send(connection, request, place.has() ? answer : overloaded(state, answer), state);
}

int send_weighed(mg_connection& connection, const HttpRequest& request, const HttpAnswer& answer,
                 State& state) {
  const WebLimits& limits = state.options.limits;
  switch (answer.weight) {
    case service::Weight::kLight:
      return send(connection, request, answer, state);
    case service::Weight::kMetrics:
      return send_if_free(connection, request, answer, state.metrics, limits.max_metrics, state);
    case service::Weight::kReport:
      return send_if_free(connection, request, answer, state.reports, limits.max_reports, state);
  }
  return 500;
}

int serve(mg_connection& connection, const HttpRequest& request) {
  State& state = state_of(&connection);
  const auto start = std::chrono::steady_clock::now();
  const HttpAnswer answer = safe_answer(request, state);
  int status = 499;
  try {
    status = send_weighed(connection, request, answer, state);
  } catch (const std::exception& error) {
    mg_disable_connection_keep_alive(&connection);
    if (state.view.log != nullptr) {
      state.view.log->event(LogLevel::kError, "an answer broke off", {{"error", error.what()}});
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  state.view.metrics.add_http(answer.handler, status, took.count());
  return status;
}

/// Requests with a body are left to refuse_body: after this hook the library would read the body
/// for as long as it drips.
int on_request(mg_connection* connection) {
  const HttpRequest request = service::request_of(*connection);
  return request.body == service::HasBody::kYes ? 0 : serve(*connection, request);
}

/// The library's hook for authorization, the one from which it closes without reading on.
int refuse_body(mg_connection* connection, void* /*unused*/) {
  serve(*connection, service::request_of(*connection));
  return 0;
}

std::string_view why_unreadable(int status) {
  switch (status) {
    case 411:
      return "the length of the body is not told";
    case 505:
      return "HTTP/1.0 and HTTP/1.1 are spoken";
    default:
      return "the request is malformed, its head too large or too slow to come";
  }
}

/// The library could not read a request. What it says quotes the client and is not passed on.
int on_error(mg_connection* connection, int status, const char* /*quotes the client*/) {
  const State& state = state_of(connection);
  const HttpAnswer answer = service::error_answer(status, why_unreadable(status));
  send(*connection, {}, answer, state);
  mg_disable_connection_keep_alive(connection);
  state.view.metrics.add(Count::kHttpRejected);
  state.view.metrics.add_http(answer.handler, status, 0);
  return 0;
}

int on_connection(const mg_connection* connection, void** /*unused*/) {
  state_of(connection).connections.fetch_add(1);
  return 0;
}

void on_closed(const mg_connection* connection) {
  state_of(connection).connections.fetch_sub(1);
}

/// The library's own complaints quote clients: for debugging only.
int on_message(const mg_connection* connection, const char* message) {
  if (connection == nullptr || mg_get_context(connection) == nullptr) return 1;
  Log* const log = state_of(connection).view.log;
  if (log != nullptr) log->event(LogLevel::kDebug, "http library", {{"message", message}});
  return 1;
}

mg_callbacks callbacks() {
  mg_callbacks hooks{};
  hooks.begin_request = on_request;
  hooks.http_error = on_error;
  hooks.log_message = on_message;
  hooks.init_connection = on_connection;
  hooks.connection_closed = on_closed;
  return hooks;
}

mg_context* start_library(State& state, const service::ListenAddress& address) {
  // Once for the process; without TLS, which Debian's build cannot do.
  static const unsigned features = mg_init_library(MG_FEATURES_DEFAULT);
  (void)features;
  const WebLimits& limits = state.options.limits;
  const std::string ports = address.ip + ":" + std::to_string(address.port);
  const std::string threads = std::to_string(limits.workers);
  const std::string head_bytes = std::to_string(limits.max_header_bytes);
  const std::string timeout = std::to_string(limits.request_timeout.count());
  const std::string keep_alive = std::to_string(limits.keep_alive.count());
  // tcp_nodelay: without it each answer waits 40 ms for the client's delayed acknowledgement.
  // decode_url: the routes decode, once. access_control: no answers that the routes do not know.
  std::array<const char*, 23> options{"listening_ports",
                                      ports.c_str(),
                                      "num_threads",
                                      threads.c_str(),
                                      "connection_queue",
                                      "256",
                                      "listen_backlog",
                                      "256",
                                      "tcp_nodelay",
                                      "1",
                                      "max_request_size",
                                      head_bytes.c_str(),
                                      "request_timeout_ms",
                                      timeout.c_str(),
                                      "enable_keep_alive",
                                      "yes",
                                      "keep_alive_timeout_ms",
                                      keep_alive.c_str(),
                                      "decode_url",
                                      "no",
                                      "access_control_allow_methods",
                                      "",
                                      nullptr};
  const mg_callbacks hooks = callbacks();
  mg_init_data init{&hooks, &state, options.data()};
  return mg_start2(&init, nullptr);
}

std::uint16_t port_of(const mg_context* context) {
  mg_server_port port{};
  return static_cast<std::uint16_t>(mg_get_server_ports(context, 1, &port) == 1 ? port.port : 0);
}

}  // namespace

WebServer::WebServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

WebServer::~WebServer() {
  // The library looks every two seconds whether it shall stop, or when somebody connects.
  const std::jthread knocker([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      service::knock(state_->address);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  mg_stop(state_->context);
}

int WebServer::port() const {
  return state_->address.port;
}

Result<std::unique_ptr<WebServer>> start_web(const WebOptions& options, WebView view) {
  const auto address = service::parse_listen(options.listen);
  if (!address) return tl::unexpected(address.error());
  if (!options.basic_auth_file.empty()) {
    const auto credentials = service::read_credentials(options.basic_auth_file);
    if (!credentials) return tl::unexpected(credentials.error());
  }
  auto state = std::make_unique<State>(options, std::move(view));
  state->context = start_library(*state, *address);
  if (state->context == nullptr) return tl::unexpected(service::why_not_listening(*address));
  mg_set_auth_handler(state->context, "**", refuse_body, nullptr);
  state->address = {address->ip, port_of(state->context)};
  return std::make_unique<WebServer>(std::move(state));
}

}  // namespace loadline
