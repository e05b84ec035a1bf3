# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that talk on two pipes, fail, are not there, or would go on for ever."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.process import (
    COMPLAINTS, Process, Unfinished, run)

__metaclass__ = type


def test_both_pipes_and_the_status():
    with Process(['sh', '-c', 'echo out; echo err >&2; exit 3']) as process:
        assert process.stdout.read() == b'out\n'
    assert (process.status, process.stderr) == (3, b'err\n')


def test_bytes_that_are_no_text():
    status, out, err = run(['sh', '-c', r"printf 'a \357 \355\225\234'; printf '\303\050' >&2"])
    assert (status, out, err) == (0, 'a \\xef ' + ('\xed\x95\x9c' if str is bytes else u'\ud55c'), '\\xc3(')
    assert run(['printf', r'\357'], raw=True)[1] == b'\xef'


def test_much_on_stderr_does_not_block_stdout():
    with Process(['sh', '-c', 'head -c 1000000 /dev/zero >&2; echo out']) as process:
        assert process.stdout.readline() == b'out\n'
    assert (process.status, len(process.stderr)) == (0, COMPLAINTS)


def test_leaving_by_an_exception_kills():
    with pytest.raises(KeyError):
        with Process(['sh', '-c', 'echo out; exec sleep 1000']) as process:
            assert process.stdout.readline() == b'out\n'
            raise KeyError()
    assert process.status == -9


def test_a_generator_that_is_closed_kills():
    def lines():
        with Process(['sh', '-c', 'while true; do echo out; done']) as process:
            seen.append(process)
            while True:
                yield process.stdout.readline()

    seen = []
    generator = lines()
    assert next(generator) == b'out\n'
    generator.close()
    assert seen[0].status == -9


def test_kill_and_wait_may_be_repeated():
    process = Process(['sleep', '1000'])
    process.kill()
    process.kill()
    assert process.wait() == -9


def test_a_program_that_is_silent_is_killed_and_named():
    process = Process(['sh', '-c', 'echo out; exec sleep 1000'], silence=0)
    with pytest.raises(Unfinished) as error:
        with process:
            while process.stdout.readline():
                pass
    assert process.status == -9
    assert error.value.strerror == (
        'sh -c echo out; exec sleep 1000 did not say anything within 0 seconds and was killed')
    assert isinstance(error.value, EnvironmentError)
    with pytest.raises(Unfinished):
        with Process(['sleep', '1000'], silence=0) as process:
            process.stdout.read()


def test_run_gives_all_that_was_said():
    assert run(['sh', '-c', 'echo $LC_ALL $X; head -c 300000 /dev/zero >&2; cat; exit 3'], environ={'X': 'y'})[:2] == (
        3, 'C y\n')
    assert len(run(['head', '-c', '300000', '/dev/zero'], raw=True)[1]) == 300000
    assert run(['printf', '\\377'], raw=True) == (0, b'\xff', b'')
    assert run(['pwd'], cwd='/')[1] == '/\n'
    assert run(['sh', '-c', 'kill -9 $$'])[0] == -9


def living(group):
    """The processes of a group that run, and do not only wait for init to note their end."""
    found = []
    for name in os.listdir('/proc'):
        try:
            with open('/proc/%s/stat' % name) as source:
                state, _parent, leader = source.read().rpartition(')')[2].split()[:3]
        except (EnvironmentError, ValueError):
            continue
        if name.isdigit() and int(leader) == group and state not in 'ZX':
            found.append(name)
    return found


@pytest.mark.parametrize('script', ['sleep 1000', 'exec >/dev/null 2>&1; sleep 1000', 'trap "" TERM; sleep 1000 & wait'])
def test_what_does_not_end_is_killed_with_all_it_started(script, tmpdir):
    """Also one that closes its pipes, or has a child that keeps them open."""
    note = str(tmpdir.join('group'))
    with pytest.raises(Unfinished) as error:
        run(['sh', '-c', 'echo $$ >%s; %s' % (note, script)], seconds=0.3)
    assert str(error.value).startswith('sh -c ')
    assert str(error.value).endswith('did not end within 0.3 seconds and was killed')
    with open(note) as source:
        group = int(source.read())
    while living(group):  # a kill takes a moment
        pass


def test_a_daemon_that_keeps_the_pipes_open_is_not_waited_for(tmpdir):
    note = str(tmpdir.join('pid'))
    status, out, _err = run(['sh', '-c', 'echo here; setsid sh -c "echo \\$\\$ >%s; exec sleep 1000" & sleep 0.2' % note])
    assert (status, out) == (0, 'here\n')
    with open(note) as source:
        os.kill(int(source.read()), 9)


def test_what_is_not_there():
    with pytest.raises(EnvironmentError):
        run(['/nowhere/at/all'])
    with pytest.raises(EnvironmentError):
        Process(['/nowhere/at/all'])


def test_a_descriptor_is_kept_under_its_number():
    reader, writer = os.pipe()
    os.write(writer, b'through the pipe')
    os.close(writer)
    with Process(['cat', '/dev/fd/%d' % reader], keep=[reader]) as process:
        os.close(reader)
        assert process.stdout.read() == b'through the pipe'
    assert process.status == 0


def test_what_it_reads_from_and_its_environment(tmpdir):
    path = tmpdir.join('x')
    path.write('input\n')
    environ = {'X': 'set', 'PATH': os.environ['PATH']}
    with path.open('rb') as source:
        with Process(['sh', '-c', 'cat; echo $X'], stdin=source, environ=environ) as one:
            assert one.stdout.read() == b'input\nset\n'


def test_of_what_it_complains_of_whole_lines_are_kept():
    """A reason that is cut off says nothing."""
    script = 'i=0; while [ $i -lt 3000 ]; do echo "<31>line $i of what is said at length" >&2; i=$((i+1)); done; echo end >&2'
    with Process(['sh', '-c', script]) as process:
        process.stdout.read()
    lines = process.stderr.decode('ascii').splitlines()
    assert lines == ['<31>line %d of what is said at length' % number for number in range(len(lines))]
    assert 1000 < len(lines) < 3000 and len(process.stderr) <= COMPLAINTS
    with Process(['sh', '-c', script], keep_line=lambda line: b'9 of' not in line and b'line 1' not in line) as process:
        process.stdout.read()
    lines = process.stderr.decode('ascii').splitlines()
    assert lines[0] == '<31>line 0 of what is said at length' and '<31>line 9 of what is said at length' not in lines
    with Process(['sh', '-c', script + '; printf "no end" >&2'], keep_line=lambda line: line[:1] != b'<') as process:
        process.stdout.read()
    assert process.stderr == b'end\nno end\n'
