# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of a remedy when one of its steps fails, or is its last, and what the next run makes of that.

A step is a rename, an fsync, a program that is run ... Before each one the module forks. In the child the step fails, or the child is
killed there, and what comes is let come; then the files are brought back to how they were at the step, and the module goes on to the
next. So a module runs once, and everything else that it does again and again is done once for all its steps. What is left behind,
each state of the files once, is looked at and handed to the next run, on in the same direction and back.

Run as a program it is what runs in the world of config_world.py: it reads kinds from stdin, a line of JSON each, and answers so.
"""
import contextlib
import errno
import json
import os
import pickle
import re
import stat
import subprocess
import sys
import traceback

STEPS = ('rename', 'unlink', 'rmdir', 'mkdir', 'symlink', 'link', 'fsync', 'fchmod', 'write')
# Those from which on all fail, too: between two of them it is no other case.
LASTING = ('rename', 'unlink', 'symlink', 'link', 'write')
# How a step fails once; or from there on all fail, as on a file system that the kernel makes read-only.
ERRORS = (errno.ENOSPC, errno.EPERM, errno.EIO)
KILLED, FAILS, STAYS = 'killed', 'fails', 'read-only from there on'
UNFINISHED = re.compile(r'\.log_hygiene-[A-Za-z0-9_]{6,8}\.tmp')
OWN = '/var/lib/log_hygiene'    # what the collection keeps for itself
MOUNTS = ('/boot', '/etc', '/run', '/tmp', '/usr', '/var/lib', '/var/log')
ASIDE = '/.aside'
REAL = {name: getattr(os, name) for name in STEPS}


def look(roots):
    """All that is below these paths: {path: kind and mode, owner, content or target, ACL}."""
    found = {}
    for root in roots:
        if os.path.lexists(root):
            found[root] = seen(root)
        for folder, folders, names in os.walk(root):
            for name in folders + names:
                path = os.path.join(folder, name)
                found[path] = seen(path)
    return found


def seen(path):
    info = os.lstat(path)
    content, acl = None, None
    if stat.S_ISLNK(info.st_mode):
        content = os.readlink(path)
    elif stat.S_ISREG(info.st_mode):
        with open(path, 'rb') as source:
            content = source.read()
        with contextlib.suppress(OSError):
            acl = os.getxattr(path, 'system.posix_acl_access')
    return info.st_mode, info.st_uid, info.st_gid, content, acl


def aside(path):
    """Where on the same mount a second name of a file may be, which nobody looks at."""
    return next(one for one in MOUNTS if path.startswith(one + '/')) + ASIDE


def restore(state, roots, held=()):
    """Bring what is below these paths to a state. Files that are there keep their inodes; `held` ones have another name for theirs."""
    now = look(roots)
    for path in sorted(now, reverse=True):
        if path not in state or stat.S_IFMT(state[path][0]) != stat.S_IFMT(now[path][0]):
            (os.rmdir if stat.S_ISDIR(now[path][0]) else os.unlink)(path)
            del now[path]
    for path in sorted(state):
        mode, uid, gid, content, acl = state[path]
        if path not in now:
            if path in held:
                os.link(aside(path), path)
            elif stat.S_ISDIR(mode):
                os.mkdir(path)
            elif stat.S_ISLNK(mode):
                os.symlink(content, path)
            else:
                open(path, 'wb').close()
        if now.get(path) == state[path]:
            continue
        if stat.S_ISREG(mode) and seen(path)[3] != content:
            with open(path, 'wb') as target:
                target.write(content)
        if not stat.S_ISLNK(mode) and not path.startswith('/proc/'):
            os.chown(path, uid, gid)
            if acl is not None:
                os.setxattr(path, 'system.posix_acl_access', acl)
            os.chmod(path, stat.S_IMODE(mode))


class Explorer:
    """Runs a module once, and each of its steps with each fault as well."""

    def __init__(self, roots):
        self.places, self.roots = roots, roots + ['/run', '/tmp']
        self.free, self.broken, self.answer, self.found, self.number = False, False, None, [], 0

    def counted(self, name, function):
        def call(*arguments, **options):
            path = os.readlink('/proc/self/fd/%d' % arguments[0]) if isinstance(arguments[0], int) else arguments[0]
            if self.free or (self.broken if name == 'program' else not path.startswith(tuple(self.places))):
                return function(*arguments, **options)
            if self.broken:
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
            self.number += 1
            self.free = True
            try:
                fault = self.faults(name, path)
                if fault == FAILS and name == 'program':
                    return function(['sh', '-c', 'echo It is broken. >&2; exit 1'], **options)
                if fault:
                    self.free, self.broken = fault == FAILS, fault == STAYS
                    code = ERRORS[self.number % len(ERRORS)] if fault == FAILS else errno.EROFS
                    raise OSError(code, os.strerror(code), path)
                return function(*arguments, **options)
            finally:
                self.free = self.answer is not None and not self.broken
        return call

    def faults(self, name, path):
        """Try the faults of a step. Returns None in the process that goes on, in a child the fault."""
        state, held = look(self.roots), []
        for one in state:   # whatever is being written is open, so it has to stay the same file
            if UNFINISHED.search(one) and stat.S_ISREG(state[one][0]):
                os.link(one, aside(one))
                held.append(one)
        for fault in (KILLED, FAILS) + (STAYS,) * (name in LASTING):
            reader, writer = os.pipe()
            child = os.fork()
            if not child:
                os.close(reader)
                self.answer = writer
                if fault == KILLED:
                    os.kill(os.getpid(), 9)
                return fault
            os.close(writer)
            with os.fdopen(reader, 'rb') as source:
                text = source.read()
            os.waitpid(child, 0)
            self.found.append((fault, 'step %d, %s %s' % (self.number, name, path), pickle.loads(text) if text else None, look(self.places)))
            restore(state, self.roots, held)
        for one in held:
            os.unlink(aside(one))
        return None

    def explore(self, run):
        """Call run(). Returns its result, what is there then, and what was found."""
        from ansible_collections.loghygiene.rhel.plugins.module_utils._common import process   # pylint: disable=import-outside-toplevel
        for name in STEPS:
            setattr(os, name, self.counted(name, REAL[name]))
        process.run = self.counted('program', process.run)
        result = outcome(run)
        if self.answer is not None:
            with os.fdopen(self.answer, 'wb') as target:
                target.write(pickle.dumps(result))
            os._exit(0)   # pylint: disable=protected-access
        self.free = True
        return result, look(self.places), self.found


def outcome(run):
    """What a module returns; a traceback is a result as well."""
    try:
        return run()
    except BaseException:   # pylint: disable=broad-exception-caught
        return dict(traceback=traceback.format_exc())


def apart(function):
    """What a function returns in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            text = pickle.dumps(function())
        except BaseException:   # pylint: disable=broad-exception-caught
            text = pickle.dumps(dict(traceback=traceback.format_exc()))
        with os.fdopen(writer, 'wb') as target:
            target.write(text)
        os._exit(0)   # pylint: disable=protected-access
    os.close(writer)
    with os.fdopen(reader, 'rb') as source:
        text = source.read()
    os.waitpid(child, 0)
    return pickle.loads(text)


