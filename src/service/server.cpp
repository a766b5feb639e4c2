#include "service/server.hpp"

namespace loadline::service {

Result<Server> look_at_server(HttpTransport& transport, QueryApi& api, const Config& config,
                              TimePoint now) {
  const Result<BuildInfo> build = api.build_info();
  if (!build) return fail_while("asking what the server is", build.error());
  Result<ChosenPath> path = choose_read_path(transport, api, config.read_path, now);
  if (!path) return fail_while("choosing how to read", path.error());
  Server server{.name = std::string(to_string(build->flavour)), .path = std::move(*path)};
  if (!build->version.empty()) server.name += " " + build->version;
  return server;
}

}  // namespace loadline::service
