# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules say on a host, for a Korean reader. Pure.

Modules write English sentences of a fixed form into their results: why a log is not kept, what was not changed and what to
do. FORMS has the Korean of each; what it lacks is shown as it came, in brackets. A test holds the forms against the code.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import re
from functools import lru_cache

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import Language, say
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report._control_texts import ON_CONTROL, TOGETHER
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report._host_texts import ON_HOSTS
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.layout import when

# English as the code has it, a sentence each; {0} is what stands at the first placeholder.
FORMS: dict[str, str] = {
    **ON_HOSTS,
    **ON_CONTROL,

    # What a log is kept for
    'no line has a time in a form that is known here': '시각 형식을 알 수 있는 행이 없음',
    'the rules keep %s, %s are wanted': '설정상 {0} 보존(기준 {1})',
    '%s take %d bytes at this rate, the file system has room for %d: it is full before, in %s':
        '현재 증가율로 {0}치는 {1}바이트가 필요하나 파일 시스템 여유는 {2}바이트로, {3} 후 가득 참',
    'nothing is ever removed': '삭제 설정 없음(계속 보존)',
    'the rules keep %s': '설정상 {0} 보존',
    'the oldest line is of %s ago, and %s': '가장 오래된 행은 {0} 전, {1}',
    'there is no line yet; %s': '아직 기록된 행 없음, {0}',
    'the host is only %s old and has lines of %s; %s': '신규 서버(사용 {0}), 로그 {1}치 보유, {2}',
    'the oldest line is of %s ago, %s.': '가장 오래된 행은 {0} 전, {1}.',
    'Whether older ones were removed or never written cannot be told; certain in %s':
        '이전 로그가 삭제되었는지 원래 없었는지 알 수 없음({0} 후 확정)',
    'SystemMaxUse and SystemKeepFree leave it %d bytes': 'SystemMaxUse와 SystemKeepFree에 따른 한도 {0}바이트',
    'MaxRetentionSec removes files by their first entry, and a file may span MaxFileSec':
        'MaxRetentionSec은 파일의 첫 항목을 기준으로 삭제하며 파일 하나에 MaxFileSec만큼 담길 수 있음',
    'it may have %d files, and gets %.2f a day': '파일 수 한도 {0}개, 하루 {1}개 생성',
    'its limits are sizes, and its growth is not known yet': '한도가 크기로 정해져 있고 증가율을 아직 알 수 없음',
    'nothing was asked for': '보존 기준 없음',
    '%s: that is in a burst, as it is rotated by its size; at this rate it would keep enough':
        '{0}: 크기 기준 순환이므로 급증할 때의 값이며, 현재 증가율에서는 충분함',
    'But it grows until the disk is full: %s': '다만 디스크가 가득 찰 때까지 커집니다: {0}',
    'But %s': '다만 {0}',
    'Storage=none: the journal keeps nothing': 'Storage=none: 저널이 아무것도 보존하지 않음',
    '%s: all is lost at a reboot': '{0}: 재부팅하면 모두 사라짐',
    '%s and there is no %s': '{0}이고 {1} 디렉터리 없음',
    'no journal files of this host were found below %s': '{0} 아래에 이 서버의 저널 파일이 없음',
    '%s cannot be read': '{0} 읽기 불가',
    'run as root (become: true)': 'root로 실행(become: true)',
    '%s; run as root (become: true)': '{0}(root로 실행: become: true)',

    # Why a log is not rotated
    'logrotate is not installed': 'logrotate 미설치',
    'nothing starts logrotate: neither logrotate.timer nor cron.daily is active':
        'logrotate를 실행하는 것이 없음(logrotate.timer와 cron.daily 모두 비활성)',
    '%s starts logrotate': '{0}이(가) logrotate 실행',
    'whether something starts logrotate cannot be told without systemd': 'systemd가 없어 logrotate 실행 여부를 알 수 없음',
    '%s; it has not run yet': '{0}, 아직 실행된 적 없음',
    '%s; whether it ran, root can tell': '{0}, 실행 여부는 root만 확인 가능',
    '%s; it last ran %.1f days ago': '{0}, 마지막 실행 {1}일 전',
    '%s, so it does not run every day': '{0}, 따라서 매일 실행되지 않음',
    'no stanza of logrotate names it': '이 로그를 지정한 logrotate 설정 없음',
    'logrotate skips the stanza that names it (%s, line %d: %s)': 'logrotate가 이 로그의 설정을 건너뜀({0} {1}행: {2})',
    'it is not a regular file, so logrotate does not rotate it': '일반 파일이 아니므로 logrotate가 순환하지 않음',
    'it is rotated %d times, by the names that stanzas have for it: %s': '설정마다 경로가 달라 {0}번 순환됨: {1}',
    'rules: the path %r is not absolute.': 'rules: 경로 {0}이(가) 절대 경로가 아닙니다.',
    'Give the whole path of the log.': '로그의 전체 경로를 지정하십시오.',
    '%s: what it includes is read more than %d times, as files include each other again and again.':
        '{0}: 포함(include)하는 파일이 서로를 반복해서 포함하여 {1}번 넘게 읽힙니다.',
    'Take out these include lines.': '해당 include 행을 제거하십시오.',
    'it is a symbolic link, which logrotate does not rotate': '심볼릭 링크이므로 logrotate가 순환하지 않음',
    'it has several hard links, so logrotate does not rotate it': '하드 링크가 여러 개이므로 logrotate가 순환하지 않음',
    'others than root may write to %s, so logrotate refuses to rotate it without su':
        'root 외의 계정이 {0}에 쓸 수 있어 su 설정 없이는 logrotate가 순환을 거부함',
    'its rule says %s, but logrotate last rotated it %d days ago: "logrotate --debug %s" tells why':
        '설정은 {0}이지만 마지막 순환이 {1}일 전입니다. 원인은 "logrotate --debug {2}"로 확인하십시오',

    # Alerts
    '%s is %s, so alerts reach nobody: %s': '{0} 상태가 {1}이므로 경보가 아무에게도 전달되지 않음: {2}',
    '%s fails and is started again and again, so alerts reach nobody: journalctl -u %s tells why':
        '{0}이(가) 실패와 재시작을 반복하여 경보가 아무에게도 전달되지 않음: 원인은 journalctl -u {1}',
    '%s is %s, so alerts reach nobody: systemctl restart %s; journalctl -u %s tells why it ended':
        '{0} 상태가 {1}이므로 경보가 아무에게도 전달되지 않음: systemctl restart {2}, 종료 원인은 journalctl -u {3}',
    '%s is %s, so alerts end with the next boot: systemctl enable %s':
        '{0} 상태가 {1}이므로 다음 부팅부터 경보 중단: systemctl enable {2}',
    '%s changed and systemd does not know of it: systemctl daemon-reload, then systemctl restart %s':
        '{0}이(가) 변경되었으나 systemd에 반영되지 않음: systemctl daemon-reload 후 systemctl restart {1}',
    '%s does not run %s: take overrides away (systemctl cat %s) and %s':
        '{0}이(가) {1}을(를) 실행하지 않음: 재정의 설정을 제거(systemctl cat {2})한 뒤 {3}',
    '%s is not the program of this collection: %s': '{0}이(가) 이 컬렉션의 프로그램이 아님: {1}',
    '%s does not say what the policy says: %s': '{0} 내용이 정책과 다름: {1}',
    '%s is not there: %s': '{0} 없음: {1}',
    '%s was started %d times in %d minutes: journalctl -u %s tells why':
        '{0}이(가) {2}분 동안 {1}회 시작됨: 원인은 journalctl -u {3}',
    '%s cannot read the journal since %s (%s): mend the journal, or see journalctl -u %s':
        '{0}이(가) {1}부터 저널을 읽지 못함({2}): 저널을 복구하거나 journalctl -u {3} 확인',
    'rule %s: %d alerts wait for %s, the oldest since %s%s: mend that, they are sent then':
        '규칙 {0}: 경보 {1}건이 {2} 복구를 기다리는 중(가장 오래된 것 {3}{4}). 복구되면 전송됨',
    'rule %s: alerts go to the terminals of whoever is logged in, and to nobody else.':
        '규칙 {0}: 경보가 로그인한 사용자의 터미널에만 표시됩니다.',
    'Name addresses in alert.mail, or a command': 'alert.mail에 주소를 지정하거나 alert.command를 지정하십시오',
    'journalctl is not installed, so there is no journal to take alerts from: install systemd':
        'journalctl이 없어 경보를 읽어 올 저널이 없음: systemd 설치 필요',
    'the journal cannot be read or is empty (%s): see systemctl status systemd-journald':
        '저널을 읽을 수 없거나 비어 있음({0}): systemctl status systemd-journald 확인',
    'the journal cannot be read: %s': '저널을 읽을 수 없음: {0}',
    'journalctl shows nothing': 'journalctl 출력 없음',
    'rule %s: %s cannot be run, so its alerts reach nobody: %s':
        '규칙 {0}: {1}을(를) 실행할 수 없어 경보가 아무에게도 전달되지 않음: {2}',
    'rule %s: the mail server %s, port %d, does not take mail (%s): start it, or name another in alert.smtp':
        '규칙 {0}: 메일 서버 {1}(포트 {2})이(가) 메일을 받지 않음({3}): 서버를 시작하거나 alert.smtp에 다른 서버 지정',
    'it refuses both EHLO and HELO': 'EHLO와 HELO 모두 거부',
    '%s is not there, so the program never read the journal: journalctl -u %s tells why':
        '{0}이(가) 없으므로 프로그램이 저널을 읽은 적이 없음: 원인은 journalctl -u {1}',
    '%s is damaged (%s): systemctl restart %s': '{0} 손상({1}): systemctl restart {2}',
    '%s is installed and no rule of the policy alerts: %s': '{0}이(가) 설치되어 있으나 정책에 경보 규칙이 없음: {1}',
    'run the role syslog_policy': 'syslog_policy 역할 실행',
    'install a mail server such as postfix, or name one in alert.smtp':
        'postfix 등 메일 서버를 설치하거나 alert.smtp에 지정',
    'install it, or correct alert.command': '설치하거나 alert.command 수정',

    # Paths that root writes
    '%s, who owns %s (mode %04o), may put a link in the way': '{1}(권한 {2})의 소유자 {0}이(가) 경로에 링크를 만들 수 있음',
    'others than root may write to %s (owner %s, mode %04o) and put a link in the way':
        'root 외의 계정이 {0}(소유자 {1}, 권한 {2})에 써서 경로에 링크를 만들 수 있음',
    'others may create files in %s (owner %s, mode %04o) and be there first':
        '다른 계정이 {0}(소유자 {1}, 권한 {2})에 먼저 파일을 만들 수 있음',
    'it is a symbolic link to %s': '{0}(으)로 가는 심볼릭 링크임',
    'its symbolic links form a loop': '심볼릭 링크가 순환함',
    '%s is not a safe place for files that root writes: %s.': '{0}은(는) root가 기록하기에 안전하지 않은 위치입니다: {1}.',
    'Choose a path in a directory that only root may write to.': 'root만 쓸 수 있는 디렉터리의 경로를 지정하십시오.',

    # What was read of the logs
    '%s cannot be run: %s': '{0} 실행 불가: {1}',
    '%s cannot be run: %s.': '{0}을(를) 실행할 수 없습니다: {1}.',
    'damaged, and what could not be read was left out (journalctl: %s); journalctl --verify tells the file':
        '손상되어 읽을 수 없는 부분 제외(journalctl: {0}), 해당 파일은 journalctl --verify로 확인',
    'damaged: an entry could not be read and was left out; journalctl --verify tells more':
        '손상: 읽을 수 없는 항목 제외, 자세한 내용은 journalctl --verify로 확인',
    'this host keeps no journal, neither in %s nor in %s': '이 서버에는 저널이 없음({0}, {1} 모두)',
    'journalctl gave %d of the %d entries that the files say they hold: one is damaged, or two hold the same; journalctl --verify tells which':
        'journalctl이 파일에 기록된 {1}건 중 {0}건만 읽음: 손상되었거나 중복된 파일 있음(journalctl --verify로 확인)',
    'journalctl ended early, with status %d: what comes after was not read': 'journalctl이 상태 {0}(으)로 중단되어 이후 항목을 읽지 못함',
    'it has 0 bytes, as a full disk leaves a file: it holds no entry': '0바이트 파일(디스크가 가득 찬 흔적), 항목 없음',
    'nothing but NULs where its header should be, as a power failure leaves a file: no entry of it can be found':
        '헤더가 NUL로 채워진 파일(정전 흔적), 항목을 찾을 수 없음',
    'not a journal file': '저널 파일이 아님',
    'damaged: its header is not valid': '손상: 헤더가 올바르지 않음',
    'damaged: it points beyond its end': '손상: 파일 끝을 넘어서는 위치를 가리킴',
    'it ends too early': '중간에 끝난 파일',
    'it cannot be unpacked': '압축 해제 불가',
    'out of memory': '메모리 부족',
    'damaged data: it ends too early': '데이터 손상: 중간에 끝남',
    '%s calls it damaged (status %d)': '{0}이(가) 손상으로 판정(상태 {1})',
    'needs the command %s on this host: %s': '이 서버에 {0} 명령 필요: {1}',
    'needs the library %s on this host (%s)': '이 서버에 {0} 라이브러리 필요({1})',
    'not a regular file': '일반 파일이 아님',
    'none of its first %d lines begins with a known timestamp; it may not be a log':
        '처음 {0}행이 알려진 형식의 시각으로 시작하지 않음(로그가 아닐 수 있음)',
    '%d lines are longer than %d bytes; the rest of them was not examined': '{0}행이 {1}바이트보다 길어 나머지 부분은 확인하지 않음',
    '%d lines do not begin with a known timestamp; they were not examined': '{0}행은 알려진 형식의 시각으로 시작하지 않아 확인하지 않음',

    # Remedies and the policy: refusals, remedies for them, remarks
    'Nothing was changed.': '변경하지 않았습니다.',
    'Nothing was changed there.': '해당 위치는 변경하지 않았습니다.',
    'Nothing was sent.': '전송하지 않았습니다.',
    'Move it away.': '다른 곳으로 옮기십시오.',
    'Run it with become: true.': 'become: true로 실행하십시오.',
    'Run this again.': '다시 실행하십시오.',
    'Run the proof again.': '검증을 다시 실행하십시오.',
    'Fix that first.': '먼저 해결하십시오.',
    'Install rsyslog, or leave this host out of it.': 'rsyslog를 설치하거나 이 서버를 대상에서 제외하십시오.',
    'Install logrotate.': 'logrotate를 설치하십시오.',
    'Start it, or leave the host out of this.': '시작하거나 이 서버를 대상에서 제외하십시오.',
    'Leave the host out of it.': '이 서버를 대상에서 제외하십시오.',
    '%s needs root to %s.': '{0}: root 권한이 필요합니다({1}).',
    'edit autostart files': '자동 시작 파일 수정',
    'write to /etc/tmpfiles.d': '/etc/tmpfiles.d에 기록',
    'configure rsyslog': 'rsyslog 설정',
    '%s needs root to configure rsyslog.': '{0} 역할이 rsyslog를 설정하려면 root 권한이 필요합니다.',
    'This host has no logrotate, so files with diverted messages would grow without end.':
        '이 서버에 logrotate가 없어 분리 보관 파일이 계속 커집니다.',
    'Nothing is diverted, because %s.': '분리하지 않았습니다: {0}.',
    'No policy is put in place, because %s.': '정책을 적용하지 않았습니다: {0}.',
    'The policy is in place, but not every message is where it belongs: %s':
        '정책이 적용되었으나 정해진 위치에 기록되지 않은 메시지가 있습니다: {0}',
    'Cannot read %s: %s.': '{0} 읽기 실패: {1}.',
    'Cannot write %s: %s.': '{0} 쓰기 실패: {1}.',
    'Cannot remove %s: %s.': '{0} 삭제 실패: {1}.',
    'Cannot create the directory %s: %s.': '{0} 디렉터리 생성 실패: {1}.',
    'Cannot keep a copy of %s at %s: %s.': '{0}의 사본을 {1}에 보관하지 못했습니다: {2}.',
    'Cannot keep a copy of %s: %s': '{0}의 사본을 보관하지 못했습니다: {1}',
    '%s was not written by this collection, or its first line was changed.':
        '{0}은(는) 이 컬렉션이 만든 파일이 아니거나 첫 행이 변경되었습니다.',
    '%s is a %s, not a regular file.': '{0}은(는) 일반 파일이 아닙니다({1}).',
    'Another run changes this host (%s), and did not end within %d seconds.':
        '다른 실행({0})이 이 서버를 변경하고 있으며 {1}초 안에 끝나지 않았습니다.',
    'Another run changes this host (%s is locked), and did not end within %d seconds.':
        '다른 실행이 이 서버를 변경하고 있으며({0} 잠김) {1}초 안에 끝나지 않았습니다.',
    'If that run is dead, its hold ends %d minutes after its last step.':
        '그 실행이 이미 중단되었다면 마지막 작업 {0}분 후에 잠금이 풀립니다.',
    'The lock of this host cannot be taken: %s': '이 서버의 잠금을 얻을 수 없습니다: {0}',
    'rsyslogd refuses the configuration in %s as it is, without %s: %s.':
        'rsyslogd가 {1} 없이 현재 상태의 {0} 설정을 거부합니다: {2}.',
    'rsyslogd complains of the configuration in %s as it is, and runs with it: %s':
        'rsyslogd가 현재 {0} 설정에 대해 경고하지만 그대로 동작합니다: {1}',
    'rsyslogd skips text in %d more lines.': 'rsyslogd가 무시하는 내용이 있는 행이 {0}개 더 있습니다.',
    'rsyslogd has %d more complaints of it.': 'rsyslogd의 오류 메시지가 {0}건 더 있습니다.',
    '%s, line %d: rsyslogd skips what begins no statement there: %s':
        '{0} {1}행: 문장의 시작이 아닌 문자를 rsyslogd가 건너뜁니다: {2}',
    'rsyslogd refuses the configuration in %s together with the new %s: %s.':
        'rsyslogd가 새 {1}을(를) 포함한 {0} 설정을 거부합니다: {2}.',
    'rsyslogd was not restarted since %s changed.': '{0} 변경 이후 rsyslogd가 재시작되지 않았습니다.',
    'rsyslogd was not restarted since its drop-ins changed.': 'drop-in 변경 이후 rsyslogd가 재시작되지 않았습니다.',
    'rsyslogd was not started, because %s.': 'rsyslogd를 시작하지 않았습니다: {0}.',
    'It reads its new drop-ins when you start it.': '시작하면 새 drop-in을 읽습니다.',
    '%s is masked (systemctl unmask %s)': '{0}이(가) mask 상태입니다(systemctl unmask {1})',
    'there is no %s (install rsyslog)': '{0} 없음(rsyslog 설치 필요)',
    '%s is stopped%s (systemctl enable --now %s)': '{0} 중지됨{1}(systemctl enable --now {2})',
    'and disabled': '및 비활성(disabled)',
    '%s runs, but is disabled, so after the next boot no log files are written.':
        '{0}은(는) 실행 중이나 비활성(disabled)이므로 다음 부팅 이후 로그 파일이 기록되지 않습니다.',
    'To change that: systemctl enable %s': '해결: systemctl enable {0}',
    'It is not known whether the diversion works%s, because rsyslogd could not show it: %s.':
        '분리 동작을 rsyslogd로 확인하지 못했습니다{0}: {1}.',
    'a private rsyslogd needs a directory in /run: %s': '시험용 rsyslogd에 필요한 /run 디렉터리를 만들 수 없음: {0}',
    'a private rsyslogd cannot be run: %s': '시험용 rsyslogd 실행 불가: {0}',
    'a private rsyslogd ended at once': '시험용 rsyslogd가 바로 종료됨',
    'a private rsyslogd took more than %d seconds': '시험용 rsyslogd가 {0}초를 초과함',
    '%s is no longer diverted, because its signature is not known any more.':
        '{0}: 시그니처가 더 이상 없어 분리를 해제했습니다.',
    'The diversion is in %s, because of what comes before %s is read: %s.':
        '{1}보다 먼저 처리되는 설정 때문에 {0}에 분리 설정을 두었습니다: {2}.',
    'Log files that are written there do not get diverted messages any more.':
        '그 설정이 기록하는 로그 파일에는 분리된 메시지가 더 이상 기록되지 않습니다.',
    '%s, line %d: %s comes after the diversion, so diverted messages are sent there first, by a copy of it.':
        '{0} {1}행: {2}이(가) 분리 설정 뒤에 있어, 복사한 설정으로 분리 전에 먼저 전송합니다.',
    '%s, line %d: %s comes behind the stop of the policy, so it gets what stops there by a copy.':
        '{0} {1}행: {2}이(가) 정책의 stop 뒤에 있어, 복사한 설정으로 먼저 전달합니다.',
    'Run this again when you change it.': '그 설정을 바꾸면 다시 실행하십시오.',
    'The copy has its own queue, %s.*, with the same limits: the two may take twice the disk.':
        '복사한 설정에는 한도가 같은 별도의 대기열({0}.*)이 있어 둘을 합하면 디스크를 두 배까지 쓸 수 있습니다.',
    '%s.* holds %s messages that nothing sends any more.': '{0}.*에 더 이상 전송되지 않는 메시지 {1}건이 남아 있습니다.',
    'They waited for a collector when the copy of its forwarder went.': '수집 서버로 보내려고 대기하던 중에 전송 설정의 복사본이 없어졌습니다.',
    'The log files of this host have them.': '이 서버의 로그 파일에는 기록되어 있습니다.',
    'Put the copy back to have them sent, or remove the files of the queue.': '전송하려면 복사본을 다시 적용하고, 필요 없으면 대기열 파일을 삭제하십시오.',
    'Rule %s forwards by UDP: what is sent while the collector is down is lost.':
        '규칙 {0}은(는) UDP로 전송하므로 수집 서버가 중단된 동안 보낸 메시지는 유실됩니다.',
    '%d messages (%d of %d bytes) wait on disk for the collector %s of rule %s.':
        '규칙 {4}의 수집 서버 {3}(으)로 보낼 메시지 {0}건({2}바이트 중 {1}바이트)이 디스크에서 대기 중입니다.',
    'When all is full, no more is forwarded.': '가득 차면 더 이상 전송되지 않습니다.',
    '%s/%s* holds messages of a forward that is no more.': '{0}/{1}*에 더 이상 쓰지 않는 전송 규칙의 메시지가 남아 있습니다.',
    'Nothing sends them; remove them if they are not needed.': '전송되지 않으므로 필요 없으면 삭제하십시오.',
    '%s holds %d queues of forwards that were broken.': '{0}에 손상되었던 전송 대기열 {1}개가 있습니다.',
    'What they hold was not sent.': '그 내용은 전송되지 않았습니다.',
    'Remove them if they are not needed.': '필요 없으면 삭제하십시오.',
    '%s.qi is damaged': '대기열 상태 파일({0}.qi) 손상',
    '%s.qi says that it is read behind its end': '대기열 상태 파일({0}.qi)의 읽기 위치가 끝을 넘음',
    '%s.qi says that it holds %d messages, and its files have %d': '대기열 상태 파일({0}.qi)에는 {1}건, 실제 파일에는 {2}건',
    '%s.qi is gone, and its files have %d messages': '대기열 상태 파일({0}.qi)이 없고 파일에 {1}건이 있음',
    '%s names %s again, after a package update or an edit; it was taken out once more.':
        '패키지 업데이트나 수정으로 {0}에 {1}이(가) 다시 지정되어 다시 제외했습니다.',
    '%s has %d rotated files of another form, such as %s, which logrotate no longer removes.':
        '{0}에 logrotate가 더 이상 삭제하지 않는 다른 형식의 순환 파일이 {1}개 있습니다(예: {2}).',
    'Remove them when they are old enough.': '보존 기간이 지나면 삭제하십시오.',
    '%s.rpmnew is there: the package has a newer %s than the one that was edited.':
        '{0}.rpmnew가 있습니다. 패키지에 수정된 것보다 새로운 {1}이(가) 있습니다.',
    'Compare them.': '비교하십시오.',
    '%s was changed since %s was taken out of it, so only that was undone.':
        '{1}을(를) 제외한 뒤 {0}이(가) 변경되어 그 부분만 되돌렸습니다.',
    'logrotate complains of the configuration in %s also without this change: %s.':
        '이 변경이 없어도 logrotate가 {0} 설정에 오류를 보고합니다: {1}.',
    'logrotate refuses the configuration in %s as it would be: %s.': '변경될 {0} 설정을 logrotate가 거부합니다: {1}.',
    'logrotate is not installed, so nothing rotates or removes logs.': 'logrotate가 없어 로그가 순환되거나 삭제되지 않습니다.',
    '%s still leaves out the ACL entries of %s, which this host has: undo the override if that group shall have its access back.':
        '이 서버에 {1} 그룹이 있으나 {0}은(는) 여전히 그 ACL을 제외합니다. 접근 권한을 되돌리려면 재정의를 해제하십시오.',
    '%s replaces %s, which is gone: remove the override.': '{0}이(가) 재정의하던 {1}이(가) 없어졌습니다. 재정의를 제거하십시오.',
    '%s was written by loghygiene and edited since: it stays.': '{0}은(는) loghygiene가 만든 뒤 수정되어 그대로 둡니다.',
    'Remove it by hand.': '직접 삭제하십시오.',
    '%s was edited since its original was kept: it stays.': '{0}은(는) 원본 보관 이후 수정되어 그대로 둡니다.',
    '%s is as this collection wrote it, but its original %s is gone, damaged or another one: it stays.':
        '{0}은(는) 이 컬렉션이 쓴 그대로이나 원본 {1}이(가) 없거나 손상되었거나 달라 그대로 둡니다.',
    'Restore that from a backup, or bring back by hand what the file was, and remove that.':
        '원본을 백업에서 복원하거나, 파일을 직접 되돌린 뒤 그 원본을 삭제하십시오.',
    'What this host kept in %s is gone, so files that were edited may be so still.':
        '서버가 {0}에 보관한 내용이 없어, 수정된 파일이 그대로 남아 있을 수 있습니다.',
    'Look at them, and bring back by hand what they were.': '해당 파일을 확인하고 직접 되돌리십시오.',
    '%s was written anew since its original was kept.': '{0}은(는) 원본 보관 이후 새로 작성되었습니다.',
    'So what is there now comes back with a rollback, and the earlier original is kept as %s.':
        '따라서 롤백하면 지금 내용으로 돌아가며, 이전 원본은 {0}에 보관됩니다.',
    '%s is as somebody last wrote it.': '{0}을(를) 마지막으로 작성된 내용으로 되돌렸습니다.',
    'What it was before is in %s.': '그 이전 내용은 {0}에 있습니다.',
    'Compare them, and remove what nobody needs.': '비교한 뒤 필요 없는 것은 삭제하십시오.',
    '%s was a link to %s and is a file of its own now; what it led to is as it was.':
        '{0}은(는) {1} 링크였으나 이제 독립된 파일입니다. 링크 대상은 그대로입니다.',
    '%s lasts until the next boot only: see to what writes it.': '{0}은(는) 다음 부팅까지만 유지됩니다. 생성하는 쪽을 수정하십시오.',
    '%s changed since it was overridden.': '재정의한 뒤 {0}이(가) 변경되었습니다.',
    'The override was made anew.': '재정의를 새로 만들었습니다.',
    '%s has ACL entries of groups that this host does not have.': '{0}에 이 서버에 없는 그룹의 ACL 항목이 있습니다.',
    'Correct it, or move it away and run this again.': '수정하거나 다른 곳으로 옮긴 뒤 다시 실행하십시오.',
    '%s hides what is new there until the remedy is applied again.': '조치를 다시 적용할 때까지 {0}이(가) 새 내용을 가립니다.',
    'It needs no override any more, and that was removed.': '더 이상 재정의가 필요 없어 제거했습니다.',
    'There is no %s in tmpfiles.d on this host, so nothing had to be done.': '이 서버의 tmpfiles.d에 {0}이(가) 없어 조치할 것이 없습니다.',
    '%s has no line %s, so nothing had to be done.': '{0}에 {1} 행이 없어 조치할 것이 없습니다.',
    '%s has systemd-sysusers make group %s again, with %s, when a package brings a file of sysusers.d, or at a boot after an update.':
        '{0}에 따라 sysusers.d 파일이 있는 패키지를 설치할 때나 업데이트 후 부팅할 때 systemd-sysusers가 {1} 그룹을 다시 만듭니다({2}).',
    'number %d': '번호 {0}',
    'any number that is free': '비어 있는 임의의 번호',
    'Make the group again now (tmpfiles_acl_remedy restore_group), or override that file in /etc/sysusers.d.':
        '지금 그룹을 복원하거나(tmpfiles_acl_remedy: restore_group) /etc/sysusers.d에서 그 파일을 재정의하십시오.',
    'ACL entries for number %d, which group %s had, are still on %d files and directories below %s.':
        '{3} 아래의 파일과 디렉터리 {2}개에 삭제된 {1} 그룹의 번호 {0}에 대한 ACL 항목이 남아 있습니다.',
    'Whoever gets that number may read them.': '이 번호를 받는 그룹이 읽을 수 있게 됩니다.',
    'Group %s has that number now, and may read them.': '지금은 {0} 그룹이 이 번호를 사용하므로 읽을 수 있습니다.',
    'To remove them, run %s.': '제거하려면 실행: {0}.',
    'To remove them, run %s, or set tmpfiles_acl_remove_stale.': '제거하려면 다음을 실행하거나 tmpfiles_acl_remove_stale을 설정하십시오: {0}.',
    'ACL entries for number %d, which group %s had, were on %d files and directories below %s.':
        '{3} 아래의 파일과 디렉터리 {2}개에 삭제된 {1} 그룹의 번호 {0}에 대한 ACL 항목이 있었습니다.',
    'They are removed from %d of these, and no rollback brings them back.': '그중 {0}개에서 제거 대상이며 되돌리기로 복원되지 않습니다.',
    'Only %d files and directories below %s were looked at for ACL entries of group %s.':
        '{2} 그룹의 ACL 항목은 {1} 아래의 파일과 디렉터리 {0}개까지만 확인했습니다.',
    'The ACL of %s changed while it was looked at.': '확인하는 동안 {0}의 ACL이 바뀌었습니다.',
    'Cannot change the ACL of %s: %s.': '{0}의 ACL 변경 실패: {1}.',
    'systemd-tmpfiles is not installed: nothing on this host reads tmpfiles.d, so this remedy has nothing to mend.':
        'systemd-tmpfiles가 없어 이 서버에서 tmpfiles.d를 읽는 것이 없으므로 조치할 것이 없습니다.',
    'systemd-tmpfiles could not check what would be written: %s.': 'systemd-tmpfiles로 변경 내용을 검사하지 못했습니다: {0}.',
    'gnome-software is no longer started by itself, so nobody is told of updates on the desktop.':
        'gnome-software가 저절로 시작되지 않으므로 데스크톱에 업데이트 알림이 표시되지 않습니다.',
    'Updates are made by hand or by a patch process: record that as the manual-patch exception (ISMS-P 2.10.8).':
        '업데이트는 수동으로 또는 패치 절차로 적용되므로 수동 패치 예외로 기록하십시오(ISMS-P 2.10.8).',
    'The bus of a session is dbus-broker here, which logs an error at each login for a service that is overridden, so a person who opens %s '
    'still starts it.': '이 서버의 세션 버스는 재정의한 서비스마다 로그인할 때 오류를 기록하는 dbus-broker이므로, 사용자가 {0}을(를) 직접 열면 시작됩니다.',
    'With dbus_always it is overridden nevertheless.': '그래도 재정의하려면 dbus_always를 사용하십시오.',
    'Cannot override %s: %s.': '{0}을(를) 재정의하지 못했습니다: {1}.',
    'dbus_names: %s is not a name on the D-Bus, such as org.gnome.Software.': 'dbus_names: {0}은(는) org.gnome.Software와 같은 D-Bus 이름이 아닙니다.',
    'search_providers: %s is not the name of an .ini file.': 'search_providers: {0}은(는) .ini 파일 이름이 아닙니다.',
    'settings: %s is not a key of dconf, such as /org/gnome/software/allow-updates.':
        'settings: {0}은(는) /org/gnome/software/allow-updates와 같은 dconf 키가 아닙니다.',
    "settings: %s is not a value: give true, false, a number, or a text in single quotes ('...').":
        "settings: {0}은(는) 값이 아닙니다. true, false, 숫자 또는 작은따옴표로 묶은 텍스트('...')를 지정하십시오.",
    'No program on this host has the setting %s, so it is left out.': '이 서버에 {0} 설정이 있는 프로그램이 없어 제외했습니다.',
    'This host has no dconf, so there are no settings to lock.': '이 서버에 dconf가 없어 잠글 설정이 없습니다.',
    '%s does not name system-db:local, so no program would read the settings, and none were locked.':
        '{0}에 system-db:local이 없어 설정을 읽는 프로그램이 없으므로 잠그지 않았습니다.',
    'dconf cannot make a database of %s: %s.': 'dconf로 {0}의 데이터베이스를 만들 수 없습니다: {1}.',
    'Mend what it names.': '메시지에 나온 파일을 수정하십시오.',
    'dconf update fails: %s.': 'dconf update 실패: {0}.',
    'Mend what it names, and run this again.': '메시지에 나온 파일을 수정한 뒤 다시 실행하십시오.',
    'package: %s is not the name of a package.': 'package: {0}은(는) 패키지 이름이 아닙니다.',
    'package: %s cannot be removed alone: %s.': 'package: {0}만 따로 제거할 수 없습니다: {1}.',
    'Leave remove_package out.': 'remove_package를 제외하십시오.',
    'rpm cannot remove the package %s: %s.': 'rpm으로 {0} 패키지를 제거하지 못했습니다: {1}.',
    'Run this again, or leave remove_package out.': '다시 실행하거나 remove_package를 제외하십시오.',
    'The package %s is not installed, and is not brought back by this: install it with dnf or yum.':
        '{0} 패키지가 설치되어 있지 않으며 되돌리기로 복원되지 않습니다. dnf 또는 yum으로 설치하십시오.',
    'No autostart file of %s exists on this host, so nothing starts it at login.':
        '이 서버에 {0} 자동 시작 파일이 없어 로그인할 때 시작되지 않습니다.',
    'the program': '해당 프로그램',
    'Groups that were made stay, for files and users may have them by now.': '만든 그룹은 이미 파일이나 사용자가 쓰고 있을 수 있으므로 그대로 둡니다.',
    'groups: %r is not the name of a group.': 'groups: {0}은(는) 그룹 이름이 아닙니다.',
    'gids: %s is not the number of a group.': 'gids: {0}은(는) 그룹 번호가 아닙니다.',
    'groupadd is not installed (package shadow-utils), so no group can be created.': 'groupadd(shadow-utils 패키지)가 없어 그룹을 만들 수 없습니다.',
    'groupadd cannot create group %s: %s': 'groupadd로 {0} 그룹을 만들지 못했습니다: {1}',
    'Cannot disable %s: %s.': '{0}을(를) 비활성화하지 못했습니다: {1}.',

    # The proof of the policy
    '%s does not exist: it should have %s.': '{0}이(가) 없습니다. {1}이(가) 있어야 합니다.',
    '%s lacks %s.': '{0}에 {1}이(가) 없습니다.',
    'lacks them': '해당 메시지 없음',
    'does not exist': '존재하지 않음',
    '%s has %s, which must not be there.': '{0}에 있으면 안 되는 {1}이(가) 있습니다.',
    '%s has %s more than once.': '{0}에 {1}이(가) 두 번 이상 있습니다.',
    '%s did not arrive where rule %s forwards to: %s %s.': '{0}이(가) 규칙 {1}의 전송 대상에 도착하지 않았습니다: {2} {3}.',
    'None of the %d messages arrived in any file.': '메시지 {0}건이 어느 파일에도 도착하지 않았습니다.',
    'Does rsyslogd run (systemctl status rsyslog)?': 'rsyslogd 실행 여부를 확인하십시오(systemctl status rsyslog).',
    'Run the proof again when the host is quieter.': '서버가 한가할 때 검증을 다시 실행하십시오.',
    'It is not known which of them the journal received: %s.': '저널이 그중 얼마나 받았는지 알 수 없습니다: {0}.',

    # The run itself
    'the logs can only be read whole by root.': '로그 전체는 root만 읽을 수 있습니다.',
    'Run with become (become: true, or --become --ask-become-pass); nothing was changed.':
        'become으로 실행하십시오(become: true 또는 --become --ask-become-pass). 변경하지 않았습니다.',
    'journalctl is not installed, so there is no journal to read.': 'journalctl이 없어 읽을 저널이 없습니다.',
    'This collection is for hosts that run systemd; nothing was changed.':
        '이 컬렉션은 systemd를 사용하는 서버용입니다. 변경하지 않았습니다.',
    'journalctl was not found on this host: it has no systemd journal.': '이 서버에 journalctl이 없습니다(systemd 저널 없음).',

    # Files, the lock
    '%s is a directory.': '{0}은(는) 디렉터리입니다.',
    '%s exists and is not a directory.': '{0}이(가) 있으나 디렉터리가 아닙니다.',
    '%s is not a directory': '{0}은(는) 디렉터리가 아님',
    '%s is not a regular file.': '{0}은(는) 일반 파일이 아닙니다.',
    'path: %s is a %s, not a file, link or directory.': '{0}은(는) 파일, 링크, 디렉터리가 아닙니다({1}).',
    '%s was not written by this collection, so it stays.': '{0}은(는) 이 컬렉션이 만든 파일이 아니므로 그대로 둡니다.',
    '%s does not accept what %s would hold: %s.': '{0} 검사에서 {1}의 새 내용이 거부되었습니다: {2}.',
    '%s was left behind by a run that was killed, and %s removed.': '강제 종료된 실행이 남긴 {0} 제거({1}).',
    'was': '완료',
    'were': '완료',
    'would be': '예정',
    'On the disk, %s.': '디스크 상태: {0}.',
    '%s no longer exists': '{0} 없음',
    '%s is unchanged': '{0} 변경 전 그대로',
    '%s has its new content': '{0} 새 내용',
    '%s has another content': '{0} 다른 내용',
    'Cannot set owner and mode of the directory %s: %s.': '{0} 디렉터리의 소유자와 권한을 설정하지 못했습니다: {1}.',
    'Cannot remove the directory %s: %s.': '{0} 디렉터리 삭제 실패: {1}.',
    'Cannot make %s a symbolic link to %s: %s.': '{0}을(를) {1} 심볼릭 링크로 만들지 못했습니다: {2}.',
    'Cannot remove %s, which a run that was killed left behind: %s.': '강제 종료된 실행이 남긴 {0} 삭제 실패: {1}.',
    '%s was %s, but its directory %s cannot be synced: %s.': '{0} 작업({1})은 끝났으나 {2} 디렉터리를 디스크에 동기화하지 못했습니다: {3}.',
    'The change may not survive a power cut.': '정전 시 변경 내용이 사라질 수 있습니다.',
    '%s cannot be examined, so it is not known whether it is safe: %s.': '{0}을(를) 확인할 수 없어 안전한지 알 수 없습니다: {1}.',
    'Choose a path in a directory that only root may write to, or run: chown root %s': 'root만 쓸 수 있는 디렉터리를 지정하거나 실행: chown root {0}',
    'Choose a path in a directory that only root may write to, or run: chmod go-w %s': 'root만 쓸 수 있는 디렉터리를 지정하거나 실행: chmod go-w {0}',
    'Fix the links': '링크를 수정하십시오',
    'Choose another path': '다른 경로를 지정하십시오',
    'Name the file itself': '파일 자체를 지정하십시오',
    'This run held the host, but took no step for %d minutes, and lost it to another one.':
        '이 실행은 {0}분 동안 진행이 없어 서버 잠금을 다른 실행에 넘겼습니다.',
    'Run it again.': '다시 실행하십시오.',
    'The lock of this host cannot be taken: %s is not a file of this collection.': '이 서버의 잠금을 얻을 수 없습니다: {0}은(는) 이 컬렉션의 파일이 아닙니다.',
    'It needs root (become: true).': 'root 권한이 필요합니다(become: true).',
    'a run of Ansible': 'Ansible 실행',
    'Run this with become: true.': 'become: true로 실행하십시오.',

    # Restarts of rsyslogd
    'rsyslogd did not start with the new %s, although it had found the configuration valid.':
        'rsyslogd가 설정 검사는 통과했으나 새 {0}(으)로 시작되지 않았습니다.',
    'The drop-ins were put back to what they were, and rsyslogd runs again.': 'drop-in을 이전 상태로 되돌렸으며 rsyslogd가 다시 실행 중입니다.',
    'The drop-in was put back to what it was, and rsyslogd runs again.': 'drop-in을 이전 상태로 되돌렸으며 rsyslogd가 다시 실행 중입니다.',
    'The drop-ins were put back to what they were, and rsyslogd still does not start: THIS HOST WRITES NO LOG FILES.':
        'drop-in을 이전 상태로 되돌렸으나 rsyslogd가 시작되지 않습니다. 이 서버는 로그 파일을 기록하지 않는 상태입니다.',
    'The drop-in was put back to what it was, and rsyslogd still does not start: THIS HOST WRITES NO LOG FILES.':
        'drop-in을 이전 상태로 되돌렸으나 rsyslogd가 시작되지 않습니다. 이 서버는 로그 파일을 기록하지 않는 상태입니다.',
    'Neither with the former %s, so there is none now, and rsyslogd runs again.': '이전 drop-in {0}(으)로도 시작되지 않아 제거했으며 rsyslogd가 다시 실행 중입니다.',
    'Neither with the former %s, so there is none now, and rsyslogd still does not start: THIS HOST WRITES NO LOG FILES.':
        '이전 drop-in {0}(으)로도 시작되지 않아 제거했으나 rsyslogd가 시작되지 않습니다. 이 서버는 로그 파일을 기록하지 않는 상태입니다.',
    'one': '1개',
    'ones': '여러 개',
    '%s %s put back, too.': '{0}도 복원({1}).',
    'See journalctl -u %s.': 'journalctl -u {0}을(를) 확인하십시오.',
    'See systemctl status %s.': 'systemctl status {0}을(를) 확인하십시오.',
    'rsyslogd did not start with the new drop-ins, and the former ones cannot be put back.':
        'rsyslogd가 새 drop-in으로 시작되지 않았고 이전 drop-in도 되돌리지 못했습니다.',
    'rsyslogd was not restarted, or it is not known whether it runs: %s.': 'rsyslogd를 재시작하지 못했거나 실행 여부를 알 수 없습니다: {0}.',
    'A broken queue cannot be moved to %s: %s.': '손상된 대기열을 {0}(으)로 옮기지 못했습니다: {1}.',
    'rsyslogd is not installed, so it cannot be configured.': 'rsyslogd가 설치되어 있지 않아 설정할 수 없습니다.',
    'rsyslogd -v does not tell its version: %s.': 'rsyslogd -v로 버전을 알 수 없습니다: {0}.',
    '%s, line %d: rsyslogd drops the privileges of root (%s), so it could not make the file for %s and they would be in no file at all.':
        '{0} {1}행: rsyslogd가 root 권한을 내려놓으므로({2}) {3} 파일을 만들 수 없고, 해당 메시지가 어느 파일에도 기록되지 않습니다.',
    'Remove that statement, or do not use this.': '그 설정을 제거하거나 이 기능을 쓰지 마십시오.',
    'rsyslogd cannot include files below %s.': 'rsyslogd가 {0} 아래의 파일을 include할 수 없습니다.',
    'Set remote_tmp to a plain path.': 'remote_tmp를 단순한 경로로 지정하십시오.',
    'Cannot write a copy of the configuration to %s, to have it validated: %s.': '검사용 설정 사본을 {0}에 쓰지 못했습니다: {1}.',
    '%s, line %d: cannot follow this include: %s.': '{0} {1}행: include를 따라갈 수 없습니다: {2}.',
    'Write the path of its files in plain text.': '파일 경로를 그대로 적으십시오.',
    '%s does not include %s, so rsyslogd would never read it.': '{0}에 {1} include가 없어 rsyslogd가 읽지 않습니다.',
    'Add this line in front of its rules: $IncludeConfig /etc/rsyslog.d/*.conf.': '규칙 앞에 다음 행을 추가하십시오: $IncludeConfig /etc/rsyslog.d/*.conf.',
    '%s includes %s inside a condition or a ruleset, where not every message comes by.':
        '{0}이(가) 조건이나 ruleset 안에서 {1}을(를) include하여 모든 메시지가 지나지 않습니다.',
    'Include it outside of them.': '그 밖에서 include하십시오.',
    '%s, line %d: %s takes messages to another ruleset than the default one, so they do not come by %s.':
        '{0} {1}행: {2} 때문에 메시지가 기본이 아닌 ruleset으로 가서 {3}을(를) 지나지 않습니다.',
    'Have the default ruleset do what that one does.': '기본 ruleset에서 같은 처리를 하게 하십시오.',
    '%s, line %d: %s waits for an action that comes after %s, whose own action would take it away.':
        '{0} {1}행: {2}이(가) 적용될 동작이 {3} 뒤에 있어, {3}의 동작에 잘못 적용됩니다.',
    'Move the directive to where its action is.': '지시문을 해당 동작 바로 앞으로 옮기십시오.',
    'it is not understood': '해석할 수 없음',

    # Diversions
    'Nothing was changed, because diverted messages would not be moved, or be kept twice: %s.':
        '분리할 메시지가 옮겨지지 않거나 중복 기록되므로 변경하지 않았습니다: {0}.',
    'Nothing was changed, because diverted messages would no longer be forwarded by what comes after the diversion and cannot be '
    'copied in front of it: %s.':
        '분리 설정 뒤에 있고 앞에 복사할 수 없는 설정이 분리된 메시지를 더 이상 전송하지 못하므로 변경하지 않았습니다: {0}.',
    'Nor would %s do: %s.': '{0}(으)로도 해결되지 않습니다: {1}.',
    'Move it to a file that is read before the diversion, such as /etc/rsyslog.d/00-forward.conf.':
        '분리 설정보다 먼저 읽히는 파일(예: /etc/rsyslog.d/00-forward.conf)로 옮기십시오.',
    'Have the line that includes /etc/rsyslog.d come before all rules, and call rulesets, or write files, in files that are read after %s.':
        '/etc/rsyslog.d를 include하는 행을 모든 규칙 앞에 두고, ruleset 호출이나 파일 기록은 {0} 뒤에 읽히는 파일에서 하십시오.',
    '%s is not a file, so rsyslogd could not write diverted messages there, and they would be in no file at all.':
        '{0}은(는) 파일이 아니므로 분리된 메시지가 어느 파일에도 기록되지 않습니다.',
    '%s does not load imjournal, and without it rsyslogd cannot tell which messages the kernel wrote (%s does not say).':
        '{0}이(가) imjournal을 불러오지 않아 rsyslogd가 커널이 쓴 메시지를 구별할 수 없습니다({1}에는 정보 없음).',
    'Nothing would ever be diverted.': '아무것도 분리되지 않습니다.',
    'Load imjournal as RHEL does, or do without the diversion.': 'RHEL 기본값처럼 imjournal을 불러오거나 분리를 사용하지 마십시오.',
    '%s also hands the messages of the kernel to rsyslogd; those copies are not diverted.':
        '{0}도 커널 메시지를 rsyslogd에 전달하며, 그 사본은 분리되지 않습니다.',
    'Do not load it beside imjournal.': 'imjournal과 함께 쓰지 마십시오.',
    '%s, line %d: %s lets the text of a message set the fields that the diversion trusts.':
        '{0} {1}행: {2} 때문에 메시지 내용이 분리 판단에 쓰는 필드를 바꿀 수 있습니다.',
    'Use it after the diversion.': '분리 설정 뒤에서 사용하십시오.',
    'a private rsyslogd with the drop-in %s was sent test messages: %s': '시험용 rsyslogd({0})에 시험 메시지를 보낸 결과: {1}',
    '%s is written by %s, too': '{0}이(가) {1}에도 기록됨',
    '%s gets %s %d times instead of %d': '{0}에 {1}이(가) {3}번이 아니라 {2}번 기록됨',
    '%s comes before %s is read': '{0}이(가) {1}보다 먼저 처리됨',
    '%s has no example to try it with': '{0}에 시험할 예시가 없음',
    '%s reads %s, which a private one cannot have as imjournal hands it over': '{0}이(가) 시험용 rsyslogd에는 없는 {1}을(를) 사용함',
    '%s decides by the text, and the examples do not have all texts': '{0}이(가) 메시지 내용으로 판단하며 예시가 모든 내용을 포함하지 않음',
    '%s, line %d: %s is not understood': '{0} {1}행: {2} 해석 불가',
    '%s, line %d: a private rsyslogd cannot run %s': '{0} {1}행: 시험용 rsyslogd에서 {2} 실행 불가',

    # The syslog policy
    'Nothing was changed, because messages of rules with separate stop in %s, and would no longer come to what stands behind it and '
    'cannot be copied in front of the stop: %s.':
        'separate 규칙의 메시지가 {0}에서 끝나, 그 뒤에 있고 앞에 복사할 수 없는 설정에 도달하지 못하므로 변경하지 않았습니다: {1}.',
    'Move it, with what changes messages for it, to a file that is read before, such as /etc/rsyslog.d/01-forward.conf, or do without '
    'separate.':
        '앞에서 메시지를 바꾸는 설정과 함께 먼저 읽히는 파일(예: /etc/rsyslog.d/01-forward.conf)로 옮기거나 separate를 쓰지 마십시오.',
    '%s would carry in full what this host masks: %s %s.': '이 서버가 가리는(마스킹) 내용이 {0}에 그대로 남게 됩니다: {1}({2}).',
    'rewrites messages behind it': '그 뒤에서 메시지를 바꿈',
    'has a template without the message': '메시지 전체를 쓰지 않는 템플릿 사용',
    'Have it come in front of the line of %s that includes %s, or leave these messages out of it.':
        '{1}을(를) 포함하는 {0}의 줄보다 앞에 두거나 해당 메시지를 제외하십시오.',
    'Move it in front of the line that includes the drop-ins.': 'drop-in을 포함하는 줄보다 앞으로 옮기십시오.',
    'Leave these messages out of it, because it cannot write them so.': '같은 형식으로 기록할 수 없으므로 해당 메시지를 제외하십시오.',
    'Alerts leave out the text of messages and name the entry of the journal, because this host masks messages: %s.':
        '이 서버는 메시지를 마스킹하므로 경보에 본문을 넣지 않고 저널 항목만 안내합니다: {0}.',
    '%s sets variables that %s writes, and comes after the policy has to write to %s, too.':
        '{1}에서 기록하는 변수를 {0}에서 정하는데, 정책이 {2}에 기록하는 위치보다 뒤에 있습니다.',
    '%s, before the %s of the policy: they do not get what it stops.': '{0}: 정책의 {1}보다 앞에 있어 여기서 멈춘 메시지는 정책에 도달하지 않습니다.',
    '%s, behind the files of the policy: what it stops misses files that are left to the rest of the configuration.':
        '{0}: 정책 파일 뒤에 있어 여기서 멈춘 메시지는 나머지 설정이 기록하는 파일에서 빠집니다.',
    '%s comes before the policy and may write messages that are to be in a separate file only.':
        '{0}이(가) 정책보다 앞에 있어 별도 파일에만 두어야 할 메시지를 기록할 수 있습니다.',
    '%s stops messages of %s before they come to %s.': '{0}에서 {1}의 메시지가 {2}에 도달하기 전에 멈춥니다.',
    'Have it write them to a file first, or leave these messages out of the rule.':
        '먼저 파일에 기록하게 하거나 해당 메시지를 규칙에서 제외하십시오.',
    '%s comes before the policy, and keeps messages that are to be in %s and in no other file.':
        '{0}이(가) 정책보다 앞에서 {1}에만 있어야 할 메시지를 보관합니다.',
    '%s gets no diverted messages any more.': '{0}에는 분리 보관하는 메시지가 더 이상 기록되지 않습니다.',
    'That is left as it is.': '이 설정은 그대로 둡니다.',
    '%s keeps messages of %s, and they stop there: they are in no file of the policy, and how long they are kept is up to you.':
        '{0}에서 {1}의 메시지를 보관하고 멈춥니다: 정책의 파일에는 남지 않으며, 보존 기간은 직접 관리해야 합니다.',
    '%s loses the messages %s, because a rule keeps them apart.': '별도 보관(separate) 규칙 때문에 {0}에는 {1} 메시지가 더 이상 기록되지 않습니다.',
    '%s loses those of the messages %s that it selects, because a rule keeps them apart.':
        '별도 보관(separate) 규칙 때문에 {0}에는 조건에 맞는 {1} 메시지가 더 이상 기록되지 않습니다.',
    'Move it behind that file, or leave these messages out of the rule.': '그 파일 뒤로 옮기거나 해당 메시지를 규칙에서 제외하십시오.',
    '%s writes messages that are to be in %s and in no other file.': '{1}에만 있어야 할 메시지를 {0}에서 기록합니다.',
    'Move it behind %s, or do without separate.': '{0} 뒤로 옮기거나 separate를 쓰지 마십시오.',
    '%s sends messages of rule %s to %s, port %d, too, so that they would arrive twice.':
        '{0}에서도 규칙 {1}의 메시지를 {2} 포트 {3}(으)로 보내 두 번 도착하게 됩니다.',
    'Remove that statement, or the forward of the rule.': '그 설정이나 규칙의 forward를 제거하십시오.',
    'The queue of rule %s on disk is damaged: %s.': '규칙 {0}의 디스크 대기열이 손상되었습니다: {1}.',
    'The queue of rule %s on disk is broken: %s; %s.': '규칙 {0}의 디스크 대기열이 손상되었습니다: {1}, {2}.',
    'rsyslogd skips what is damaged, so %d messages are not sent to the collector %s; see the journal and the files of this host.':
        'rsyslogd가 손상된 부분을 건너뛰어 메시지 {0}건이 수집 서버 {1}에 전송되지 않습니다. 이 서버의 저널과 로그 파일에서 확인하십시오.',
    'rsyslogd never takes it up again, and does not forward what does not fit into memory.':
        'rsyslogd가 이 대기열을 다시 사용하지 않으며 메모리를 넘는 메시지는 전송되지 않습니다.',
    'The role moves its files to %s/%s, and begins a new one.': '역할을 실행하면 파일을 {0}/{1}(으)로 옮기고 새로 시작합니다.',
    'What they hold is not sent; see the journal and the files of this host.': '그 내용은 전송되지 않으므로 이 서버의 저널과 로그 파일에서 확인하십시오.',
    'it is to hold %d messages that wait for the collector %s, and its files have %d of them':
        '수집 서버 {1}(으)로 보낼 메시지 {0}건 중 {2}건만 파일에 있음',
    'its files have %d messages that waited for the collector %s': '파일에 수집 서버 {1}(으)로 보낼 메시지 {0}건이 있음',
    '%s.qi says that it holds messages, and that it is read to its end': '대기열 상태 파일({0}.qi)에 메시지가 남아 있는데 끝까지 읽은 것으로 되어 있음',
    'There is no directory %s for the queues of forwards.': '전송 대기열을 둘 {0} 디렉터리가 없습니다.',
    'Make it, or name another one in %s: global(workDirectory="...").': '디렉터리를 만들거나 {0}에 다른 디렉터리를 지정하십시오: global(workDirectory="...").',
    'Rule %s: SELinux (enforcing) does not let rsyslogd connect to %s, port %d, %s.':
        '규칙 {0}: SELinux(enforcing)가 rsyslogd의 {1} 포트 {2} 접속을 허용하지 않습니다({3}).',
    'Run "%s"%s, or have the collector listen on port 601, 6514 or 20514%s.': '"{0}"{1}을(를) 실행하거나 수집 서버가 포트 601, 6514, 20514에서 받게 하십시오{2}.',
    ', or set syslog_policy_selinux_ports: true to have it done': '(또는 syslog_policy_selinux_ports: true 설정)',
    ', which takes the port from that service': '(해당 서비스의 포트를 가져옴)',
    'which is that of %s': '{0}의 포트',
    'which is of no type that it may use': '허용된 유형이 아닌 포트',
    'Rule %s: rsyslogd has no driver lmnsd_%s.so for TLS.': '규칙 {0}: rsyslogd에 TLS 드라이버 lmnsd_{1}.so가 없습니다.',
    'Rule %s: forward.tls.%s: there is no file %s.': '규칙 {0}: forward.tls.{1} 파일 {2}이(가) 없습니다.',
    'Install %s.': '{0}을(를) 설치하십시오.',
    'Put it there first.': '먼저 파일을 두십시오.',
    'The drop-ins were not changed.': 'drop-in은 변경하지 않았습니다.',

    'retention_days: diverted lines are kept %d days (%s), and %d are asked for.':
        'retention_days: 분리 보관 로그의 현재 보존 기간은 {0}일({1}), 지정한 값은 {2}일입니다.',
    'Give at least as many, or set syslog_policy_allow_shorter: true.':
        '그 이상의 값을 지정하거나 syslog_policy_allow_shorter: true로 허용하십시오.',
    '%s is kept %d days (%s, line %d), and the policy keeps it %d days': '{0}: 현재 {1}일 보존({2} {3}행), 정책은 {4}일',
    '%s is kept for ever (%s, line %d), and the policy keeps it %d days': '{0}: 현재 삭제 없이 보존({1} {2}행), 정책은 {3}일',
    '%s is kept for ever by the policy, which no longer says how long': '{0}: 현재 정책으로 삭제 없이 보존, 새 정책에는 보존 기간 없음',
    '%s is kept %d days by the policy, which no longer says how long': '{0}: 현재 정책으로 {1}일 보존, 새 정책에는 보존 기간 없음',
    'the journal is kept %d days (MaxRetentionSec), and the policy keeps it %d days': '저널: 현재 {0}일 보존(MaxRetentionSec), 정책은 {1}일',
    'the journal is kept %d days by the policy, which no longer says how long': '저널: 현재 정책으로 {0}일 보존, 새 정책에는 보존 기간 없음',
    'the journal may take %s (SystemMaxUse), and by the policy %s: journald would remove what is more at once':
        '저널: 현재 최대 {0}(SystemMaxUse), 정책은 {1}. 초과분은 journald가 바로 삭제함',
    'That is shorter than what is in force.': '현재 적용된 보존 기간보다 짧습니다.',
    'Give at least as much (syslog_policy_retention, syslog_policy_short_retention, syslog_policy_journal, keep of the rule), or set '
    'syslog_policy_allow_shorter: true.':
        '그 이상의 값(syslog_policy_retention, syslog_policy_short_retention, syslog_policy_journal, 규칙의 keep)을 지정하거나 '
        'syslog_policy_allow_shorter: true로 허용하십시오.',
    '%s can be written by others than root (owner %d, group %d, mode %04o).': '{0}: root가 아닌 사용자도 쓸 수 있습니다(소유자 {1}, 그룹 {2}, 권한 {3}).',
    'alert_exemptions: each signature needs id, revision and match (%s: %s).': 'alert_exemptions: 시그니처마다 id, revision, match가 필요합니다({0}: {1}).',
    'Take what the lookup loghygiene.rhel.signatures returns.': 'lookup loghygiene.rhel.signatures가 반환하는 값을 사용하십시오.',
    '%s is empty, so the logs would be kept for no time.': '{0}이(가) 비어 있어 로그 보존 기간이 정해지지 않습니다.',
    '%s is not JSON.': '{0}: JSON이 아닙니다.',
    '%s: key %s is not what this collection writes.': '{0}: 키 {1}은(는) 이 컬렉션이 쓰는 형식이 아닙니다.',
    'Without it nobody knows what the policy was told before.': '이 파일이 없으면 이전에 지정된 정책 값을 알 수 없습니다.',
    'Put it back; or move it away, and give each value of the policy anew.': '파일을 복구하거나, 옮긴 뒤 정책의 모든 값을 다시 지정하십시오.',

    # logrotate
    '%s, line %d names %s too, and files below /usr belong to the vendor.': '{0} {1}행에도 {2}이(가) 지정되어 있으며 /usr 아래 파일은 공급자의 것입니다.',
    'Put a copy of the file into %s, have %s include that instead, and run this again.':
        '사본을 {0}에 두고 {1}에서 그것을 include하게 한 뒤 다시 실행하십시오.',
    '%s does not include the directory of %s, so logrotate would never read it.': '{0}에 {1}의 디렉터리 include가 없어 logrotate가 읽지 않습니다.',
    '%s cannot be read, so there is no configuration of logrotate to add to.': '{0}을(를) 읽을 수 없어 logrotate 설정을 추가할 수 없습니다.',
    '%s cannot get %s back: %s.': '{0}에 {1}을(를) 되돌리지 못했습니다: {2}.',
    'Nothing rotates it now.': '지금은 이 로그를 순환하는 설정이 없습니다.',
    'there is no such file any more': '파일이 더 이상 없음',
    'its original is not kept': '보관된 원본 없음',
    'its original does not name it': '원본에 해당 로그 없음',
    'logrotate would look at %s %d times instead of once.': 'logrotate가 {0}을(를) 한 번이 아니라 {1}번 처리하게 됩니다.',
    'It complains: %s.': '보고 내용: {0}.',
    '%s, line %d: %s stands for %s too, and logrotate rotates no log that two stanzas name.':
        '{0} {1}행: {2}에 {3}도 포함되며, logrotate는 두 곳에서 지정한 로그를 순환하지 않습니다.',
    'logrotate ignores it because group or others may write to it': '그룹이나 다른 사용자가 쓸 수 있어 logrotate가 무시함',
    'logrotate ignores it because root does not own it': 'root 소유가 아니어서 logrotate가 무시함',
    'systemd-tmpfiles could not check what would be written.': 'systemd-tmpfiles로 변경 내용을 검사하지 못했습니다.',
    'systemd-tmpfiles would still reject the ACL "%s" in %s, written in a way that this module does not take apart.':
        'systemd-tmpfiles가 {1}의 ACL "{0}"을(를) 여전히 거부합니다. 이 모듈이 처리하지 못하는 형식입니다.',
    'Correct that line by hand.': '그 행을 직접 수정하십시오.',
    'systemd-tmpfiles would complain of %s: %s.': 'systemd-tmpfiles가 {0}에 대해 경고합니다: {1}.',
    'file: %s is not the name of a file of tmpfiles.d, as in systemd.conf.': 'file: {0}은(는) tmpfiles.d 파일 이름이 아닙니다(예: systemd.conf).',
    'type: %s is not the type of a line of tmpfiles.d, as in a+.': 'type: {0}은(는) tmpfiles.d 행의 유형이 아닙니다(예: a+).',
    'path: %s is not an absolute path in ASCII, without spaces, quotes and backslashes.':
        'path: {0}은(는) 공백, 따옴표, 역슬래시가 없는 ASCII 절대 경로가 아닙니다.',
    'acl: %s is not a group or user of ACL entries, as in group:adm.': 'acl: {0}은(는) ACL 항목의 그룹이나 사용자가 아닙니다(예: group:adm).',
    'line: %s is not one line of tmpfiles.d in ASCII.': 'line: {0}은(는) ASCII로 된 tmpfiles.d 한 행이 아닙니다.',
    'Signature %s has to name lines of %s by type and path, with line where they change, or entries by acl.':
        '시그니처 {0}은(는) {1}의 행을 type과 path로(변경할 때는 line도) 지정하거나 항목을 acl로 지정해야 합니다.',
    '%s was not written by this collection, or was edited since, and hides what the vendor has.':
        '{0}은(는) 이 컬렉션이 만든 파일이 아니거나 이후 수정되었으며 공급사 파일을 가립니다.',
    '%s: the line "%s" stays as it is, because %s.': '{0}의 "{1}" 행은 변경하지 않습니다. 사유: {2}.',
    'what it keeps would be cleaned away': '이 행이 보호하는 파일이 정리됨',
    'it says who may do what with files': '파일 권한을 정하는 행임',
    'it protects files': '파일을 보호하는 행임',
    'it labels files': '파일에 레이블을 지정하는 행임',
    'it removes files': '파일을 삭제하는 행임',
    'it is about logs, or what the system needs to come up': '로그나 시스템 기동에 필요한 행임',
    'the new one has another type': '새 행의 유형이 다름',
    'the new one has another path': '새 행의 경로가 다름',
    'the new one gives more rights': '새 행이 권한을 더 부여함',
    'the new one gives it to somebody else': '새 행이 소유자를 바꿈',
    'the new one removes files at another age': '새 행이 파일 삭제 기한을 바꿈',
    'the new one has another argument': '새 행의 인자가 다름',
    'Group %s is not created with its number %d, because that is the group of users in /etc/passwd: %s.':
        '{0} 그룹을 번호 {1}(으)로 만들지 않습니다. /etc/passwd에서 이 번호를 기본 그룹으로 쓰는 계정이 있습니다: {2}.',
    'They could read what ACLs let %s read: give them another group first, or use tmpfiles_acl_remedy strip.':
        '그 계정이 {0}의 ACL로 읽을 수 있게 되므로, 먼저 기본 그룹을 바꾸거나 tmpfiles_acl_remedy: strip을 사용하십시오.',
    'Group %s does not exist and gids has no number for it.': '{0} 그룹이 없고 gids에도 번호가 없습니다.',
    'Add one, or use tmpfiles_acl_remedy strip.': '번호를 추가하거나 tmpfiles_acl_remedy: strip을 사용하십시오.',
    'Group %s cannot be created with its number %d, which group %s has.': '{0} 그룹을 번호 {1}(으)로 만들 수 없습니다. {2} 그룹이 사용 중입니다.',
    'unit: %r is not the full name of a service, timer, socket or path.':
        'unit: {0}은(는) service, timer, socket, path 유닛의 전체 이름이 아닙니다.',
    'unit: %s is a template.': 'unit: {0}은(는) 템플릿입니다.',
    'Name an instance of it.': '인스턴스 이름을 지정하십시오.',
    'unit: %s serves %s.': 'unit: {0}은(는) {1} 담당 유닛입니다.',
    'unit: %s is another name of %s, starts it, or is needed by it, and that serves %s.':
        'unit: {0}은(는) {2} 담당 유닛인 {1}의 다른 이름이거나 그 유닛을 시작하거나 그 유닛에 필요합니다.',
    'the logs': '로그', 'the access': '접속', 'the clock': '시각', 'the protection': '보호',
    'A remedy must not switch off logging, access, time or protection.': '조치로 로그, 접속, 시각 동기화, 보호 기능을 끌 수 없습니다.',
    'unit: %s is another name of %s.': 'unit: {0}은(는) {1}의 다른 이름입니다.',
    'Name that one.': '원래 이름을 지정하십시오.',
    'unit: one item wants %s disabled, another one masked.': 'unit: {0}에 disabled와 masked가 함께 지정되었습니다.',
    'Choose one.': '하나만 지정하십시오.',
    '%s was made by a program and goes with it.': '{0}은(는) 프로그램이 임시로 만든 유닛입니다.',
    'See to that program.': '해당 프로그램에서 조치하십시오.',
    '%s is %s: it would be another thing after the next boot.': '{0} 상태가 {1}이므로 다음 부팅부터 달라집니다.',
    'Use the state masked, or take that away first.': 'state: masked를 사용하거나 그 상태를 먼저 해제하십시오.',
    '%s is %s and cannot be disabled, because what starts it is not its own link.':
        '{0} 상태가 {1}이며 자체 링크로 시작되지 않아 disable할 수 없습니다.',
    'Use the state masked.': 'state: masked를 사용하십시오.',
    '%s is in the way of the link that would mask the unit.': '{0}이(가) 이미 있어 유닛을 mask하는 링크를 만들 수 없습니다.',
    'Use the state disabled, or move it away.': 'state: disabled를 사용하거나 다른 곳으로 옮기십시오.',
    '%s runs, and systemd lets nobody stop it, or start it again.': '{0}은(는) 실행 중이며 systemd에서 직접 중지하거나 다시 시작할 수 없습니다.',
    'Leave it out.': '대상에서 제외하십시오.',
    'This host has no systemctl, so it has no units to change.': '이 서버에 systemctl이 없어 변경할 유닛이 없습니다.',
    '%s is damaged (%s), so it is not known what %s was.': '{0} 파일이 손상되어({1}) {2}의 이전 상태를 알 수 없습니다.',
    'Bring the unit to the state that it should have, and remove that file.': '유닛을 필요한 상태로 직접 바꾼 뒤 그 파일을 삭제하십시오.',
    'systemd does not tell what %s is: %s.': 'systemd에서 {0} 상태를 알 수 없습니다: {1}.',
    'systemctl cannot %s %s: %s.': 'systemctl {0} {1} 실패: {2}.',
    'What the unit was is kept in %s.': '유닛의 이전 상태는 {0}에 있습니다.',
    'Run this again, or with the state absent.': '다시 실행하거나 state: absent로 실행하십시오.',
    '%s is still %s after systemctl %s.': 'systemctl {2} 후에도 {0} 상태가 {1}입니다.',
    'systemd does not read its units anew: %s.': 'systemd가 유닛을 다시 읽지 못했습니다: {0}.',
    'Run systemctl daemon-reload, and then this again.': 'systemctl daemon-reload 후 다시 실행하십시오.',
    'There is no unit %s on this host, so nothing had to be done.': '이 서버에 {0} 유닛이 없어 조치할 것이 없습니다.',
    '%s was masked by somebody else and still runs: systemctl stop %s.': '{0}은(는) 이미 mask되어 있으나 실행 중입니다: systemctl stop {1}.',
    'With %s, systemctl disables %s (Also=).': '{0}와(과) 함께 {1}도 disable됩니다(Also=).',
    '%s is started by %s as well.': '{1}도 {0}을(를) 시작합니다.',
    'Disable that too, or use the state masked.': '그것도 disable하거나 state: masked를 사용하십시오.',
    '%s was stopped and runs again: something starts it.': '{0}은(는) 중지한 뒤 다른 유닛이나 프로그램이 다시 시작했습니다.',
    '%s was enabled, masked or replaced in another way since: it stays.': '{0}은(는) 조치 이후 다르게 변경되어 그대로 둡니다.',
    'Its earlier state is in %s.': '이전 상태는 {0}에 있습니다.',
    '%s is not put back: what it led to is gone.': '{0}은(는) 링크 대상이 없어 복원하지 않았습니다.',
    'disable or mask units': '유닛 disable 또는 mask',
    'That group may read what ACLs were meant for %s to read: give it another number first, or use tmpfiles_acl_remedy strip.':
        '그 그룹이 {0}의 ACL로 읽을 수 있게 되므로, 먼저 번호를 바꾸거나 tmpfiles_acl_remedy: strip을 사용하십시오.',

    # Drop-ins: kernel modules and parameters
    'write to /etc/modprobe.d': '/etc/modprobe.d에 기록',
    'set kernel parameters': '커널 매개변수 설정',
    'signature_id: %s is not the id of a signature.': 'signature_id: {0}은(는) 시그니처 ID가 아닙니다.',
    '%s was not written by this collection, or was edited since.': '{0}은(는) 이 컬렉션이 만든 파일이 아니거나 이후 수정되었습니다.',
    'Move it away, with what is to stay of it under another name.': '다른 곳으로 옮기고, 유지할 내용은 다른 이름의 파일에 두십시오.',
    '%s was not written by this collection, or was edited since: it stays.':
        '{0}은(는) 이 컬렉션이 만든 파일이 아니거나 이후 수정되어 그대로 둡니다.',
    '%s also holds lines for signatures that this run does not name, and they stay: %s.':
        '{0}에는 이번 실행에서 지정하지 않은 시그니처의 행도 있으며 그대로 둡니다: {1}.',
    'Signatures %s and %s contradict each other: "%s" and "%s".': '시그니처 {0}와(과) {1}이(가) 서로 모순됩니다: "{2}", "{3}".',
    'Take one of them out of the run.': '둘 중 하나를 실행에서 제외하십시오.',
    'Take signature %s out of the run.': '시그니처 {0}을(를) 실행에서 제외하십시오.',
    'module: %s is not the name of a kernel module.': 'module: {0}은(는) 커널 모듈 이름이 아닙니다.',
    'options: %s is not the name of an option of a module, as in NAME=VALUE.': 'options: {0}은(는) 모듈 옵션 이름이 아닙니다(NAME=VALUE 형식).',
    'options: %s is not the value of an option: 1 to 256 characters of ASCII, without blanks, double quotes and backslashes.':
        'options: {0}은(는) 옵션 값이 아닙니다(ASCII 1~256자, 공백·큰따옴표·역슬래시 불가).',
    'Signature %s asks for both or neither of blacklist and options for module %s.':
        '시그니처 {0}: 모듈 {1}에 blacklist와 options가 둘 다 있거나 둘 다 없습니다.',
    'Give one of them.': '둘 중 하나를 지정하십시오.',
    'Module %s is left alone, because %s.': '다음 이유로 커널 모듈 {0}은(는) 변경하지 않습니다: {1}.',
    'Module %s is not blacklisted for %s, because %s.': '모듈 {0}을(를) 차단하지 않았습니다(시그니처 {1}): {2}.',
    'packets would not be filtered or logged any more': '패킷이 차단되거나 기록되지 않게 됨',
    'errors of the memory would not be told any more': '메모리 오류가 기록되지 않게 됨',
    'messages of a crash would be kept nowhere': '시스템 장애 시의 메시지가 남지 않게 됨',
    'nothing would restart the host when it hangs': '서버가 멈춰도 재시작되지 않게 됨',
    'it serves keys and encryption': '키와 암호화에 쓰이는 모듈임',
    'it belongs to a product that protects the host': '서버를 보호하는 제품의 모듈임',
    'any device that is plugged in could be used': '연결되는 모든 장치를 쓸 수 있게 됨',
    'it says how users of NFS are told apart': 'NFS 사용자의 식별 방법을 정함',
    'guests could reach the memory of others': '게스트가 다른 메모리에 접근할 수 있음',
    'modules or devices that nobody vouches for would be taken': '검증되지 않은 모듈이나 장치를 허용하게 됨',
    'it is the file system of %s': '{0}의 파일 시스템임',
    'it drives the disk of %s': '{0} 디스크의 드라이버임',
    'it drives the network interface %s': '네트워크 인터페이스 {0}의 드라이버임',
    'other modules use it: %s': '다른 모듈이 사용 중: {0}',
    'it is in use (reference count %d)': '사용 중(참조 수 {0})',
    'Module %s is no longer loaded for its device.': '모듈 {0}은(는) 더 이상 장치에 의해 자동으로 적재되지 않습니다.',
    'Who asks for it by its name, and a module that depends on it, still load it.':
        '이름으로 직접 요청하거나 이 모듈에 의존하는 모듈은 여전히 적재합니다.',
    'Module %s is built into the kernel %s, so modprobe.d has no say in it.': '모듈 {0}은(는) 커널 {1}에 내장되어 modprobe.d가 적용되지 않습니다.',
    'Module %s has no option %s, and the kernel will complain of it.': '모듈 {0}에 {1} 옵션이 없어 커널이 오류를 기록하게 됩니다.',
    'Module %s is loaded now.': '모듈 {0}이(가) 현재 적재되어 있습니다.',
    'It takes effect at the next boot.': '다음 부팅부터 적용됩니다.',
    '%s, line %d blacklists module %s already.': '{0} {1}행에서 이미 모듈 {2}을(를) 차단하고 있습니다.',
    '%s, line %d says %s for module %s and is read later, so it counts.': '{0} {1}행이 모듈 {3}에 {2}을(를) 지정하며 나중에 읽히므로 그 값이 적용됩니다.',
    'The kernel command line says %s, so it counts.': '커널 명령행에 {0}이(가) 있어 그 값이 적용됩니다.',
    'Remove it there.': '그곳에서 삭제하십시오.',
    '%s, line %d says %s for module %s and is read earlier, so it does not count any more.':
        '{0} {1}행이 모듈 {3}에 {2}을(를) 지정하지만 먼저 읽히므로 더 이상 적용되지 않습니다.',
    'Whether the initramfs of kernel %s holds %s cannot be told (%s).': '커널 {0}의 initramfs에 {1}이(가) 있는지 확인할 수 없습니다({2}).',
    'lsinitrd is not installed': 'lsinitrd 없음',
    'If so, run dracut -f, and boot.': '있다면 dracut -f를 실행하고 재부팅하십시오.',
    'The initramfs of kernel %s holds %s, and loads it by its own copy of modprobe.d.':
        '커널 {0}의 initramfs에 {1}이(가) 있으며 그 안의 modprobe.d 사본에 따라 적재됩니다.',
    'Run dracut -f, and boot.': 'dracut -f를 실행하고 재부팅하십시오.',
    'key: %s is not the name of a kernel parameter, as in net.core.somaxconn.': 'key: {0}은(는) 커널 매개변수 이름이 아닙니다(예: net.core.somaxconn).',
    'value: %s is not the value of a kernel parameter: a number, or 1 to 256 characters of ASCII in one line.':
        'value: {0}은(는) 커널 매개변수 값이 아닙니다(숫자 또는 한 행의 ASCII 1~256자).',
    '%s = %s is not set, because %s.': '{0} = {1}을(를) 설정하지 않았습니다: {2}.',
    'it says which kernel messages are shown and logged': '어떤 커널 메시지를 표시하고 기록할지 정하는 값임',
    'it says whether the kernel tells of hangs': '커널이 멈춤 현상을 알릴지 정하는 값임',
    'it says which messages of the network are logged': '어떤 네트워크 메시지를 기록할지 정하는 값임',
    'it says which packets are logged': '어떤 패킷을 기록할지 정하는 값임',
    'packets with impossible addresses would not be logged': '불가능한 주소의 패킷이 기록되지 않음',
    'less would be logged of processes that die': '비정상 종료 프로세스의 기록이 줄어듦',
    'the kernel runs what it names as root': '지정한 프로그램을 커널이 root로 실행함',
    'it cannot be undone, or hides what was done': '되돌릴 수 없거나 수행 내역을 숨김',
    'memory of privileged programs would be written to files': '특권 프로그램의 메모리가 파일로 기록됨',
    'everybody could read the kernel log': '누구나 커널 로그를 읽을 수 있음',
    'everybody could read addresses of the kernel': '누구나 커널 주소를 읽을 수 있음',
    'attacks on memory would be easier': '메모리 공격이 쉬워짐',
    'programs could read the memory of others': '프로그램이 다른 프로그램의 메모리를 읽을 수 있음',
    'everybody could run programs in the kernel': '누구나 커널에서 프로그램을 실행할 수 있음',
    'everybody could watch the kernel': '누구나 커널을 관찰할 수 있음',
    'links in shared folders could deceive programs': '공유 디렉터리의 링크로 프로그램을 속일 수 있음',
    'packets with forged addresses would be taken': '주소가 위조된 패킷을 받아들임',
    'others could change the way of packets': '외부에서 패킷 경로를 바꿀 수 있음',
    'the host would be easier to flood': '서버가 과부하 공격에 취약해짐',
    'The kernel has no parameter %s: load module %s first, and name it in /etc/modules-load.d.':
        '커널에 매개변수 {0}이(가) 없습니다. 먼저 모듈 {1}을(를) 적재하고 /etc/modules-load.d에 지정하십시오.',
    'The kernel has no parameter %s.': '커널에 매개변수 {0}이(가) 없습니다.',
    'Load what it belongs to first, or leave the host out of it.': '먼저 해당 기능을 적재하거나 이 서버를 대상에서 제외하십시오.',
    'The kernel does not tell the value of %s: %s.': '커널에서 {0}의 값을 읽을 수 없습니다: {1}.',
    '%s, line %d sets %s to %s and is read later, so at boot that would count and not the %s that %s asks for.':
        '{0} {1}행이 {2}을(를) {3}(으)로 설정하며 나중에 읽히므로, 부팅 시 시그니처 {5}의 값 {4} 대신 그 값이 적용됩니다.',
    'Change it there, or leave the host out of it.': '그곳을 수정하거나 이 서버를 대상에서 제외하십시오.',
    '%s, line %d sets %s to %s and is read earlier, so it does not count any more.':
        '{0} {1}행이 {2}을(를) {3}(으)로 설정하지만 먼저 읽히므로 더 이상 적용되지 않습니다.',
    '%s is %s now, neither the value of this collection nor the one before it, %s: it stays.':
        '{0}의 현재 값 {1}은(는) 이 컬렉션의 값도 이전 값({2})도 아니므로 그대로 둡니다.',
    'Name module %s in /etc/modules-load.d: if it is loaded later at boot than systemd-sysctl runs, what it has is not set.':
        '모듈 {0}을(를) /etc/modules-load.d에 지정하십시오. 부팅 시 systemd-sysctl보다 늦게 적재되면 해당 값이 설정되지 않습니다.',
    'The kernel does not take %s for %s: %s.': '커널이 {1}의 값 {0}을(를) 받아들이지 않습니다: {2}.',
    'Correct the value, or leave the host out of it.': '값을 수정하거나 이 서버를 대상에서 제외하십시오.',
    'it makes %s of it': '{0}(으)로 바뀜',
    'it does not tell the value any more': '값을 더 이상 읽을 수 없음',
    'But %s could not be put back.': '다만 {0}을(를) 되돌리지 못했습니다.',

    # Drop-ins of units
    'write drop-ins of units': '유닛 drop-in 기록',
    'This host has no systemctl or no systemd-analyze, so it has no units to change.':
        '이 서버에 systemctl 또는 systemd-analyze가 없어 변경할 유닛이 없습니다.',
    'section: %s has the sections Unit and %s, and no other one is set.': 'section: {0}의 섹션은 Unit과 {1}이며 다른 섹션은 설정하지 않습니다.',
    'key: %r is not the name of a setting, as in RestartSec.': 'key: {0}은(는) 설정 이름이 아닙니다(예: RestartSec).',
    'value: %s needs 1 to 20 texts.': 'value: {0}에는 값 1~20개가 필요합니다.',
    'value: %s needs texts, numbers or yes and no.': 'value: {0}의 값은 문자열, 숫자, yes/no여야 합니다.',
    'value: %r is not a value of %s: up to 1,000 characters of ASCII in one line, without a backslash at the end.':
        'value: {0}은(는) {1}의 값이 아닙니다(한 행의 ASCII 1,000자 이하, 끝에 역슬래시 불가).',
    '%s=%s is not set, because %s.': '{0}={1}을(를) 설정하지 않았습니다: {2}.',
    'messages would not reach the log': '메시지가 로그에 기록되지 않음',
    'messages would come under another name or level': '메시지가 다른 이름이나 심각도로 기록됨',
    'it says with which rights the program runs': '프로그램의 실행 권한을 정하는 값임',
    'it says what keeps the program apart from the rest of the host': '프로그램을 시스템에서 격리하는 값임',
    'others could change the files of the program': '다른 사용자가 프로그램의 파일을 바꿀 수 있음',
    'it says what happens when the program fails': '프로그램 실패 시 동작을 정하는 값임',
    'failures would pass for successes': '실패가 성공으로 처리됨',
    'it starts or stops other units': '다른 유닛을 시작하거나 중지하는 값임',
    'it says who reaches the program': '프로그램에 접근할 수 있는 대상을 정하는 값임',
    'it cannot be known what that would change': '무엇이 바뀌는지 확인할 수 없음',
    'such a variable changes what the program is': '프로그램의 동작 자체를 바꾸는 환경 변수임',
    'it cannot be known what a program runs that runs others': '다른 프로그램을 실행하는 프로그램이라 실제 실행 내용을 확인할 수 없음',
    'it runs several programs, or writes to /dev/null': '여러 프로그램을 실행하거나 /dev/null에 기록함',
    'others than root may change %s': 'root가 아닌 사용자가 {0}을(를) 바꿀 수 있음',
    '%s=%s does not begin with the path of a program.': '{0}={1}이(가) 프로그램의 경로로 시작하지 않습니다.',
    'A prefix such as - or + would hide failures, or give more rights.': '- 나 + 같은 접두 기호는 실패를 감추거나 더 많은 권한을 줍니다.',
    '%s is masked, so nothing had to be done.': '{0}은(는) mask되어 있어 조치할 것이 없습니다.',
    '%s runs as before until it is restarted.': '{0}은(는) 다시 시작할 때까지 이전 설정으로 실행됩니다.',
    '%s, line %d says %s=%s and is read later, so what %s asks for would not count.':
        '{0} {1}행의 {2}={3}이(가) 나중에 읽히므로 시그니처 {4}의 설정이 적용되지 않습니다.',
    '%s has no file that systemd tells of, so what it would say of a setting is not known.':
        '{0}의 유닛 파일을 systemd에서 알 수 없어 설정을 검사할 수 없습니다.',
    'systemd would not take the drop-in of %s: %s.': 'systemd가 {0}의 drop-in을 받아들이지 않습니다: {1}.',
    'Correct the item, or leave the host out of it.': '항목을 수정하거나 이 서버를 대상에서 제외하십시오.',
    'systemd did not take %s: the unit is %s, with the drop-ins: %s.': 'systemd가 {0}을(를) 읽지 않았습니다. 유닛 상태 {1}, drop-in: {2}.',
    '%s does not stay up with the drop-in (%s, %s).': '{0}이(가) drop-in 적용 후 실행 상태를 유지하지 못합니다({1}, {2}).',
    'systemctl %s fails: %s.': 'systemctl {0} 실패: {1}.',

    # Modes of unit files
    'change modes of unit files': '유닛 파일 권한 변경',
    'paths: %s is not the path of a unit file or of a drop-in of one, as in /etc/systemd/system/a.service.':
        'paths: {0}은(는) 유닛 파일이나 drop-in의 경로가 아닙니다(예: /etc/systemd/system/a.service).',
    '%s is damaged (%s), so it is not known which modes files had.': '{0} 파일이 손상되어({1}) 이전 권한을 알 수 없습니다.',
    'Give the files the modes that they should have, and remove that file.': '파일 권한을 직접 설정한 뒤 그 파일을 삭제하십시오.',
    'Everybody could change %s, which root runs: look whether somebody did.':
        'root가 실행하는 {0}을(를) 누구나 바꿀 수 있었습니다. 변경된 내용이 있는지 확인하십시오.',
    '%s was replaced, or has got another mode since: it stays as it is, %s.': '{0}은(는) 이후 교체되었거나 권한이 바뀌어 그대로 둡니다({1}).',
    '%s is marked %s, and leads to %s.': '{0}에 {1} 권한이 있으며 {2}(으)로 연결됩니다.',
    'Run chmod %s %s if that is no program.': '실행 프로그램이 아니면 chmod {0} {1}을(를) 실행하십시오.',
    '%s is marked %s, and belongs to package %s.': '{0}에 {1} 권한이 있으며 패키지 {2}의 파일입니다.',
    'Run rpm --setperms %s.': 'rpm --setperms {0}을(를) 실행하십시오.',
    'If it is so again, have the package mended.': '다시 그렇게 되면 패키지 공급자에게 수정을 요청하십시오.',
    '%s is marked %s, and is not in /etc/systemd.': '{0}에 {1} 권한이 있으며 /etc/systemd에 있지 않습니다.',
    'Run chmod %s %s, or have the package mended that brought it.': 'chmod {0} {1}을(를) 실행하거나 해당 패키지 공급자에게 수정을 요청하십시오.',
    '%s is marked %s, but has %d names (hard links).': '{0}에 {1} 권한이 있으나 이름이 {2}개입니다(하드 링크).',
    'Run chmod %s %s if none of them is a program.': '실행 프로그램이 없으면 chmod {0} {1}을(를) 실행하십시오.',
    '%s changed while it was looked at.': '{0}이(가) 확인하는 동안 바뀌었습니다.',
    'The mode of %s cannot be changed: %s.': '{0}의 권한을 바꿀 수 없습니다: {1}.',
    'Make it writable (lsattr, mount), or leave the host out of it.': '쓰기 가능하게 하거나(lsattr, mount 확인) 이 서버를 대상에서 제외하십시오.',

    # Arguments of the kernel
    'change the arguments of kernels': '커널 부팅 인자 변경',
    'This host has no grubby, so it is not known how its boot loader gets the arguments of kernels.':
        '이 서버에 grubby가 없어 부트 로더의 커널 인자 설정 방법을 알 수 없습니다.',
    'argument: %r is not the name of an argument of the kernel, as in nomodeset.': 'argument: {0}은(는) 커널 인자 이름이 아닙니다(예: nomodeset).',
    'value: %r is not a value of %s: 1 to 200 letters, digits and _ . , : @ / = -.':
        'value: {0}은(는) {1}의 값이 아닙니다(영문자, 숫자, _ . , : @ / = - 1~200자).',
    'value: %s is no text or number.': 'value: {0}은(는) 문자열이나 숫자가 아닙니다.',
    'value: %s is removed with whatever value it has.': 'value: {0}은(는) 값에 관계없이 제거됩니다.',
    'Leave the value out.': '값을 빼십시오.',
    '%s is not set, because %s.': '{0}을(를) 설정하지 않았습니다: {1}.',
    '%s is not removed, because %s.': '{0}을(를) 제거하지 않았습니다: {1}.',
    'it says what starts at boot, and how it is logged': '부팅 시 시작되는 것과 기록 방식을 정하는 값임',
    'it says what protects the host': '서버 보호 기능을 정하는 값임',
    'attacks on the processor would be easier': '프로세서 공격이 쉬워짐',
    'it says what the kernel tells when it fails': '커널 장애 시 알리는 내용을 정하는 값임',
    'it says which faults of the hardware are told': '어떤 하드웨어 장애를 알릴지 정하는 값임',
    'the kind module_options does that, and looks who needs the module': '모듈을 쓰는 대상을 확인하는 module_options로 조치해야 함',
    'the host might not be reached, or have less than it needs': '서버에 접속할 수 없거나 자원이 부족해질 수 있음',
    'Signatures %s and %s contradict each other about %s.': '시그니처 {0}와(과) {1}이(가) {2}에 대해 서로 모순됩니다.',
    '%s is damaged (%s), so it is not known which arguments kernels had.': '{0} 파일이 손상되어({1}) 이전 커널 인자를 알 수 없습니다.',
    'Give them those that they should have, and remove that file.': '커널 인자를 직접 설정한 뒤 그 파일을 삭제하십시오.',
    'grubby tells of no kernel (status %d): %s.': 'grubby가 알려 주는 커널이 없습니다(상태 {0}): {1}.',
    'grubby fails: %s.': 'grubby 실패: {0}.',
    'grubby did not change %s of %s.': 'grubby가 {1}의 {0}을(를) 바꾸지 않았습니다.',
    '%s stands there several times (%s), and grubby would leave one.': '{0}이(가) 여러 번 지정되어({1}) 있으며 grubby는 하나만 남깁니다.',
    'Change it by hand.': '직접 변경하십시오.',
    'GRUB_CMDLINE_LINUX is not in one plain line of %s, so it stays.': '{0}의 GRUB_CMDLINE_LINUX가 단순한 한 행이 아니어서 그대로 둡니다.',
    'Change it by hand: grub2-mkconfig takes the arguments from there.': '직접 변경하십시오. grub2-mkconfig는 그곳의 인자를 사용합니다.',
    'The kernel that runs was started with other arguments.': '실행 중인 커널은 다른 인자로 시작되었습니다.',
    'Reboot.': '재부팅하십시오.',
    '%s has another argument now than %s: it stays: %s.': '{0}의 인자가 {1}에서 바뀌어 그대로 둡니다: {2}.',
    '%s was edited after a run was killed that had grubby change it.': '실행이 강제 종료되어 grubby 변경이 중단된 뒤 {0}이(가) 수정되었습니다.',
    'Look at the arguments there, by hand.': '그 파일의 인자를 직접 확인하십시오.',
    '%s cannot be set by grub2-editenv.': 'grub2-editenv로 {0}을(를) 설정하지 못했습니다.',
    'Install grub2-tools-minimal.': 'grub2-tools-minimal을 설치하십시오.',

    # Keys of configuration files
    'change configuration files': '설정 파일 변경',
    'file: %s is none of those in which keys are set here: %s.': 'file: {0}은(는) 값을 설정할 수 있는 파일이 아닙니다. 가능한 파일: {1}.',
    'value: %s is not a text or a number.': 'value: {0}은(는) 텍스트나 숫자가 아닙니다.',
    'Write yes and no in quotes.': 'yes와 no는 따옴표로 감싸십시오.',
    'opt_in_reason: %s is not a reason: 1 to 300 characters in one line.': 'opt_in_reason: {0}은(는) 사유가 아닙니다(한 행 1~300자).',
    '%s, key: %s is not the name of a setting.': '{0}, key: {1}은(는) 설정 이름이 아닙니다.',
    '%s, value: %s is not a value that is written here: 1 to 1,000 characters of ASCII in one line, without %s.':
        '{0}, value: {1}은(는) 기록할 수 있는 값이 아닙니다(한 행의 ASCII 1~1,000자, {2} 불가).',
    '%s, section: %s is not one that a key is set in here.': '{0}, section: {1}에는 값을 설정할 수 없습니다.',
    '%s sets it in lines %s, and which of them counts is not known.': '{0}: {1}행에 중복되어 있어 어느 값이 적용되는지 알 수 없습니다.',
    'Leave one.': '하나만 남기십시오.',
    '%s has sections, and only files without are changed here.': '{0}: 섹션이 있는 파일은 변경하지 않습니다.',
    '%s has no section %s.': '{0}: {1} 섹션이 없습니다.',
    '%s has no block options.': '{0}: options 블록이 없습니다.',
    '%s ends with a backslash, so no line can be added.': '{0}: 마지막 행이 역슬래시로 끝나 행을 추가할 수 없습니다.',
    '%s, line %d has more than a plain value.': '{0} {1}행에 단순한 값 이외의 내용이 있습니다.',
    'Make it %s="...".': '{0}="..." 형식으로 바꾸십시오.',
    '%s has a block for %s, and only single values are set.': '{0}: {1}은(는) 블록이며 단일 값만 설정할 수 있습니다.',
    '%s has a comment within %s.': '{0}: {1} 구문 안에 주석이 있습니다.',
    'Bring the file to what it should be, and remove that one.': '설정 파일을 필요한 상태로 바꾼 뒤 손상된 파일을 삭제하십시오.',
    'The file %s leads to %s.': '{0}은(는) {1}에 대한 링크입니다.',
    'There is no %s on this host, so nothing had to be done.': '이 서버에 {0}이(가) 없어 조치할 것이 없습니다.',
    '%s: %s is not set, because %s.': '{0}: {1}을(를) 설정하지 않았습니다: {2}.',
    'Take signature %s out of the run, or give it an opt_in_reason.': '시그니처 {0}을(를) 실행에서 제외하거나 opt_in_reason을 지정하십시오.',
    '%s: %s may lower a safeguard: %s.': '{0}: {1}은(는) 보호 수준을 낮출 수 있습니다: {2}.',
    'The reason that was given: %s': '지정한 사유: {0}',
    'it says what is logged': '무엇을 기록할지 정하는 값임',
    'it says who comes in, and how': '접근 대상과 방법을 정하는 값임',
    'it says what the program can be reached by': '프로그램의 접속 경로를 정하는 값임',
    'it says what is run, or as whom': '실행할 프로그램이나 권한을 정하는 값임',
    'it says what is trusted': '신뢰 대상을 정하는 값임',
    'it says whom the clock follows': '시각 동기화 대상을 정하는 값임',
    'it says what others learn of the host': '외부에 노출되는 서버 정보를 정하는 값임',
    'it says what the firewall lets pass, or logs': '방화벽이 허용하거나 기록할 대상을 정하는 값임',
    'it says which updates come': '설치될 업데이트를 정하는 값임',
    '%s was edited since: %s is %s there now, and this collection wrote %s.':
        '{0}이(가) 이후 수정되었습니다. 현재 {1} 값은 {2}이며, 이 컬렉션이 기록한 내용은 {3}입니다.',
    'It stays.': '그대로 둡니다.',
    'not set': '설정되지 않음',
    'Set it back, or leave the host out of it.': '원래대로 되돌리거나 이 서버를 대상에서 제외하십시오.',
    '%s is gone, so nothing is put back.': '{0} 파일이 없어 되돌리지 않았습니다.',
    'What %s says of the new file cannot be asked, because this host makes no mount namespace: %s.':
        '이 서버에서 마운트 네임스페이스를 만들 수 없어 새 파일을 {0}(으)로 검사할 수 없습니다: {1}.',
    '%s does not take its configuration as it is now: %s.': '{0}의 현재 설정에 이미 오류가 있습니다: {1}.',
    'Mend that first.': '먼저 수정하십시오.',
    '%s has no program on this host that tests it, so only its syntax was looked at.': '이 서버에 {0}을(를) 검사할 프로그램이 없어 구문만 확인했습니다.',
    '%s does not take what %s would hold: %s.': '{0}이(가) {1}의 새 내용을 받아들이지 않습니다: {2}.',
    '%s does not take %s: %s.': '{0}이(가) {1}을(를) 받아들이지 않습니다: {2}.',
    '%s would still not count for %s, which has %s for it%s.': '{0}을(를) 설정해도 {1}에 적용되지 않습니다. 적용되는 값: {2}{3}.',
    '%s does not tell of %s: it is obsolete, or another name of one that it tells of.':
        '{0}에서 {1}을(를) 확인할 수 없습니다(폐지되었거나 다른 이름의 별칭).',
    'it says nothing': '출력 없음',
    '%s reads %s when it starts: systemctl restart %s, when it suits.': '{0}은(는) 시작할 때 {1}을(를) 읽습니다. 적절한 시점에 실행: systemctl restart {2}',
    '%s did not come back with the new %s: %s.': '{0}이(가) 새 {1}(으)로 정상 동작하지 않았습니다: {2}.',
    'The file is as it was, and %s.': '파일은 원래대로 되돌렸습니다. {0}.',
    'the service runs again': '서비스는 다시 실행 중입니다',
    'the service does not run: see to it': '서비스가 실행되지 않으므로 조치가 필요합니다',
    'it is %s': '상태: {0}',

    # Alerts, the proof
    "rule %s: %d alerts reached nobody: %s took others and not these, the last %s (%s).":
        '규칙 {0}: 경보 {1}건이 전달되지 않음. {2}이(가) 다른 경보는 받았으나 이것은 받지 않음(마지막 {3}, {4}).',
    "Read it: journalctl -o verbose -n %d --cursor='%s'": "확인: journalctl -o verbose -n {0} --cursor='{1}'",
    '%s, which runs the program, is gone: %s': '프로그램을 실행하는 {0}이(가) 없음: {1}',
    'it holds nothing': '내용 없음',
    'it has another shape: %s': '형식이 다름: {0}',
    'it is nested too deeply': '중첩이 너무 깊음',
    'journald itself did not take %s: that is its rate limit (RateLimitBurst in journald.conf) or its storage, and not the routing.':
        'journald가 {0}을(를) 받지 않았습니다. 경로 문제가 아니라 속도 제한(journald.conf의 RateLimitBurst)이나 저장 공간 때문입니다.',
    '%s was truncated in the meantime, perhaps by copytruncate of logrotate: messages may have been in it.':
        '그사이 {0}이(가) 잘렸습니다(logrotate의 copytruncate 등). 메시지가 그 안에 있었을 수 있습니다.',
    '%s tells that rsyslogd dropped messages by its rate limit: it may have been that, and not the routing.':
        '{0}에 rsyslogd 속도 제한으로 메시지를 버린 기록이 있습니다. 경로 문제가 아닐 수 있습니다.',
    'Cannot send to %s: %s.': '{0}(으)로 보낼 수 없습니다: {1}.',
    'Is systemd-journald running?': 'systemd-journald 실행 여부를 확인하십시오.',
    'The first %d of %d messages were sent.': '메시지 {1}건 중 처음 {0}건만 보냈습니다.',
    'Cannot look into %s: not a regular file.': '{0} 확인 불가: 일반 파일이 아닙니다.',

    # What the journey itself says
    '%s: %s holds no record of a remediation of this host, so there is nothing to verify.': '{0}: {1}에 이 서버의 조치 기록이 없어 검증할 것이 없습니다.',
    '%s: %s holds no record of a remediation of this host, so there is nothing to roll back.':
        '{0}: {1}에 이 서버의 조치 기록이 없어 되돌릴 것이 없습니다.',
    'Name the log_hygiene_run_dir of that run.': '조치했을 때의 log_hygiene_run_dir을 지정하십시오.',
    '%s was edited since it was written, so nothing was taken back.': '{0}이(가) 조치 후 수정되어 아무것도 되돌리지 않았습니다.',
    'Undo the edit, or move the file away, and run this again.': '수정한 내용을 되돌리거나 파일을 옮긴 뒤 다시 실행하십시오.',
    'keep: %s.': 'keep: {0}.',
    'So what somebody edits from now on cannot be told line by line.': '따라서 이후 수정되는 내용은 행 단위로 표시할 수 없습니다.',
    'The line about this run could not be written to the log of this host by %s: %s.': '{0}(으)로 서버 로그에 작업 기록을 남길 수 없습니다: {1}.',
    'See whether systemd-journald runs.': 'systemd-journald가 실행 중인지 확인하십시오.',
    'nobody took it for %d seconds': '{0}초 동안 수신되지 않음',
    'Run remediate.yml first, or name the log_hygiene_run_dir of that run.': '먼저 remediate.yml을 실행하거나 그 실행의 log_hygiene_run_dir을 지정하십시오.',
    'not a JSON record (%s).': 'JSON 기록이 아닙니다({0}).',
    '%s: key %s %s.': '{0}: 키 {1} 오류({2}).',
    'The file is damaged.': '파일이 손상되었습니다.',
    'It was set aside as %s.': '{0}(으)로 이름을 바꾸어 따로 두었습니다.',
    '%s: an earlier record of this host, which was damaged and set aside.': '{0}: 손상되어 따로 둔 이 서버의 이전 기록이 있습니다.',
    'So what earlier runs remedied on this host, and when, is not known.': '따라서 이전 실행의 조치 내역과 시점을 알 수 없습니다.',
    'To have that back, restore the file under its own name from a backup.': '되살리려면 백업에서 원래 이름으로 복원하십시오.',
    '%s: the same machine as %s, by its machine id and boot id.': '{0}: machine-id와 부팅 ID로 보아 {1}와(과) 같은 서버입니다.',
    'Nothing was changed under this name.': '이 이름으로는 아무것도 변경하지 않았습니다.',
    'Leave one of the names in the inventory, or name one by --limit, and run this again.':
        '인벤토리에 이름을 하나만 남기거나 --limit으로 하나만 지정하여 다시 실행하십시오.',
    '%s: another run works on this host at this moment (process %d, begun %s), and both would write its record.':
        '{0}: 다른 실행(프로세스 {1}, 시작 {2})이 지금 이 서버에서 작업 중이며, 둘 다 같은 기록을 쓰게 됩니다.',
    'Run this again when that has ended.': '그 실행이 끝난 뒤 다시 실행하십시오.',
    'key "schema": expected %d.': '키 "schema"의 값이 {0}이(가) 아닙니다.',
    'The file is no record, or was written by another version.': '기록 파일이 아니거나 다른 버전이 만든 파일입니다.',
    'key "host": says %r, not %r.': '키 "host"의 값이 {1}이(가) 아니라 {0}입니다.',
    'The file is the record of another host.': '다른 서버의 기록 파일입니다.',
    'Check the permissions of log_hygiene_run_dir.': 'log_hygiene_run_dir의 권한을 확인하십시오.',
    'host %s: its record does not say what the host is; run the journey from its start.': '{0}: 기록에 서버 정보가 없습니다. 처음부터 다시 실행하십시오.',
    '%s is lost.': '{0}: 연결이 끊겼습니다.',
}
# What Ansible, the system and the playbooks say.
SYSTEM: dict[str, str] = {
    **TOGETHER,
    'failed without a message': '오류 메시지 없이 실패',
    'ended with another host that failed, as any_errors_fatal (ANSIBLE_ANY_ERRORS_FATAL) asks':
        '다른 서버의 실패로 함께 중단됨(any_errors_fatal, ANSIBLE_ANY_ERRORS_FATAL 설정)',
    'Missing sudo password': 'sudo 비밀번호 없음(--ask-become-pass로 입력)',
    'Incorrect sudo password': 'sudo 비밀번호가 틀림',
    'sudo: a password is required': 'sudo 비밀번호 필요(--ask-become-pass로 입력)',
    'Module result deserialization failed: No start of json char found: %s': '모듈이 결과를 반환하지 않음: {0}',
    'No such file or directory': '파일이나 디렉터리 없음',
    'Permission denied': '권한 거부',
    'No space left on device': '디스크 공간 부족',
    'Read-only file system': '읽기 전용 파일 시스템',
    'Input/output error': '입출력 오류',
    'Is a directory': '디렉터리임',
    'Not a directory': '디렉터리가 아님',
    'Operation not permitted': '허용되지 않은 작업',
    'Cannot allocate memory': '메모리 부족',
    'Invalid argument': '잘못된 값',
    'Too many open files': '열린 파일 수 초과',
    'File name too long': '파일 이름이 너무 김',
    'Disk quota exceeded': '디스크 할당량 초과',
    'Connection refused': '연결 거부',
    'Connection timed out': '연결 시간 초과',
    'No route to host': '경로 없음',
    'Name or service not known': '알 수 없는 호스트 이름',
    'Failed to connect to the host via ssh: %s': 'SSH 접속 실패: {0}',
    'ssh: connect to host %s port %d: %s': '{0} 포트 {1}: {2}',
    'ssh: Could not resolve hostname %s: %s': '호스트 이름 {0} 확인 불가: {1}',
    'Task failed: %s': '작업 실패: {0}',
    'Timeout (%ds) waiting for privilege escalation prompt': '권한 상승 프롬프트 대기 시간 초과({0}초)',
    'value of %s must be one of: %s, got: %s': '{0}의 값은 다음 중 하나여야 함: {1}(현재 값: {2})',
    'The catalog has %d problems:': '카탈로그에 문제가 {0}건 있습니다:',
    'The catalog has %d problem:': '카탈로그에 문제가 {0}건 있습니다:',
    '%d days': '{0}일',
    '%.1f days': '{0}일',
    '%d day': '{0}일',
}

