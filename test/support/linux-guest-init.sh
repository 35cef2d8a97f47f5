#!/bin/bash
# The first process of the guest that test/support/linux-guest.sh boots: sets it up, then runs the scripts it finds in
# /share/jobs, each as soon as it is there: NAME.sh, its output in NAME.out, its status in NAME.status when it is over.
# Such a script can use the functions below.

# knfsd, NFSv4 only, exporting the memory file system /export as /. LEASE: seconds (15), THREADS: 8.
srv_up() {
  mkdir -p /export /var/lib/nfs/nfsdcld
  mountpoint -q /export || mount -t tmpfs -o mode=777 tmpfs /export
  echo '/export *(rw,no_root_squash,no_subtree_check,insecure,fsid=0,sec=sys)' > /etc/exports
  ln -sf /proc/self/mounts /etc/mtab
  pgrep -x rpcbind > /dev/null || rpcbind -w
  # Who keeps the clients' names over a restart, for recovery.
  pgrep -x nfsdcld > /dev/null || nfsdcld
  exportfs -ra
  pgrep -x rpc.mountd > /dev/null || rpc.mountd
  echo "${LEASE:-15}" > /proc/fs/nfsd/nfsv4leasetime
  echo "${LEASE:-15}" > /proc/fs/nfsd/nfsv4gracetime
  rpc.nfsd -N 3 -V 4.2 -V 4.1 "${THREADS:-8}"
}

srv_down() {
  rpc.nfsd 0
}

# A second NFS client: a network namespace NAME with the address 10.77.0.NUMBER and a client identifier of its own.
# Programs run in it with `in_client NAME COMMAND`.
client_up() {
  ip netns add "$1"
  ip link add "v$2" link vec0 type macvlan mode bridge
  ip link set "v$2" netns "$1"
  ip -n "$1" link set lo up
  ip -n "$1" addr add "10.77.0.$2/24" dev "v$2"
  ip -n "$1" link set "v$2" up
  # /sys is that of the namespace in there.
  ip netns exec "$1" bash -c 'echo "$0" > /sys/fs/nfs/net/nfs_client/identifier' "$1"
}

in_client() {
  # Unlike `ip netns exec`, without a mount namespace: what one program mounts the next one sees.
  nsenter --net="/run/netns/$1" "${@:2}"
}

set_up() {
  mount -t sysfs sysfs /sys
  mount -t tmpfs tmpfs /run
  mount -t tmpfs tmpfs /tmp
  mkdir -p /run/netns /run/lock /run/rpc_pipefs
  for module in nfs nfsv4 nfsd macvlan; do modprobe "$module"; done
  mount -t nfsd nfsd /proc/fs/nfsd
  mount -t rpc_pipefs rpc /run/rpc_pipefs
  ip link set lo up
  ip addr add 10.77.0.2/24 dev vec0
  ip link set vec0 up
}

run_job() {
  (. "$1.running") > "$1.out" 2>&1 < /dev/null
  echo $? > "$1.status.part"
  mv "$1.status.part" "$1.status"
}

run_jobs() {
  local script name
  for script in /share/jobs/*.sh; do
    [ -e "$script" ] || continue
    name=${script%.sh}
    mv "$script" "$name.running"
    run_job "$name" &
  done
}

set_up
touch /share/booted
while :; do
  run_jobs
  sleep 0.05
done
