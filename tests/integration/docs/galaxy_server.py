# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Galaxy on this machine that has one collection: as much of its API as `ansible-galaxy collection install` asks for."""
from __future__ import annotations

import contextlib
import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def serving(tarball: Path) -> Iterator[str]:
    """Give the address of a Galaxy that has this tarball, NAMESPACE-NAME-VERSION.tar.gz."""
    namespace, name, version = tarball.name.removesuffix('.tar.gz').split('-', 2)
    content = tarball.read_bytes()
    top = '/api/v3/collections/%s/%s/' % (namespace, name)

    class Handler(http.server.BaseHTTPRequestHandler):
        """Answers by the path alone."""

        def do_GET(self):  # pylint: disable=invalid-name
            answers = {
                '/api/': {'available_versions': {'v3': 'v3/'}},
                top: {'namespace': namespace, 'name': name, 'highest_version': {'version': version}},
                top + 'versions/': {'meta': {'count': 1}, 'links': {'next': None}, 'data': [{'version': version}]},
                top + 'versions/%s/' % version: {
                    'version': version, 'namespace': {'name': namespace}, 'collection': {'name': name}, 'name': name, 'signatures': [],
                    'requires_ansible': '>=2.16.0',
                    'href': top + 'versions/%s/' % version, 'download_url': 'http://%s/%s' % (self.headers['Host'], tarball.name),
                    'artifact': {'filename': tarball.name, 'sha256': hashlib.sha256(content).hexdigest(), 'size': len(content)},
                    'metadata': {'dependencies': {}}},
                '/' + tarball.name: content}
            answer = answers.get(self.path.partition('?')[0])
            self.send_response(404 if answer is None else 200)
            self.send_header('Content-Type', 'application/gzip' if isinstance(answer, bytes) else 'application/json')
            self.end_headers()
            self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer or {}).encode())

        def log_message(self, *arguments):  # pylint: disable=arguments-differ
            """Keep quiet."""

    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield 'http://127.0.0.1:%d/api/' % server.server_port
        finally:
            server.shutdown()
            thread.join()