# What a folder may be, as commands: what is prepared, begins, ends and is cleared away.
FOLDERS = {
    'full': ('cp -a {0} /run/copy; mount -t tmpfs -o size=64k,mode=755 full {0}; cp -a /run/copy/. {0}/',
             'head -c 1M /dev/zero >{0}/filler 2>/dev/null || true', 'rm {0}/filler', 'umount {0}; rm -r /run/copy'),
    'read-only': ('', 'mount --bind {0} {0}; mount -o remount,ro,bind {0}', 'umount {0}', ''),
    'immutable': ('', r'find {0} \( -type f -o -type d \) -exec chattr +i {{}} +', r'find {0} \( -type f -o -type d \) -exec chattr -i {{}} +', ''),
    'a link': ('', 'mv {0} {0}.real; ln -s {0}.real {0}', 'rm {0}; mv {0}.real {0}', ''),
}
LAY = 'rm -rf /usr/local/sbin/systemctl %s\n' % OWN
REFUSED, TOLD, DONE = 'refused', 'told', 'done'


def plain(state, but=()):
    """A state without what is nobody's matter: the lock file, the folders of the collection's own, and what is below `but`."""
    return {path: one for path, one in state.items() if not path.startswith(('/run/log_hygiene.lock',) + tuple(but))
            and not (path.startswith(OWN) and stat.S_ISDIR(one[0]))}


