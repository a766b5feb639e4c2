#include "service/basic_auth.hpp"

#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline::service {
namespace {

std::string refusal(const std::string& path) {
  const auto credentials = read_credentials(path);
  REQUIRE_FALSE(credentials);
  CHECK(credentials.error().kind == ErrorKind::kInvalidInput);
  CHECK_THAT(credentials.error().message, test::contains("serve.basic_auth_file"));
  return credentials.error().message;
}

TEST_CASE("lines are credentials, comments and empty lines are not") {
  const test::TempDir dir;
  const auto path = dir.write("p", "# people\n\nann:secret\r\nbob:a:b#c \n");
  CHECK(*read_credentials(path) == std::vector<std::string>{"ann:secret", "bob:a:b#c "});
  CHECK(*read_credentials(dir.write("q", "ann:secret")) == std::vector<std::string>{"ann:secret"});
}

TEST_CASE("a file that cannot serve is refused without a word of its content") {
  const test::TempDir dir;
  CHECK_THAT(refusal(dir.path("absent")), test::contains("No such file"));
  CHECK_THAT(refusal(dir.path("")), test::contains("directory"));
  CHECK_THAT(refusal(dir.write("a", "")), test::contains("holds no user"));
  CHECK_THAT(refusal(dir.write("b", "# only\n\n")), test::contains("holds no user"));
  CHECK_THAT(refusal(dir.write("c", std::string(70'000, 'x'))), test::contains("64 KiB"));
  for (const char* const line : {"hunter2", ":hunter2", "hunter2:", ":"}) {
    CAPTURE(line);
    const std::string message = refusal(dir.write("d", "ann:x\n" + std::string(line) + "\n"));
    CHECK_THAT(message, test::contains("line 2"));
    CHECK(message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("only a listed user with the right password may come in") {
  const std::vector<std::string> credentials{"ann:secret", "bob:p\xc3\xa4ss:word"};
  struct Case {
    const char* header = "";
    bool is_authorized = false;
  };
  const std::vector<Case> cases{
      {"Basic YW5uOnNlY3JldA==", true},               // ann:secret
      {"basic YW5uOnNlY3JldA==", true},               // the scheme's name has no case
      {"Basic YW5uOnNlY3JldA", true},                 // without padding
      {"Basic Ym9iOnDDpHNzOndvcmQ=", true},           // bob, a colon and UTF-8 in the password
      {"Basic YW5uOnNlY3JldHNlY3JldA==", false},      // ann:secretsecret
      {"Basic YW5uOnNlY3JldGFubjpzZWNyZXQ=", false},  // ann:secretann:secret
      {"Basic YW5uOnNlY3Jl", false},                  // ann:secre
      {"Basic YW5uOg==", false},                      // ann:
      {"Basic YW5uOnNlY3JldA=\n", false},             // not base64
      {"Basic !!!!", false},
      {"Basic ", false},
      {"Basic", false},
      {"Bearer YW5uOnNlY3JldA==", false},
      {"YW5uOnNlY3JldA==", false},
      {"", false},
  };
  for (const Case& one : cases) {
    CAPTURE(one.header);
    CHECK(is_authorized(one.header, credentials) == one.is_authorized);
  }
  CHECK_FALSE(is_authorized("Basic YW5uOnNlY3JldA==", {}));
}

TEST_CASE("a file that is lost lets nobody in, and the log says so once, and when it is back") {
  const test::TempDir dir;
  const std::string path = dir.write("p", "ann:secret\n");
  std::vector<std::string> lines;
  Log log(
      LogFormat::kLogfmt, LogLevel::kInfo, [] { return TimePoint{}; },
      [&lines](LogLevel, std::string_view line) { lines.emplace_back(line); });
  Door door(path, &log);
  constexpr const char* kAnn = "Basic YW5uOnNlY3JldA==";
  CHECK(door.lets_in(kAnn));
  CHECK_FALSE(door.lets_in(""));
  CHECK(lines.empty());
  for (const char* const content : {"", "ann\n"}) {
    dir.write("p", content);
    CHECK_FALSE(door.lets_in(kAnn));
  }
  std::filesystem::remove(path);
  CHECK_FALSE(door.lets_in(kAnn));
  REQUIRE(lines.size() == 1);
  CHECK_THAT(lines[0], test::contains("level=error event=\"everybody is refused\""));
  CHECK_THAT(lines[0], test::contains("serve.basic_auth_file"));
  dir.write("p", "ann:secret\n");
  CHECK(door.lets_in(kAnn));
  CHECK(lines.size() == 2);
}

TEST_CASE("without a file everybody comes in") {
  CHECK(Door("", nullptr).lets_in(""));
}

}  // namespace
}  // namespace loadline::service
