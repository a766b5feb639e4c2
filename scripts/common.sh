# What the scripts share. Sourced, not run.
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
JOBS="${JOBS:-$(nproc)}"

say() { printf '\n== %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# The comment at the head of the script is its help.
print_help() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"; }

# configure PRESET [CMAKE ARGUMENT]...: configures build/PRESET, with ccache where there is one.
configure() {
  local preset=$1; shift
  local launcher=()
  command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  (cd "$ROOT" && cmake --preset "$preset" "${launcher[@]}" "$@" >"$ROOT/build/configure-$preset.log" 2>&1) ||
    { cat "$ROOT/build/configure-$preset.log" >&2; die "cmake could not configure $preset"; }
}

# build PRESET [TARGET]...
build() {
  local preset=$1; shift
  local targets=()
  [ $# -gt 0 ] && targets=(--target "$@")
  cmake --build "$ROOT/build/$preset" -j "$JOBS" "${targets[@]}" >&2
}

free_port() {
  /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
