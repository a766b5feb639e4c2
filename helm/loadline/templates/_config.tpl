{{/* Where credentials are mounted, and where state is kept. */}}
{{- define "loadline.secretsDir" -}}/run/secrets/loadline{{- end -}}
{{- define "loadline.stateDir" -}}/var/lib/loadline{{- end -}}

{{/*
What the chart itself decides: the paths of what it mounts, and the number of shards. A map of dotted keys, so that a
value that says otherwise can be named.
*/}}
{{- define "loadline.ownSettings" -}}
{{- $dir := include "loadline.secretsDir" . -}}
{{- with .Values.credentials.bearerToken }}{{ if .existingSecret }}
prometheus.bearer_token_file: {{ $dir }}/bearer-token/{{ .key }}
{{- end }}{{ end }}
{{- with .Values.credentials.basicAuth }}{{ if .existingSecret }}
prometheus.basic_auth.password_file: {{ $dir }}/basic-auth/{{ .passwordKey }}
{{- end }}{{ end }}
{{- with .Values.credentials.clientCertificate }}{{ if .existingSecret }}
prometheus.tls.client_certificate_file: {{ $dir }}/client-certificate/{{ .certificateKey }}
prometheus.tls.client_key_file: {{ $dir }}/client-certificate/{{ .privateKeyKey }}
{{- end }}{{ end }}
{{- with .Values.caBundle }}{{ if or .existingConfigMap .existingSecret }}
prometheus.tls.ca_file: {{ $dir }}/ca/{{ .key }}
{{- end }}{{ end }}
{{- with .Values.credentials.users }}{{ if and .existingSecret (eq $.Values.mode "serve") }}
serve.basic_auth_file: {{ $dir }}/users/{{ .key }}
{{- end }}{{ end }}
{{- if include "loadline.isSharded" . }}
serve.total_shards: {{ .Values.shards }}
{{- end }}
{{- end -}}

{{/* A setting as text; empty where it, or the section it is in, has no value. Takes config and a dotted key. */}}
{{- define "loadline.setting" -}}
{{- $value := .config -}}
{{- range splitList "." .key -}}
{{- $value = kindIs "map" $value | ternary (get ($value | default dict) .) nil -}}
{{- end -}}
{{- if not (kindIs "invalid" $value) }}{{ toString $value }}{{ end -}}
{{- end -}}

{{/* Sets a dotted key. Takes map, key, value. */}}
{{- define "loadline.setKey" -}}
{{- $steps := splitList "." .key -}}
{{- $map := .map -}}
{{- range initial $steps -}}
{{- if not (get $map .) -}}{{- $_ := set $map . dict -}}{{- end -}}
{{- $map = get $map . -}}
{{- end -}}
{{- if and (get $map (last $steps)) (ne (get $map (last $steps) | toString) (.value | toString)) -}}
{{- fail (printf "config.%s and the value that the chart gives it (%v) contradict each other: remove it from config, or unset the credential, caBundle or shards" .key .value) -}}
{{- end -}}
{{- $_ := set $map (last $steps) .value -}}
{{- end -}}

{{/*
The configuration file: values.config, with what the chart decides. vpa_mode: YAML 1.1, which Helm reads, takes a bare
off for false, and the defaults that `loadline config --defaults` prints have it bare.
*/}}
{{- define "loadline.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- range $key, $value := include "loadline.ownSettings" . | fromYaml -}}
{{- include "loadline.setKey" (dict "map" $config "key" $key "value" $value) -}}
{{- end -}}
{{- if eq (include "loadline.setting" (dict "config" $config "key" "patch.vpa_mode")) "false" -}}
{{- $_ := set $config.patch "vpa_mode" "off" -}}
{{- end -}}
{{- if and (eq (include "loadline.component" .) "patch") (not (include "loadline.setting" (dict "config" $config "key" "patch.output_dir"))) -}}
{{- include "loadline.setKey" (dict "map" $config "key" "patch.output_dir" "value" (printf "%s/patches" (include "loadline.stateDir" .))) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* The port that serve.listen names. */}}
{{- define "loadline.port" -}}
{{- $listen := include "loadline.setting" (dict "config" .Values.config "key" "serve.listen") | default "0.0.0.0:9804" -}}
{{- regexFind "[0-9]+$" $listen | required (printf "config.serve.listen: %q names no port" $listen) -}}
{{- end -}}

{{/* Changes with those settings that only a start can change; `serve` takes all others from the changed file by itself. */}}
{{- define "loadline.startSettings" -}}
{{- $config := include "loadline.config" . | fromYaml -}}
{{- $serve := $config.serve | default dict -}}
{{- list (pick $serve "listen" "state_dir" "basic_auth_file" "total_shards" "shard") (include "loadline.setting" (dict "config" $config "key" "log.format")) | toJson | sha256sum -}}
{{- end -}}
