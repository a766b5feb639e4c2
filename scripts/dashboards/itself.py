"""The row about loadline itself."""
from grafana import BLUE, GREEN, ORANGE, RED, lines, stat, thresholds
from promql import of_itself, of_process, rises, slow

EVENTS = {
    "cycles failed": ("loadline_cycles_total", 'outcome="failed"'),
    "cycles incomplete": ("loadline_cycles_total", 'outcome="incomplete"'),
    "requests repeated": ("loadline_prometheus_retries_total",),
    "falls to a slower read path": ("loadline_read_path_fallbacks_total",),
    "warnings of Prometheus": ("loadline_server_warnings_total",),
    "kube-state-metrics missing": ("loadline_kube_state_metrics_missing_total",),
    "batches not saved": ("loadline_store_errors_total",),
    "patches not written": ("loadline_patch_errors_total",),
    "configurations refused": ("loadline_config_reloads_total", 'outcome="refused"'),
    "requests over a limit": ("loadline_http_rejected_total",),
}


def numbers():
    no_yes = {0: ("no", RED), 1: ("yes", GREEN)}
    age = f"time() - min({of_itself('loadline_last_success_timestamp_seconds')} > 0)"
    behind = f"time() - min({of_itself('loadline_read_up_to_timestamp_seconds')} > 0)"
    late = thresholds((900, ORANGE), (1800, RED))
    return [
        stat("Ready", "Whether every chosen loadline has published a complete and fresh result.", f"min({of_itself('loadline_ready')})",
             names=no_yes),
        stat("Complete", "Whether the published results lack nothing.", f"1 - max({of_itself('loadline_incomplete')})", names=no_yes),
        stat("Configuration", "Whether the last reload was taken.", f"min({of_itself('loadline_config_last_reload_successful')})",
             names={0: ("refused", RED), 1: ("in use", GREEN)}),
        stat("Age of the result", "Since the oldest of the last successful cycles.", age, "s", steps=late),
        stat("Behind the present", "How far the slowest instance's reading is behind.", behind, "s", steps=late),
        stat("History read", "How much of the window has been read.", f"min({of_itself('loadline_backfill_progress_ratio')})",
             "percentunit", steps=thresholds((1, GREEN), base=ORANGE)),
        stat("Containers profiled", "Containers that have a profile, over all shards.", f"sum({of_itself('loadline_containers')})"),
        stat("Duplicates", "Containers without series because their labels are those of another.",
             f"sum({of_itself('loadline_recommendation_duplicates')})", steps=thresholds((1, RED))),
        stat("Patches edited by hand", "Files of the patch tree that were edited and are kept.",
             f"sum({of_itself('loadline_patch_files_edited')})", steps=thresholds((1, BLUE))),
        stat("Version", "What runs.", f"max by (version) ({of_itself('loadline_build_info')})", "none", legend="{{version}}",
             show="name"),
    ]


def courses():
    per_step = slow("loadline_cycle_step_duration_seconds", "le, step")
    dropped = of_itself("loadline_samples_dropped_total", 'reason=~"out_of_order|invalid"')
    samples = [(f"sum(rate({of_itself(f'loadline_samples_{word}_total')}[$__rate_interval]))", word) for word in ("read", "folded")]
    return [
        lines("Cycles", "Cycles that ended, by how they ended.", [(rises("loadline_cycles_total", by="outcome"), "{{outcome}}")],
              interval="15m"),
        lines("Duration of cycles", "90th percentile: of whole cycles, and of each step.",
              [(slow("loadline_cycle_duration_seconds", "le"), "whole"), (per_step, "{{step}}")], "s", interval="15m"),
        lines("Errors", "Events of each degraded mode. All of them at 0 is well.",
              [(rises(*event, by="instance"), f"{name} {{{{instance}}}}") for name, event in EVENTS.items()], interval="15m"),
        lines("Requests to Prometheus", "By the status of the answer; error: no answer came.",
              [(f"sum by (code) (rate({of_itself('loadline_prometheus_requests_total')}[$__rate_interval]))", "{{code}}")],
              "reqps", interval="15m"),
        lines("Samples", "Read from Prometheus, taken into profiles, and lost.",
              [*samples, (f"sum by (reason) (rate({dropped}[$__rate_interval]))", "lost: {{reason}}")], "cps", interval="15m"),
        lines("Staleness", "Age of the published result, and how far reading is behind the present.",
              [(f"time() - ({of_itself('loadline_last_success_timestamp_seconds')} > 0)", "result {{instance}}"),
               (f"time() - ({of_itself('loadline_read_up_to_timestamp_seconds')} > 0)", "reading {{instance}}")], "s"),
        lines("Memory", "Of the process, and of its profiles.",
              [(of_process(of_itself("process_resident_memory_bytes")), "process {{instance}}"),
               (of_itself("loadline_state_memory_bytes"), "profiles {{instance}}")], "bytes"),
        lines("Store", "Size of the state on disk.", [(of_itself("loadline_store_size_bytes"), "{{instance}}")], "bytes"),
        lines("CPU of loadline", "Cores in use.",
              [(of_process(f"rate({of_itself('process_cpu_seconds_total')}[$__rate_interval])"), "{{instance}}")], interval="2m"),
        lines("HTTP requests", "Answered, by path and status.",
              [(f"sum by (handler, code) (rate({of_itself('loadline_http_requests_total')}[$__rate_interval]))",
                "{{handler}} {{code}}")], "reqps", interval="2m"),
        lines("Time to answer", "90th percentile of HTTP requests, by path.",
              [(slow("loadline_http_request_duration_seconds", "le, handler"), "{{handler}}")], "s", interval="2m"),
    ]


def itself():
    widths = [8] * 9 + [12, 12]
    return [*((panel, width, 4) for panel, width in zip(numbers(), [4] * 6 + [6] * 4, strict=True)),
            *((panel, width, 8) for panel, width in zip(courses(), widths, strict=True))]


ROWS = [("loadline itself", itself())]