PLACEHOLDER = re.compile(r'%#?(?:0\d)?(?:\.\d)?[sdfgorx]')
NUMBER = re.compile(r'-?\d+(?:\.\d+)?$')
SENTENCE = re.compile(r'(?<=[.?])\s+(?=[A-Z/]|rsyslogd |logrotate )')
CHOICES = re.compile(r'\S+(?: or \S+)+\Z')
STAMP = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z\Z')
LISTED = re.compile(r'; (?=[a-z]+(?:_[a-z]+)+: )')  # before the next variable
# Three words in a row: what a person would have to read as English.
ENGLISH = re.compile(r"(?<![\w/.-])[A-Za-z][a-z']* [a-z']+,? [a-z']+(?![\w/])")
# What a sentence is about, where it comes first: a key, a rule; a host, an option, a path.
RULED = ((re.compile(r'(/\S+): (?=key [`"])'), '{0}: '), (re.compile(r'key `([^`]*)`: '), '키 `{0}`: '),
         (re.compile(r'Rule number (\d+): '), '{0}번째 규칙: '), (re.compile(r'Rule (\S+): '), '규칙 {0}: '),
         (re.compile(r'Rules (\S+(?:, \S+)*) and (\d+) more: '), '규칙 {0} 외 {1}개: '),
         (re.compile(r'Rules (\S+(?:, \S+)*) and (\S+): '), '규칙 {0}, {1}: '))
