#!/bin/bash
# A Linux kernel in user space (Debian's user-mode-linux) as an NFS client or knfsd, beside a network namespace of its own.
#
#   linux-guest.sh build             kernel and root file system into the cache, unless they are there
#   linux-guest.sh boot RUN SECONDS  boots one; RUN is a new directory, its base name also that of the namespace.
#                                    Lives until its standard input ends, for SECONDS at most, and leaves nothing behind;
#                                    only when it ends by itself RUN stays, to be looked into.
#
# RUN/share is seen in the guest as /share: test/support/linux-guest-init.sh says what it does with it.
# In the namespace 10.77.0.1 is the host's end, 10.77.0.2 the guest's, and the device between them is called tap.
# SLOTSHARK_LAB: the cache. GUEST_MEMORY: 1G if unset.
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly lab=${SLOTSHARK_LAB:-${HOME:-/root}/.cache/slotshark-lab}
# Another number whenever the recipe changes, so that nobody boots what an older one made.
readonly made=$lab/guest-1
readonly kernel=$made/uml/usr/bin/linux.uml image=$made/root.img

build() {
  mkdir -p "$lab"
  exec 9> "$lab/build.lock"
  flock 9
  if [ -d "$made" ]; then return; fi
  rm -rf "$lab"/building.*
  local at
  at=$(mktemp -d "$lab/building.XXXXXX")
  fetch_kernel "$at/uml"
  debootstrap --variant=minbase --include=nfs-common,nfs-kernel-server,rpcbind,kmod,iproute2,procps bookworm "$at/root"
  add_modules "$at/uml" "$at/root"
  add_init "$at/root"
  truncate -s 3G "$at/root.img"
  mke2fs -q -F -t ext4 -d "$at/root" "$at/root.img"
  rm -rf "$at/root"
  mv "$at" "$made"
}

fetch_kernel() {
  mkdir -p "$1"
  apt-cache show user-mode-linux > /dev/null 2>&1 || apt-get update -qq
  # apt reads as a user who may not look into the home of root.
  (cd "$1" && apt-get -qq -o APT::Sandbox::User=root download user-mode-linux && dpkg -x user-mode-linux_*.deb . && rm user-mode-linux_*.deb)
}

add_modules() {
  local version
  version=$(ls "$1/usr/lib/uml/modules")
  mkdir -p "$2/lib/modules"
  mv "$1/usr/lib/uml/modules/$version" "$2/lib/modules/"
  depmod -b "$2" "$version"
}

# What it does lies in the share, so that it can change without another build; its place stands on the kernel's command line.
add_init() {
  rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*
  mkdir -p "$1/share" "$1/mnt" "$1/export"
  cat > "$1/init-from-share" <<'INIT'
#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
mount -t proc proc /proc
mount -t hostfs none /share -o "$(sed -E 's/.*share=([^ ]*).*/\1/' /proc/cmdline)"
exec /share/init
INIT
  chmod +x "$1/init-from-share"
}

boot() {
  run=$1 seconds=$2 namespace=$(basename "$1") machine= is_told=
  trap tear_down EXIT
  trap 'is_told=yes; exit 143' TERM INT HUP
  mkdir -p "$run/share/jobs" "$run/uml"
  install -m 755 "$here/linux-guest-init.sh" "$run/share/init"
  make_namespace
  # Writes go to a file of its own over the image, so that guests can share that.
  TMPDIR=$(memory_place) setsid ip netns exec "$namespace" timeout -k 5 "$seconds" "$kernel" \
    "ubd0=$run/writes.cow,$image" root=/dev/ubda rw "mem=${GUEST_MEMORY:-1G}" "umid=$namespace" "uml_dir=$run/uml/" \
    "share=$run/share" init=/init-from-share vec0:transport=tap,ifname=tap,depth=128,gro=0 \
    con=null con0=null,fd:1 ssl=null > "$run/console" 2>&1 < /dev/null &
  machine=$!
  # Whoever started us holds the other end; when that process is gone, however it went, so is this guest.
  { cat > /dev/null; kill "$$"; } <&3 &
  wait "$machine"
}

make_namespace() {
  ip netns add "$namespace"
  ip -n "$namespace" link set lo up
  ip -n "$namespace" tuntap add tap mode tap
  ip -n "$namespace" addr add 10.77.0.1/24 dev tap
  # What is larger than a frame gets lost on its way to a second client: the guest's driver passes on no segments to cut.
  ip -n "$namespace" link set tap gso_max_segs 1
  ip -n "$namespace" link set tap up
}

# The guest's memory is a file that is mapped executable: best in a tmpfs, which a container may have made small or noexec.
memory_place() {
  local free
  free=$(df --output=avail -k /dev/shm 2> /dev/null | tail -n 1)
  if [ "${free:-0}" -gt 1200000 ] && ! findmnt -no OPTIONS /dev/shm | grep -qw noexec; then echo /dev/shm; else echo "$run"; fi
}

tear_down() {
  trap '' TERM INT HUP
  if [ -n "$machine" ]; then kill_guest; fi
  # Programs that a test left in there would keep it alive, nameless.
  ip netns pids "$namespace" 2> /dev/null | xargs -r kill -KILL 2> /dev/null || true
  ip netns del "$namespace" 2> /dev/null || true
  if [ -n "$is_told" ]; then rm -rf "$run"; fi
}

# setsid made the machine's processes a group of their own.
kill_guest() {
  kill -TERM -- "-$machine" 2> /dev/null || true
  for _ in $(seq 30); do
    kill -0 -- "-$machine" 2> /dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$machine" 2> /dev/null || true
}

case ${1:-} in
  build) build ;;
  boot) boot "$2" "$3" 3<&0 ;;
  *)
    sed -n '2,12p' "$0"
    exit 2
    ;;
esac
