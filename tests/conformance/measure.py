#!/usr/bin/env python3
"""Measures the live door: what it accepts beside Postfix's smtp-sink, IMAP, memory when idle.

    measure.py PROGRAM [LETTERS]

smtp-source drives both servers in the same way. They are of Debian's package postfix, which need
not be installed (`apt-get download postfix; dpkg -x postfix_*.deb DIR`): POSTFIX=DIR says where it
is. Processor time is what counts on a busy machine: it does not know of other programs.
"""
import imaplib
import os
import resource
import shutil
import socket
import subprocess
import sys
import time

from serving import BOB, Served, trusting, until

LETTER_OCTETS = 1_000
SESSIONS = 10


def postfix(name):
    """The command, and the environment in which it finds its libraries."""
    root = os.environ.get("POSTFIX", "")
    if root == "":
        found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")
        return found, dict(os.environ)
    return (os.path.join(root, "usr/sbin", name),
            {**os.environ, "LD_LIBRARY_PATH": os.path.join(root, "usr/lib/postfix")})


def processor_seconds(process):
    """What a process has used so far, in itself and in the kernel."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def drive(process, port, letters, *options):
    """Letters for each second of the server's processor, and of the clock."""
    command, environment = postfix("smtp-source")
    busy, began = processor_seconds(process), time.monotonic()
    subprocess.run([command, "-s", str(SESSIONS), "-m", str(letters), "-l", str(LETTER_OCTETS),
                    *options, "-f", "zoe@example.com", "-t", BOB, f"127.0.0.1:{port}"],
                   check=True, env=environment)
    busy, took = processor_seconds(process) - busy, time.monotonic() - began
    return letters / busy, letters / took


def answers_at(port):
    with socket.socket() as wire:
        return wire.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    with socket.socket() as wire:
        wire.bind(("127.0.0.1", 0))
        return wire.getsockname()[1]


def measure_submissions(program, letters):
    command, environment = postfix("smtp-sink")
    port = free_port()
    sink = subprocess.Popen([command, "-u", "nobody", f"127.0.0.1:{port}", "1000"], env=environment)
    assert until(lambda: answers_at(port)), "smtp-sink does not answer"
    with Served(program) as server:
        for title, options in ("a connection each", []), ("connections kept", ["-d"]):
            here = drive(server.process, server.port("smtp", "example.jp"), letters, *options)
            there = drive(sink, port, letters, *options)
            print(f"{title}: serve {here[0]:.0f} letters for a second of processor "
                  f"({here[1]:.0f} of the clock), smtp-sink {there[0]:.0f} ({there[1]:.0f}): "
                  f"{100 * here[0] / there[0]:.0f} % ({100 * here[1] / there[1]:.0f} %)")
    sink.terminate()
    sink.wait()


def measure_imap(program, letters):
    with Served(program) as server:
        drive(server.process, server.port("smtp", "example.jp"), letters, "-d")
        with imaplib.IMAP4("localhost", server.port("imap", "example.jp"), timeout=60) as imap:
            imap.login(BOB, server.passwords[BOB])
            imap.select()
            for what in "(FLAGS UID)", "(ENVELOPE)", "(BODY.PEEK[])":
                busy, began = processor_seconds(server.process), time.monotonic()
                rows = imap.fetch("1:*", what)[1]
                took = time.monotonic() - began
                busy = processor_seconds(server.process) - busy
                count = sum(isinstance(row, tuple) or what != "(BODY.PEEK[])" for row in rows)
                assert count == letters, (count, letters)
                print(f"IMAP FETCH 1:* {what} of {letters} letters: {took:.2f} s, of which the "
                      f"server {busy:.2f} s of processor")


def measure_idle(program):
    """The process takes memory from the system in pieces of 2 MiB: the first connections count for
    nothing, and the others are many."""
    first, connections = 100, 1_800
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4_096), hard))
    for service in "smtp", "pop3", "imap":
        with Served(program) as server:
            crowd = []
            for i in range(first + connections):
                if i == first:
                    before = server.memory_kib()
                crowd.append(socket.create_connection(
                    ("127.0.0.1", server.port(service, "example.jp"))))
                assert crowd[-1].recv(200), "greeting"
            each = (server.memory_kib() - before) / connections
            print(f"idle {service}: {each:.1f} KiB for each connection, of the process; what the "
                  f"kernel keeps for a socket comes on top")
            for wire in crowd:
                wire.close()
    with Served(program) as server:
        crowd = []
        for i in range(first + 800):
            if i == first:
                before = server.memory_kib()
            crowd.append(imaplib.IMAP4("localhost", server.port("imap", "example.jp")))
            crowd[-1].starttls(ssl_context=trusting(server))
            crowd[-1].login(BOB, server.passwords[BOB])
            crowd[-1].select()
        each = (server.memory_kib() - before) / (len(crowd) - first)
        print(f"idle imap with TLS, a folder open: {each:.1f} KiB for each connection")
        for client in crowd:
            client.shutdown()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


if __name__ == "__main__":
    measure_submissions(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
    measure_imap(sys.argv[1], 10_000)
    measure_idle(sys.argv[1])
