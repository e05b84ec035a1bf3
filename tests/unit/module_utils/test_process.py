# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that talk on two pipes, fail, are not there, or would go on for ever."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils.process import COMPLAINTS, Process

__metaclass__ = type


def test_both_pipes_and_the_status():
    with Process(['sh', '-c', 'echo out; echo err >&2; exit 3']) as process:
        assert process.stdout.read() == b'out\n'
    assert (process.status, process.stderr) == (3, b'err\n')


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


def test_what_is_not_there():
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
    with Process(['sh', '-c', script], heed=lambda line: b'9 of' not in line and b'line 1' not in line) as process:
        process.stdout.read()
    lines = process.stderr.decode('ascii').splitlines()
    assert lines[0] == '<31>line 0 of what is said at length' and '<31>line 9 of what is said at length' not in lines
    with Process(['sh', '-c', script + '; printf "no end" >&2'], heed=lambda line: line[:1] != b'<') as process:
        process.stdout.read()
    assert process.stderr == b'end\nno end\n'
