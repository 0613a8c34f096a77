#!/usr/bin/env python3
"""Measures the live door and prints one line of JSON, as `mailscope bench` does for the rest:
letters accepted beside Postfix's smtp-sink, a folder fetched by IMAP, memory of idle connections.

    measure.py PROGRAM [LETTERS]    a release build

It is no part of the program, because it takes clients of others: smtp-source drives both servers in
the same way. They are of Debian's package postfix, which need not be installed (`apt-get download
postfix; dpkg -x postfix_*.deb DIR`): POSTFIX=DIR says where it was unpacked. Processor time is what
counts on a busy machine: it does not know of other programs.
"""
import ctypes
import imaplib
import json
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
    found = {}
    with Served(program) as server:
        for title, options in ("connection_each", []), ("connections_kept", ["-d"]):
            here = drive(server.process, server.port("smtp", "example.jp"), letters, *options)
            there = drive(sink, port, letters, *options)
            found[title] = {"serve_per_processor_second": round(here[0]),
                            "smtp_sink_per_processor_second": round(there[0]),
                            "percent": round(100 * here[0] / there[0]),
                            "serve_per_second": round(here[1]),
                            "smtp_sink_per_second": round(there[1])}
    sink.terminate()
    sink.wait()
    return found


def measure_imap(program, letters):
    found = {"letters": letters}
    with Served(program) as server:
        drive(server.process, server.port("smtp", "example.jp"), letters, "-d")
        with imaplib.IMAP4("localhost", server.port("imap", "example.jp"), timeout=60) as imap:
            imap.login(BOB, server.passwords[BOB])
            imap.select()
            for title, what in (("flags", "(FLAGS UID)"), ("envelopes", "(ENVELOPE)"),
                                ("whole", "(BODY.PEEK[])")):
                busy, began = processor_seconds(server.process), time.monotonic()
                rows = imap.fetch("1:*", what)[1]
                took = time.monotonic() - began
                count = sum(isinstance(row, tuple) or title != "whole" for row in rows)
                assert count == letters, (count, letters)
                found[title] = {"seconds": round(took, 2), "of_servers_processor": round(
                    processor_seconds(server.process) - busy, 2)}
    return found


def greeted(server, service):
    wire = socket.create_connection(("127.0.0.1", server.port(service, "example.jp")))
    if service.endswith("s"):
        wire = trusting(server).wrap_socket(wire, server_hostname="localhost")
    assert wire.recv(200), "greeting"
    return wire


def folder_open(server, service):
    kind = imaplib.IMAP4_SSL if service == "imaps" else imaplib.IMAP4
    more = {"ssl_context": trusting(server)} if service == "imaps" else {}
    client = kind("localhost", server.port(service, "example.jp"), **more)
    client.login(BOB, server.passwords[BOB])
    client.select()
    return client


def measure_idle(program):
    """KiB of the process for each connection; what the kernel keeps for a socket comes on top."""
    first, connections = 100, 1_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4_096), hard))
    set_thp_disable = 41  # of prctl, inherited: memory comes in pieces of 4 KiB, not of 2 MiB
    ctypes.CDLL(None).prctl(set_thp_disable, 1, 0, 0, 0)
    found = {}
    for connect in greeted, folder_open:
        for service in ("smtp", "pop3", "imap", "submissions", "pop3s", "imaps"):
            if connect is folder_open and not service.startswith("imap"):
                continue
            with Served(program) as server:
                crowd = [connect(server, service) for _ in range(first)]
                before = server.memory_kib()
                crowd += [connect(server, service) for _ in range(connections)]
                each = (server.memory_kib() - before) / connections
                found[f"{service} {connect.__name__}"] = round(each, 1)
                for one in crowd:
                    one.close() if connect is greeted else one.shutdown()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return found


def main(program, letters="10000"):
    if not os.access(postfix("smtp-source")[0] or "", os.X_OK):
        sys.exit("smtp-source is missing.\n\n" + __doc__)
    print(json.dumps({"bench": "serve", "submissions": measure_submissions(program, int(letters)),
                      "imap_fetch": measure_imap(program, 10_000),
                      "idle_connection_kib": measure_idle(program)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
