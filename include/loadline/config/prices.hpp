/// The price file (`prices.file`): what a core and a GiB cost an hour, by pools of nodes.
///
///     currency: EUR
///     core_hour: 0.0316
///     gib_hour: 0.0042
///     pool_label: cloud.google.com/gke-nodepool   # a label of nodes; kube-state-metrics must tell
///     it pools:
///       spot: {core_hour: 0.0095, gib_hour: 0.0013}
///       "highmem-*": {gib_hour: 0.0036}            # what is left out is as above
#pragma once

#include <string>
#include <string_view>

#include "loadline/model/result.hpp"
#include "loadline/recommend/prices.hpp"

namespace loadline {

/// Strict as the configuration: an unknown key, a price that is none (negative, over 10,000, text)
/// or pools without a label are kInvalidInput with file, line and key. currency and both prices are
/// required. Label names become those of kube_node_labels: "label_cloud_google_com_gke_nodepool".
Result<PriceBook> parse_prices(std::string_view yaml, std::string_view file_name);
/// The same from a file.
Result<PriceBook> load_prices(const std::string& path);

}  // namespace loadline
