"""A homeserver and people with clients, for the tests.

Reads one JSON object a line from standard input ({"id", "op", ...}), answers each with {"id", "ok"} or
{"id", "error"}, and tells what clients see as {"seen": {...}}. It ends, and takes the homeservers along,
when its standard input does: so they never outlive the tests.
"""

import asyncio
import base64
import contextlib
import datetime
import hashlib
import http.server
import itertools
import json
import os
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from nio import Api, AsyncClient, AsyncClientConfig, KeyVerificationEvent, LocalProtocolError, MegolmEvent
from nio.crypto.sas import Sas
from signedjson.key import generate_signing_key, write_signing_keys



def commitment_holds(sas, key):
    """As the specification has it, in base64; nio 0.26 compares with hexadecimal digits."""
    start = Api.to_canonical_json(sas.start_verification().content)
    digest = hashlib.sha256((key + start).encode()).digest()
    return sas.commitment == base64.b64encode(digest).decode().rstrip("=")


Sas._check_commitment = commitment_holds
# nio computes the MAC of the second version and calls it by the name of the first.
Sas._mac_normal = "hkdf-hmac-sha256.v2"
Sas._mac_v1 = [Sas._mac_normal, "hkdf-hmac-sha256"]

FOLDER = sys.argv[1]
LIMITS = {"per_second": 100000, "burst_count": 100000}


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def call(method, url, body=None, token=None):
    request = urllib.request.Request(url, method=method)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", "Bearer " + token)
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data=data, timeout=60) as response:
            return response.status, json.loads(response.read() or b"{}")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


class Server:
    """One Synapse on a free port of the loopback, with SQLite."""

    def __init__(self, name, limits):
        self.folder = os.path.join(FOLDER, name)
        os.makedirs(self.folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        def in_folder(name):
            return os.path.join(self.folder, name)

        with open(in_folder("signing.key"), "w") as file:
            write_signing_keys(file, [generate_signing_key("a_test")])
        with open(in_folder("log.yaml"), "w") as file:
            json.dump({"version": 1, "handlers": {"output": {"class": "logging.StreamHandler"}},
                       "root": {"level": "WARNING", "handlers": ["output"]}}, file)
        config = {
            "server_name": "localhost",
            "report_stats": False,
            "pid_file": in_folder("pid"),
            "signing_key_path": in_folder("signing.key"),
            "media_store_path": in_folder("media"),
            "log_config": in_folder("log.yaml"),
            "macaroon_secret_key": "only for tests",
            "form_secret": "only for tests",
            "database": {"name": "sqlite3", "args": {"database": in_folder("homeserver.db")}},
            "listeners": [{"port": self.port, "type": "http", "bind_addresses": ["127.0.0.1"],
                           "resources": [{"names": ["client"]}]}],
            "enable_registration": True,
            "enable_registration_without_verification": True,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "federation_domain_whitelist": [],
            "bcrypt_rounds": 4,
            "presence": {"enabled": False},
            "rc_message": LIMITS,
            "rc_registration": LIMITS,
            "rc_login": {"address": LIMITS, "account": LIMITS, "failed_attempts": LIMITS},
            "rc_joins": {"local": LIMITS, "remote": LIMITS},
            "rc_joins_per_room": LIMITS,
            "rc_invites": {"per_room": LIMITS, "per_user": LIMITS, "per_issuer": LIMITS},
            "rc_room_creation": LIMITS,
        }
        config.update(limits)
        with open(in_folder("homeserver.yaml"), "w") as file:
            # JSON is YAML.
            json.dump(config, file)
        self.command = [sys.executable, "-m", "synapse.app.homeserver", "-c", in_folder("homeserver.yaml")]
        self.process = None

    def start(self):
        # Synapse logs to its folder; what it prints is looked at when it doesn't start.
        output = open(os.path.join(self.folder, "output"), "ab")
        self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=output, stderr=output)

    async def ready(self):
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                call("GET", f"http://127.0.0.1:{self.port}/_matrix/client/versions")
                return {"port": self.port}
            except OSError:
                await asyncio.sleep(0.05)
        with open(os.path.join(self.folder, "output"), errors="replace") as file:
            raise RuntimeError("Synapse doesn't start: " + file.read()[-2000:])

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def certificate():
    """A certificate for localhost that vouches for itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now, day = datetime.datetime.now(datetime.timezone.utc), datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - day).not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256()))
    path = os.path.join(FOLDER, "localhost.pem")
    with open(path, "wb") as file:
        file.write(made.public_bytes(serialization.Encoding.PEM))
        file.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                     serialization.NoEncryption()))
    return path


def discovery(server, busy):
    """A web server of a name whose homeserver is elsewhere, and says where (Matrix specification, "Well-known
    URIs"), on a free port of localhost; the first requests find it busy."""
    left = itertools.count(busy, -1)
    said = json.dumps({"m.homeserver": {"base_url": f"http://127.0.0.1:{server.port}"}}).encode()

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            found = self.path == "/.well-known/matrix/client"
            self.send_response(503 if next(left) > 0 else 200 if found else 404)
            body = said if found else b"{}"
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    path = certificate()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    web.daemon_threads = True
    web.socket = context.wrap_socket(web.socket, server_side=True)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    return {"name": f"localhost:{web.server_port}", "certificate": path}


SERVERS = {}
PEOPLE = {}
STARTING = asyncio.Lock()


def url(server, path):
    return f"http://127.0.0.1:{SERVERS[server].port}{path}"


async def in_thread(*arguments):
    return await asyncio.get_running_loop().run_in_executor(None, lambda: call(*arguments))


async def in_thread_do(work, *arguments):
    return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)


