{{/*
An endpoint of a ServiceMonitor or a PodMonitor. honorLabels: the labels namespace and container of a recommendation are
those of what it is about, not loadline's own.
*/}}
{{- define "loadline.endpoint" -}}
port: http
path: /metrics
honorLabels: true
interval: {{ .interval }}
scrapeTimeout: {{ .scrapeTimeout }}
{{- range $key := list "basicAuth" "relabelings" "metricRelabelings" }}
{{- with get $ $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "loadline.monitorSelector" -}}
jobLabel: app.kubernetes.io/name
namespaceSelector:
  matchNames:
    - {{ .Release.Namespace | quote }}
selector:
  matchLabels:
    {{- include "loadline.serveLabels" . | nindent 4 }}
{{- end -}}