def kernel(state):
    """What of a state makes it another one to the next run: not the name of what was left unfinished, nor what is in there."""
    return pickle.dumps(sorted(set((UNFINISHED.sub('*', path), None if UNFINISHED.search(path) else one) for path, one in plain(state).items()
                                   if not UNFINISHED.search(os.path.dirname(path))), key=str))


def difference(one, other):
    return {path: (one.get(path), other.get(path)) for path in sorted(set(one) | set(other)) if one.get(path) != other.get(path)}


class Trial:
    """A kind of remedy, tried."""

    def __init__(self, kind, run_module):
        self.kind, self.run_module, self.wrong, self.counts = kind, run_module, [], dict(steps=[], states=0)
        self.roots = kind['roots'] + [OWN, '/run/log_hygiene.lock']

    def run(self, state):
        return outcome(lambda: self.run_module(self.kind['module'], **dict(self.kind[state], state=state)))

    def complain(self, where, what, *more):
        self.wrong.append('%s: %s %s' % (where, what, ' '.join(repr(one)[:1500] for one in more)))

    def all(self):
        began = sum(os.times()[:4])
        sh(LAY + self.kind['lay'])
        before = look(self.roots)
        done = apart(lambda: self.run('present'))
        after = look(self.roots)
        if not fine(done) or not done['changed']:
            return self.complain('present', 'it does not work', done)
        undone = apart(lambda: self.run('absent'))
        if not fine(undone) or self.differs('absent', look(self.roots), before):
            self.complain('absent', 'it does not come back', self.differs('absent', look(self.roots), before), undone)
        for state, start, goal in (('present', before, after), ('absent', after, before)):
            restore(start, self.roots)
            told = apart(lambda state=state: Explorer(self.roots).explore(lambda: self.run(state)))
            if isinstance(told, dict):
                return self.complain(state, 'it ends', told)
            result, end, found = told
            if not fine(result) or self.differs(state, end, goal):
                self.complain(state, 'the steps are others', result, self.differs(state, end, goal))
            self.counts['steps'].append(len([one for one in found if one[0] == KILLED]))
            self.judge(state, start, goal, found)
        restore(before, self.roots)
        self.counts['seconds'] = sum(os.times()[:4]) - began
        return self.counts

    def folder(self, fault):
        """Have the folder of the remedy full, read-only ... before it, and after it. Returns what became of the two."""
        place, found = self.kind['roots'][0], []
        prepare, begin, end, clear = (text.format(place) for text in FOLDERS[fault])
        sh(LAY + self.kind['lay'] + '\n' + prepare)
        before = look(self.roots)
        for state in ('present', 'absent'):
            sh(begin)
            then = look(self.roots + [place + '.real'])
            result = apart(lambda state=state: self.run(state))
            now = look(self.roots + [place + '.real'])
            sh(end)
            if fine(result):
                found.append(DONE)
            else:
                found.append(TOLD if result.get('changed') else REFUSED)
                if 'traceback' in result or not result.get('failed') or '\n' in result['msg']:
                    self.complain(state, 'no message', result)
                if not result['changed'] and plain(now, [OWN]) != plain(then, [OWN]):
                    self.complain(state, 'it says that nothing was changed', result, difference(plain(now, [OWN]), plain(then, [OWN])))
            result = apart(lambda state=state: self.run(state))
            if not fine(result):
                self.complain(state, 'the next run does not finish it', result)
        if self.differs('absent', look(self.roots), before):
            self.complain('absent', 'it does not come back', self.differs('absent', look(self.roots), before))
        sh(clear)
        return found

    def judge(self, state, start, goal, found):
        """Look at what was left, and have the next run finish it."""
        known = {kernel(start), kernel(goal)}
        for fault, step, result, left in found:
            where = '%s, %s, %s' % (state, fault, step)
            if fault != KILLED:
                self.judge_result(where, result, start, goal, left)
            self.whole(where, start, goal, left)
            text = kernel(left)
            if text in known:
                continue
            known.add(text)
            self.counts['states'] += 1
            back = ('absent' if state == 'present' else 'present', start)
            for other, wanted in ((state, goal), back) if fault == KILLED else (back if self.counts['states'] % 2 else (state, goal),):
                restore(left, self.roots)
                for command in self.kind.get('works', []):
                    answer = subprocess.run(['sh', '-ec', command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
                    if answer.returncode:
                        self.complain(where, 'it does not work any more', command, answer.stdout)
                result = apart(lambda other=other: self.run(other))
                end = look(self.roots)
                if not fine(result) or result.get('edited') or self.differs(other, end, wanted):
                    self.complain(where + ', then ' + other, 'the next run does not finish it', self.differs(other, end, wanted), result)
                if other == 'present' and 'as_found' in self.kind:
                    result = apart(lambda: self.run('absent'))
                    if not fine(result) or self.differs('absent', look(self.roots), start if state == 'present' else goal):
                        self.complain(where + ', then there and back', 'it does not come back', look(self.roots), result)

    def differs(self, state, one, other):
        """What two states differ in. The copies of what was written matter to what is present; of arguments the order does not."""
        words = 'words' in self.kind
        found = difference(*[plain(each, [OWN + '/written'] * (state == 'absent') + [OWN] * words) for each in (one, other)])
        if 'as_found' in self.kind and state == 'present':   # a file tells what was there before it
            return {path: pair for path, pair in found.items() if not any(one and stat.S_ISDIR(one[0]) for one in pair) and (
                None in pair or len(set(one[:3] for one in pair)) > 1)}
        if not words:
            return found
        return {path: pair for path, pair in found.items() if None in pair or len(set(
            each[:3] + (tuple(sorted(re.split(br'[ "\n]+', each[3] or b''))),) for each in pair)) > 1}

    def judge_result(self, where, result, start, goal, left):
        if result is None or 'traceback' in result:
            self.complain(where, 'no result', result)
        elif result.get('failed'):
            if '\n' in result['msg'] or not result['msg'].endswith('.'):
                self.complain(where, 'no message', result['msg'])
            one, other = ({path: one for path, one in plain(state, [OWN]).items() if not (STAYS in where and (
                UNFINISHED.search(path) or stat.S_ISDIR(one[0])))} for state in (left, start))
            if not result.get('changed') and one != other:
                self.complain(where, 'it says that nothing was changed', result['msg'], difference(one, other))
        elif result.get('in_place', True) and [path for path in difference(plain(left), plain(goal)) if not path.startswith(OWN)
                                               and not UNFINISHED.search(path)]:
            self.complain(where, 'it says that it is in place', result, difference(plain(left), plain(goal)))

    def whole(self, where, start, goal, left):
        """Each file is the old or the new one."""
        for path in sorted(set(left) | set(start) | set(goal)):
            known = [one.get(path, (None,) * 5)[3] for one in (start, goal)]
            if not path.startswith((OWN, '/run/')) and not UNFINISHED.search(path) and path not in self.kind.get('others_write', ()) and (
                    left.get(path, (None,) * 5)[3] not in known):
                self.complain(where, 'half a file', path, left.get(path))


def fine(result):
    return not result.get('failed') and 'traceback' not in result and result.get('in_place', True)


def sh(text):
    done = subprocess.run(['sh', '-ec', text], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert done.returncode == 0, done.stdout


def main():
    from config_world import load_collection   # pylint: disable=import-outside-toplevel
    run_module = load_collection()
    replies = sys.stdout
    for line in sys.stdin:
        with contextlib.redirect_stdout(sys.stderr):
            kind = json.loads(line)
            trial = Trial(kind, run_module)
            found = outcome(lambda: trial.folder(kind['fault']) if kind.get('fault') else trial.all())
        if isinstance(found, dict) and 'traceback' in found:
            trial.wrong.append(found['traceback'])
        print(json.dumps([found, trial.wrong]), file=replies, flush=True)


if __name__ == '__main__':
    main()
