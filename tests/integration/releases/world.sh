# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes the mount namespace that it is sourced in look like a release: $files is what the release ships (tests/releases),
# $room an empty folder. What programs of this machine need of /etc and /usr stays; what the remedies read and write is the release's.
umask 022
mkdir "$room/etc" "$room/layer"
# A file of this machine that goes while it is copied is none that is looked at.
cp -a /etc/. "$room/etc/" || true
mount --bind "$room/etc" /etc
mount -t tmpfs -o mode=755 layer "$room/layer"
mkdir "$room/layer/upper" "$room/layer/work"
mount -t overlay -o "lowerdir=/usr,upperdir=$room/layer/upper,workdir=$room/layer/work" layer /usr
for place in /var/lib /var/log /run; do
    mount -t tmpfs -o mode=755 world "$place"
done
cd /etc
rm -rf group* gshadow* passwd* shadow* .pwd.lock subgid* subuid* os-release rsyslog.conf rsyslog.d logrotate.conf logrotate.d sysconfig sysctl.conf \
    sysctl.d modprobe.d tmpfiles.d sysusers.d systemd xdg dconf named.conf bind log_hygiene
cd /usr
rm -rf lib/os-release lib/tmpfiles.d lib/sysusers.d lib/sysctl.d lib/modprobe.d share/dbus-1/services share/dbus-1/system-services \
    share/gnome-shell share/glib-2.0/schemas local/share/dbus-1 local/share/gnome-shell lib/systemd/user/dbus.service lib/systemd/user/dbus-broker.service \
    lib/systemd/system/packagekit* lib/systemd/system/system-update.target.wants
cd "$files"
cp -rd --no-preserve=all . /
chgrp named /etc/named.conf
chmod 640 /etc/named.conf

# What stands beside them on such a host.
mkdir -p /etc/rsyslog.d /etc/systemd/system /etc/crypto-policies/back-ends /etc/modprobe.d /var/lib/rsyslog /var/named /var/log/journal \
    /usr/share/GeoIP /usr/libexec /etc/dconf/db/local.d/locks /etc/dconf/db/site.d/locks /etc/dconf/db/distro.d/locks /run/systemd/user
touch /etc/named.rfc1912.zones /etc/named.root.key /etc/crypto-policies/back-ends/bind.config
for program in /usr/bin/gnome-software /usr/libexec/packagekitd /usr/libexec/pk-offline-update; do
    ln -sf /bin/true "$program"
done
for log in messages secure maillog cron; do
    (umask 077; echo 'Nov 22 16:01:20 host acme-probe[7]: probe idle for 30 s' >"/var/log/$log")
done

# What the administrator did: the group is deleted, as a hardening guide asks for, and a unit file is executable.
sed -i /^adm:/d /etc/group
printf '[Service]\nExecStart=/bin/true\n' >/etc/systemd/system/acme-agent.service
chmod 755 /etc/systemd/system/acme-agent.service

# The programs of this machine do not know these: named of 9.16 and later, and rsyslogd before 8.2310.
sed -i '/^\tdnssec-enable yes;$/d' /etc/named.conf
sed -i '/^ *FileCreateMode="0644"$/d' /etc/rsyslog.conf

# No systemd runs here. What would ask it is answered as on a host where rsyslogd runs and nothing else; the rest is the real systemctl.
mv /usr/bin/systemctl /usr/bin/systemctl.real
cat >/usr/bin/systemctl <<'END'
#!/bin/sh
case $1 in
show)
    for unit; do :; done
    state=inactive
    [ "$unit" != rsyslog.service ] || state=active
    for file in "/etc/systemd/system/$unit" "/usr/lib/systemd/system/$unit" ''; do
        [ ! -e "$file" ] || break
    done
    load=loaded
    [ "$unit" = rsyslog.service ] || [ -n "$file" ] || load=not-found
    [ "$(readlink "$file")" != /dev/null ] || load=masked file=
    echo "Id=$unit
Names=$unit
LoadState=$load
ActiveState=$state
SubState=$state
UnitFileState=enabled
FragmentPath=$file
CanStart=yes
CanStop=yes
NeedDaemonReload=no
DropInPaths=$(ls "/etc/systemd/system/$unit.d/"*.conf 2>/dev/null | tr '\n' ' ')"
    ;;
restart | start | stop | reload | try-restart | kill | reset-failed | daemon-reload) ;;
*) exec systemctl.real "$@" ;;
esac
END
chmod 755 /usr/bin/systemctl
dconf update
