/// Untrusted text in the Markdown of a review, and in the shell command that a reader copies from
/// it.
#pragma once

#include <string>
#include <string_view>

#include "loadline/model/workload.hpp"

namespace loadline::gitops {

/// Running text: nothing in it is markup, a mention or a link.
std::string prose(std::string_view text);
/// A code span: what could end it or a table's cell is written as \xNN.
std::string code(std::string_view text);
/// "shop/Deployment/web", the cluster before it where there is one.
std::string path_of(const WorkloadKey& workload);
std::string path_of(const ContainerKey& key);
/// "loadline explain shop/Deployment/web" as a code span; a name with more than harmless
/// characters is quoted, and what could end the quotes is written as \xNN: a shell runs nothing of
/// it.
std::string explain_command(const WorkloadKey& workload);

}  // namespace loadline::gitops
