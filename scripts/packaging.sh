# What scripts/deb and scripts/image share. Sourced, after common.sh.
BINARY="$ROOT/build/release/loadline"

# Packages are the same for everybody, whatever the builder's umask and clock.
umask 022
export LC_ALL=C TZ=UTC

# Git, also where somebody else owns the working tree, as in many a container.
git_here() { git -C "$ROOT" -c safe.directory="$ROOT" "$@" 2>/dev/null; }

# The time of everything that is packaged: that of the commit, so that one source gives one package.
set_source_date() {
  SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git_here log -1 --format=%ct)}" ||
    die "not a Git working tree: set SOURCE_DATE_EPOCH to the time of the source, in Unix seconds"
  export SOURCE_DATE_EPOCH
}

# configure_packaging FOLDER: makes FOLDER ready for cmake --install and cpack.
configure_packaging() {
  [ -x "$BINARY" ] || die "no program at $BINARY: build it (cmake --build --preset release), or name one by --binary"
  rm -rf "$1"
  cmake -S "$ROOT/packaging" -B "$1" -DLOADLINE_BINARY="$(realpath "$BINARY")" >"$1.log" 2>&1 ||
    { cat "$1.log" >&2; die "cmake could not configure packaging"; }
}
