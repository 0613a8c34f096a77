"""Starts `mailscope serve` for a check, and what checks of the live door share.

The program is started with free ports (port 0) and read back from its readiness line; it ends with
the check, and must do so quietly. A client that is not installed skips its check, with its name.
"""
import ctypes
import http.client
import json
import os
import platform
import poplib
import shutil
import signal
import smtplib
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCENARIO = os.path.join(ROOT, "tests/conformance/two-providers.json")
ALICE, BOB = "alice@example.com", "bob@example.jp"
PLAIN_SERVICES = ["smtp", "submission", "pop3", "imap", "dns", "http"]
TLS_SERVICES = ["submissions", "imaps", "pop3s", "https"]
SERVICES = PLAIN_SERVICES + TLS_SERVICES


class Skip(Exception):
    """The check cannot be done here, and says what is missing."""


class Served:
    """A running server: `with Served(program) as server: ...`."""

    def __init__(self, program, *options, scenario=SCENARIO, speed="fast",
                 services=tuple(SERVICES)):
        arguments = [program, "serve", scenario, "--speed", speed]
        for service in services:
            arguments += ["--" + service, "0"]
        self.process = subprocess.Popen(arguments + list(options), stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate()[1].decode())
        self.ready = json.loads(line)
        self.passwords = {one["address"]: one["password"] for one in self.ready["accounts"]}
        self.folder = tempfile.mkdtemp(prefix="mailscope-live-")
        self.certificate = self.file("server.pem", self.ready["certificate"])

    def port(self, service, host):
        """The port of a host's service; `host` may be the end of its name."""
        for port in self.ready["ports"]:
            if port["service"] == service and port["host"].endswith(host):
                return port["port"]
        raise AssertionError(f"no {service} of {host}")

    def api(self, method, path, body=None, fields=None):
        """Status and JSON of a request to the API."""
        wire = http.client.HTTPConnection("127.0.0.1", self.ready["api"], timeout=30)
        text = None if body is None else json.dumps(body)
        wire.request(method, path, text, fields or {})
        response = wire.getresponse()
        content = response.read()
        wire.close()
        return response.status, json.loads(content) if content else None

    def file(self, name, text, mode=0o600):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        os.chmod(path, mode)
        return path

    def memory_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(next(row for row in status if row.startswith("VmRSS")).split()[1])

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            rest, errors = self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError("serve does not end at SIGINT") from None
        shutil.rmtree(self.folder, ignore_errors=True)
        if kind is None:
            assert self.process.returncode == 0, (self.process.returncode, errors.decode())
            assert not rest and not errors, (rest, errors)


def letter(sender, to, subject, text="Hello!"):
    return (f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n"
            f"Message-ID: <{subject}@test.example>\r\n\r\n{text}\r\n")


def run(*command, text=None, good=(0,), **more):
    """Runs a real client and gives what it printed; fails when it fails."""
    if shutil.which(command[0]) is None:
        raise Skip(f"{command[0]} is not installed")
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60,
                          check=False, **more)
    assert done.returncode in good, f"{command[0]}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def no_sockets():
    """What a child process calls to be ended by the kernel (SIGSYS) when it asks for a socket."""
    numbers = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
    if platform.machine() not in numbers:
        raise Skip("no filter of system calls for this machine")
    machine, socket_call = numbers[platform.machine()]
    load, jump, give = 0x20, 0x15, 0x06  # of BPF: load a word, jump if equal, return
    allow, kill = 0x7FFF0000, 0x80000000
    steps = [(load, 0, 0, 4), (jump, 0, 3, machine), (load, 0, 0, 0), (jump, 0, 1, socket_call),
             (give, 0, 0, kill), (give, 0, 0, allow)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)

    def forbid():
        no_new_privileges, seccomp, filter_mode = 38, 22, 2
        libc.prctl(no_new_privileges, 1, 0, 0, 0)
        if libc.prctl(seccomp, filter_mode, program, 0, 0) != 0:
            raise OSError("no seccomp here")
        _ = code  # kept until now

    return forbid


def until(condition, seconds=10):
    """Waits for something true and gives it."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.05)


def submit(server, to=BOB, subject="greeting", text="Hello!"):
    """Hands a letter of Alice's in, as Python's smtplib does."""
    with smtplib.SMTP("127.0.0.1", server.port("submission", "example.com"), timeout=20) as client:
        client.login(ALICE, server.passwords[ALICE])
        client.sendmail(ALICE, [to], letter(ALICE, to, subject, text))


def fetch(server, user=BOB, host="example.jp"):
    """All letters in a mailbox, as Python's poplib gets them; they are removed."""
    client = poplib.POP3("127.0.0.1", server.port("pop3", host), timeout=20)
    client.user(user)
    client.pass_(server.passwords[user])
    count, _ = client.stat()
    letters = [b"\r\n".join(client.retr(i + 1)[1]).decode() for i in range(count)]
    for i in range(count):
        client.dele(i + 1)
    client.quit()
    return letters


def trusting(server):
    """What a program is told that trusts the certificate of the live door."""
    return ssl.create_default_context(cafile=server.certificate)


def main(checks_of):
    """Does the checks of a file that the arguments name, or all."""
    program, names = sys.argv[1], sys.argv[2:]
    checks = {name[6:]: check for name, check in checks_of.items() if name.startswith("check_")}
    results = []
    for name in names or checks:
        try:
            checks[name](program)
            results.append("ok")
            print("ok  ", name)
        except Skip as reason:
            results.append("skip")
            print("skip", name + ":", reason)
        except Exception:  # pylint: disable=broad-except
            results.append("bad")
            print("FAIL", name)
            traceback.print_exc(file=sys.stdout)
    if "bad" in results:
        return 1
    return 0 if "ok" in results else 77
