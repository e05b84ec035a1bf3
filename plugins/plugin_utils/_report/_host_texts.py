# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What code on hosts rarely says, for a Korean reader: damage of journal files, what programs refuse. Forms as in _module_texts.py."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

ON_HOSTS: dict[str, str] = {
    # Journal files, and what journalctl says of them
    'damaged: %s': '손상: {0}',
    'truncated': '파일이 잘림',
    'an entry is not where its list says': '항목이 목록에 적힌 위치에 없음',
    'an entry has no true time': '항목의 시각이 올바르지 않음',
    'an entry has no true size': '항목의 크기가 올바르지 않음',
    'an entry has lost its boot or its machine': '항목에 부팅 또는 서버 식별자 없음',
    'an entry does not hold the message that names it': '항목과 메시지의 연결이 맞지 않음',
    'a value has no true name': '값의 이름이 올바르지 않음',
    'a value has no true size': '값의 크기가 올바르지 않음',
    'a value is not where its entry says': '값이 항목에 적힌 위치에 없음',
    'a value names an entry that is none': '값이 가리키는 항목이 없음',
    'a list of entries breaks off': '항목 목록이 중간에 끊김',
    'a list of entries has no true size': '항목 목록의 크기가 올바르지 않음',
    'a list of entries is not in order': '항목 목록의 순서가 맞지 않음',
    'a list of entries names what is none': '항목 목록이 항목이 아닌 것을 가리킴',
    'a hash table lies outside of the file': '해시 테이블이 파일 범위를 벗어남',
    'its header counts an entry that is none': '헤더가 없는 항목을 가리킴',
    'its header does not know of its last entry': '헤더에 마지막 항목이 없음',
    'of a kind (flags %#x) that this scanner does not know': '지원하지 않는 형식(flags {0})',
    'the list of the values of a field leads astray': '필드의 값 목록이 잘못됨',
    'the table of values leads in a circle': '값 테이블이 순환함',
    'the table of fields leads astray': '필드 테이블이 잘못됨',
    'a compressed value cannot be unpacked (%s)': '압축된 값을 풀 수 없음({0})',
    'it holds compressed values: %s': '압축된 값이 있음: {0}',
    'an object of no known kind at byte %d': '{0}바이트 위치에 알 수 없는 객체',
    'cannot be mapped': '메모리에 올릴 수 없음',
    '%s, so journalctl does not open it': '{0}이므로 journalctl이 열지 못함',
    'its %d entries are lost': '항목 {0}건을 읽지 못함',
    'what journalctl can read of it was counted': 'journalctl로 읽을 수 있는 항목만 집계',
    'journalctl gave %d of the %d entries that it says it holds': 'journalctl이 기록된 {1}건 중 {0}건을 읽음',
    'journalctl gave all of the %d entries that it says it holds': 'journalctl이 기록된 {0}건을 모두 읽음',
    'journalctl gave %d of the %d entries that %d files say they hold: some are damaged, or hold the same':
        'journalctl이 파일 {2}개에 기록된 {1}건 중 {0}건만 읽음: 손상되었거나 중복된 파일 있음',
    'journalctl gave an entry a cursor that is none, so it is counted, and by the next scan again: %s':
        'journalctl이 올바르지 않은 커서를 반환하여 해당 항목은 이번에 집계되고 다음 스캔에서도 다시 집계됨: {0}',
    'Use logfile_scan for its log files.': '로그 파일은 logfile_scan으로 확인하십시오.',
    'no such directory; give the one that holds the *.journal files': '디렉터리 없음(*.journal 파일이 있는 디렉터리를 지정)',
    'no such file': '파일 없음',
    'journalctl was not found on this host: without a systemd journal there is no record of triggers.':
        '이 서버에 journalctl이 없습니다. systemd 저널이 없으면 발생 계기 기록도 없습니다.',
    '%s is not a valid trigger: give boot, login or unit:NAME.service': '{0}은(는) 올바른 발생 계기가 아님(boot, login, unit:이름.service 중 하나)',
    '%s is not a cursor of the journal': '{0}은(는) 저널 커서가 아님',
    'cursor: %s; give what an earlier scan returned, or none': 'cursor: {0}(이전 스캔이 반환한 값을 지정하거나 생략)',
    'cursor: not a cursor of logfile_scan; give what an earlier scan returned, or none':
        'cursor: logfile_scan의 커서가 아님(이전 스캔이 반환한 값을 지정하거나 생략)',
    'boot: %s is neither all, current nor a boot id of 32 hexadecimal digits; journalctl --list-boots shows the ids':
        'boot: {0}은(는) all, current, 32자리 16진수 부팅 ID가 아님(journalctl --list-boots로 확인)',
    'max_samples: must not be negative': 'max_samples: 음수일 수 없음',
    'boots and expect: not what journal_scan returns (%s)': 'boots와 expect: journal_scan이 반환한 값이 아님({0})',

    # Programs, times, the lock
    '%s within %g seconds and was killed': '{0}(제한 {1}초), 강제 종료함',
    '%s did not end': '{0}이(가) 끝나지 않음',
    '%s did not say anything': '{0}의 응답이 없음',
    '%s is not a time: write 2026-11-22T16:01:20+09:00, "2026-11-22 16:01:20" (local time of the host), 2026-11-22 or @1795363280':
        '{0}은(는) 시각이 아님(2026-11-22T16:01:20+09:00, "2026-11-22 16:01:20"(서버 현지 시각), 2026-11-22, @1795363280 형식으로 지정)',
    '%s is not text': '{0}은(는) 텍스트가 아님',
    'This run leaves a host that it did not hold: %s': '잠금 없이 서버 작업을 끝냄: {0}',
    'exemptions: each needs id, revision, match.regex and match.boot_seconds (%s).':
        'exemptions: 각 항목에 id, revision, match.regex, match.boot_seconds가 필요합니다({0}).',
    'Give what the filter loghygiene.rhel.alert_exemptions returns.': 'loghygiene.rhel.alert_exemptions 필터의 결과를 지정하십시오.',
    'Nothing was looked at.': '확인하지 않았습니다.',

    # Remedies
    'This host has no %s, so there is no /var/log/messages to keep clean.': '이 서버에 {0}이(가) 없어 정리할 /var/log/messages가 없습니다.',
    'Install rsyslog, or leave the host out of this.': 'rsyslog를 설치하거나 이 서버를 대상에서 제외하십시오.',
    'Install what is missing, or leave the host out of this.': '없는 것을 설치하거나 이 서버를 대상에서 제외하십시오.',
    'This host has no %s, which a syslog policy is made of.': 'syslog 정책에 필요한 {0}이(가) 이 서버에 없습니다.',
    'systemd to start rsyslogd': 'rsyslogd를 시작할 systemd',
    'items: the signature of %s is that of %s.': 'items: {0}의 시그니처가 {1}의 것입니다.',
    'It has a copy of a forwarder (%s), whose templates and modules may come later.':
        '전송 설정의 사본({0})이 있으며, 그 템플릿과 모듈이 뒤에 정의되어 있을 수 있습니다.',
    'With them: %s': '함께 검사한 결과: {0}',
    'remedy: some items ask for strip and some for restore_group, and an override holds for all groups of a file.':
        'remedy: strip과 restore_group이 섞여 있으나 재정의는 파일의 모든 그룹에 적용됩니다.',
    'Choose one for all.': '하나로 통일하십시오.',
    'it was ended by signal %d: %s': '시그널 {0}(으)로 종료됨: {1}',
    'names: %s is neither the name of a .desktop file nor an absolute path to one.': 'names: {0}은(는) .desktop 파일 이름이나 절대 경로가 아닙니다.',
    'it has no %s group': '{0} 그룹 없음',
    'a line that ends in a backslash hides the group header below it from systemd': '역슬래시로 끝나는 행 때문에 systemd가 다음 행의 그룹 헤더를 읽지 못함',
    'path: %s is not an absolute path.': 'path: {0}은(는) 절대 경로가 아닙니다.',
    'mode: %s is not of the form "0644".': 'mode: {0}은(는) "0644" 형식이 아닙니다.',
    'content: is missing for %s.': 'content: {0}에 쓸 내용이 없습니다.',
    'another character than those of base64': 'base64에 없는 문자가 있음',

    # rsyslogd
    'Nor would %s do: %s.': '{0}(으)로도 해결되지 않습니다: {1}.',
    'Rule %s: forward.tls.driver: before 8.2602, rsyslogd with ossl closes a descriptor twice whenever a connection ends, and may so close a '
    'log file or hang.': '규칙 {0}: forward.tls.driver: 8.2602 이전의 rsyslogd는 ossl을 쓰면 연결이 끝날 때 디스크립터를 두 번 닫아 로그 파일이 닫히거나 멈출 수 있습니다.',
    'Use gtls (package rsyslog-gnutls).': 'gtls(rsyslog-gnutls 패키지)를 사용하십시오.',
    '%s has parameters that two actions cannot share, and the policy has to write to %s, too.':
        '{0}에 두 동작이 함께 쓸 수 없는 매개변수가 있는데 정책도 {1}에 기록해야 합니다.',
    'Give the policy another file.': '정책에 다른 파일을 지정하십시오.',
    'The queues of forwards: %s': '전송 대기열: {0}',
    '%s would carry in full what this host masks: %s %s.': '{0}에 이 서버가 가리는 내용이 그대로 남게 됩니다: {1}이(가) {2}.',
    'rewrites messages behind it': '그 뒤에서 메시지를 바꿈',
    'has a template without the message': '메시지 본문이 없는 템플릿을 씀',
    'The forward of rule %s': '규칙 {0}의 전송',
    'The file %s of the policy': '정책의 파일 {0}',
    'Have it come in front of the line of %s that includes %s, or leave these messages out of it.':
        '{0}에서 {1}을(를) include하는 행 앞으로 옮기거나 해당 메시지를 빼십시오.',
    'Leave these messages out of it, because it cannot write them so.': '그렇게 기록할 수 없으므로 해당 메시지를 빼십시오.',
    'Two rules are called %s.': '이름이 {0}인 규칙이 두 개입니다.',
    'Rule %s: %s cannot stand in a configuration of rsyslogd as %s.': '규칙 {0}: {1}은(는) rsyslogd 설정의 {2}(으)로 쓸 수 없습니다.',
    '%s, line %d: %s%s': '{0} {1}행: {2}{3}',
    '%s, line %d: %s is %s, but rule %s asks for %s, and this rsyslogd has one for all.':
        '{0} {1}행: {2}이(가) {3}인데 규칙 {4}에는 {5}이(가) 필요하며, 이 rsyslogd는 하나만 쓸 수 있습니다.',
    'Make them the same.': '같은 값으로 맞추십시오.',
    'Rules with tls must have the same %s, because this rsyslogd (before 8.2108) has one for all; rule %s has another one.':
        '이 rsyslogd(8.2108 이전)는 하나만 쓸 수 있으므로 tls 규칙의 {0}이(가) 같아야 하는데 규칙 {1}이(가) 다릅니다.',
    '%s writes to %s under a condition that is more than a selector, so it cannot be told which messages would be in there twice.':
        '{0}이(가) 셀렉터보다 복잡한 조건으로 {1}에 기록하여 어떤 메시지가 중복될지 알 수 없습니다.',
    'Give it a selector, or the policy another file.': '셀렉터로 바꾸거나 정책에 다른 파일을 지정하십시오.',
    'Rule %s: other rules with separate select some of its messages for %s, and they cannot be in one file only.':
        '규칙 {0}: separate인 다른 규칙이 일부 메시지를 {1}에 두므로 한 파일에만 둘 수 없습니다.',
    'NAME.%08d has %s, and NAME.qi says that there are %d or more': 'NAME.{0}에는 {1}이(가) 있고 NAME.qi에는 {2}건 이상으로 기록됨',
    'it is in a ruleset that is named when the message comes': '메시지가 올 때 정해지는 ruleset 안에 있음',
    'it depends on more than a selector or a condition': '셀렉터나 조건 외의 것에 좌우됨',
    'it has characters beyond ASCII': 'ASCII가 아닌 문자가 있음',
    'rsyslogd reads no line as long as this one: %s...': 'rsyslogd가 읽을 수 없을 만큼 긴 행: {0}...',
    'rsyslog knows no string with a NUL byte.': 'rsyslog는 NUL 바이트가 있는 문자열을 처리하지 못합니다.',
    'it is in a ruleset that is not there': '없는 ruleset 안에 있음',
    'it is in a ruleset that is named later': '뒤에서 지정되는 ruleset 안에 있음',
    'it is in a ruleset that may change or stop messages (%s, line %d)': '메시지를 바꾸거나 멈출 수 있는 ruleset 안에 있음({0} {1}행)',
    'it is in a ruleset that writes on this host, too (%s, line %d)': '이 서버에도 기록하는 ruleset 안에 있음({0} {1}행)',
    'messages may be changed or stopped before it (%s, line %d)': '그 앞에서 메시지가 바뀌거나 멈출 수 있음({0} {1}행)',
    'an action of %s cannot be doubled': '{0} 동작은 복사할 수 없음',
    'two actions cannot share its %s': '{0}은(는) 두 동작이 함께 쓸 수 없음',
    'one takes over where another one fails, so they can only be moved as one': '하나가 실패하면 다른 하나가 대신하므로 함께 옮겨야 함',
    'it depends on %s (%s, line %d)': '{0}에 좌우됨({1} {2}행)',
    'The directory of diverted messages, %s, must be a plain absolute path.': '분리 보관 디렉터리 {0}은(는) 단순한 절대 경로여야 합니다.',
    'Cannot divert %s: its id must be lower-case words joined by hyphens.': '{0} 분리 불가: id는 소문자 단어를 하이픈으로 이은 것이어야 합니다.',
    'Cannot divert %s: key revision: must be a number.': '{0} 분리 불가: 키 revision은 숫자여야 합니다.',
    'Cannot divert %s: its disposition is %s, not divert.': '{0} 분리 불가: disposition이 divert가 아니라 {1}입니다.',
    'Cannot divert %s: key match.transport must name only %s.': '{0} 분리 불가: 키 match.transport에는 {1}만 지정할 수 있습니다.',
    'Cannot divert %s: key match.boot_seconds: rsyslogd cannot tell how long after a boot a message was written, so later ones would be moved '
    'as well.': '{0} 분리 불가: 키 match.boot_seconds: rsyslogd는 부팅 후 경과 시간을 알 수 없어 나중의 메시지까지 옮기게 됩니다.',
    'Cannot divert %s: what sudo logs is never moved.': '{0} 분리 불가: sudo 로그는 옮기지 않습니다.',
    'Cannot divert %s: without match.identifiers or match.comms any program could hide a line behind it.':
        '{0} 분리 불가: match.identifiers나 match.comms가 없으면 아무 프로그램이나 로그를 숨길 수 있습니다.',
    'Cannot divert %s: key match.literal holds a control character, which rsyslogd escapes in messages.':
        '{0} 분리 불가: 키 match.literal에 rsyslogd가 변환하는 제어 문자가 있습니다.',
    '%d test messages would be needed, and %d are tried at most': '시험 메시지 {0}건이 필요하나 최대 {1}건까지만 시험함',
    'not to the file that it is to be diverted to': '분리할 파일로 가지 않음',
    '%d times to files of the diversion': '분리 보관 파일에 {0}번',
    'It has a copy of what stands behind it (%s), whose templates and modules may come later.':
        '뒤에 있는 설정의 사본({0})이 있으며, 그 템플릿과 모듈이 뒤에 정의되어 있을 수 있습니다.',
    'Move it to a file that is read before.': '먼저 읽히는 파일로 옮기십시오.',
    '%s is read after %s, and messages that stop there would not be forwarded.': '{0}이(가) {1}보다 뒤에 읽혀, 거기서 멈춘 메시지가 전송되지 않습니다.',
    'Give them other names.': '다른 이름을 지정하십시오.',
    'wait: %d is too short, give a second at least.': 'wait: {0}은(는) 너무 짧습니다. 1초 이상으로 지정하십시오.',
    'received: there is no rule %s that forwards; there %s.': 'received: 전송하는 규칙 {0}이(가) 없습니다({1}).',
    'is none at all': '전송 규칙 없음',
    'Check mode: nothing was sent.': '체크 모드: 전송하지 않았습니다.',
    'syslog_probe needs root to look into the log files.': 'syslog_probe가 로그 파일을 확인하려면 root 권한이 필요합니다.',

    # logrotate
    'Put a copy of the file into %s, have %s include that instead, and run this again.':
        '파일의 사본을 {0}에 두고 {1}에서 그것을 include하게 한 뒤 다시 실행하십시오.',
    '%s is named elsewhere now.': '{0}은(는) 이제 다른 곳에 지정되어 있습니다.',
    'Name the logs there one by one, without this one, or choose another name for the log in the policy':
        '그곳의 로그를 이것을 빼고 하나씩 지정하거나 정책에서 다른 로그 이름을 사용하십시오',
    'Install logrotate anew, or set config.': 'logrotate를 다시 설치하거나 config를 지정하십시오.',
    'rules: the path %r is not an absolute path of letters, digits and ._@%+:,=- alone.': 'rules: 경로 {0}은(는) 영문자, 숫자, ._@%+:,=- 로 된 절대 경로가 아닙니다.',
    'Choose another name for the log.': '다른 로그 이름을 지정하십시오.',
    'rules: keep_days of %s is %s; give a number of days from 1 on.': 'rules: {0}의 keep_days가 {1}입니다. 1 이상의 일수를 지정하십시오.',
    'logrotate may keep files under names that only this tells: %s': 'logrotate 상태 파일 확인 불가: {0}',
    'cannot be read': '읽을 수 없음',
    'duplicate log entry for %s, which %s names first': '{0} 중복 지정({1}에서 먼저 지정)',
    'include nesting too deep': 'include 중첩이 너무 깊음',
    "keyword '%s' not properly separated": "지시어 '{0}'의 구분이 잘못됨",
    'argument expected after %s': '{0} 뒤에 값이 필요함',
    "bad value '%s' of %s": "{1}의 값 '{0}'이(가) 올바르지 않음",
    'su wants a user and a group': 'su에는 사용자와 그룹이 필요함',
    "missing '{' after log files definition": "로그 파일 지정 뒤에 '{{' 없음",
    "bad weekly directive '%s'": "weekly 지시어 '{0}'이(가) 올바르지 않음",
    "invalid mode '%s'": "권한 '{0}'이(가) 올바르지 않음",
    'unexpected text after }': '}} 뒤에 불필요한 텍스트가 있음',
    "unexpected } (missing previous '{')": "}}에 대응하는 '{{' 없음",
    'lines must begin with a keyword or a filename (possibly in double quotes)': '행은 지시어나 파일 이름으로 시작해야 함',
    'error verifying log file path %s': '로그 파일 경로 {0} 확인 오류',
    'error verifying olddir path %s': 'olddir 경로 {0} 확인 오류',
    'unexpected log filename': '로그 파일 이름이 올 수 없는 위치',
    'error parsing filename': '파일 이름 해석 오류',
    '%s may not appear inside of log file definition': '{0}은(는) 로그 파일 설정 안에 쓸 수 없음',
    'bad olddir path %s': 'olddir 경로 {0}이(가) 올바르지 않음',
    'olddir %s and log files in %s are on different devices': 'olddir {0}과(와) {1}의 로그 파일이 다른 장치에 있음',
    'prerotate, postrotate or preremove without endscript': 'prerotate, postrotate, preremove에 endscript 없음',

    # Signatures as a module is given them
    'a signature without the key id': 'id 키가 없는 시그니처',
    'not a regular expression: %s': '정규식이 아님: {0}',
    '%s: key %s: must be a text': '{0}: 키 {1}은(는) 텍스트여야 함',
    '%s: key match: must be a mapping': '{0}: 키 match는 매핑이어야 함',
    '%s: key match.literal: must be a text of %d characters or more, or a list of such': '{0}: 키 match.literal은 {1}자 이상의 텍스트나 그 목록이어야 함',
    '%s: key match.priority: must be one of %s': '{0}: 키 match.priority는 {1} 중 하나여야 함',
    '%s: key match.boot_seconds: must be a number of seconds, 1 or more': '{0}: 키 match.boot_seconds는 1 이상의 초여야 함',
    '%s: key match.uid: must be one of %s': '{0}: 키 match.uid는 {1} 중 하나여야 함',
    '%s: key match.regex: ran for more than %d seconds on one message, so it backtracks without end; begin or end what is repeated with a '
    'delimiter, as in (?:[^,]*,)* instead of (?:[^,]*)*':
        '{0}: 키 match.regex: 메시지 하나에 {1}초를 넘겨 실행됨(백트래킹). (?:[^,]*)* 대신 (?:[^,]*,)*처럼 반복 부분을 구분자로 시작하거나 끝내십시오',
    'points: %s has no point, and kinds does not say what to look at to find one': 'points: {0}에 기준 시점이 없고 kinds에도 확인할 대상이 없음',
}
