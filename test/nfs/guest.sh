#!/bin/busybox sh
# shellcheck shell=dash
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# The first process of the guest that scripts/nfs boots. Started without an
# argument, it makes an NFS server and two clients of it, runs the cases and
# powers off. The cases call it with a word:
#
#   guest.sh stop | start    the server, which forgets its state
#   guest.sh cut 1 | join 1  the link between the server and a client
#   guest.sh twins           mounts two clients that have one name
#
# A mount keeps the network namespace in which it was made. So one program in
# the main namespace sees both clients: as /mnt/4.2-1 and /mnt/4.2-2.

export PATH=/bin:/sbin:/usr/bin:/usr/sbin

# busybox has an ip of its own, which cannot make a pair of links.
ip=/sbin/iproute2

start_server() {
  # NFSv3 needs rpcbind, and is left out. "-N 2" is an error of its own.
  rpc.nfsd -N 3 -V 4.0 -V 4.1 -V 4.2 4
}

# add_name_space name link network: a network with one link to the server
add_name_space() {
  $ip netns add "$1"
  $ip link add "$2" type veth peer name eth0 netns "$1"
  $ip addr add "$3.1/24" dev "$2"
  $ip link set "$2" up
  $ip -n "$1" addr add "$3.2/24" dev eth0
  $ip -n "$1" link set eth0 up
}

# mount_client host_name namespace server version folder: the server knows its
# clients by their host names.
mount_client() {
  mkdir -p "$5"
  unshare -u sh -c "hostname $1; nsenter --net=/run/netns/$2 \
    mount.nfs4 $3:/ $5 -o vers=$4,sec=sys"
}

case ${1-boot} in
  stop) rpc.nfsd 0 && exit ;;
  start) start_server && exit ;;
  cut) $ip link set "link$2" down && exit ;;
  join) $ip link set "link$2" up && exit ;;
  twins)
    for client in 1 2; do
      mount_client twin "twin$client" "10.0.1$client.1" 4.2 "/mnt/twin-$client"
    done
    exit
    ;;
  boot) ;;
  *) exit 2 ;;
esac

/bin/busybox mount -t proc proc /proc
/bin/busybox --install -s /bin
trap 'poweroff -f' EXIT
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
echo 3 >/proc/sys/kernel/printk
[ -e /sbin/modprobe ] || ln -s /bin/busybox /sbin/modprobe
hostname server
for module in nfsd nfsv4 veth; do
  modprobe "$module" || exit
done
mount -t tmpfs export /export

mkdir -p /run/netns
$ip link set lo up
for client in 1 2; do
  add_name_space "client$client" "link$client" "10.0.$client"
  $ip -n "client$client" link set lo up
done

mount -t rpc_pipefs rpc /var/lib/nfs/rpc_pipefs
mount -t nfsd nfsd /proc/fs/nfsd
# Seconds; the least that the kernel accepts. Before the server starts.
echo 10 >/proc/fs/nfsd/nfsv4leasetime
echo 10 >/proc/fs/nfsd/nfsv4gracetime
exportfs -ra && rpc.mountd -N 3 && start_server || exit
echo Y >/proc/fs/nfsd/v4_end_grace

for version in 4.0 4.2; do
  for client in 1 2; do
    mount_client "client$client" "client$client" "10.0.$client.1" "$version" \
      "/mnt/$version-$client" || exit
  done
done
# Two clients with one name, which the manual warns of.
for client in 1 2; do
  add_name_space "twin$client" "twin$client" "10.0.1$client"
done

echo "server: $(uname -r), $(cat /proc/fs/nfsd/versions)"
# The kernel puts the words of its command line here.
/cases "${cases-}" "${times-1}"
echo "cases ended: $?"
[ -e /debug ] && dmesg | grep -iE 'nfs|rpc|lockd' | tail -n 30
exit
