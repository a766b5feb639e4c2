{{/* What the schema cannot say. Each line names the value and what to do. */}}
{{- define "loadline.check" -}}
{{- $urlIsInEnv := false -}}
{{- range .Values.extraEnv }}{{ if eq .name "LOADLINE_PROMETHEUS_URL" }}{{ $urlIsInEnv = true }}{{ end }}{{ end -}}
{{- if not (or (include "loadline.setting" (dict "config" .Values.config "key" "prometheus.url")) $urlIsInEnv) -}}
{{- fail "config.prometheus.url is not set: give the base URL of your Prometheus, e.g. --set config.prometheus.url=http://prometheus-operated.monitoring.svc:9090" -}}
{{- end -}}
{{- if eq .Values.mode "serve" }}{{ include "loadline.checkServe" . }}{{ else }}{{ include "loadline.checkCronjob" . }}{{ end -}}
{{- if and .Values.caBundle.existingConfigMap .Values.caBundle.existingSecret -}}
{{- fail "caBundle: existingConfigMap and existingSecret are both set; keep one" -}}
{{- end -}}
{{- if and .Values.credentials.bearerToken.existingSecret .Values.credentials.basicAuth.existingSecret -}}
{{- fail "credentials: bearerToken and basicAuth are both set; Prometheus takes one of them" -}}
{{- end -}}
{{- include "loadline.checkMonitors" . -}}
{{- end -}}

{{- define "loadline.checkServe" -}}
{{- $stateDir := include "loadline.setting" (dict "config" .Values.config "key" "serve.state_dir") -}}
{{- if and $stateDir (ne $stateDir (include "loadline.stateDir" .)) (not (hasPrefix (printf "%s/" (include "loadline.stateDir" .)) $stateDir)) -}}
{{- fail (printf "config.serve.state_dir: %s is not on the volume, which is mounted at %s" $stateDir (include "loadline.stateDir" .)) -}}
{{- end -}}
{{- if include "loadline.isSharded" . -}}
{{- if .Values.persistence.existingClaim -}}
{{- fail "persistence.existingClaim cannot be shared by shards: each has a state of its own; unset it, or shards" -}}
{{- end -}}
{{- if ne .Values.service.type "ClusterIP" -}}
{{- fail "service.type must be ClusterIP with shards: each pod serves its own part, so the Service is headless" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "loadline.checkCronjob" -}}
{{- if gt (int .Values.shards) 1 -}}
{{- fail "shards are of mode serve; in mode cronjob use config.namespaces and several releases" -}}
{{- end -}}
{{- range list "serviceMonitor" "podMonitor" "prometheusRule" "dashboard" -}}
{{- if (get $.Values .).enabled -}}
{{- fail (printf "%s.enabled: mode cronjob serves no metrics" .) -}}
{{- end -}}
{{- end -}}
{{- if .Values.extraContainers -}}
{{- fail "extraContainers are of mode serve: one that does not end would keep the job from ending; make it one of extraInitContainers, with restartPolicy: Always" -}}
{{- end -}}
{{- if not (or .Values.persistence.enabled .Values.cronjob.publisher) -}}
{{- if or (eq .Values.cronjob.command "patch") .Values.cronjob.reportFile -}}
{{- fail "persistence.enabled: without it, and without cronjob.publisher, what is written is gone with the pod" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "loadline.checkMonitors" -}}
{{- if and .Values.serviceMonitor.enabled .Values.podMonitor.enabled -}}
{{- fail "serviceMonitor and podMonitor are both enabled: every series would be there twice" -}}
{{- end -}}
{{- range list "serviceMonitor" "podMonitor" -}}
{{- $monitor := get $.Values . -}}
{{- if and $monitor.enabled $.Values.credentials.users.existingSecret (not $monitor.basicAuth) -}}
{{- fail (printf "%s.basicAuth: credentials.users is set, so a scrape needs a user and a password" .) -}}
{{- end -}}
{{- end -}}
{{- if .Values.checkCapabilities -}}
{{- range $value, $kind := dict "serviceMonitor" "ServiceMonitor" "podMonitor" "PodMonitor" "prometheusRule" "PrometheusRule" -}}
{{- $api := printf "monitoring.coreos.com/v1/%s" $kind -}}
{{- if and (get $.Values $value).enabled (not ($.Capabilities.APIVersions.Has $api)) -}}
{{- fail (printf "%s.enabled: the cluster has no %s. Install the Prometheus Operator's CRDs first, render with --api-versions %s, or set checkCapabilities: false" $value $kind $api) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
