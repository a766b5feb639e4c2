"""The row about loadline itself."""
from grafana import BLUE, GREEN, ORANGE, RED, lines, stat, thresholds
from promql import of_itself, of_process, per_second, rises, slow

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


def _lowest(metric):
    return f"min({of_itself(metric)})"


def _sum(metric):
    return f"sum({of_itself(metric)})"


def _since(metric):
    """Seconds since the moment that a metric holds; 0 stands for never."""
    return f"time() - min({of_itself(metric)} > 0)"


def _since_by_instance(metric):
    return f"time() - ({of_itself(metric)} > 0)"


def health():
    no_yes = {0: ("no", RED), 1: ("yes", GREEN)}
    late = thresholds((900, ORANGE), (1800, RED))
    return [
        stat("Ready", "Whether every chosen loadline has published a complete and fresh result.",
             _lowest("loadline_ready"), names=no_yes),
        stat("Complete", "Whether the published results lack nothing.", f"1 - max({of_itself('loadline_incomplete')})",
             names=no_yes),
        stat("Configuration", "Whether the last reload was taken.", _lowest("loadline_config_last_reload_successful"),
             names={0: ("refused", RED), 1: ("in use", GREEN)}),
        stat("Age of the result", "Since the oldest of the last successful cycles.",
             _since("loadline_last_success_timestamp_seconds"), "s", steps=late),
        stat("Behind the present", "How far the slowest instance's reading is behind.",
             _since("loadline_read_up_to_timestamp_seconds"), "s", steps=late),
        stat("History read", "How much of the window has been read.", _lowest("loadline_backfill_progress_ratio"),
             "percentunit", steps=thresholds((1, GREEN), base=ORANGE)),
    ]


def counts():
    return [
        stat("Containers profiled", "Containers that have a profile, over all shards.", _sum("loadline_containers")),
        stat("Duplicates", "Containers without series because their labels are those of another.",
             _sum("loadline_recommendation_duplicates"), steps=thresholds((1, RED))),
        stat("Patches edited by hand", "Files of the patch tree that were edited and are kept.",
             _sum("loadline_patch_files_edited"), steps=thresholds((1, BLUE))),
        stat("Version", "What runs.", f"max by (version) ({of_itself('loadline_build_info')})", "none",
             legend="{{version}}", show="name"),
    ]


def work():
    duration = slow("loadline_cycle_duration_seconds", "le")
    of_steps = slow("loadline_cycle_step_duration_seconds", "le, step")
    events = [(rises(*event, by="instance"), f"{name} {{{{instance}}}}") for name, event in EVENTS.items()]
    samples = [(per_second(f"loadline_samples_{word}_total"), word) for word in ("read", "folded")]
    lost = per_second("loadline_samples_dropped_total", 'reason=~"out_of_order|invalid"', by="reason")
    return [
        lines("Cycles", "Cycles that ended, by how they ended.",
              [(rises("loadline_cycles_total", by="outcome"), "{{outcome}}")], interval="15m"),
        lines("Duration of cycles", "90th percentile: of whole cycles, and of each step.",
              [(duration, "whole"), (of_steps, "{{step}}")], "s", interval="15m"),
        lines("Errors", "Events of each degraded mode. All of them at 0 is well.", events, interval="15m"),
        lines("Requests to Prometheus", "By the status of the answer; error: no answer came.",
              [(per_second("loadline_prometheus_requests_total", by="code"), "{{code}}")], "reqps", interval="15m"),
        lines("Samples", "Read from Prometheus, taken into profiles, and lost.",
              [*samples, (lost, "lost: {{reason}}")], "cps", interval="15m"),
        lines("Staleness", "Age of the published result, and how far reading is behind the present.",
              [(_since_by_instance("loadline_last_success_timestamp_seconds"), "result {{instance}}"),
               (_since_by_instance("loadline_read_up_to_timestamp_seconds"), "reading {{instance}}")], "s"),
    ]


def means():
    cpu = of_process(f"rate({of_itself('process_cpu_seconds_total')}[$__rate_interval])")
    return [
        lines("Memory", "Of the process, and of its profiles.",
              [(of_process(of_itself("process_resident_memory_bytes")), "process {{instance}}"),
               (of_itself("loadline_state_memory_bytes"), "profiles {{instance}}")], "bytes"),
        lines("Store", "Size of the state on disk.", [(of_itself("loadline_store_size_bytes"), "{{instance}}")], "bytes"),
        lines("CPU of loadline", "Cores in use.", [(cpu, "{{instance}}")], interval="2m"),
    ]


def web():
    requests = per_second("loadline_http_requests_total", by="handler, code")
    return [
        lines("HTTP requests", "Answered, by path and status.", [(requests, "{{handler}} {{code}}")], "reqps",
              interval="2m"),
        lines("Time to answer", "90th percentile of HTTP requests, by path.",
              [(slow("loadline_http_request_duration_seconds", "le, handler"), "{{handler}}")], "s", interval="2m"),
    ]


def itself():
    return [*((panel, 4, 4) for panel in health()), *((panel, 6, 4) for panel in counts()),
            *((panel, 8, 8) for panel in [*work(), *means()]), *((panel, 12, 8) for panel in web())]


ROWS = [("loadline itself", itself())]
