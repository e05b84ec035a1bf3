# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ansible-playbook on a machine with logs made for it, and tells what it took. A program: playbook.py PLAN

PLAN is a JSON file with `command` (list), `environ` (dict; its RESULTS_FILE and MEASURED_FILE are what the plugins
`results` and `measured` write), `status` (of exit, that is right), `mounts` ([what, where] in their order) and
`work` (a folder for the output). Prints a JSON object: `seconds` of the clock, `cpu` of ansible-playbook and all that
it started, `host_cpu` of the commands on the hosts among it, `visits` (modules run on hosts), `results` ({host:
number}) and `memory`, the peak of the control node in MiB.

It is to be run in a namespace of its own for mounts, so that all paths are the real ones and nothing of it stays.
Memory is as in measure.py, of ansible-playbook and its workers, and looked at so seldom that it takes no time from
them.
"""

import json
import os
import re
import subprocess
import sys
import time

LOOK = 0.1  # seconds between two looks at memory
ANONYMOUS = re.compile(rb'^Pss_(?:Anon|Shmem):\s*(\d+) kB', re.MULTILINE)


def prepare(plan):
    """Mount what the hosts are to have."""
    subprocess.run(['mount', '-t', 'tmpfs', 'none', '/run'], check=True)
    for what, where in plan['mounts']:
        subprocess.run(['mount', '--bind', what, where], check=True)


def control_memory(pid, program):
    """Anonymous memory (KiB) of a process and of what it forked. What is not of this program (path) is on a host."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            if os.readlink('/proc/%d/exe' % one) != program:
                continue
            with open('/proc/%d/smaps_rollup' % one, 'rb') as source:
                total += sum(int(size) for size in ANONYMOUS.findall(source.read()))
            for task in os.listdir('/proc/%d/task' % one):
                with open('/proc/%d/task/%s/children' % (one, task), encoding='ascii') as source:
                    waiting += [int(child) for child in source.read().split()]
        except (FileNotFoundError, ProcessLookupError):
            pass  # it has just ended
    return total


def main(path):
    with open(path, encoding='utf-8') as source:
        plan = json.load(source)
    for needed in ('smaps_rollup', 'task/%d/children' % os.getpid()):
        if not os.path.exists('/proc/self/' + needed):
            sys.exit('this kernel has no /proc/PID/%s, which tells the memory of processes' % needed)
    prepare(plan)
    output, peak = os.path.join(plan['work'], 'output'), 0
    begin = time.monotonic()
    with open(output, 'wb') as stream:
        process = subprocess.Popen(plan['command'], cwd=plan['work'], env=plan['environ'], stdin=subprocess.DEVNULL,
                                   stdout=stream, stderr=subprocess.STDOUT)
        program = os.readlink('/proc/%d/exe' % process.pid)
        while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            peak = max(peak, control_memory(process.pid, program))
            time.sleep(LOOK)
        status, usage = os.wait4(process.pid, 0)[1:]
        seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != plan['status']:
        with open(output, encoding='utf-8', errors='replace') as source:
            sys.exit('ansible-playbook ended with status %d: %s' % (process.returncode, source.read()[-3000:]))
    with open(plan['environ']['RESULTS_FILE'], encoding='utf-8') as source:
        results = {host: len(found) for host, found in json.load(source).items()}
    with open(plan['environ']['MEASURED_FILE'], encoding='ascii') as source:
        measured = [line.split() for line in source]
    print(json.dumps({
        'seconds': seconds, 'cpu': usage.ru_utime + usage.ru_stime, 'memory': peak / 1024, 'results': results,
        'host_cpu': sum(float(taken) for _module, taken in measured),
        'visits': sum(int(module) for module, _taken in measured)}))


if __name__ == '__main__':
    main(sys.argv[1])
