"""OpenStack Swift with its S3 API, all its servers in one process on this machine alone, as Debian packages it.

    /usr/bin/python3 s3-server.py FOLDER

Takes the access keys `test:writer` and `test:stranger`, both with the secret `testing-secret`; the second one may do
nothing. Objects are in memory, what is known of them in FOLDER. Prints its port when it answers.
"""

import os
import sys

import eventlet

eventlet.monkey_patch()

import eventlet.wsgi
from swift.common import utils
from swift.common.ring import RingBuilder
from swift.common.wsgi import SwiftHttpProtocol, loadapp

# What else stands in /etc/swift/swift.conf.
utils.HASH_PATH_SUFFIX = b'test'
FOLDER = os.path.abspath(sys.argv[1])
HOST = '127.0.0.1'
MINE = f'[DEFAULT]\nbind_ip = {HOST}\nswift_dir = {FOLDER}\ndevices = {FOLDER}\nmount_check = false\nlog_name = swift\n'
PROXY = """
[pipeline:main]
pipeline = catch_errors gatekeeper cache s3api tempauth bulk slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_test_writer = testing-secret .admin
user_test_stranger = testing-secret
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
"""


def serve(name, sock, conf):
    path = f'{FOLDER}/{name}.conf'
    with open(path, 'w') as file:
        file.write(MINE + conf)
    app = loadapp(path, global_conf={'log_name': name})
    options = {'protocol': SwiftHttpProtocol, 'capitalize_response_headers': False}
    return eventlet.spawn(eventlet.wsgi.server, sock, app, open(os.devnull, 'w'), **options)


def ring(name, port):
    builder = RingBuilder(1, 1, 0)
    device = {'region': 1, 'zone': 1, 'weight': 1, 'device': 'disk', 'replication_ip': HOST}
    builder.add_dev({**device, 'ip': HOST, 'port': port, 'replication_port': port})
    builder.rebalance()
    builder.get_ring().save(f'{FOLDER}/{name}.ring.gz')


os.makedirs(f'{FOLDER}/disk', exist_ok=True)
backends = []
for name, app in [('account', 'account'), ('container', 'container'), ('object', 'mem_object')]:
    sock = eventlet.listen((HOST, 0))
    ring(name, sock.getsockname()[1])
    backends.append((name, sock, f'[app:main]\nuse = egg:swift#{app}\n'))
for backend in backends:
    serve(*backend)
sock = eventlet.listen((HOST, 0))
proxy = serve('proxy', sock, PROXY)
print(sock.getsockname()[1], flush=True)
proxy.wait()
