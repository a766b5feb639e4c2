#include <nlohmann/json.hpp>
#include <sstream>

#include "service/routes.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "web_fixture.hpp"

namespace loadline::service {
namespace {

constexpr const char* kPath = "/api/v1/recommendations";

HttpAnswer ask(test::World& world, const std::string& query, const std::string& path = kPath,
               const std::string& if_none_match = "") {
  Door open("", nullptr);
  return answer_to({.path = path, .query = query, .if_none_match = if_none_match},
                   {world.view(), open});
}

std::string text_of(const HttpAnswer& answer) {
  std::string text = answer.body;
  if (answer.stream) {
    CHECK(answer.stream([&text](std::string_view piece) {
      text += piece;
      return true;
    }));
  }
  return text;
}

std::string etag_of(const HttpAnswer& answer) {
  for (const auto& [key, value] : answer.headers) {
    if (key == "ETag") return value;
  }
  return {};
}

/// The workloads' names in the order given.
std::vector<std::string> workloads(test::World& world, const std::string& query) {
  const HttpAnswer answer = ask(world, query);
  REQUIRE(answer.status == 200);
  std::vector<std::string> names;
  const auto report = nlohmann::json::parse(text_of(answer));
  for (const auto& row : report.at("recommendations")) {
    names.push_back(row.at("workload"));
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("without parameters the whole report comes as the command prints it") {
  test::World world;
  const auto snapshot = test::snapshot_of(test::three_rows());
  world.board.publish(snapshot);
  std::ostringstream expected;
  render(snapshot->report, ReportFormat::kJson, {}, expected);
  CHECK(text_of(ask(world, "")) == expected.str());
}

TEST_CASE("parameters choose and order rows") {
  test::World world;
  world.board.publish(test::snapshot_of(test::three_rows()));
  struct Case {
    const char* query = "";
    Names names{};
  };
  const std::vector<Case> cases{
      {"", {"cart", "db", "agent"}},
      {"namespace=shop", {"cart", "db"}},
      {"namespace=sh*&namespace=infra", {"cart", "db", "agent"}},
      {"namespace=sh%2A", {"cart", "db"}},
      {"exclude_namespace=shop", {"agent"}},
      {"workload=db", {"db"}},
      {"workload=statefulset%2Fdb", {"db"}},
      {"container=app&container=agent", {"cart", "agent"}},
      {"verdict=keep", {"agent"}},
      {"verdict=keep&verdict=change", {"cart", "db", "agent"}},
      {"verdict=no_data", {}},
      {"min_change=10%25", {"cart", "db", "agent"}},
      {"min_change=1", {}},
      {"sort=name", {"agent", "cart", "db"}},
      {"sort=name&namespace=shop", {"cart", "db"}},
      {"&&namespace=shop&", {"cart", "db"}},
      {"namespace=SHOP", {}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.query);
    CHECK(workloads(world, one.query) == one.names);
  }
}

TEST_CASE("totals and hidden rows are those of what is shown") {
  test::World world;
  world.board.publish(test::snapshot_of(test::three_rows()));
  const auto json = nlohmann::json::parse(text_of(ask(world, "namespace=infra")));
  CHECK(json.at("hidden_rows") == 2);
  CHECK(json.at("totals").at("containers") == 1);
}

TEST_CASE("filters see every row") {
  test::World world;
  std::vector<Recommendation> rows;
  for (int i = 0; i < 1000; ++i) {
    rows.push_back(test::row("n" + std::to_string(i % 10), "Deployment", std::to_string(i), "c"));
  }
  world.board.publish(test::snapshot_of(rows));
  const Names names = workloads(world, "namespace=n7");
  REQUIRE(names.size() == 100);
  CHECK(names.back() == "997");
}

TEST_CASE("a wrong parameter is named and nothing of its value is echoed") {
  test::World world;
  world.board.publish(test::snapshot_of(test::three_rows()));
  struct Case {
    const char* query = "";
    const char* parameter = "";
    const char* message = "";
  };
  const std::vector<Case> cases{
      {"colour=evil", "colour", "unknown parameter; there are namespace,"},
      {"Namespace=evil", "Namespace", "unknown parameter"},
      {"=evil", "", "unknown parameter"},
      {"namespace=", "namespace", "a pattern is needed"},
      {"namespace", "namespace", "a pattern is needed"},
      {"verdict=evil", "verdict", "no_data"},
      {"verdict=", "verdict", "no_data"},
      {"min_change=evil", "min_change", "0.1"},
      {"min_change=2", "min_change", "0.1"},
      {"min_change=nan", "min_change", "0.1"},
      {"min_change=-0.1", "min_change", "0.1"},
      {"sort=evil", "sort", "waste"},
      {"sort=name&sort=evil", "sort", "more than once"},
      {"format=table", "format", "json, yaml"},
      {"format=evil", "format", "json, yaml"},
      {"format=JSON", "format", "json, yaml"},
  };
  for (const Case& one : cases) {
    for (const char* const path : {kPath, "/"}) {
      CAPTURE(one.query, path);
      const HttpAnswer answer = ask(world, one.query, path);
      CHECK(answer.status == 400);
      const auto error = nlohmann::json::parse(answer.body).at("error");
      CHECK(error.value("parameter", "") == one.parameter);
      CHECK_THAT(error.at("message").get<std::string>(), test::contains(one.message));
      CHECK(answer.body.find("evil") == std::string::npos);
    }
  }
  const HttpAnswer hostile = ask(world, "%3Cb%3E%0d%0aX:%20y%ff=1");
  CHECK(nlohmann::json::parse(hostile.body).at("error").at("parameter") ==
        "<b>\r\nX: y\xef\xbf\xbd");
  CHECK(ask(world, "namespace=%zz").status == 400);
}

TEST_CASE("hostile label values stay text in every format") {
  test::World world;
  const std::string name = "<script>alert(1)</script>\r\n=cmd()|\"'\x1b[31m\xff";
  world.board.publish(test::snapshot_of({test::row(name, "Deployment", name, name)}));
  const auto json = nlohmann::json::parse(text_of(ask(world, "namespace=*script*")));
  CHECK(json.at("recommendations").at(0).at("namespace") ==
        name.substr(0, name.size() - 1) + "\xef\xbf\xbd");
  for (const char* const path : {"/", kPath}) {
    for (const char* const format : {"json", "yaml", "csv", "markdown", "html"}) {
      CAPTURE(path, format);
      const std::string text = text_of(ask(world, "format=" + std::string(format), path));
      CHECK(text.find('\x1b') == std::string::npos);
      CHECK(text.find('\xff') == std::string::npos);
      if (std::string(format) == "html") CHECK(text.find("<script") == std::string::npos);
    }
  }
}

TEST_CASE("each format has its type") {
  test::World world;
  world.board.publish(test::snapshot_of(test::three_rows()));
  CHECK(ask(world, "").content_type == "application/json");
  CHECK(ask(world, "format=json").content_type == "application/json");
  CHECK(ask(world, "format=yaml").content_type == "application/yaml");
  CHECK(ask(world, "format=csv").content_type == "text/csv; charset=utf-8");
  CHECK(ask(world, "format=markdown").content_type == "text/markdown; charset=utf-8");
  CHECK(ask(world, "format=html").content_type == "text/html; charset=utf-8");
  CHECK(ask(world, "", "/").content_type == "text/html; charset=utf-8");
  CHECK(ask(world, "format=json", "/").content_type == "application/json");
}

TEST_CASE("an unchanged report is not sent again") {
  test::World world;
  world.board.publish(test::snapshot_of(test::three_rows(), 1));
  const std::string etag = etag_of(ask(world, "sort=name"));
  for (const std::string& header :
       {etag, "W/" + etag, "\"x\", " + etag, "\"x\" ,\t" + etag, std::string("*")}) {
    CAPTURE(header);
    const HttpAnswer answer = ask(world, "sort=name", kPath, header);
    CHECK(answer.status == 304);
    CHECK_FALSE(answer.stream);
    CHECK(etag_of(answer) == etag);
  }
  for (const std::string& header :
       {std::string("\"x\""), etag.substr(1), std::string(",,"), std::string("W/")}) {
    CAPTURE(header);
    CHECK(ask(world, "sort=name", kPath, header).status == 200);
  }
}

TEST_CASE("another generation, query, route or process is another report") {
  test::World world;
  world.board.publish(test::snapshot_of(test::three_rows(), 1));
  const std::string etag = etag_of(ask(world, ""));
  CHECK(etag_of(ask(world, "sort=name")) != etag);
  CHECK(etag_of(ask(world, "format=json", "/")) != etag_of(ask(world, "format=json")));
  world.board.publish(test::snapshot_of(test::three_rows(), 2));
  const std::string second = etag_of(ask(world, ""));
  CHECK(second != etag);
  world.board.update([](ServiceStatus& status) { status.started = test::kNow; });
  CHECK(etag_of(ask(world, "")) != second);
}

TEST_CASE("before the first report the API asks to come again, the page shows how far it is") {
  test::World world;
  world.board.update([](ServiceStatus& status) {
    status.phase = Phase::kBackfill;
    status.groups_done = 12;
    status.groups_total = 32;
    status.url = "http://<b>prometheus</b>";
    status.last_error = "<img src=x>\x1b\xff";
  });
  const HttpAnswer api = ask(world, "");
  CHECK(api.status == 503);
  CHECK(api.headers.at(0) == std::pair<std::string, std::string>{"Retry-After", "10"});
  CHECK_THAT(api.body, test::contains("12 of 32"));

  const HttpAnswer page = ask(world, "", "/");
  CHECK(page.status == 200);
  CHECK_THAT(page.body, test::contains("12 of 32"));
  CHECK_THAT(page.body, test::contains("value=\"12\" max=\"32\""));
  CHECK_THAT(page.body, test::contains("&lt;b&gt;prometheus"));
  CHECK(page.body.find("<img") == std::string::npos);
  CHECK(page.body.find('\x1b') == std::string::npos);
  CHECK(ask(world, "colour=1", "/").status == 400);
}

TEST_CASE("a reader that goes away ends the rendering") {
  test::World world;
  world.board.publish(test::snapshot_of(
      std::vector<Recommendation>(20'000, test::row("shop", "Deployment", "cart", "app"))));
  for (const char* const format : {"json", "csv", "html"}) {
    CAPTURE(format);
    int pieces = 0;
    CHECK_FALSE(ask(world, "format=" + std::string(format)).stream([&pieces](std::string_view) {
      return ++pieces < 3;
    }));
    CHECK(pieces == 3);
  }
}

}  // namespace loadline::service
