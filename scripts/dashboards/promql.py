"""The dashboard's PromQL. Series of a container have the labels of loadline's target beside its own, and may be there
twice while one pod of loadline follows another: hence the max, and the joins on the identity alone."""

IDENTITY = "cluster, namespace, target_kind, target_name, container"
CHOSEN = ('cluster=~"$cluster",namespace=~"$namespace",target_kind=~"$kind",target_name=~"$workload",'
          'container=~"$container"')
# What can hurt a workload, as `at_risk` of the report.
RISKS = "request_unset|request_too_low|limit_too_low|max_above_limit|oom_killed|throttled"
KNOWN_CHANGE = ('verdict="change"', 'reasons!~"(.+,)?current_unknown(,.+)?"')
AT_RISK = f'reasons=~"(.+,)?({RISKS})(,.+)?"'


def of_containers(metric, resource=None, *matchers):
    """One value for each chosen container."""
    more = [f'resource="{resource}"'] if resource else []
    return f"max by ({IDENTITY}) ({metric}{{{','.join([CHOSEN, *more, *matchers])}}})"


def over_replicas(value):
    """The value of all pods of each container; a CronJob between two runs has none."""
    return f"({value}) * on ({IDENTITY}) {of_containers('loadline_container_replicas')}"


def verdicts(*matchers):
    """One series for each chosen container, with verdict and reasons."""
    chosen = ",".join([CHOSEN, *matchers])
    return f"max by ({IDENTITY}, verdict, reasons) (loadline_recommendation_info{{{chosen}}})"


def quantiles(resource):
    """Of the usage of each chosen container."""
    return f'max by ({IDENTITY}, quantile) (loadline_usage_quantile{{{CHOSEN},resource="{resource}"}})'


def only(value, *matchers):
    """Those whose verdict has these labels."""
    return f"({value}) and on ({IDENTITY}) {verdicts(*matchers)}"


def requested(resource):
    return over_replicas(of_containers("loadline_current_request", resource))


def used(resource):
    """95th percentile of each container, over its pods."""
    return over_replicas(of_containers("loadline_usage_quantile", resource, 'quantile="0.95"'))


def reclaimable(resource):
    """What containers whose verdict is change ask for beyond the recommendation."""
    spare = (f"{of_containers('loadline_current_request', resource)}"
             f" - {of_containers('loadline_recommendation_request', resource)}")
    return over_replicas(only(f"{spare} > 0", *KNOWN_CHANGE))


def missing(resource):
    """What they ask for too little; all of it where they ask for nothing."""
    recommended = of_containers("loadline_recommendation_request", resource)
    current = of_containers("loadline_current_request", resource)
    lacking = f"{recommended} - {current} > 0 or ({recommended} unless {current})"
    return over_replicas(only(lacking, *KNOWN_CHANGE))


def total(value):
    """0 where there is none."""
    return f"sum({value}) or vector(0)"


def how_many(value):
    return f"count({value}) or vector(0)"


def total_by(labels, value):
    return f"sum by ({labels}) ({value})"


def recommended(resource):
    """Requests if every change were made."""
    changed = only(of_containers("loadline_recommendation_request", resource), *KNOWN_CHANGE)
    return over_replicas(f"{changed} or {of_containers('loadline_current_request', resource)}")


def _off(resource):
    """How far today's request is from the recommended one; all of it where there is none."""
    right = of_containers("loadline_recommendation_request", resource)
    current = of_containers("loadline_current_request", resource)
    return f"({over_replicas(f'abs({right} - {current}) or {right}')})"


def farthest_off(count):
    """The containers whose requests are farthest off; 4 GiB count as a core, as on a common node."""
    return f"topk({count}, {_off('cpu')} + {_off('memory')} / (4 * 1024 ^ 3))"


def live(metric_by_pod):
    """Of the pods of the chosen containers. Pods are told by their names, as no series has the workload's: its name,
    then an ordinal, the hash of a ReplicaSet, the time of a CronJob, and five characters that hold no vowel."""
    safe = "[bcdfghjklmnpqrstvwxz2456789]"
    pods = f"($workload)(-[0-9]+)?(-{safe}{{1,10}})?(-{safe}{{5}})?"
    chosen = (f'cluster=~"$cluster",namespace=~"$namespace",pod=~"{pods}",container=~"$container",'
              'container!="",container!="POD"')
    return f"topk(20, max by (cluster, namespace, pod, container) ({metric_by_pod.replace('CHOSEN', chosen)}))"


LIVE = {
    "cpu": live("sum without (cpu) (rate(container_cpu_usage_seconds_total{CHOSEN}[$__rate_interval]))"),
    "memory": live("container_memory_working_set_bytes{CHOSEN}"),
}


def of_itself(metric, *matchers):
    """A metric of loadline itself, of the chosen instances."""
    chosen = ",".join(['instance=~"$instance"', *matchers])
    return f"{metric}{{{chosen}}}"


def of_process(value):
    """Every target has metrics of its process: these are of the chosen loadlines."""
    return f"{value} and on (cluster, instance) {of_itself('loadline_build_info')}"


def per_second(metric, *matchers, by=""):
    value = f"rate({of_itself(metric, *matchers)}[$__rate_interval])"
    return f"sum by ({by}) ({value})" if by else f"sum({value})"


def rises(metric, *matchers, by):
    return f"sum by ({by}) (increase({of_itself(metric, *matchers)}[$__rate_interval]))"


def slow(metric, by, quantile=0.9):
    """A quantile of a histogram."""
    buckets = of_itself(metric + "_bucket")
    return f"histogram_quantile({quantile}, sum by ({by}) (rate({buckets}[$__rate_interval])))"