NAMED = ((re.compile(r'([^\s:]+): '), '{0}: '), (re.compile(r'([^\s:,]+(?:, [^\s:,]+)*) and (\d+) more hosts: '), '{0} 외 {1}대: '),
         (re.compile(r'([^\s:,]+(?:, [^\s:,]+)+): '), '{0}: '))
FOREIGN = say('ko', 'note.original', text='').rstrip(']')
DEPTH = 6  # a reason in a reason in a reason
LONGEST = 4000  # characters that are taken apart; what a module says itself is shorter

# (literals between the placeholders, which placeholders are numbers, Korean, whether it speaks of one thing), the most telling first
_FORMS = sorted(
    ((PLACEHOLDER.split(english), [one[-1] in 'dfgo' for one in PLACEHOLDER.findall(english)], korean, english in SYSTEM)
     for english, korean in {**SYSTEM, **FORMS}.items()), key=lambda form: -sum(len(text) for text in form[0]))


def _captured(text: str, literals: list[str], numbers: list[bool]) -> list[str] | None:
    """What stands at the placeholders of a form, or None when the text is of another one. In linear time."""
    if len(literals) == 1:
        return [] if text == literals[0] else None
    if not text.startswith(literals[0]) or not text.endswith(literals[-1]):
        return None
    place, end = len(literals[0]), len(text) - len(literals[-1])
    found = []
    for literal in literals[1:-1]:
        stop = text.find(literal, place, end)
        if stop < 0:
            return None
        found.append(text[place:stop])
        place = stop + len(literal)
    if place > end:
        return None
    found.append(text[place:end])
    return found if all(not number or NUMBER.match(one) for one, number in zip(found, numbers)) else None


