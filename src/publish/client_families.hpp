/// Families as prometheus-cpp collects them, written in both formats (its own serializer knows the
/// text format alone).
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "publish/exposition.hpp"

namespace loadline::publish {

/// Families by name and series by labels, so that two scrapes of the same values are the same
/// bytes. A gauge whose name ends in "_info" is an info metric; bounds of buckets are spelled "1.0"
/// in both formats, so that the format decides over no series.
void write_families(PieceWriter& out, std::vector<prometheus::MetricFamily> families,
                    MetricsFormat format);

}  // namespace loadline::publish
