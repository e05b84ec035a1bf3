# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail server on loopback (aiosmtpd) that puts each mail into a file of a folder, named by its place in the row.

    python receiver.py PORT FOLDER [--refuse TEXT] [--deny ADDRESS] [--certificate FILE] [--broken-tls]
"""
import argparse
import asyncio
import os
import ssl

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message


class Folder(Message):
    """Writes what it gets, whole or not at all, with the envelope in headers of its own."""

    def __init__(self, options):
        super().__init__()
        self.options = options

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address == self.options.deny:
            return '550 no such user'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        message = self.prepare_message(session, envelope)
        text = message.get_payload(decode=True).decode('utf-8')
        if self.options.refuse and self.options.refuse in text:
            return '554 5.7.1 this looks like junk'
        message['X-Encrypted'] = str(session.ssl is not None)
        message['X-Hello'] = session.host_name
        place = len(os.listdir(self.options.folder))
        path = os.path.join(self.options.folder, '%04d' % place)
        with open(path + '.part', 'wb') as target:
            target.write(message.as_bytes())
        os.rename(path + '.part', path)
        return '250 OK'

    def handle_message(self, message):
        raise NotImplementedError



def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('port', type=int)
    parser.add_argument('folder')
    parser.add_argument('--refuse')
    parser.add_argument('--deny')
    parser.add_argument('--certificate')
    parser.add_argument('--broken-tls', action='store_true')
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    context = None
    if options.certificate or options.broken_tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if options.certificate:
            context.load_cert_chain(options.certificate)
    controller = Controller(Folder(options), hostname='127.0.0.1', port=options.port, tls_context=context)
    controller.start()
    asyncio.new_event_loop().run_forever()


if __name__ == '__main__':
    main()