def _korean(text: str, depth: int = DEPTH) -> str | None:
    """The Korean of one or more sentences; None when there is none for any of them."""
    if depth <= 0:
        return None
    told = _joined(_sentences(text), ' ', depth) or _joined(LISTED.split(text), '; ', depth)
    if told:
        return told
    ruled = _prefixed(text, depth, RULED)
    if ruled and FOREIGN not in ruled:
        return ruled
    return (_sentence(text, depth) or ruled or _prefixed(text, depth, NAMED)
            or _joined(text.split('; '), '; ', depth) or _joined(text.rsplit(': ', 1), ': ', depth))


def _sentences(text: str) -> list[str]:
    """The sentences of a text. What a program said stands in brackets, and is one with the sentence around it."""
    found: list[str] = []
    depth = 0
    for part in SENTENCE.split(text):
        if depth > 0:
            found[-1] += ' ' + part
        else:
            found.append(part)
        depth += part.count('(') - part.count(')')
    return found if depth == 0 else SENTENCE.split(text)


def _sentence(text: str, depth: int) -> str | None:
    # Many forms stand within a sentence as well, and some sentences within another one.
    ends = [(text[:-1], '.'), (text, '')] if text.endswith('.') else [(text, ''), (text + '.', None)]
    for literals, numbers, korean, single in _FORMS:
        for body, end in ends:
            found = _captured(body, literals, numbers)
            if found is not None and not (single and any('; ' in one for one in found)):
                told = korean.format(*(_shown(one, depth - 1) for one in found))
                return told.removesuffix('.') if end is None else told + end
    return None


