{{- define "loadline.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* 52 characters: what Kubernetes leaves to the name of a CronJob, and to a StatefulSet's with its ordinals and hashes. */}}
{{- define "loadline.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "loadline.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What the pods do: serve, report or patch. */}}
{{- define "loadline.component" -}}
{{- eq .Values.mode "serve" | ternary "serve" .Values.cronjob.command -}}
{{- end -}}

{{/* The labels that find every pod of the release. They never change, for selectors cannot. */}}
{{- define "loadline.selectorLabels" -}}
app.kubernetes.io/name: {{ include "loadline.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/* The labels that find the pods of the daemon, and not the one that `helm test` starts. */}}
{{- define "loadline.serveLabels" -}}
{{ include "loadline.selectorLabels" . }}
app.kubernetes.io/component: serve
{{- end -}}

{{- define "loadline.labels" -}}
{{- $own := dict
      "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
      "app.kubernetes.io/version" (.Chart.AppVersion | replace "+" "_")
      "app.kubernetes.io/managed-by" .Release.Service -}}
{{- $selectors := include "loadline.selectorLabels" . | fromYaml -}}
{{- toYaml (mergeOverwrite (deepCopy .Values.commonLabels) $own $selectors) -}}
{{- end -}}

{{/* metadata of an object. Takes root, and of these what there is: name, namespace, labels, annotations. */}}
{{- define "loadline.metadata" -}}
name: {{ .name | default (include "loadline.fullname" .root) | quote }}
namespace: {{ .namespace | default .root.Release.Namespace | quote }}
labels:
  {{- toYaml (mergeOverwrite (deepCopy (.labels | default dict)) (include "loadline.labels" .root | fromYaml)) | nindent 2 }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "loadline.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "loadline.fullname" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "loadline.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* "true" where shards make it a StatefulSet. */}}
{{- define "loadline.isSharded" -}}
{{- if and (eq .Values.mode "serve") (gt (int .Values.shards) 1) -}}true{{- end -}}
{{- end -}}

{{/* "true" where the chart makes a claim of its own: a StatefulSet makes its claims itself. */}}
{{- define "loadline.ownsClaim" -}}
{{- if and .Values.persistence.enabled (not .Values.persistence.existingClaim) (not (include "loadline.isSharded" .)) -}}true{{- end -}}
{{- end -}}

{{- define "loadline.claimSpec" -}}
accessModes:
  {{- toYaml .Values.persistence.accessModes | nindent 2 }}
{{- with .Values.persistence.storageClass }}
storageClassName: {{ . | quote }}
{{- end }}
resources:
  requests:
    storage: {{ .Values.persistence.size }}
{{- end -}}
