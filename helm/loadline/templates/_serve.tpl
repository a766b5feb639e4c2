{{/* The pod of the daemon, for the Deployment and the StatefulSet. */}}
{{- define "loadline.servePod" -}}
metadata:
  {{- include "loadline.podMetadata" (dict "root" . "component" "serve" "annotations" (dict "checksum/start-settings" (include "loadline.startSettings" .))) | nindent 2 }}
spec:
  {{- include "loadline.podBase" . | nindent 2 }}
  {{- if include "loadline.isSharded" . }}
  {{- with .Values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- include "loadline.spread" $ | trim | nindent 4 }}
  {{- end }}
  {{- end }}
  {{- with .Values.extraInitContainers }}
  initContainers:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - {{ include "loadline.container" (dict "root" . "args" (concat (list "serve" "--config=/etc/loadline/loadline.yaml") .Values.extraArgs)) | indent 6 | trim }}
      ports:
        - name: http
          containerPort: {{ include "loadline.port" . }}
      {{- range $probe := list "startupProbe" "livenessProbe" "readinessProbe" }}
      {{- with get $.Values $probe }}
      {{ $probe }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
    {{- with .Values.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    {{- include "loadline.volumes" . | nindent 4 }}
    {{- if not (and .Values.persistence.enabled (include "loadline.isSharded" .)) }}
    {{- include "loadline.stateVolume" . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "loadline.spread" -}}
{{- $own := dict "labelSelector" (dict "matchLabels" (include "loadline.serveLabels" . | fromYaml)) -}}
{{- range .Values.topologySpreadConstraints }}
- {{ toYaml (merge (deepCopy .) $own) | indent 2 | trim }}
{{- end }}
{{- end -}}
