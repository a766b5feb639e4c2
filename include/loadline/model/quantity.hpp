/// Kubernetes' spelling of amounts, used only at the edges: inside, cores and bytes are doubles.
///
/// Source of the grammar and of the canonical form: apimachinery's resource.Quantity
/// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
#pragma once

#include <string>
#include <string_view>

#include "loadline/model/result.hpp"

namespace loadline {

/// Reads "250m", "2", "0.5", "512Mi", "1.5Gi", "1e3", "100k" and the rest of the grammar (n u m ""
/// k M G T P E, Ki Mi Gi Ti Pi Ei, decimal exponent). Fails on anything else, the text quoted.
Result<double> parse_quantity(std::string_view text);

/// Canonical CPU: whole cores without suffix ("1", never "1000m"), else millicores, rounded up
/// ("250m").
std::string format_cpu(double cores);
/// Canonical memory: the largest binary suffix that leaves an integer ("512Mi", "1Gi"), else bytes.
std::string format_memory(double bytes);

/// For people: three significant digits ("0.12", "3.4", "128"), no claim to be exact.
std::string human_cores(double cores);
/// For people: "96Mi", "1.4Gi".
std::string human_bytes(double bytes);

}  // namespace loadline
