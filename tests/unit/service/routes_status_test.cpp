#include <fstream>
#include <nlohmann/json.hpp>

#include "service/routes.hpp"
#include "support/catch.hpp"
#include "web_fixture.hpp"

namespace loadline::service {
namespace {

nlohmann::json status_of(test::World& world) {
  Door open("", nullptr);
  const HttpAnswer answer = answer_to({.path = "/api/v1/status"}, {world.view(), open});
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/json");
  return nlohmann::json::parse(answer.body);
}

nlohmann::json schema() {
  std::ifstream file(LOADLINE_SOURCE_DIR "/docs/status.schema.json");
  return nlohmann::json::parse(file);
}

std::string type_of(const nlohmann::json& value) {
  if (value.is_number()) return value.is_number_integer() ? "integer" : "number";
  return value.type_name();
}

/// The part of JSON Schema that docs/status.schema.json uses: type, required, properties, const,
/// enum; and no member that the schema does not know.
void check_against(const nlohmann::json& schema, const nlohmann::json& value,
                   const std::string& where) {
  CAPTURE(where, value.dump());
  if (schema.contains("const")) CHECK(value == schema["const"]);
  if (schema.contains("enum")) {
    CHECK(std::count(schema["enum"].begin(), schema["enum"].end(), value) == 1);
  }
  if (schema.contains("type")) {
    const auto types = schema["type"].is_array() ? schema["type"] : nlohmann::json{schema["type"]};
    const std::string type = type_of(value);
    CHECK((std::count(types.begin(), types.end(), type) == 1 ||
           (type == "integer" && std::count(types.begin(), types.end(), "number") == 1)));
  }
  if (!value.is_object()) return;
  for (const auto& name : schema.at("required")) CHECK(value.contains(name));
  for (const auto& [name, member] : value.items()) {
    REQUIRE(schema.at("properties").contains(name));
    check_against(schema["properties"][name], member, where + "/" + name);
  }
}

}  // namespace

TEST_CASE("the status is as its schema says, empty and full") {
  test::World world;
  check_against(schema(), status_of(world), "");
  world.board.publish(test::snapshot_of(test::three_rows(), 9));
  world.board.update([](ServiceStatus& status) {
    status.url = "http://p";
    status.server = "Prometheus 2.42.0";
    status.read_path = "remote-read";
    status.scrape_interval = Milliseconds(30'500);
    status.last_error = "e";
    status.next_cycle = test::kNow;
    status.read_up_to = test::kNow;
    status.store = {.file_bytes = 1, .containers = 2, .runs = 3, .days = 4};
    status.store_directory = "/var/lib/loadline";
    status.store_error = "full";
    status.store_set_aside = "x";
    status.config_error = "y";
  });
  check_against(schema(), status_of(world), "");
}

TEST_CASE("what is not known is null, what is known is told") {
  test::World world;
  const auto empty = status_of(world);
  CHECK(empty.at("schema") == "loadline/status.v1");
  CHECK(empty.at("snapshot").is_null());
  CHECK(empty.at("source").at("url").is_null());
  CHECK(empty.at("source").at("scrape_interval_seconds").is_null());
  CHECK(empty.at("cycles").at("next").is_null());
  CHECK(empty.at("ready") == false);

  world.board.publish(test::snapshot_of(test::three_rows(), 9));
  world.board.update([](ServiceStatus& status) {
    status.last_error = "bad \"quotes\"\n\xff";
    status.scrape_interval = Milliseconds(30'500);
    status.shard = 2;
    status.total_shards = 3;
  });
  const auto full = status_of(world);
  CHECK(full.at("ready") == true);
  CHECK(full.at("phase") == "steady");
  CHECK(full.at("started") == "2026-11-24T15:00:57Z");
  CHECK(full.at("snapshot").at("generation") == 9);
  CHECK(full.at("snapshot").at("recommendations") == 3);
  CHECK(full.at("source").at("scrape_interval_seconds") == 30.5);
  CHECK(full.at("cycles").at("last_error") == "bad \"quotes\"\n\xef\xbf\xbd");
  CHECK(full.at("cycles").at("last_success") == "2026-11-24T15:59:57Z");
  CHECK(full.at("shard") == nlohmann::json{{"index", 2}, {"total", 3}});
}

}  // namespace loadline::service
