# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world with the configuration files of an EL host, in a mount namespace, in which a module and commands run one by one.

Run as a program it is what runs in there: it reads requests from stdin, a line of JSON each, and answers so.
"""
import contextlib
import json
import os
import subprocess
import sys
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))

OURS = ['/etc/' + name for name in ('ssh', 'named.conf', 'httpd', 'postfix', 'sysconfig', 'dnf', 'idmapd.conf')]
# Debian's httpd is built for /etc/apache2, and has other names.
BUILD = r'''
root={root}
mkdir -p $root/etc $root/spool
cp -a /etc/. $root/etc/ || true
mount --bind $root/etc /etc
mount -t tmpfs -o mode=755 run /run
mount -t tmpfs -o mode=755 local /usr/local/sbin
[ ! -d /var/spool/postfix ] || {{ cp -a /var/spool/postfix/. $root/spool/; mount --bind $root/spool /var/spool/postfix; }}
mkdir -p /run/sshd /etc/sysconfig /etc/dnf /etc/httpd/conf /etc/httpd/conf.d /etc/httpd/logs /etc/ssh/sshd_config.d
rm -f /etc/ssh/sshd_config.d/*
ls /etc/ssh/ssh_host_*_key >/dev/null 2>&1 || ssh-keygen -A >/dev/null
ln -s /usr/lib/apache2/modules /etc/httpd/modules
cat >/usr/local/sbin/httpd <<'END'
#!/bin/sh
exec apache2 -d /etc/httpd -f /etc/httpd/conf/httpd.conf "$@"
END
chmod 755 /usr/local/sbin/httpd
cat >/etc/ssh/sshd_config <<'END'
Include /etc/ssh/sshd_config.d/*.conf
# A comment
#UseDNS no
PrintMotd yes

Match User nobody-here
	X11Forwarding no
END
chmod 600 /etc/ssh/sshd_config
cat >/etc/named.conf <<'END'
// A comment
options {{
	directory "/tmp";
	dnssec-validation yes;
	allow-query {{ localhost; }}; /* }} */
}};
zone "." IN {{ type hint; file "named.ca"; }};
END
cat >/etc/httpd/conf/httpd.conf <<'END'
ServerRoot "/etc/httpd"
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authz_core_module modules/mod_authz_core.so
Listen 80
#ServerName www.example.com:80
<Directory "/">
    Require all denied
</Directory>
ErrorLog logs/error_log
IncludeOptional conf.d/*.conf
END
printf '# Options\nOPTIONS=""\n' >/etc/sysconfig/named
printf '[main]\ngpgcheck=1\nbest=True' >/etc/dnf/dnf.conf
printf '[General]\r\n#Domain = local.domain.edu\r\n[Mapping]\r\nNobody-User = nobody\r\n' >/etc/idmapd.conf
mkdir /run/first
cp -a OURS /run/first/
'''.replace('OURS', ' '.join(OURS))


class World:
    """The world, as the tests see it."""

    def __init__(self, root, python=sys.executable, more='', program=os.path.abspath(__file__), wrap=()):
        from remedy_runs import private   # pylint: disable=import-outside-toplevel
        self._process = subprocess.Popen(list(wrap) + private(BUILD.format(root=root) + more) + [python, '-B', program], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True, bufsize=1)

    def close(self):
        self._process.stdin.close()
        self._process.wait()

    def ask(self, **request):
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def sh(self, text):
        """What a shell prints."""
        status, output = self.ask(sh=textwrap.dedent(text))
        assert status == 0, output
        return output

    def run(self, *items, state='present', check=False):
        """The result of the module (dict)."""
        return self.ask(arguments=dict(items=list(items), state=state, state_dir='/etc/state', lock_file='/etc/lock'), check=check)

    def look(self):
        """What there is of configuration: {path: mode, owner, and content}."""
        return self.ask(look=OURS)

    def reset(self):
        """Make everything as it was at the beginning."""
        self.sh('rm -rf /etc/state /run/units /usr/local/sbin/systemctl /usr/local/sbin/unshare /etc/yum.conf %s; cp -a /run/first/. /etc/' % ' '.join(OURS))

    def kept(self):
        return self.sh('find /etc/state -type f 2>/dev/null || true').split()


def seen(path):
    """Mode, owner and content of a path."""
    info = os.lstat(path)
    content = os.readlink(path) if os.path.islink(path) else None
    if os.path.isfile(path):
        with open(path, 'rb') as source:
            content = source.read().decode('latin-1')
    return [oct(info.st_mode), info.st_uid, info.st_gid, content]


def answer(request, run_module):
    """What is answered to a request."""
    if 'look' in request:
        return {path: seen(path) for top in request['look'] for path in [top] + [
            os.path.join(folder, name) for folder, folders, names in os.walk(top) for name in folders + names]}
    if 'sh' in request:
        found = subprocess.run(['sh', '-ec', request['sh']], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return [found.returncode, found.stdout.decode('utf-8', 'replace')]
    return run_module('config_value', request['check'], **request['arguments'])


def load_collection():
    """Make the collection importable. Returns run_module()."""
    sys.path.insert(0, os.path.join(HERE, os.pardir))
    from importlib.util import module_from_spec, spec_from_file_location   # pylint: disable=import-outside-toplevel
    spec = spec_from_file_location('collection_conftest', os.path.join(HERE, os.pardir, os.pardir, 'conftest.py'))
    spec.loader.exec_module(module_from_spec(spec))
    from remedy_runs import run_module   # pylint: disable=import-outside-toplevel
    return run_module


def main():
    run_module = load_collection()
    replies = sys.stdout
    for line in sys.stdin:
        with contextlib.redirect_stdout(sys.stderr):
            reply = answer(json.loads(line), run_module)
        print(json.dumps(reply), file=replies, flush=True)


if __name__ == '__main__':
    main()
