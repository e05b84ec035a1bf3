# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the control node says, for a Korean reader: runs, variables, policies, the catalog. Forms as in _module_texts.py."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

ON_CONTROL: dict[str, str] = {
    # The journey
    'the host did not answer as the module host_survey does: %s.': '서버의 응답이 host_survey 모듈의 형식이 아닙니다: {0}.',
    'Nothing of it was used.': '응답을 사용하지 않았습니다.',
    'See whether the Python there and the host itself are sound.': '서버의 Python과 서버 자체에 이상이 없는지 확인하십시오.',
    '%s: the record of host %s is gone from log_hygiene_run_dir.': '{0}: log_hygiene_run_dir에서 서버 {1}의 기록이 없어졌습니다.',
    '%s: what the record of this host holds cannot be used (%s: %s).': '{0}: 이 서버의 기록을 사용할 수 없습니다({1}: {2}).',
    'See whether the host and the roles of its remedies are sound.': '서버와 조치 역할에 이상이 없는지 확인하십시오.',
    '%s: the record of this host cannot be reported (%s: %s).': '{0}: 이 서버의 기록을 보고할 수 없습니다({1}: {2}).',
    'Look at its file in log_hygiene_run_dir, and at the host.': 'log_hygiene_run_dir의 기록 파일과 서버를 확인하십시오.',
    '%s: it does not hold this run to its end.': '{0}: 이번 실행의 끝까지 기록되어 있지 않습니다.',
    'Run the part `end` before `show`; where that failed, it says why.': '`show` 전에 `end`를 실행하십시오. 실패했다면 그 오류에 이유가 있습니다.',
    '%s came back from the reboot with the boot id it had before (%s): it did not reboot, so nothing can be proved.':
        '{0}: 재부팅 후에도 부팅 ID({1})가 그대로입니다. 재부팅되지 않아 확인할 수 없습니다.',
    'Reboot it by hand and run verify.yml.': '직접 재부팅한 뒤 verify.yml을 실행하십시오.',
    'The role %s cannot undo one signature and leave another: it takes no %s_keep.':
        '{0} 역할은 시그니처 하나만 되돌릴 수 없습니다({1}_keep을 받지 않음).',
    'Roll back all of its signatures together (%s), or add that to the role, as docs/remedies.md says.':
        '이 역할의 시그니처를 모두 함께 되돌리거나({0}) docs/remedies.md에 따라 역할에 추가하십시오.',
    'The remedy is in place as before, for what the host kept of it in /var/lib/log_hygiene is gone.':
        '서버가 /var/lib/log_hygiene에 보관한 기록이 없어 조치가 그대로 적용되어 있습니다.',
    'Bring back by hand what it changed, or restore that folder from a backup, and run this again.':
        '변경된 것을 직접 되돌리거나 그 디렉터리를 백업에서 복원한 뒤 다시 실행하십시오.',
    'the role was not run to its end': '역할이 끝까지 실행되지 않음',
    '%s: the record does not say what to roll back.': '{0}: 기록에 되돌릴 대상이 없습니다.',
    'Run rollback.yml from its start.': 'rollback.yml을 처음부터 실행하십시오.',
    '%s is neither last, all nor the name of a remediation, as its folder in runs/ is called (20261122T160000Z-remediate-1a2b3c4d), or the eight '
    'digits at its end':
        '{0}은(는) last, all, 조치 실행의 이름(runs/의 폴더 이름, 예: 20261122T160000Z-remediate-1a2b3c4d)이나 그 끝 8자리가 아님',
    'set: unknown key %s of the record.': 'set: 기록에 없는 키 {0}입니다.',
    'The role %s left %s_result, which %s.': '{0} 역할이 남긴 {1}_result가 {2}.',
    'See docs/remedies.md for what it has to be.': '형식은 docs/remedies.md에 있습니다.',
    'does not say changed and in_place (true or false)': 'changed와 in_place(true 또는 false)를 담고 있지 않습니다',
    'has notes that are not a list of texts': '텍스트 목록이 아닌 notes를 담고 있습니다',
    'has an in_place_since that is neither null nor a time as 2026-11-22T16:01:20.123456Z':
        'null이나 시각(2026-11-22T16:01:20.123456Z)이 아닌 in_place_since를 담고 있습니다',
    'log_hygiene_apply: %r is not one of detected, all.': 'log_hygiene_apply: {0}은(는) detected, all 중 하나가 아닙니다.',
    'signature %s has applies.when: the Python package jmespath is missing on the control node.':
        '시그니처 {0}에 applies.when이 있으나 제어 노드에 Python 패키지 jmespath가 없습니다.',
    'Install it for the Python that runs ansible.': 'Ansible을 실행하는 Python에 설치하십시오.',
    'signature %s: applies.when: %r cannot be asked of this host: %s.': '시그니처 {0}: applies.when: 이 서버에서 {1}을(를) 판단할 수 없습니다: {2}.',
    'Mend it in the catalog; with `key && ...` before it, what a host lacks is not asked for.':
        '카탈로그에서 수정하십시오. 앞에 `key && ...`를 두면 서버에 없는 값은 묻지 않습니다.',
    '%s: this run did not begin here, so what the directory holds may be of another one.': '{0}: 이번 실행이 여기에서 시작되지 않아 다른 실행의 기록일 수 있습니다.',
    'With the entry points of the role, begin with `begin`.': '역할의 진입점을 쓸 때는 `begin`부터 시작하십시오.',
    'stage: %s has no stage %s that ends as %s.': 'stage: {0}에는 {2}(으)로 끝나는 {1} 단계가 없습니다.',
    'stage: %s cannot end before %s has.': 'stage: {1} 단계가 끝나야 {0} 단계가 끝날 수 있습니다.',
    'is nested too deeply': '중첩이 너무 깊음',
    '%s: cannot be written: %s.': '{0}: 쓰기 실패: {1}.',
    'Make room on the control node.': '제어 노드의 디스크 공간을 확보하십시오.',
    'Name a writable log_hygiene_run_dir on the control node.': '제어 노드에서 쓸 수 있는 log_hygiene_run_dir을 지정하십시오.',
    'problems holds %d, more than a survey has parts': 'problems가 {0}건으로 점검 항목 수보다 많음',
    'sinks is null, though signatures were to be counted': '시그니처를 세도록 했으나 sinks가 null임',
    '%s is null, and problems does not say why': '{0}이(가) null인데 problems에 이유가 없음',
    '%s lacks %s, and problems does not say why': '{0}에 {1}이(가) 없는데 problems에 이유가 없음',
    '%s.%s does not count the signature %s': '{0}.{1}에 시그니처 {2}의 건수가 없음',
    '%s.%s counts a signature twice': '{0}.{1}에 시그니처가 두 번 있음',
    '%s.%s counts lookalikes of %s without a sample': '{0}.{1}에 {2}의 유사 로그가 예시 없이 집계됨',
    'holds %d, more than a survey tells': '{0}건으로 서버 확인에서 나올 수 있는 수보다 많음',
    'is a text of %d characters': '{0}자 길이의 텍스트임',
    'is a number that nothing counts': '있을 수 없는 숫자임',
    'has a key of %d characters': '{0}자 길이의 키가 있음',

    '%s decides how %s is written by %s, and not alike where the policy has to write there, too.':
        '{0}이(가) {2}의 {1} 기록 방식을 정하지만, 정책이 그 파일에 기록하는 위치에는 똑같이 적용되지 않습니다.',
    'Have it apply to both: move it in front of the line that includes the drop-ins.': '양쪽에 적용되도록 drop-in을 include하는 행 앞으로 옮기십시오.',
    'Run the playbook from its start (no --start-at-task), with one log_hygiene_run_dir for all hosts.':
        '플레이북을 처음부터(--start-at-task 없이), 모든 서버에 같은 log_hygiene_run_dir로 실행하십시오.',
    'extra arguments for %s': '{0}의 값이 너무 많음',
    "unknown option '%s'": "알 수 없는 옵션 '{0}'",
    '%s, line ignored': '{0}(행 무시)',
    'error in what is included': 'include한 파일에 오류 있음',
    'a whole number': '정수',
    'true or false': 'true 또는 false',
    'a text': '텍스트',
    'cannot be evaluated: %s': '값을 계산할 수 없음: {0}',
    'holds an empty text': '빈 텍스트가 있음',
    'is empty.': '비어 있습니다.',
    'Give it a value, or leave it out': '값을 지정하거나 빼십시오',
    'must be a list of texts, but is %s': '텍스트 목록이어야 함(현재 값: {0})',
    'must be a text, but is %s': '텍스트여야 함(현재 값: {0})',
    'must be %s, but is %s': '다음 값이어야 함: {0}(현재 값: {1})',
    'must not be %s, but is %s': '{0}일 수 없음(현재 값: {1})',
    'negative': '음수',
    'less than %d': '{0}보다 작은 값',
    '%d mistakes:': '오류 {0}건:',
    '--skip-tags %s leaves out all of the playbook, so nothing would be looked at.': '--skip-tags {0} 때문에 플레이북 전체를 건너뛰어 확인할 것이 없습니다.',
    'Leave --skip-tags out.': '--skip-tags를 빼십시오.',
    '--tags %s: the playbooks of this collection have no such tag, as a part of one alone would tell nothing.':
        '--tags {0}: 일부만 실행하면 결과가 의미 없으므로 이 컬렉션의 플레이북에는 그런 태그가 없습니다.',
    'Leave --tags out; scan.yml only counts, audit.yml only reads.': '--tags를 빼십시오. scan.yml은 건수만 세고 audit.yml은 읽기만 합니다.',
    'In a playbook of your own, give the import this tag, or leave it out by --skip-tags always.':
        '직접 만든 플레이북이면 import에 이 태그를 지정하거나 --skip-tags always로 제외하십시오.',
    'strategy: %s lets each host end by itself, so the report would tell hosts that are not done.':
        'strategy: {0}은(는) 서버마다 따로 끝나므로 끝나지 않은 서버까지 보고됩니다.',
    'Set strategy: linear in the play that has the role log_hygiene.': 'log_hygiene 역할이 있는 플레이에 strategy: linear를 지정하십시오.',
    'serial: %s makes a run of each batch, and none would tell of all hosts.':
        'serial: {0}은(는) 묶음마다 따로 실행되므로 전체 서버를 보고하지 못합니다.',
    'Leave serial out of the play that has the role log_hygiene, or import the playbook and give it log_hygiene_serial.':
        'log_hygiene 역할이 있는 플레이에서 serial을 빼거나, 플레이북을 import하고 log_hygiene_serial을 지정하십시오.',
    '%s: the name of the host has marks of a template, which Ansible would run.': '{0}: 서버 이름에 템플릿 표시가 있어 Ansible이 실행하게 됩니다.',
    'Rename it in the inventory.': '인벤토리에서 이름을 바꾸십시오.',
    'must be a dict, but is %s': '사전(키: 값)이어야 하나 {0}임',
    'must be a list of dicts, but is %s': '사전(키: 값) 목록이어야 하나 {0}임',
    'syslog_policy_alert_signatures: each signature needs id, revision and match.':
        'syslog_policy_alert_signatures: 시그니처마다 id, revision, match가 필요합니다.',
    '-i: %s: there is no such inventory, so its hosts would be left out.': '-i: {0}: 그런 인벤토리가 없어 그 서버들이 빠집니다.',
    '-i: %s: Ansible could not read it and warned of that above, so its hosts would be left out.':
        '-i: {0}: Ansible이 읽지 못해(위의 경고 참고) 그 서버들이 빠집니다.',
    'Correct the path.': '경로를 수정하십시오.',
    'log_hygiene_hosts: no host of the inventory matches %r: the inventory (%s) holds none, or Ansible could not read it and warned of that above.':
        'log_hygiene_hosts: 인벤토리에 {0}에 해당하는 서버가 없습니다. 인벤토리({1})가 비어 있거나 Ansible이 읽지 못했습니다(위의 경고 참고).',
    'Correct it or write your servers into it (one a line, without # before the name), or name another by -i.':
        '인벤토리를 수정하거나 서버 이름을 한 줄에 하나씩(앞에 # 없이) 적거나 -i로 다른 인벤토리를 지정하십시오.',
    'It was set aside as %s.': '{0}(으)로 옮겨 두었습니다.',
    'It was set aside as %s; the hosts of earlier runs are told by their own records.': '{0}(으)로 옮겨 두었습니다. 이전 실행의 서버는 각 서버의 기록으로 표시합니다.',
    'The row was left out; the record of the host is told instead, where there is one.': '해당 행은 제외하고, 서버의 기록이 있으면 대신 표시했습니다.',
    'the row of %r is of another journey, or stands there twice.': '{0} 행이 다른 작업의 것이거나 두 번 있습니다.',
    'not a regular file.': '일반 파일이 아닙니다.',
    '%s: what this host said cannot be reported (%s: %s).': '{0}: 이 서버의 응답을 보고할 수 없습니다({1}: {2}).',
    '%s: cannot be made a link to the run: %s.': '{0}: 실행 폴더의 링크로 만들 수 없습니다: {1}.',
    'What is there stays.': '기존 것은 그대로 둡니다.',
    '%s: cannot be made: %s.': '{0}: 만들 수 없습니다: {1}.',
    '%s: cannot be renamed to %s: %s.': '{0}: {1}(으)로 이름을 바꿀 수 없습니다: {2}.',
    '%s: the lasting record of host %s was written by another run, or became unreadable, in the meantime, and stays as it is.':
        '{0}: 그사이 서버 {1}의 기록이 다른 실행에서 작성되었거나 읽을 수 없게 되어 그대로 둡니다.',
    'What this run did is in %s.': '이번 실행의 내용은 {0}에 있습니다.',
    'See that nothing else works on the host, and run this once more.': '이 서버에서 다른 작업이 없는지 확인하고 다시 실행하십시오.',
    '%s: the rows of %s, of earlier runs, cannot be reported and were left out.': '{0}: 이전 실행의 {1} 행은 표시할 수 없어 제외했습니다.',
    'not a summary.': '요약 파일이 아닙니다.',
    'is not read, because its name does not end in .yml or .yaml; name it %s if it is to be read, else move it out of this folder':
        '이름이 .yml이나 .yaml로 끝나지 않아 읽지 않음: 읽으려면 이름을 {0}(으)로 바꾸고, 아니면 폴더 밖으로 옮기십시오',

    # Variables, the run directory, the inventory
    'Nothing was contacted.': '서버에 접속하지 않았습니다.',
    '%s. Correct it in -e, the inventory, group_vars or host_vars': '{0}. -e, 인벤토리, group_vars, host_vars에서 수정하십시오',
    'Correct it in -e, the inventory, group_vars or host_vars.': '-e, 인벤토리, group_vars, host_vars에서 수정하십시오.',
    '%s: no role of this collection knows %s.': '{0}: 이 컬렉션의 역할에 없는 {1}입니다.',
    'such a variable': '변수',
    'such variables': '변수',
    'Look in -e, the inventory, group_vars and host_vars, and correct or remove the name; give variables of your own names that do not begin '
    'with %s.': '-e, 인벤토리, group_vars, host_vars에서 이름을 고치거나 삭제하십시오. 직접 만든 변수의 이름은 {0}(으)로 시작하지 않아야 합니다.',
    "%s: stands in the inventory, group_vars or host_vars, where it has no effect: Ansible asks for it before it looks at any host's "
    "variables.": '{0}: 인벤토리, group_vars, host_vars에 지정하면 효과가 없습니다. Ansible이 서버 변수보다 먼저 읽는 변수입니다.',
    'Remove it there and say it on the command line: -e %s=...': '그곳에서 삭제하고 명령행에서 지정하십시오: -e {0}=...',
    'log_hygiene_journey: %r was given, but this playbook is of the journey %s.': 'log_hygiene_journey: {0}이(가) 지정되었으나 이 플레이북은 {1}용입니다.',
    'Run %s.yml for that journey, or leave the variable out.': '{0}.yml을 실행하거나 변수를 지정하지 마십시오.',
    '%s is not a list of ids of signatures': '{0}은(는) 시그니처 id 목록이 아님',
    'the catalog has no signature %s': '카탈로그에 없는 시그니처 {0}',
    'variable %s has no effect here; did you mean %s?': '변수 {0}은(는) 효과가 없습니다. 혹시 {1}?',
    'log_hygiene_serial: %r is neither a number of hosts nor a percentage such as 10%.': 'log_hygiene_serial: {0}은(는) 서버 수나 비율(예: 10%)이 아닙니다.',
    'Correct it.': '수정하십시오.',
    'Correct it in -e.': '-e에서 수정하십시오.',
    '%s lies in the future, so no log would be looked at': '{0}은(는) 미래의 시각이므로 확인할 로그가 없음',
    'log_hygiene_run_dir: %s: %s. %s. %s.': 'log_hygiene_run_dir: {0}: {1}. {2}. {3}.',
    'What its records say decides what later runs do, and they hold lines of your logs': '이 폴더의 기록은 이후 실행을 좌우하며 로그 내용을 담고 있습니다',
    'it is a link to %s, which may lead elsewhere tomorrow': '{0} 링크이며 대상이 바뀔 수 있음',
    'Name the directory itself: %s': '디렉터리를 직접 지정하십시오: {0}',
    'it belongs to %s': '{0}의 소유임',
    'it is not a directory': '디렉터리가 아님',
    'Name another': '다른 디렉터리를 지정하십시오',
    'it cannot be looked at: %s': '확인할 수 없음: {0}',
    'it cannot be made: %s': '만들 수 없음: {0}',
    'Name a directory on the control node that can be written': '제어 노드에서 쓸 수 있는 디렉터리를 지정하십시오',
    'Name one below directories that belong to you or root': '본인이나 root 소유의 디렉터리 아래를 지정하십시오',
    'Name one that only you and root may write to, as each directory above it, or run: chmod go-w %s':
        '상위 디렉터리까지 본인과 root만 쓸 수 있는 디렉터리를 지정하거나 실행: chmod go-w {0}',
    'log_hygiene_hosts: no host of the inventory matches %r.': 'log_hygiene_hosts: 인벤토리에 {0}에 해당하는 서버가 없습니다.',
    'Look at the inventory (-i) with ansible-inventory --graph, and name hosts or groups that are there.':
        'ansible-inventory --graph로 인벤토리(-i)를 확인하고 있는 서버나 그룹을 지정하십시오.',
    '%s: the syslog policy is not valid.': '{0}: syslog 정책이 올바르지 않습니다.',
    '%s needs the Python package jmespath, which the Python that runs ansible does not have; install it there (dnf install python3-jmespath, '
    'or pip install jmespath).':
        '{0}에 필요한 jmespath 패키지가 Ansible을 실행하는 Python에 없습니다. 설치하십시오(dnf install python3-jmespath 또는 pip install jmespath).',
    'This collection': '이 컬렉션',

    # The syslog policy, as its rules are checked
    'The policy is empty, and would keep nothing.': '정책이 비어 있어 아무것도 보관하지 않습니다.',
    'Write a rule; or set syslog_policy_state: absent to take the policy off the host.':
        '규칙을 작성하거나, 정책을 제거하려면 syslog_policy_state: absent로 지정하십시오.',
    'The policy is %s, and must be a list of rules.': '정책이 {0}입니다. 규칙의 목록이어야 합니다.',
    'is %s, and must be a dict with a name.': '{0}입니다. 이름이 있는 사전이어야 합니다.',
    'On the command line write it as JSON: -e %s': '명령행에서는 JSON으로 지정하십시오: -e {0}',
    'rule number %d has this name too; each rule needs its own.': '{0}번째 규칙의 이름과 같습니다. 규칙마다 이름이 달라야 합니다.',
    'syslog_policy_journal: %s must be a dict with keys %s.': 'syslog_policy_journal: {0}은(는) 키 {1}을(를) 가진 사전이어야 합니다.',
    'is missing; %s': '지정되지 않았습니다. {0}',
    'say how long an entry stays at least, such as 1y.': '최소 보존 기간을 지정하십시오(예: 1y).',
    'say what the journal may take, such as 8g: what journald leaves to itself may be too little.':
        '저널의 최대 크기를 지정하십시오(예: 8g). journald의 기본값은 부족할 수 있습니다.',
    'each rule has one of its own.': '규칙마다 이름이 있어야 합니다.',
    'name the collector, by host name or address.': '수집 서버를 호스트 이름이나 주소로 지정하십시오.',
    "it holds the certificates that the collector's is checked by.": '수집 서버의 인증서를 검증할 인증서 파일입니다.',
    "else anyone with a certificate of that authority could pose as the collector; name what the collector's certificate says, such as "
    "[collector.example.com] or ['*.example.com'].":
        "지정하지 않으면 같은 인증기관의 인증서를 가진 누구나 수집 서버로 위장할 수 있습니다. 수집 서버 인증서의 이름을 지정하십시오(예: [collector.example.com], ['*.example.com']).",
    'severities is given too, and only one can hold; remove one.': 'severities와 함께 지정할 수 없습니다. 하나를 삭제하십시오.',
    'is missing, and so are forward and alert: nothing would become of these messages; give one of them.':
        'file, forward, alert가 모두 없어 메시지가 처리되지 않습니다. 하나를 지정하십시오.',
    'there is no file to keep; give one, or remove keep.': '보관할 file이 없습니다. file을 지정하거나 keep을 삭제하십시오.',
    'there is no file of its own, so these messages would be in no file at all; give one, or remove separate.':
        '전용 file이 없어 메시지가 어느 파일에도 남지 않습니다. file을 지정하거나 separate를 삭제하십시오.',
    'the local mail server logs each mail it delivers under facility mail, severity info, so one alert could lead to the next without end; '
    'leave facility mail out, select severity_at_least: warning, or name another host under smtp.':
        '이 서버의 메일 서버가 메일을 보낼 때마다 mail.info 로그를 남겨 경보가 끝없이 반복될 수 있습니다. facility mail을 빼거나, '
        'severity_at_least: warning으로 지정하거나, smtp에 다른 서버를 지정하십시오.',
    'goes over TCP only; write protocol: tcp, or remove tls.': 'TCP에서만 쓸 수 있습니다. protocol: tcp로 지정하거나 tls를 삭제하십시오.',
    'is missing, and so is command, so an alert would reach nobody; give one, such as mail: [root] or command: [/usr/bin/wall].':
        'mail과 command가 모두 없어 경보가 아무에게도 전달되지 않습니다. 하나를 지정하십시오(예: mail: [root], command: [/usr/bin/wall]).',
    'is missing; %s is given, and a certificate is of no use without its key.': '지정되지 않았습니다. {0}이(가) 있으나 인증서는 키 없이 쓸 수 없습니다.',
    'is for mail, and there is none; give mail, or remove %s.': '메일용이나 mail이 없습니다. mail을 지정하거나 {0}을(를) 삭제하십시오.',
    'is an empty list; give an item, or remove the key.': '빈 목록입니다. 항목을 넣거나 키를 삭제하십시오.',
    'is an empty list; give a program, or remove the key.': '빈 목록입니다. 프로그램을 지정하거나 키를 삭제하십시오.',
    '%s must be a dict with keys %s.': '{0}은(는) 키 {1}을(를) 가진 사전이어야 합니다.',
    '%s must be a text; put it in quotes.': '{0}은(는) 텍스트여야 합니다. 따옴표로 묶으십시오.',
    '%s must be 1 to 63 of a-z, 0-9, _ and -, and not begin with _ or -: files and queues are named after it.':
        '{0}은(는) a-z, 0-9, _, - 로 된 1~63자여야 하며 _나 -로 시작할 수 없습니다. 파일과 대기열의 이름에 쓰입니다.',
    '%s must be true or false.': '{0}은(는) true나 false여야 합니다.',
    '%s must be a whole number from %d to %d.': '{0}은(는) {1}~{2}의 정수여야 합니다.',
    '%s must be a list.': '{0}은(는) 목록이어야 합니다.',
    '%s selects no message: in a selector of syslog it takes a facility out; leave out what is not wanted.':
        '{0}에 해당하는 메시지가 없습니다(syslog 셀렉터에서 제외를 뜻함). 필요 없는 것은 적지 마십시오.',
    '%s must be a whole number with a unit, such as %s.': '{0}은(는) 단위가 붙은 정수여야 합니다(예: {1}).',
    '%s is more than 100 years.': '{0}은(는) 100년을 넘습니다.',
    '%s is more than a day.': '{0}은(는) 하루를 넘습니다.',
    '%s must be from 10m to 1t.': '{0}은(는) 10m~1t여야 합니다.',
    '500m or 1g (k, m, g and t are powers of 1024)': '500m, 1g(k, m, g, t는 1024의 거듭제곱)',
    '90d (days), 2w (weeks), 13m (months) or 1y (years)': '90d(일), 2w(주), 13m(개월), 1y(년)',
    '30s (seconds), 10m (minutes), 1h (hours) or 1d (a day)': '30s(초), 10m(분), 1h(시간), 1d(일)',
    '%s must be a plain absolute path: letters, digits and _ . - / only, no . or .. as a part, no double / and none at the end.':
        '{0}은(는) 영문자, 숫자, _ . - / 로 된 절대 경로여야 합니다(., .., //, 끝의 / 불가).',
    '%s must be below /var/log: only there SELinux lets rsyslogd write and logrotate rotate.':
        '{0}은(는) /var/log 아래여야 합니다. SELinux가 그곳에서만 rsyslogd의 쓰기와 logrotate의 순환을 허용합니다.',
    'To use another disk, mount it below /var/log.': '다른 디스크를 쓰려면 /var/log 아래에 마운트하십시오.',
    '%s is %s; choose another.': '{0}은(는) {1}입니다. 다른 경로를 지정하십시오.',
    'the directory of the role syslog_exclusions, which keeps diverted messages there': 'syslog_exclusions 역할의 분리 보관 디렉터리',
    "journald's directory": 'journald의 디렉터리',
    "auditd's directory": 'auditd의 디렉터리',
    'the record of logins, which is no text': '텍스트가 아닌 로그인 기록',
    'the record of failed logins, which is no text': '텍스트가 아닌 로그인 실패 기록',
    'the record of last logins, which is no text': '텍스트가 아닌 최근 로그인 기록',
    'the counter of failed logins, which is no text': '텍스트가 아닌 로그인 실패 횟수 기록',
    '%s must be a host name, an IPv4 or an IPv6 address, and nothing else; the port has a key of its own.':
        '{0}은(는) 호스트 이름, IPv4 또는 IPv6 주소여야 합니다. 포트는 별도 키로 지정합니다.',
    '%s must be a name as certificates have it, such as collector.example.com or *.example.com.':
        '{0}은(는) 인증서에 쓰이는 이름이어야 합니다(예: collector.example.com, *.example.com).',
    '%s must be HOST or HOST:PORT, an IPv6 address in brackets: [2001:db8::25]:25.': '{0}은(는) HOST 또는 HOST:PORT여야 합니다(IPv6는 [2001:db8::25]:25).',
    '%s must be HOST or HOST:PORT with a host name or an address and a port from 1 to 65535.':
        '{0}은(는) 호스트 이름이나 주소와 1~65535 포트로 된 HOST 또는 HOST:PORT여야 합니다.',
    '%s must be a plain mail address such as soc@example.com or a local user: no display name, no blanks, and it must not begin with -.':
        '{0}은(는) soc@example.com 같은 메일 주소나 로컬 사용자여야 합니다(표시 이름, 공백, -로 시작 불가).',
    '%s must be a list of the program and its arguments, such as [/usr/bin/wall].': '{0}은(는) 프로그램과 인수의 목록이어야 합니다(예: [/usr/bin/wall]).',
    '%s must begin with the absolute path of the program, such as /usr/bin/wall: no shell looks it up.':
        '{0}은(는) 프로그램의 절대 경로로 시작해야 합니다(예: /usr/bin/wall). 셸을 거치지 않습니다.',
    '%s must hold no control characters.': '{0}에 제어 문자를 쓸 수 없습니다.',
    'file: both write %s, but keep it %s and %s.': 'file: 둘 다 {0}에 기록하나 보존 기간이 {1}, {2}(으)로 다릅니다.',
    'A file is kept as a whole: give both the same keep, or files of their own.': '파일 단위로 보관하므로 keep을 같게 하거나 파일을 나누십시오.',
    'for no stated time': '지정 없음',
    '%s (all severities)': '{0}(모든 severity)',
    'every facility': '모든 facility',
    'file: both write %s into %s, which would hold each such line twice.': 'file: 둘 다 {0}을(를) {1}에 기록하여 중복됩니다.',
    'Take them out of one of the rules.': '한쪽 규칙에서 빼십시오.',
    'separate: both keep %s apart, but a message can be apart in one file only.': 'separate: 둘 다 {0}을(를) 따로 두나 메시지는 한 파일에만 따로 둘 수 있습니다.',
    'Take them out of one of the rules, or make one not separate.': '한쪽 규칙에서 빼거나 한쪽의 separate를 해제하십시오.',
    'file: %s cannot be a file and the directory of %s.': 'file: {0}은(는) 파일이면서 {1}의 디렉터리일 수 없습니다.',
    'Rename one.': '하나의 이름을 바꾸십시오.',
    'forward: both send %s to %s, which would get each such message twice.': 'forward: 둘 다 {0}을(를) {1}(으)로 보내 두 번 전송됩니다.',
    'forward: %s cannot expect both TLS and plain text.': 'forward: {0}은(는) TLS와 평문을 함께 받을 수 없습니다.',
    'Give one another port, or both the same tls.': '한쪽의 포트를 바꾸거나 tls를 같게 지정하십시오.',
    'alert: both bring %s to %s, twice.': 'alert: 둘 다 {0}을(를) {1}에 알려 두 번 전달됩니다.',
    'file: %s would stay empty, because each message of the rule is kept apart by %s.': 'file: 규칙의 모든 메시지를 {1}이(가) 따로 두므로 {0}에 기록되는 것이 없습니다.',
    'Remove the file, or separate there.': 'file이나 그쪽의 separate를 삭제하십시오.',

    # Facilities, severities, a schema
    '%s is not a valid %s: it must be %s.': '{0}은(는) 올바른 {1}이(가) 아님({2} 중 하나여야 함).',
    '%s is not a valid %s: %s.': '{0}은(는) 올바른 {1}이(가) 아님: {2}.',
    'Write %s.': '{0}(으)로 쓰십시오.',
    'Did you mean %s?': '혹시 {0}?',
    '0 to %d, or one of %s': '0~{0} 또는 {1}',
    'in a selector it means every facility, and a message has exactly one': '셀렉터에서는 모든 facility를 뜻하나 메시지의 facility는 하나임',
    'rsyslogd uses it internally for its time marks, and no program can send it': 'rsyslogd가 내부에서만 쓰며 프로그램은 보낼 수 없음',
    'in a selector it means every severity, and a message has exactly one': '셀렉터에서는 모든 severity를 뜻하나 메시지의 severity는 하나임',
    'in a selector it leaves a facility out, and no message has it': '셀렉터에서 facility를 제외하는 것으로, 메시지에는 쓰이지 않음',
    'is not allowed here': '여기에 쓸 수 없음',
    'is missing': '지정되지 않음',
    'must be %s, not %s': '{0}이어야 함(현재 {1})',
    'must be one of %s, not %r': '{0} 중 하나여야 함(현재 {1})',
    'is not a known key': '알 수 없는 키',
    'must have at least %d item(s)': '항목이 {0}개 이상이어야 함',
    'must have at most %d item(s)': '항목이 {0}개 이하여야 함',
    'must have at least %d character(s)': '{0}자 이상이어야 함',
    'must have at most %d character(s)': '{0}자 이하여야 함',
    'must be at least %s': '{0} 이상이어야 함',
    'must be at most %s': '{0} 이하여야 함',

    # The files of a catalog
    'cannot be read (%s); correct its permissions, or move it away': '읽을 수 없음({0}): 권한을 수정하거나 옮기십시오',
    'the folder cannot be read (%s); correct its permissions, or move it away': '폴더를 읽을 수 없음({0}): 권한을 수정하거나 옮기십시오',
    'the folder of signatures cannot be read (%s); %s, or its permissions': '시그니처 폴더를 읽을 수 없음({0}): {1}(또는 권한을 수정)',
    'the folder of protected records cannot be read (%s); correct its permissions, or remove it':
        '보호 로그 폴더를 읽을 수 없음({0}): 권한을 수정하거나 삭제하십시오',
    'holds no protected records (no *.yml, no *.yaml); put some there, or remove it': '보호 로그 없음(*.yml, *.yaml 없음): 파일을 두거나 폴더를 삭제하십시오',
    'holds no signature (no *.yml, no *.yaml); %s, or put one there': '시그니처 없음(*.yml, *.yaml 없음): {0}(또는 파일을 두십시오)',
    'correct the path in `paths` (log_hygiene_catalog_paths)': '`paths`(log_hygiene_catalog_paths)의 경로를 수정하십시오',
    'is a file; give the folder it is in: %s': '파일임. 파일이 있는 폴더를 지정: {0}',
    'is not a regular file; move it away': '일반 파일이 아님: 옮기십시오',
    '%s has bytes that are not UTF-8, so it was changed by hand.': '{0}: UTF-8이 아닌 바이트가 있습니다(직접 수정한 파일).',
    'is not UTF-8 (line %d, byte %d of the file); save it as UTF-8': 'UTF-8이 아님({0}행, 파일의 {1}바이트): UTF-8로 저장하십시오',
    '%s; correct it there': '{0}(그곳을 수정하십시오)',
    'is not YAML that can be read: %s': 'YAML로 읽을 수 없음: {0}',
    'is empty; write %s into it (see docs/signatures.md), or remove it': '빈 파일임: {0}을(를) 작성하거나(docs/signatures.ko.md 참조) 삭제하십시오',
    'a signature': '시그니처',
    'a mapping with the keys %s': '키 {0}을(를) 가진 매핑',
    'must be a mapping of keys, not a list or a text; see docs/signatures.md': '목록이나 텍스트가 아니라 키의 매핑이어야 함(docs/signatures.ko.md 참조)',
    'is %s, but the file is named %s; they must be equal: rename one': '{0}이나 파일 이름은 {1}임: 같아야 하므로 하나를 바꾸십시오',
    '%s is the id of %s too; every signature has its own, equal to the name of its file': '{0}은(는) {1}의 id이기도 함: id는 시그니처마다 달라야 하며 파일 이름과 같아야 함',
    'this value is used again elsewhere by an alias (*name); write it out there': '이 값을 다른 곳에서 별칭(*name)으로 다시 사용함: 풀어서 쓰십시오',
    'merges (<<) are not allowed; write the keys out': '병합(<<)은 쓸 수 없음: 키를 풀어서 쓰십시오',
    'the tag %s is not allowed; write plain data': '태그 {0}은(는) 쓸 수 없음: 일반 데이터로 쓰십시오',
    'this key is not text; quote it': '키가 텍스트가 아님: 따옴표로 묶으십시오',
    'the key `%s` stands here a second time; remove one': '키 `{0}`이(가) 두 번 있음: 하나를 삭제하십시오',
    'the key `%s` stands here a second time': '키 `{0}`이(가) 두 번 있음',
    'remove one': '하나를 삭제하십시오',
    'names {%s}, which stands for nothing; use one of %s': '{{{0}}}은(는) 정의되지 않음: {1} 중 하나를 쓰십시오',
    'is unknown to the role %s; it takes %s': '{0} 역할에 없음: {1}을(를) 받음',
    'see the README of the role %s': '{0} 역할의 README 참조',

    "%s: %s. Ansible's temporary files lie there (local_tmp in ansible.cfg); make room, or name another place.":
        '{0}: {1}. Ansible의 임시 파일 위치(ansible.cfg의 local_tmp)입니다. 공간을 확보하거나 다른 위치를 지정하십시오.',
    # The guard
    'make it investigate, or narrow it': 'investigate로 바꾸거나 범위를 좁히십시오',
    'an entry of the %s (%s)': '{0} 항목({1})',
    'is matched by the signature %s too, and would be counted twice; narrow one of the two, or override one by giving yours its id':
        '시그니처 {0}에도 일치하여 두 번 집계됨: 한쪽의 범위를 좁히거나 같은 id로 재정의하십시오',
    'speaks of audit records, which no signature may touch, and which are never matched; remove it':
        '감사(audit) 기록은 어떤 시그니처도 다룰 수 없고 일치하지도 않음: 삭제하십시오',
    "says kernel and others; write [kernel] alone, or text of a user process would pass for the kernel's. Only systemd and its generators, named "
    'in identifiers, have two: [journal, kernel]':
        'kernel과 다른 값이 함께 있음: 사용자 프로세스의 로그가 커널 로그로 취급되지 않도록 [kernel]만 쓰십시오. [journal, kernel]은 identifiers에 systemd와 그 generator만 '
        '지정한 경우에만 쓸 수 있음',
    'has no effect on messages of the kernel, which have no user; remove it': '커널 메시지에는 사용자가 없어 효과 없음: 삭제하십시오',
    'has no effect on messages of the kernel, which no program writes; remove it': '커널 메시지는 프로그램이 쓰지 않아 효과 없음: 삭제하십시오',
    'must be [kernel] for text written by the kernel: any program can write under its name, but only journald sets the transport':
        '커널이 쓴 로그이면 [kernel]이어야 함: 이름은 아무 프로그램이나 쓸 수 있으나 transport는 journald만 정함',
    'does not say who writes the message; give identifiers, comms, or transport: [kernel]':
        '누가 쓰는 메시지인지 없음: identifiers, comms, transport: [kernel] 중 하나를 지정하십시오',
    'does not contain match.literal (%s), so it is never found': 'match.literal({0})이 없어 찾을 수 없음',
    'is not matched as %s; correct match (identifiers, comms, transport, priority, regex) or the example':
        '{0}(으)로 일치하지 않음: match(identifiers, comms, transport, priority, regex)나 예시를 수정하십시오',
    'is matched as %s, but must survive (tests say why); the signature is looser than its own neighbour: narrow it':
        '{0}(으)로 일치하나 남아야 하는 메시지임(이유는 tests에 있음): 시그니처의 범위를 좁히십시오',
    'matches no positive example; give one, or correct it': '일치하는 positive 예시 없음: 예시를 추가하거나 수정하십시오',
    'opened and closed both match %r; narrow one': 'opened와 closed가 모두 {0}에 일치함: 하나의 범위를 좁히십시오',
    'opened and closed can both match one message that match.regex allows, so that it would close what it opens; narrow one':
        'opened와 closed가 같은 메시지에 일치할 수 있어 열리자마자 닫힘: 하나의 범위를 좁히십시오',
    'is %d, which applies.el does not list; correct one': '{0}은(는) applies.el에 없음: 하나를 수정하십시오',
    'has no effect without match.boot_seconds; give that, or remove this': 'match.boot_seconds가 없어 효과 없음: 지정하거나 이것을 삭제하십시오',
    'is %d, later than match.boot_seconds (%d), so it is no match; correct one': '{0}이 match.boot_seconds({1})보다 늦어 일치하지 않음: 하나를 수정하십시오',
    'must hold the text of a positive example with since_boot above match.boot_seconds (%d): later it is another event':
        'positive 예시의 text를 match.boot_seconds({0})보다 큰 since_boot로 포함해야 함: 그 뒤에는 다른 사건임',
    'must not be used with divert: rsyslogd does not tell how long after a boot a message was written, and would move later ones as well; make '
    'it explain or investigate':
        'divert와 함께 쓸 수 없음: rsyslogd는 부팅 후 경과 시간을 알 수 없어 나중의 메시지까지 옮김. explain이나 investigate로 바꾸십시오',
    'must be given, at most %d, with alert: exempt: only what comes with a boot may be kept from alerting':
        'alert: exempt이면 {0} 이하로 지정해야 함: 부팅 때의 메시지만 경보에서 제외할 수 있음',
    'must be [kernel] with alert: exempt: any program can write any text': 'alert: exempt이면 [kernel]이어야 함: 텍스트는 아무 프로그램이나 쓸 수 있음',
    'must name only the kernel with alert: exempt: other names have what root wrote to /dev/kmsg':
        'alert: exempt이면 kernel만 지정해야 함: 다른 이름은 root가 /dev/kmsg에 쓴 것일 수 있음',
    'is %s; an emerg or alert always alerts; make it crit, or remove alert': '{0}임: emerg와 alert는 항상 경보를 보냄. crit로 바꾸거나 alert를 삭제하십시오',
    'must match one whole message (^...$) with alert: exempt': 'alert: exempt이면 메시지 전체(^...$)에 일치해야 함',
    'would keep %s from alerting (%s: %s; %s); narrow it, or remove alert': '{0}의 경보까지 막게 됨({1}: {2}; {3}): 범위를 좁히거나 alert를 삭제하십시오',
    'is any, so %s would cover what any user writes in the same words; give the file of the program in match.exes, or make it investigate':
        'any이므로 {0}이(가) 사용자가 쓴 같은 문구까지 포함함: match.exes에 프로그램 파일을 지정하거나 investigate로 바꾸십시오',
    'names %s, a path that is not written out or where users may write; give the file as it is installed, or make it investigate':
        '{0}은(는) 온전한 경로가 아니거나 사용자가 쓸 수 있는 위치임: 설치된 파일을 지정하거나 investigate로 바꾸십시오',
    'names %s, which writes whatever its user tells it to; give the file of the one program that writes this, take uid: any out, or make it '
    'investigate': '{0}은(는) 사용자가 시키는 대로 쓰는 프로그램임: 이 메시지를 쓰는 프로그램의 파일을 지정하거나, uid: any를 빼거나, investigate로 바꾸십시오',
    'is %s; %s may not cover crit or worse; %s': '{0}임: {1}은(는) crit 이상을 다룰 수 없음. {2}',
    'speaks of %s, whose records are authpriv or auth; a divert may never touch them; make it explain or investigate':
        '{0}의 로그는 authpriv 또는 auth임: divert로 다룰 수 없음. explain이나 investigate로 바꾸십시오',
    'must match one whole message (^...$) and repeat nothing that takes a space, because %s writes access records; %s':
        '{0}이(가) 접속 기록을 쓰므로 메시지 전체(^...$)에 일치하고 공백이 포함되는 반복이 없어야 함: {1}',
    'is %s (%r, %s), which %s may not cover; make it investigate': '{0}임({1}, {2}): {3}(으)로 다룰 수 없음. investigate로 바꾸십시오',
    'must match one whole message (^...$) and repeat nothing that takes a space, unless it stands between quotes or brackets, because %s writes '
    'evidence; %s': '{0}이(가) 증거 로그를 쓰므로 메시지 전체(^...$)에 일치하고 따옴표나 괄호 밖에 공백이 포함되는 반복이 없어야 함: {1}',
    'must begin with ^ in %s: else it is found in any message that repeats the text, whatever stands before it':
        '{0}에서는 ^로 시작해야 함: 그렇지 않으면 같은 문구를 인용한 다른 메시지에도 일치함',
    'may match a message with %d letters and digits of fixed text; %s needs %d or more in each of its alternatives: write the message out, and '
    'leave free only what varies': '고정 문구가 {0}자인 메시지에도 일치함: {1}은(는) 선택지마다 {2}자 이상이어야 함. 바뀌는 부분만 남기고 메시지를 그대로 쓰십시오',
    'has a part that takes any words with less than %d letters and digits of fixed text before it; write out what stands before, or use something '
    'that takes no space ([^ ]+)': '앞의 고정 문구가 {0}자 미만인데 아무 단어에나 일치하는 부분이 있음: 앞의 문구를 쓰거나 공백에 일치하지 않는 식([^ ]+)을 쓰십시오',
    'begins with %d words or more that nobody wrote down, before the first fixed text; write out what the message begins with':
        '첫 고정 문구 앞에 임의의 단어가 {0}개 이상 올 수 있음: 메시지의 시작 부분을 그대로 쓰십시오',
    'has an alternative or an optional part that no positive example shows (%r); give an example of it as it is really written, or take it out':
        'positive 예시에 없는 선택지나 생략 가능한 부분이 있음({0}): 실제 예시를 추가하거나 삭제하십시오',
    'names %r, which no positive example holds; give an example, or take it out': '{0}이(가) positive 예시에 없음: 예시를 추가하거나 삭제하십시오',
    'names %s, the tag that text logs give to every program that names itself not; give comms instead':
        '{0}은(는) 이름을 밝히지 않은 모든 프로그램의 태그임: comms를 지정하십시오',
    'names %d programs; %d are the most that %s may cover; write several signatures': '프로그램이 {0}개임: {2}은(는) {1}개까지 다룰 수 있음. 시그니처를 나누십시오',
    'mixes letters that look like Latin ones into a word (%s); write the word in one script': '단어에 로마자와 비슷한 다른 문자가 섞여 있음({0}): 한 가지 문자로 쓰십시오',
    'holds a character that nobody sees (%s); take it out': '보이지 않는 문자가 있음({0}): 삭제하십시오',
    'holds %s (%s), which may be taken for another character, or not be seen; beyond ASCII write letters of Hangul, Kana, Han or Latin-1 and quotes '
    'only, and a class for the rest': '{0}({1})은(는) 다른 문자로 오인되거나 보이지 않을 수 있음: ASCII 외에는 한글, 가나, 한자, Latin-1과 따옴표만 쓰고 나머지는 문자 클래스로 쓰십시오',
    'overrides a signature that is investigate; it must stay that': 'investigate인 시그니처를 재정의함: 그대로 investigate여야 함',
    'overrides a signature that is investigate, and applies to fewer hosts; let it apply to as many':
        'investigate인 시그니처를 재정의하면서 적용 대상이 줄었음: 같은 대상에 적용하십시오',
    'overrides a signature that is investigate, and no longer finds %r; match all that the signature of the collection matches, or use another id':
        'investigate인 시그니처를 재정의하면서 {0}을(를) 찾지 못함: 컬렉션의 시그니처가 찾는 것을 모두 찾게 하거나 다른 id를 쓰십시오',
    'overrides a signature that is investigate, and %s; match all that the signature of the collection matches, or use another id':
        'investigate인 시그니처를 재정의하면서 범위가 줄었음({0}): 컬렉션의 시그니처가 찾는 것을 모두 찾게 하거나 다른 id를 쓰십시오',
    'matches %r, which the signature of the collection says must survive (%s); narrow it, or use another id':
        '컬렉션의 시그니처에서 남아야 하는 {0}에 일치함({1}): 범위를 좁히거나 다른 id를 쓰십시오',
    'reads %r otherwise than the signature of the collection, which tells of a state with it; keep its watch':
        '상태를 나타내는 {0}을(를) 컬렉션의 시그니처와 다르게 해석함: watch를 그대로 두십시오',
    'does not match all that the signature of the collection takes for the beginning of a state; keep its watch':
        '컬렉션의 시그니처가 상태의 시작으로 보는 것을 모두 찾지 못함: watch를 그대로 두십시오',
    'takes for the end of a state what the signature of the collection takes for its beginning; keep its watch':
        '컬렉션의 시그니처가 상태의 시작으로 보는 것을 끝으로 봄: watch를 그대로 두십시오',
    'no longer names %s': '{0}이(가) 빠짐',
    'takes fewer of them': '대상이 줄어듦',
    'takes what fewer users write': '대상 사용자가 줄어듦',
    'takes less severe messages only': '심각도가 낮은 메시지만 대상임',
    'no longer takes what is written later after a boot': '부팅 후 나중에 기록된 것이 빠짐',
    'no longer finds what holds %r': '{0}이(가) 있는 것을 찾지 못함',
    'uses something (lookaround, \\b, a back-reference, a count beyond 40, letters beyond Latin-1) by which it cannot be held against the former one':
        '이전 것과 비교할 수 없는 표현이 있음(lookaround, \\b, 역참조, 40회를 넘는 반복, Latin-1 밖의 문자)',
    'does not match all that the former one does': '이전 것이 찾던 것을 모두 찾지 못함',
    'must be [kernel]: only text the kernel wrote may be diverted; repair the cause (fix) or explain it instead':
        '[kernel]이어야 함: 커널이 쓴 로그만 분리할 수 있음. 원인을 제거(fix)하거나 explain으로 바꾸십시오',
    'cannot be given to rsyslog as a POSIX ERE: %s': 'rsyslog의 POSIX ERE로 바꿀 수 없음: {0}',
    'a repeated anchor': '반복된 앵커',
    'a start anchor with something before it': '앞에 다른 것이 있는 시작 앵커',
    'an end anchor with something after it': '뒤에 다른 것이 있는 끝 앵커',
    'an escape or a class with a character beyond ASCII': 'ASCII 밖의 문자가 있는 이스케이프나 문자 클래스',
    'a class that matches nothing': '일치하는 것이 없는 문자 클래스',
    'so many repetitions (more than %d positions)': '반복이 너무 많음({0}개 초과)',

    # Regular expressions
    'repeats a part that can be cut up in many ways, as (a+)+ or (a|ab)* can, so one crafted line could keep the scanner busy without end; begin or '
    'end the repeated part with a delimiter that its inner repeat cannot take, as in (?:\\.[0-9]+)* or (?:[^,]*,)*':
        '(a+)+나 (a|ab)*처럼 여러 방식으로 나뉘는 반복이 있어 악의적인 한 줄로 스캐너가 끝없이 실행될 수 있음: (?:\\.[0-9]+)*나 (?:[^,]*,)*처럼 안쪽 반복이 가질 수 없는 구분자로 시작하거나 끝내십시오',
    "has repeats that can take each other's text, as .*=.*= and [0-9]+[0-9.]* do, so one crafted line could keep the scanner busy for minutes; put "
    'between two repeats something that the first cannot take, as in [^=]*=[^=]*=, or bound them, as in [^"]{0,100}':
        '.*=.*=나 [0-9]+[0-9.]*처럼 서로의 텍스트를 가질 수 있는 반복이 있어 악의적인 한 줄로 스캐너가 오래 실행될 수 있음: [^=]*=[^=]*=처럼 사이에 앞의 반복이 가질 수 없는 것을 두거나 [^"]{{0,100}}처럼 횟수를 제한하십시오',
    'has many alternatives, one behind the other, that can take the same text, as (?:a|ab)(?:a|ab) do, so one crafted line could keep the scanner '
    'busy without end; let the alternatives of each begin differently':
        '(?:a|ab)(?:a|ab)처럼 같은 텍스트를 가질 수 있는 선택지가 이어져 악의적인 한 줄로 스캐너가 끝없이 실행될 수 있음: 선택지의 시작을 서로 다르게 하십시오',
    'does not begin with ^, and has a repeat that can take what the expression begins with, so one crafted line could keep the scanner busy for '
    'minutes; begin it with ^, or with something that the repeat cannot take':
        '^로 시작하지 않고 식의 시작 부분을 가질 수 있는 반복이 있어 악의적인 한 줄로 스캐너가 오래 실행될 수 있음: ^나 반복이 가질 수 없는 것으로 시작하십시오',
    'uses the flag (?a), which Python 2.7 does not know; it is in force anyway': 'Python 2.7이 모르는 플래그 (?a)를 씀(이미 적용되어 있음)',
    'can match nothing at all, so it would match every message; require at least one character': '빈 문자열에도 일치하여 모든 메시지에 일치함: 한 글자 이상이 필요함',
    'holds the control character %r at character %d; a message is one line: write the expression on one line, in single quotes':
        '{1}번째에 제어 문자 {0}이(가) 있음: 메시지는 한 줄이므로 식을 작은따옴표 안에 한 줄로 쓰십시오',
    'uses %s, which Python 2.7 takes for a letter; write the character itself': 'Python 2.7이 글자로 취급하는 {0}을(를) 씀: 문자를 그대로 쓰십시오',
    'counts beyond %d; write a smaller count, or none': '반복 횟수가 {0}을(를) 넘음: 줄이거나 삭제하십시오',
    'uses a possessive quantifier (*+, ++, ?+, {}+), which only Python 3.11 and later read': 'Python 3.11 이상에서만 쓸 수 있는 소유 수량자(*+, ++, ?+, {{}}+)를 씀',
    'uses an atomic group (?>...), which only Python 3.11 and later read': 'Python 3.11 이상에서만 쓸 수 있는 원자 그룹 (?>...)을 씀',
    'uses flags inside a group (?i:...), which Python 2.7 does not read; put (?i) at the very start': 'Python 2.7에서 쓸 수 없는 그룹 플래그 (?i:...)를 씀: 맨 앞에 (?i)로 쓰십시오',
    'cannot be used: %s': '사용할 수 없음: {0}',
    'names a group %r; Python 2.7 takes ASCII names only': '그룹 이름이 {0}임: Python 2.7은 ASCII 이름만 허용함',
}
# What the code puts together from parts, and what Ansible says of a value. A test cannot look for it in the code.
TOGETHER: dict[str, str] = {
    '%s (did you mean %s?)': '{0}(혹시 {1}?)',
    '%s (did you mean %s?), %s': '{0}(혹시 {1}?), {2}',
    "argument '%s' is of type %s and we were unable to convert to %s: %s": "'{0}'의 값({1})을 {2} 형식으로 바꿀 수 없음: {3}",
    "The value '%s' is not a valid boolean.": "'{0}'은(는) true 또는 false가 아님.",
    'Valid booleans include: %s': '사용할 수 있는 값: {0}',
    '%s cannot be converted to an int': '{0}은(는) 정수가 아님',
    'line %d, column %d: %s': '{0}행 {1}열: {2}',
    '%s must be tcp or udp.': '{0}은(는) tcp나 udp여야 합니다.',
    '%s must be gtls or ossl.': '{0}은(는) gtls나 ossl이어야 합니다.',
    'would %s %s (%s, class %s of %s); %s': '{0} 대상에 {1}이(가) 포함됨({2}, {4}의 {3}): {5}',
    'is not a known key; known keys are %s.': '알 수 없는 키입니다. 사용할 수 있는 키: {0}.',
    'is not a known key; did you mean %s?; known keys are %s.': '알 수 없는 키입니다. 혹시 {0}? 사용할 수 있는 키: {1}.',
    'must be one of %s, not %r; did you mean %s?': '{0} 중 하나여야 함(현재 {1}, 혹시 {2}?)',
    'is not a known key; did you mean %s?': '알 수 없는 키(혹시 {0}?)',
    'is %s, which is not a kind of remedy of this collection; name one of %s, or a role of your own in full (namespace.collection.role)':
        '{0}은(는) 이 컬렉션의 조치 종류가 아님: {1} 중 하나나 직접 만든 역할의 전체 이름(namespace.collection.role)을 지정하십시오',
}