def _prefixed(text: str, depth: int, prefixes: tuple[tuple[re.Pattern[str], str], ...]) -> str | None:
    """The Korean of what stands behind a name: a host, an option, a path, a key, a rule."""
    for pattern, korean in prefixes:
        found = pattern.match(text)
        if found:
            rest = _korean(text[found.end():], depth - 1)
            return None if rest is None else korean.format(*found.groups()) + rest
    return None


def _joined(parts: list[str], separator: str, depth: int) -> str | None:
    """The Korean of parts, where that of any is known; each is looked at once."""
    if len(parts) < 2:
        return None
    told = [_korean(part, depth - 1) for part in parts]
    return separator.join(_original(part) if one is None else one for part, one in zip(parts, told)) if any(told) else None


def _shown(text: str, depth: int = DEPTH) -> str:
    if STAMP.match(text):
        return when('ko', text)
    korean = _korean(text, depth)
    return _original(text) if korean is None else korean


def _original(text: str) -> str:
    if CHOICES.match(text):
        return text.replace(' or ', ' 또는 ')
    return say('ko', 'note.original', text=text) if ENGLISH.search(text) else text


@lru_cache(maxsize=4096)
def module_text(language: Language, text: str) -> str:
    """What a module said, in the language of the report."""
    if language == 'en':
        return text
    return _shown(text) if len(text) <= LONGEST else _original(text)
