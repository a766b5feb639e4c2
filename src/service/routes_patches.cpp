#include <algorithm>
#include <optional>

#include "loadline/gitops/archive.hpp"
#include "loadline/service/patch_shelf.hpp"
#include "service/etag.hpp"
#include "service/http_query.hpp"
#include "service/routes.hpp"

namespace loadline::service {
namespace {

constexpr int kRetryAfterSeconds = 5;

/// What is asked for; empty: all.
struct PatchQuery {
  std::string format{};
  std::string path{};
};

tl::expected<PatchQuery, HttpAnswer> query_of(const HttpRequest& request) {
  const auto parameters = parse_query(request.query);
  if (!parameters) return tl::unexpected(error_answer(400, parameters.error().message));
  PatchQuery query;
  for (const auto& [name, value] : *parameters) {
    const std::string shown = name.substr(0, 64);
    std::string* const target = name == "format" ? &query.format
                                : name == "path" ? &query.path
                                                 : nullptr;
    if (target == nullptr)
      return tl::unexpected(
          error_answer(400, "unknown parameter; there are format and path", shown));
    if (!target->empty())
      return tl::unexpected(error_answer(400, "is given more than once", shown));
    if (value.empty()) return tl::unexpected(error_answer(400, "a value is needed", shown));
    *target = value;
  }
  if (!query.format.empty() && !parse_patch_format(query.format))
    return tl::unexpected(error_answer(400, "use " + patch_format_names(), "format"));
  return query;
}

/// Leaves the files of one format; the manifest goes on telling of all values.
void keep_format(PatchTree& tree, const std::string& format) {
  std::erase_if(tree.files, [folder = format + "/"](const auto& file) {
    return !std::string_view(file.first).starts_with(folder);
  });
}

HttpAnswer tagged(const HttpRequest& request, HttpAnswer answer) {
  const std::string etag = '"' + sha256_hex(answer.body) + '"';
  if (matches_etag(request.if_none_match, etag)) answer = HttpAnswer{.status = 304};
  answer.headers.emplace_back("ETag", etag);
  answer.headers.emplace_back("Cache-Control", "private, no-cache");
  return answer;
}

HttpAnswer file_answer(const HttpRequest& request, const PatchTree& tree, const std::string& path) {
  const auto found = tree.files.find(path);
  if (found == tree.files.end()) return error_answer(404, "no such file among the patches", "path");
  return tagged(request, {.content_type = "application/yaml", .body = found->second});
}

HttpAnswer archive_answer(const HttpRequest& request, PatchTree tree, const std::string& format) {
  if (!format.empty()) keep_format(tree, format);
  if (!format.empty() && tree.files.empty())
    return error_answer(404, "no patches of this format; patch.formats names those that are made",
                        "format");
  Result<std::string> tar = tar_of(tree);
  if (!tar) return error_answer(500, tar.error().message);
  HttpAnswer answer{
      .content_type = "application/x-tar", .body = std::move(*tar), .weight = Weight::kReport};
  answer.headers.emplace_back("Content-Disposition",
                              "attachment; filename=\"loadline-patches.tar\"");
  return tagged(request, std::move(answer));
}

}  // namespace

HttpAnswer patches_answer(const HttpRequest& request, const WebView& view) {
  const auto query = query_of(request);
  if (!query) return query.error();
  if (view.patches == nullptr || view.patches->directory().empty())
    return error_answer(404,
                        "no patches are made here: set patch.output_dir to a directory that "
                        "outlives the process");
  Result<std::optional<PatchTree>> tree = view.patches->tree();
  if (!tree) return error_answer(500, tree.error().message);
  if (!*tree) return busy_answer("the patches are being written", kRetryAfterSeconds);
  if (!query->path.empty()) return file_answer(request, **tree, query->path);
  return archive_answer(request, std::move(**tree), query->format);
}

}  // namespace loadline::service