def sign_out(request):
    """Ends all sessions of an account, as from another client."""
    where, identifier = request["server"], {"type": "m.id.user", "user": request["user"]}
    login = {"type": "m.login.password", "identifier": identifier, "password": request["password"]}
    _, said = call("POST", url(where, "/_matrix/client/v3/login"), login)
    token = said["access_token"]
    _, said = call("GET", url(where, "/_matrix/client/v3/devices"), None, token)
    body = {"devices": [device["device_id"] for device in said["devices"]]}
    status, said = call("POST", url(where, "/_matrix/client/v3/delete_devices"), body, token)
    if status == 401:
        body["auth"] = dict(login, session=said["session"])
        status, said = call("POST", url(where, "/_matrix/client/v3/delete_devices"), body, token)
    if status != 200:
        raise RuntimeError(f"sign out: {status} {said}")
    return {}


class Person:
    """Someone with a client of matrix-nio, which shares no code with the bot's."""

    def __init__(self, name, server, user, password):
        self.name, self.server, self.user, self.password = name, server, user, password
        self.client = None
        self.syncing = None
        # Of messages whose keys are kept back, by their ids.
        self.keys = {}

    async def enter(self):
        store = os.path.join(FOLDER, "clients", self.name)
        os.makedirs(store)
        config = AsyncClientConfig(store_sync_tokens=True, encryption_enabled=True, max_timeouts=0)
        self.client = AsyncClient(url(self.server, ""), self.user, store_path=store, config=config)
        response = await self.client.login(self.password, device_name="nio")
        if not hasattr(response, "access_token"):
            raise RuntimeError(f"login: {response}")
        self.client.add_event_callback(self.seen, None)
        self.client.add_to_device_callback(self.verification, KeyVerificationEvent)
        await self.client.sync(timeout=0, full_state=True)
        self.syncing = asyncio.create_task(self.follow())

    async def follow(self):
        while True:
            try:
                await self.client.sync_forever(timeout=20000, loop_sleep_time=0)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # the homeserver may be down on purpose
                print(f"{self.name}: {error!r}", file=sys.stderr)
                await asyncio.sleep(0.1)

    async def seen(self, room, event):
        source = dict(event.source)
        unreadable = isinstance(event, MegolmEvent)
        say({"seen": {"who": self.name, "room": room.room_id, "event": source,
                      "encrypted": bool(getattr(event, "decrypted", False)) or unreadable,
                      "unreadable": unreadable}})

    async def verification(self, event):
        try:
            kind = type(event).__name__
            say({"seen": {"who": self.name, "room": "", "event": {"type": kind, "content": {}, "event_id": kind, "sender": event.sender},
                          "encrypted": False, "unreadable": False}})
            sas = self.client.key_verifications.get(getattr(event, "transaction_id", ""))
            if kind == "KeyVerificationKey" and sas:
                await self.client.confirm_short_auth_string(event.transaction_id)
        except LocalProtocolError as error:
            print(f"{self.name}: {error!r}", file=sys.stderr)


