/// Other recommenders' rules, restated so that `loadline backtest` can replay them on the same
/// samples: what their sources say, fed from day sketches. Pure functions.
///
/// Each returns what it would advise at the midnight at which the view ends: a request of nullopt
/// is no advice for that resource, a limit of nullopt beside a request is no limit. Values are not
/// rounded to whole millicores or bytes.
///
/// Where day sketches make a rule coarser than it is at home:
/// - A half-life acts by whole days. All samples of a day are as old as its middle; VPA's memory
///   peaks are stamped at the end of their day, as at home.
/// - VPA's 24 h intervals of memory peaks are UTC days, not days since the container began.
/// - Samples keep their scrape interval (VPA: one a minute; KRR: rates over 75 s; Autopilot: means
///   and maxima of 5 minutes). A sample's value is known within 0.78 %; maxima are exact.
/// - Advice is given once a day, at midnight. What acts within hours is not replayed: VPA's
/// updater,
///   Autopilot's maximum over the last hour.
#pragma once

#include <optional>

#include "loadline/model/resources.hpp"
#include "loadline/recommend/decaying_histogram.hpp"
#include "loadline/recommend/history.hpp"

namespace loadline {

/// Buckets of the VPA recommender: 5 % wider each, 176 of them; CPU from 0.01 core, memory from
/// 1e7 bytes.
BucketOptions vpa_buckets(Resource resource);

/// VPA's confidence in its data: min(days spanned, CPU samples / 1440).
double vpa_confidence(Milliseconds spanned, std::uint64_t cpu_samples);

/// What a VPA object's status holds, of one resource: p90, p50 and p95 of the histogram, each + 15
/// % and at least the floor (25m and 250Mi a pod, divided by its containers); the lower bound times
/// (1 + 0.001/c)^-2, the upper times 1 + 1/c with the confidence c.
struct VpaEstimate {
  double target = 0;
  double lower = 0;
  double upper = 0;
};
/// nullopt without usage of the resource. CPU: every sample, weight 0.1; memory: the peak of each
/// pod and day, weight 1; half-life 24 h. After an OOM-day of the replay the pod's peak of that day
/// is at least max(used + 100 MiB, 1.2 x used) with used = max(request, peak).
std::optional<VpaEstimate> vpa_estimate(const HistoryView& view, Resource resource);

/// Kubernetes' Vertical Pod Autoscaler: request = target. It advises no limit; its webhook keeps
/// the ratio of today's limit to today's request: without a limit today there is none, and where
/// today's values are unknown the ratio is taken to be 1.
Requirements vpa_advice(const HistoryView& view);

/// robusta-dev/krr, strategy `simple`: CPU request = the highest p95 of any pod, no CPU limit;
/// memory request = limit = the maximum of all pods + 15 %; at least 10m and 100Mi. No advice for a
/// resource with fewer than 100 samples.
Requirements krr_advice(const HistoryView& view);

/// Google's Autopilot, moving window (EuroSys 2020): CPU the load-adjusted p95 (weight x usage),
/// half-life 12 h; memory p98 (the choice for jobs of low tolerance for OOM), half-life 48 h; each
/// + 15 %. It sets limits; here limit = request, as tasks on Borg are held to one number.
Requirements autopilot_advice(const HistoryView& view);

}  // namespace loadline
