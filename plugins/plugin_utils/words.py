# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of the reports, English and Korean, in one place. Keys are the codes that the record holds."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

LANGUAGES = ('en', 'ko')

WORDS = {
    'signature': {'en': 'signature', 'ko': '시그니처'},
    'before': {'en': 'before', 'ko': '조치 전'},
    'action': {'en': 'action', 'ko': '조치'},
    'after': {'en': 'after', 'ko': '조치 후'},
    'verdict': {'en': 'verdict', 'ko': '판정'},
    'findings': {'en': 'Findings', 'ko': '확인 사항'},
    'advice': {'en': 'What can be done by hand', 'ko': '수동 조치 방법'},
    'notes': {'en': 'Notes', 'ko': '참고'},
    'nothing': {'en': 'No known noise was ever seen here.', 'ko': '알려진 잡음 로그가 발견된 적이 없습니다.'},
    'sink.journal': {'en': 'journal', 'ko': '저널'},
    'sink.messages': {'en': 'messages', 'ko': 'messages'},
    'sink.secure': {'en': 'secure', 'ko': 'secure'},
    'sink.diverted': {'en': 'diverted', 'ko': '분리 보관'},
    'action.fix': {'en': 'fix', 'ko': '원인 제거'},
    'action.divert': {'en': 'divert', 'ko': '별도 파일로 분리'},
    'action.explain': {'en': 'explain', 'ko': '설명(조치 불필요)'},
    'action.investigate': {'en': 'investigate', 'ko': '조사 필요'},
    'action.none': {'en': '-', 'ko': '-'},
    'would.fix': {'en': 'would fix', 'ko': '원인 제거 예정'},
    'would.divert': {'en': 'would divert', 'ko': '분리 예정'},
    'verdict.proved': {'en': 'proved', 'ko': '중단 입증'},
    'verdict.not_exercised': {'en': 'not exercised', 'ko': '미확인(발생 계기 없음)'},
    'verdict.still_present': {'en': 'still present', 'ko': '계속 발생'},
    'verdict.never_present': {'en': 'never present', 'ko': '발생 이력 없음'},
    'why.trigger': {'en': '{trigger} at {at}, boot {boot}', 'ko': '{at} {trigger} 실행(부팅 {boot})'},
    'why.diverted': {'en': '{count} lines diverted since', 'ko': '이후 {count}행 분리 보관'},
    'why.quiet': {'en': 'silent long enough (95 %)', 'ko': '충분한 기간 동안 무발생(95 %)'},
    'why.waiting': {'en': 'waiting for: {occasion}', 'ko': '대기 중: {occasion}'},
    'why.until': {'en': 'silence is proof from {until}', 'ko': '{until} 이후 무발생이면 입증'},
    'why.no_sink': {'en': 'none of the promised logs exists here', 'ko': '대상 로그가 이 서버에 없음'},
    'why.failed': {'en': 'the remedy failed', 'ko': '조치 실패'},
    'why.not_in_place': {'en': 'the remedy is not in place', 'ko': '조치 미적용'},
    'occasion.boot': {'en': 'a reboot', 'ko': '재부팅'},
    'occasion.login': {'en': 'a graphical login', 'ko': '그래픽 로그인'},
    'occasion.unit': {'en': 'a run of {unit}', 'ko': '{unit} 실행'},
    'occasion.unit_boot': {'en': 'a reboot that runs {unit}', 'ko': '재부팅 후 {unit} 실행'},
    'occasion.line': {'en': 'the next such line', 'ko': '다음 동일 메시지 발생'},
    'occasion.time': {'en': 'time', 'ko': '시간 경과'},
    'finding.investigate': {'en': '{signature}: may be evidence; read it ({seen})', 'ko': '{signature}: 침해 증거일 수 있으므로 확인하십시오({seen})'},
    'finding.not_here': {'en': '{signature}: this text is noise elsewhere but not on this host; read it ({seen})',
                         'ko': '{signature}: 다른 환경에서는 잡음이지만 이 서버에서는 아닙니다. 확인하십시오({seen})'},
    'finding.lookalike': {'en': '{signature}: {count} lines look like it but come from elsewhere or are more severe; left alone, read them: {text}',
                          'ko': '{signature}: 같은 형태이지만 출처나 심각도가 다른 {count}행이 있습니다. 그대로 두었으니 확인하십시오: {text}'},
    'finding.fixable': {'en': '{signature}: role {role} would remedy it', 'ko': '{signature}: 역할 {role}(으)로 조치할 수 있습니다'},
    'finding.failed': {'en': '{signature}: role {role} failed: {message}', 'ko': '{signature}: 역할 {role} 실패: {message}'},
    'finding.still_present': {'en': '{signature}: still written after the remedy ({after})', 'ko': '{signature}: 조치 후에도 계속 기록됩니다({after})'},
    'finding.watch': {'en': '{signature}: {finding} (since {at})', 'ko': '{signature}: {finding}({at}부터)'},
    'finding.lost': {'en': '{signature}: {journal} lines in the journal since the remedy but only {written} written by rsyslog; '
                           'check rsyslogd', 'ko': '{signature}: 조치 이후 저널에는 {journal}행이 있으나 rsyslog 기록은 {written}행뿐입니다. rsyslogd를 확인하십시오'},
    'finding.error': {'en': '{stage}: {message}', 'ko': '{stage}: {message}'},
    'finding.unseen': {'en': 'the host was not seen: {message}', 'ko': '서버에 접속하지 못했습니다: {message}'},
    'reboot.pending': {'en': 'reboot pending for {roles}: set log_hygiene_reboot: true, or reboot later and run verify.yml',
                       'ko': '{roles} 조치는 재부팅 대기 중입니다. log_hygiene_reboot: true 로 실행하거나, 재부팅 후 verify.yml 을 실행하십시오'},
    'reboot.would': {'en': 'would reboot for {roles}', 'ko': '{roles} 조치를 위해 재부팅 예정'},
    'reboot.done': {'en': 'rebooted: boot {before} -> {after}', 'ko': '재부팅 완료: 부팅 {before} -> {after}'},
    'reboot.container': {'en': 'a container approximates a reboot: only a real or virtual machine proves it',
                         'ko': '컨테이너의 재부팅은 근사치이며, 실제 서버나 가상 머신에서만 입증됩니다'},
    'note.check': {'en': 'check mode: nothing was changed', 'ko': '점검 모드: 아무것도 변경하지 않았습니다'},
    'note.scan_error': {'en': 'not read: {path}: {reason}', 'ko': '읽지 못함: {path}: {reason}'},
    'note.remedy': {'en': '{role}: {note}', 'ko': '{role}: {note}'},
    'note.volatile': {'en': 'the journal is volatile (/run): history ends at the last boot',
                      'ko': '저널이 휘발성(/run)이므로 이번 부팅 이후의 기록만 있습니다'},
    'journey.remediate': {'en': 'remediation', 'ko': '조치'},
    'journey.verify': {'en': 'verification', 'ko': '검증'},
    'journey.scan': {'en': 'scan', 'ko': '탐지'},
    'journey.audit': {'en': 'audit', 'ko': '점검'},
    'summary': {'en': '{hosts} hosts: {clean} clean, {findings} with findings, {unseen} not seen. Files: {files}',
                'ko': '서버 {hosts}대: 정상 {clean}대, 확인 필요 {findings}대, 미접속 {unseen}대. 파일: {files}'},
}


def say(language, key, **values):
    """The text of a key in a language; unknown languages are an error of the caller (checked by the argument spec)."""
    text = WORDS[key][language]
    return text.format(**values) if values else text
