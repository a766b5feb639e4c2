#include "prometheus/server_error.hpp"

#include "loadline/prometheus/query_api.hpp"
#include "support/catch.hpp"

using namespace loadline;

namespace {

Error error_for(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return error_of(response, "POST /api/v1/query");
}

bool says(const Error& error, std::string_view word) {
  return error.message.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("each refusal has its kind") {
  struct Row {
    int status = 0;
    std::string body{};
    ErrorKind kind{};
  };
  const std::string samples = R"({"status":"error","error":"query processing would load too many )"
                              R"(samples into memory in query execution"})";
  const std::vector<Row> rows = {
      {401, "", ErrorKind::kUnauthorized},
      {403, "timed out", ErrorKind::kUnauthorized},
      {404, "404 page not found", ErrorKind::kUnsupported},
      {405, "Method Not Allowed", ErrorKind::kUnsupported},
      {501, "", ErrorKind::kUnsupported},
      {400, R"(unsupported path requested: "/api/v1/read")", ErrorKind::kUnsupported},
      {422, samples, ErrorKind::kTooLarge},
      {422, R"({"status":"error","error":"unparsed data: \"(\""})", ErrorKind::kRejected},
      {400, R"({"error":"exceeded maximum resolution of 11,000 points"})", ErrorKind::kTooLarge},
      {400, "exceeded sample limit (1)", ErrorKind::kTooLarge},
      {503, R"({"error":"query timed out in expression evaluation"})", ErrorKind::kTooLarge},
      {413, "", ErrorKind::kTooLarge},
      {504, "<html>", ErrorKind::kTooLarge},
      {500, "boom", ErrorKind::kUnreachable},
      {503, "Service Unavailable", ErrorKind::kUnreachable},
      {400, R"({"error":"parse error"})", ErrorKind::kRejected},
      {418, "", ErrorKind::kRejected},
      {302, "", ErrorKind::kRejected},
  };
  for (const Row& row : rows) {
    INFO(row.status << " " << row.body);
    CHECK(error_for(row.status, row.body).kind == row.kind);
  }
}

TEST_CASE("an error quotes the JSON message of the server") {
  const Error error =
      error_for(400, R"({"status":"error","errorType":"bad_data","error":"a \"b\" c"})");
  CHECK(error.message == R"(POST /api/v1/query: HTTP 400: a "b" c)");
}

TEST_CASE("without JSON an error quotes the first printable line") {
  CHECK(error_for(400, "\r\n \n\nno tenant\nmore").message ==
        "POST /api/v1/query: HTTP 400: no tenant");
  CHECK(error_for(400, R"({"error":)").message == R"(POST /api/v1/query: HTTP 400: {"error":)");
  CHECK(error_for(400, "").message == "POST /api/v1/query: HTTP 400");
}

TEST_CASE("a long or hostile message is cut and made printable") {
  const Error error = error_for(400, "\x1b[31m" + std::string(10'000, 'x'));
  CHECK(error.message.size() < 400);
  CHECK_FALSE(says(error, "\x1b"));
}

TEST_CASE("an error names the next step") {
  CHECK(says(error_for(401, ""), "check the credentials"));
  CHECK(says(error_for(404, ""), "path prefix"));
  CHECK(says(error_for(422, ""), "narrower matchers"));
  CHECK(says(error_for(503, ""), "try again later"));
}
