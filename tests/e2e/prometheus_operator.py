"""The kinds of the Prometheus Operator that the chart makes, as strict as openapi.py is with Kubernetes' own: the fields of its
API monitoring.coreos.com/v1 that a user may reach through the chart, and no others."""
import openapi

TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
TEXTS = {"type": "array", "items": TEXT}
TEXT_MAP = {"type": "object", "additionalProperties": TEXT}


def fields(required=(), **properties):
    return {"type": "object", "required": list(required), "properties": properties}


def many(items):
    return {"type": "array", "items": items}


SECRET_KEY = fields(name=TEXT, key=TEXT, optional=FLAG, required=["key"])
RELABELING = fields(sourceLabels=TEXTS, separator=TEXT, targetLabel=TEXT, regex=TEXT, modulus={"type": "integer"}, replacement=TEXT,
                    action=TEXT)
ENDPOINT = fields(port=TEXT, path=TEXT, scheme=TEXT, interval=TEXT, scrapeTimeout=TEXT, honorLabels=FLAG, honorTimestamps=FLAG,
                  basicAuth=fields(username=SECRET_KEY, password=SECRET_KEY), relabelings=many(RELABELING),
                  metricRelabelings=many(RELABELING))
SELECTOR = fields(matchLabels=TEXT_MAP)
NAMESPACES = fields(any=FLAG, matchNames=TEXTS)
RULE = fields(alert=TEXT, record=TEXT, expr=TEXT, labels=TEXT_MAP, annotations=TEXT_MAP, keep_firing_for=TEXT, required=["expr"],
              **{"for": TEXT})
GROUP = fields(name=TEXT, interval=TEXT, limit={"type": "integer"}, labels=TEXT_MAP, rules=many(RULE), required=["name"])

SPECS = {
    "ServiceMonitor": fields(jobLabel=TEXT, namespaceSelector=NAMESPACES, selector=SELECTOR, endpoints=many(ENDPOINT),
                             required=["endpoints", "selector"]),
    "PodMonitor": fields(jobLabel=TEXT, namespaceSelector=NAMESPACES, selector=SELECTOR, podMetricsEndpoints=many(ENDPOINT),
                         required=["podMetricsEndpoints", "selector"]),
    "PrometheusRule": fields(groups=many(GROUP)),
}


def problems(document):
    """What is wrong with an object, one line each; None where it is none of the Operator's kinds."""
    if document["apiVersion"] != "monitoring.coreos.com/v1" or document["kind"] not in SPECS:
        return None
    metadata = {"$ref": "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
    schema = fields(apiVersion=TEXT, kind=TEXT, metadata=metadata, spec=SPECS[document["kind"]], required=["spec"])
    return list(openapi.check(document, schema, document["kind"]))