async def perform(op, request):
    if op == "server":
        name = request["name"]
        async with STARTING:
            if name not in SERVERS:
                SERVERS[name] = await in_thread_do(Server, name, request.get("limits") or {})
                SERVERS[name].start()
        return await SERVERS[name].ready()
    if op == "kill":
        SERVERS[request["name"]].kill()
        return {}
    if op == "restart":
        SERVERS[request["name"]].start()
        return await SERVERS[request["name"]].ready()
    if op == "expire":
        # Has the tokens of an account run out, after which Synapse asks it softly to log in again. A running
        # server knows them by heart.
        server = SERVERS[request["name"]]
        server.kill()
        with contextlib.closing(sqlite3.connect(os.path.join(server.folder, "homeserver.db"))) as database, database:
            changed = database.execute(
                "UPDATE access_tokens SET valid_until_ms = 1 WHERE user_id = ?", (request["user"],)).rowcount
        if not changed:
            raise RuntimeError("no token ran out")
        server.start()
        return await server.ready()
    if op == "discovery":
        return await in_thread_do(discovery, SERVERS[request["name"]], request["busy"])
    if op == "register":
        body = {"username": request["user"], "password": request["password"], "inhibit_login": True,
                "auth": {"type": "m.login.dummy"}}
        status, said = await in_thread("POST", url(request["server"], "/_matrix/client/v3/register"), body)
        if status != 200:
            raise RuntimeError(f"register: {status} {said}")
        return said
    if op == "person":
        person = Person(request["who"], request["server"], request["user"], request["password"])
        await person.enter()
        PEOPLE[request["who"]] = person
        return {"user": person.client.user_id, "device": person.client.device_id}
    if op == "login":
        login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": request["user"]},
                 "password": request["password"]}
        if "device" in request:
            login["device_id"] = request["device"]
        _, said = await in_thread("POST", url(request["server"], "/_matrix/client/v3/login"), login)
        return said
    if op == "gone":
        # Until an account is in a room no more. Nobody may be left there to see it go.
        token = (await perform("login", request))["access_token"]
        while True:
            _, said = await in_thread("GET", url(request["server"], "/_matrix/client/v3/joined_rooms"), None, token)
            if request["room"] not in said["joined_rooms"]:
                return {}
            await asyncio.sleep(0.05)
    if op == "sign_out":
        return await in_thread_do(sign_out, request)
    person = PEOPLE[request["who"]]
    client = person.client
    if op == "call":
        status, said = await in_thread(
            request["method"], url(person.server, request["path"]), request.get("body"), client.access_token)
        return {"status": status, "body": said}
    if op == "send":
        response = await client.room_send(
            request["room"], request["type"], request["content"], ignore_unverified_devices=True)
        if not hasattr(response, "event_id"):
            raise RuntimeError(f"send: {response}")
        return {"event_id": response.event_id}
    if op == "call_loosely":
        path = urllib.parse.quote("/_matrix/client/v3/" + request["path"])
        status, _ = await in_thread("PUT", url(person.server, path), request["body"], client.access_token)
        return {"status": status}
    if op == "burst":
        sends = [
            in_thread("PUT", url(person.server, f"/_matrix/client/v3/rooms/{room}/send/m.room.message/burst{number}"),
                      {"msgtype": "m.text", "body": request["body"]}, client.access_token)
            for number, room in zip(range(request["count"]), itertools.cycle(request["rooms"]))]
        return {"sent": sum(status == 200 for status, _ in await asyncio.gather(*sends))}
    if op == "new_device":
        # Until the client knows of a device that it didn't know of before.
        before = set(request["before"])
        while not {device.id for device in client.device_store.active_user_devices(request["user"])} - before:
            await asyncio.sleep(0.05)
        client.invalidate_outbound_session(request["room"])
        return {}
    if op == "cross_signed":
        # Until the account has signed all of its devices.
        while True:
            _, said = await in_thread("POST", url(person.server, "/_matrix/client/v3/keys/query"),
                                      {"device_keys": {request["user"]: []}}, client.access_token)
            signing = said.get("self_signing_keys", {}).get(request["user"], {}).get("keys", {})
            devices = said["device_keys"].get(request["user"], {})
            signed = [set(signing) & set(device["signatures"][request["user"]]) for device in devices.values()]
            if signed and all(signed):
                return {"master": said["master_keys"][request["user"]]["keys"]}
            await asyncio.sleep(0.05)
    if op == "withhold":
        for device in client.device_store.active_user_devices(request["user"]):
            (client.blacklist_device if request["withhold"] else client.unblacklist_device)(device)
        client.invalidate_outbound_session(request["room"])
        return {}
    if op == "send_undecryptable":
        # A message whose key is kept back for now.
        room = request["room"]
        await client.joined_members(room)
        client.olm.create_outbound_group_session(room)
        session = client.olm.outbound_group_sessions[room]
        key = {"algorithm": "m.megolm.v1.aes-sha2", "room_id": room, "session_id": session.id,
               "session_key": session.session_key}
        session.mark_as_shared()
        kind, content = client.encrypt(room, "m.room.message", {"msgtype": "m.text", "body": request["body"]})
        client.invalidate_outbound_session(room)
        if request.get("reply_to"):
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": request["reply_to"]}}
        status, said = await in_thread(
            "PUT", url(person.server, f"/_matrix/client/v3/rooms/{room}/send/{kind}/keyless{len(person.keys)}"),
            content, client.access_token)
        if status != 200:
            raise RuntimeError(f"send: {status} {said}")
        person.keys[said["event_id"]] = key
        return said
    if op == "send_key":
        messages = {}
        for device in client.device_store.active_user_devices(request["user"]):
            session = client.olm.session_store.get(device.curve25519)
            messages[device.id] = client.olm._olm_encrypt(
                session, device, "m.room_key", person.keys[request["event"]])
        status, said = await in_thread(
            "PUT", url(person.server, f"/_matrix/client/v3/sendToDevice/m.room.encrypted/{request['event'][1:]}"),
            {"messages": {request["user"]: messages}}, client.access_token)
        if status != 200:
            raise RuntimeError(f"send: {status} {said}")
        return {}
    if op == "send_withheld":
        # Says that the key of a message is kept back, and why.
        key = person.keys[request["event"]]
        content = {"algorithm": key["algorithm"], "room_id": key["room_id"], "session_id": key["session_id"],
                   "sender_key": client.olm.account.identity_keys["curve25519"], "code": request["code"]}
        messages = {device.id: content for device in client.device_store.active_user_devices(request["user"])}
        status, said = await in_thread(
            "PUT", url(person.server, f"/_matrix/client/v3/sendToDevice/m.room_key.withheld/{request['event'][1:]}"),
            {"messages": {request["user"]: messages}}, client.access_token)
        if status != 200:
            raise RuntimeError(f"withheld: {status} {said}")
        return {}
    if op == "device":
        devices = [device for device in client.device_store.active_user_devices(request["user"])]
        return {"devices": [device.id for device in devices]}
    if op == "verify":
        for device in client.device_store.active_user_devices(request["user"]):
            await client.start_key_verification(device)
        return {}
    if op == "verified":
        devices = client.device_store.active_user_devices(request["user"])
        return {"verified": [device.verified for device in devices]}
    raise RuntimeError(f"unknown operation {op}")


async def answer(request):
    try:
        say({"id": request["id"], "ok": await perform(request["op"], request)})
    except Exception as error:
        say({"id": request["id"], "error": f"{type(error).__name__}: {error}"})


async def main():
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = set()
    while line := await reader.readline():
        task = asyncio.create_task(answer(json.loads(line)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


try:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(main())
finally:
    for server in SERVERS.values():
        server.kill()
    shutil.rmtree(FOLDER, ignore_errors=True)
os._exit(0)
