"""What the rows about containers share: names and units of the resources, labels, thresholds, links."""
from grafana import BLUE, GREEN, ORANGE, RED, data_link, thresholds

UNITS = {"cpu": "short", "memory": "bytes"}
NAMES = {"cpu": "CPU", "memory": "Memory"}
COUNTED = {"cpu": "in cores", "memory": "in bytes"}

LABELS = {"cluster": "Cluster", "namespace": "Namespace", "target_kind": "Kind", "target_name": "Workload",
          "container": "Container"}

ANY_IS_RISK = thresholds((1, RED))
# Of the request in force against the recommended one: too little is a risk, too much is waste.
TOO_LITTLE = thresholds((0.9, GREEN), (1.1, BLUE), (3, ORANGE), base=RED)


def _field(label):
    """The label of the row that a link stands in."""
    return f"${{__data.fields.{label}:percentencode}}"


HERE = "/d/loadline?${datasource:queryparam}&${cluster:queryparam}&${loadline_url:queryparam}&${__url_time_range}"
ITS_NAMESPACE = f"{HERE}&var-namespace={_field('namespace')}"
ITSELF = (f"{ITS_NAMESPACE}&var-kind={_field('target_kind')}&var-workload={_field('target_name')}"
          f"&var-container={_field('container')}")
ITS_PAGE = (f"${{loadline_url}}/?namespace={_field('namespace')}&workload={_field('target_kind')}/{_field('target_name')}"
            f"&container={_field('container')}")

ONE_NAMESPACE = data_link("Show this namespace alone", ITS_NAMESPACE, in_new_tab=False)
NAMESPACE_OF_BAR = data_link("Show this namespace alone",
                             HERE + "&var-namespace=${__field.labels.namespace:percentencode}", in_new_tab=False)
ONE_CONTAINER = [data_link("Show this container below", ITSELF, in_new_tab=False),
                 data_link("Why these values (loadline's page)", ITS_PAGE)]
