#include <ostream>

#include "cli/commands.hpp"
#include "loadline/gitops/patch.hpp"
#include "loadline/gitops/verify.hpp"
#include "publish/text.hpp"
#include "service/json_text.hpp"

namespace loadline::cli {
namespace {

using publish::printable_text;

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

void print_table(const VerifyResult& result, std::ostream& out) {
  for (const VerifyFinding& finding : result.findings) {
    out << printable_text(finding.file) << ": ";
    if (!finding.subject.empty()) out << printable_text(finding.subject) << ": ";
    out << printable_text(finding.problem) << '\n';
  }
  if (!result.findings.empty()) out << '\n';
  out << counted(result.patches, "patch", "patches") << " against "
      << counted(result.manifests, "workload", "workloads") << ": "
      << (result.findings.empty() ? "all good"
                                  : counted(result.findings.size(), "finding", "findings"))
      << '\n';
}

void print_json(const VerifyResult& result, std::ostream& out) {
  std::string findings;
  for (const VerifyFinding& finding : result.findings) {
    findings += findings.empty() ? "" : ",";
    findings += service::JsonObject()
                    .text("file", finding.file)
                    .text("subject", finding.subject)
                    .text("problem", finding.problem)
                    .str();
  }
  out << service::JsonObject()
             .text("schema", "loadline/verify.v1")
             .count("patches", result.patches)
             .count("workloads", result.manifests)
             .raw("findings", "[" + findings + "]")
             .str()
      << '\n';
}

}  // namespace

Result<int> run_verify(const Session& session) {
  const VerifyFlags& flags = session.line.verify;
  const std::string& patches =
      flags.patches.empty() ? session.config.patch.output_dir : flags.patches;
  if (patches.empty()) {
    return fail(ErrorKind::kInvalidInput,
                "no directory of patches: give --patches, or set patch.output_dir");
  }
  std::vector<CustomKind> kinds;
  for (const PatchKind& kind : session.config.patch.kinds) {
    kinds.push_back({kind.kind, kind.api_version, kind.pod_spec});
  }
  const Result<VerifyResult> result = verify_patches(patches, flags.manifests, kinds);
  if (!result) return tl::unexpected(result.error());
  if (session.line.check_output == CheckOutput::kJson) {
    print_json(*result, session.world.out);
  } else {
    print_table(*result, session.world.out);
  }
  return result->findings.empty() ? kExitDone : kExitFailure;
}

}  // namespace loadline::cli
