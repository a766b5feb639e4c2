{{/*
metadata of a pod. Takes root, component and, if there are any, annotations. No label tells the chart's version: a new chart
that changes nothing else restarts nothing.
*/}}
{{- define "loadline.podMetadata" -}}
labels:
  {{- $own := include "loadline.selectorLabels" .root | fromYaml -}}
  {{- $component := dict "app.kubernetes.io/component" .component -}}
  {{- toYaml (mergeOverwrite (deepCopy .root.Values.commonLabels) .root.Values.podLabels $own $component) | nindent 2 }}
annotations:
  {{- $all := dict "kubectl.kubernetes.io/default-container" "loadline" -}}
  {{- toYaml (mergeOverwrite $all .root.Values.podAnnotations (.annotations | default dict)) | nindent 2 }}
{{- end -}}

{{/* What all pods share. enableServiceLinks: variables of other people's Services are no settings of loadline. */}}
{{- define "loadline.podBase" -}}
serviceAccountName: {{ include "loadline.serviceAccountName" . | quote }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The container, but for what differs: ports and probes. Takes root and args. */}}
{{- define "loadline.container" -}}
name: loadline
image: {{ include "loadline.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args:
  {{- toYaml .args | nindent 2 }}
env:
  {{- include "loadline.env" .root | nindent 2 }}
resources:
  {{- toYaml .root.Values.resources | nindent 2 }}
securityContext:
  {{- toYaml .root.Values.securityContext | nindent 2 }}
volumeMounts:
  {{- include "loadline.volumeMounts" .root | nindent 2 }}
{{- end -}}

{{/* The end of a pod's name is its shard's number; $(POD_NAME) may stand in arguments. */}}
{{- define "loadline.env" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- with .Values.credentials.basicAuth }}{{ if and .existingSecret .usernameKey }}
{{ include "loadline.secretEnv" (dict "name" "LOADLINE_PROMETHEUS_BASIC_AUTH_USERNAME" "secret" .existingSecret "key" .usernameKey) }}
{{- end }}{{ end }}
{{- with .Values.credentials.headers }}{{ if .existingSecret }}
{{ include "loadline.secretEnv" (dict "name" "LOADLINE_PROMETHEUS_HEADERS" "secret" .existingSecret "key" .key) }}
{{- end }}{{ end }}
{{- with .Values.credentials.proxy }}{{ if .existingSecret }}
{{ include "loadline.secretEnv" (dict "name" "LOADLINE_PROMETHEUS_PROXY_URL" "secret" .existingSecret "key" .key) }}
{{- end }}{{ end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "loadline.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret | quote }}
      key: {{ .key | quote }}
{{- end -}}

{{/* Folder of a mount below the secrets' -> its volume's source. 0440: the pod's fsGroup may read. */}}
{{- define "loadline.secretVolumes" -}}
{{- $credentials := .Values.credentials -}}
{{- $names := dict "bearer-token" $credentials.bearerToken "basic-auth" $credentials.basicAuth
      "client-certificate" $credentials.clientCertificate "users" $credentials.users "ca" .Values.caBundle -}}
{{- range $folder, $value := $names }}
{{- if and $value.existingSecret (or (ne $folder "users") (eq $.Values.mode "serve")) }}
{{ $folder }}:
  secret:
    secretName: {{ $value.existingSecret | quote }}
    defaultMode: 0440
{{- else if $value.existingConfigMap }}
{{ $folder }}:
  configMap:
    name: {{ $value.existingConfigMap | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Directories, not single files: Kubernetes brings what changed into a mounted directory alone. */}}
{{- define "loadline.volumeMounts" -}}
- name: config
  mountPath: /etc/loadline
  readOnly: true
- name: state
  mountPath: {{ include "loadline.stateDir" . }}
{{- range $folder, $_ := include "loadline.secretVolumes" . | fromYaml }}
- name: {{ $folder }}
  mountPath: {{ include "loadline.secretsDir" $ }}/{{ $folder }}
  readOnly: true
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "loadline.volumes" -}}
- name: config
  configMap:
    name: {{ include "loadline.fullname" . | quote }}
{{- range $folder, $source := include "loadline.secretVolumes" . | fromYaml }}
- name: {{ $folder }}
  {{- toYaml $source | nindent 2 }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The volume for state and output, where no StatefulSet brings it. */}}
{{- define "loadline.stateVolume" -}}
- name: state
  {{- if .Values.persistence.enabled }}
  persistentVolumeClaim:
    claimName: {{ .Values.persistence.existingClaim | default (include "loadline.fullname" .) | quote }}
  {{- else }}
  emptyDir:
    sizeLimit: {{ .Values.persistence.emptyDirSizeLimit }}
  {{- end }}
{{- end -}}
