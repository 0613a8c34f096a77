#!/usr/bin/env python3
"""Peers of the live door that mean no good, or just break: each check_* is one named check.

    hostile.py PROGRAM [NAME...]    as live.py

Why it exists: whatever one peer sends, or does not send, everybody else must be served as before.
After each attack a letter is handed in and fetched.
"""
import contextlib
import imaplib
import json
import os
import random
import re
import resource
import select
import signal
import smtplib
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from serving import (ALICE, BOB, ROOT, SCENARIO, SERVICES, Served, Skip, fetch, letter, main,
                     no_sockets, run, submit, trusting, until)


def check_only_serve_opens_sockets(program):
    """The kernel ends a process that asks for a socket; only `serve` is ended so."""
    forbid = no_sockets()
    journey = os.path.join(ROOT, "scenarios/journey.json")
    other = os.path.join(ROOT, "scenarios/pop3-offline.json")
    commands = (["run", journey], ["test", journey], ["check", journey], ["why", journey],
                ["explain", "552"], ["diff", journey, other], ["compare", journey, other],
                ["export", journey, "--jsonl", "/dev/null"], ["states"], ["inspect", journey],
                ["bench", "delivery", "--messages", "10"])
    known = subprocess.run([program, "--help"], stdout=subprocess.PIPE, text=True, check=True)
    known = re.findall(r"^  (\w+)  +[A-Z]", known.stdout.split("Subcommands:")[1], re.M)
    assert {command[0] for command in commands} | {"serve"} == set(known), known
    for command in commands:
        done = subprocess.run([program, *command], stdout=subprocess.DEVNULL, preexec_fn=forbid,
                              check=False)
        assert done.returncode == 0, (command, done.returncode)
    done = subprocess.run([program, "serve", journey, "--smtp", "0", "--exit-after", "1s"],
                          stdout=subprocess.DEVNULL, preexec_fn=forbid, check=False)
    assert done.returncode == -signal.SIGSYS, done.returncode


def check_exposing_needs_a_flag(program):
    journey = os.path.join(ROOT, "scenarios/journey.json")
    arguments = [program, "serve", journey, "--smtp", "0", "--exit-after", "100ms"]
    arguments += ["--bind", "0.0.0.0"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 2 and "--yes-expose" in done.stderr, done
    done = subprocess.run(arguments + ["--yes-expose"], capture_output=True, text=True, check=False,
                          timeout=20)
    assert done.returncode == 0 and "warning" in done.stderr, done


def is_sanitized(program):
    """The address sanitizer keeps freed memory for a while."""
    with open(program, "rb") as binary:
        return b"__asan_init" in binary.read()


def talk(port, *lines, wait=True, patience=3):
    """Sends raw octets and gives all that comes back until the server ends, or says nothing. It
    waits for a greeting, and for an answer to each line before the next, or not."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as wire:
        answer = b""
        for line in lines:
            if wait:
                answer += wire.recv(4096)
            wire.sendall(line)
        try:
            while more := wire.recv(65536):
                answer += more
        except OSError:
            pass
        return answer


def attack(port, *words, **manner):
    try:
        talk(port, *words, patience=0.3, **manner)
    except OSError:
        pass  # It hung up, as it may.


def check_binary_garbage(program):
    """All at once, at every door."""
    noise = random.Random(7).randbytes(200_000)
    parts = noise, noise.replace(b"\n", b""), b"\0" * 70_000, b"\r" * 70_000
    with Served(program) as server:
        with ThreadPoolExecutor(max_workers=40) as attackers:
            for service in SERVICES:
                for part in parts:
                    attackers.submit(attack, server.ready[service], part, b"\r\n", wait=False)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
            for size in 0, 1, 11, 12, 500, 4_000:
                wire.sendto(noise[:size], ("127.0.0.1", server.ready["dns"]))
        submit(server)
        assert len(fetch(server)) == 1


def check_half_open_and_slow_peers(program):
    """Peers that vanish in the middle of a word, or that never read what they asked for."""
    with Served(program) as server:
        smtp = server.port("smtp", "example.jp")
        open_ones = []
        for words in b"EH", b"MAIL FROM:<", b"EHLO a\r\nMAIL FROM:<a@b.example>\r\nRCPT":
            wire = socket.create_connection(("127.0.0.1", smtp))
            wire.sendall(words)
            open_ones.append(wire)
        for wire in open_ones[:2]:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            wire.close()  # RST
        open_ones[2].shutdown(socket.SHUT_WR)
        for _ in range(20):
            submit(server, text="long\r\n" * 20_000)
        pop = socket.create_connection(("127.0.0.1", server.port("pop3", "example.jp")))
        pop.sendall(f"USER {BOB}\r\nPASS {server.passwords[BOB]}\r\n".encode())
        before = server.memory_kib()
        for _ in range(200):
            pop.sendall(b"".join(b"RETR %d\r\n" % (i + 1) for i in range(20)))
        submit(server, to="dave@example.jp")
        assert len(fetch(server, "dave@example.jp")) == 1
        grown = server.memory_kib() - before
        assert grown < 40_000 or is_sanitized(program), grown
        pop.close()


def pour(wire, octets):
    """Says one endless line, until it is all said or the server hangs up or takes no more."""
    wire.settimeout(1)
    try:
        for _ in range(octets // 50_000):
            wire.sendall(b"A" * 50_000)
    except OSError:
        pass


def check_lines_without_an_end_are_bounded(program):
    """For one connection, and for many at once."""
    literal = f"a LOGIN {BOB} {{90000000+}}\r\n".encode()
    with Served(program) as server:
        submit(server)
        before = server.memory_kib()
        for service in "smtp", "submission", "pop3", "imap", "http":
            for begin in b"", literal:
                wire = socket.create_connection(("127.0.0.1", server.ready[service]))
                wire.sendall(begin)
                pour(wire, 20_000_000)
                wire.close()
        crowd = [socket.create_connection(("127.0.0.1", server.ready[service]))
                 for service in ("smtp", "pop3", "imap") for _ in range(60)]
        for wire in crowd:
            pour(wire, 300_000)
        grown = server.memory_kib() - before
        assert grown < 60_000 or is_sanitized(program), grown
        submit(server, subject="again")
        assert len(fetch(server)) == 2


def check_slow_clients_time_out(program):
    """Who says nothing is sent away when the simulated servers lose patience, each in its words."""
    with Served(program, "--api", "0", speed="real") as server:
        wires = {}
        for service in "smtp", "submission", "pop3", "imap", "imaps", "http":
            wires[service] = socket.create_connection(("127.0.0.1", server.ready[service]),
                                                      timeout=10)
            wires[service].sendall(b"half a wor" if service != "imaps" else b"")
        time.sleep(0.5)
        for _ in range(4):
            assert server.api("POST", "/api/time", {"skip": "15m"})[0] == 200
        for service, wire in wires.items():
            answer = b""
            try:
                while more := wire.recv(4096):
                    answer += more
            except ConnectionError:
                pass
            assert service != "smtp" or b"\r\n421 4.4.2 " in answer, answer
            wire.close()
        submit(server)
        assert until(lambda: fetch(server))


@contextlib.contextmanager
def many_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2_200:
        raise Skip("too few descriptors here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4_096), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def check_a_thousand_connections_at_once(program):
    with Served(program) as server, many_descriptors():
        smtp = server.port("smtp", "example.jp")
        before = server.memory_kib()
        crowd = [socket.create_connection(("127.0.0.1", smtp), timeout=20) for _ in range(1_000)]
        for wire in crowd:
            assert wire.recv(100).startswith(b"220 "), "greeting"
        each = (server.memory_kib() - before) / 1_000
        print(f"     {each:.1f} KiB for each idle connection")
        submit(server)
        assert len(fetch(server)) == 1
        for wire in crowd:
            wire.sendall(b"QUIT\r\n")
        for wire in crowd:
            assert wire.recv(100).startswith(b"221 "), "farewell"
            wire.close()


def is_greeted(wire):
    """Whether somebody is there, or the door is shut."""
    try:
        return wire.recv(100) != b""
    except OSError:
        return False


def succeeds(act, *arguments):
    """Whether there is room already: those that have just left may still count."""
    try:
        act(*arguments)
        return True
    except OSError:  # of smtplib, too
        return False


def check_more_connections_than_there_may_be(program):
    """Of 2,050 the last are turned away; who is there is served, and room that is left is used. The
    API has its own, smaller number."""
    with Served(program, "--api", "0") as server, many_descriptors():
        smtp = server.port("smtp", "example.jp")
        crowd = [socket.create_connection(("127.0.0.1", smtp), timeout=20) for _ in range(2_050)]
        assert [is_greeted(wire) for wire in crowd] == [True] * 2_000 + [False] * 50
        assert server.api("GET", "/api/queue")[0] == 200
        for wire in crowd[:100]:
            wire.close()
        assert until(lambda: succeeds(submit, server))
        assert len(fetch(server)) == 1
        for wire in crowd:
            wire.close()
        crowd = [socket.create_connection(("127.0.0.1", server.ready["api"])) for _ in range(110)]
        assert all(select.select([wire], [], [], 5)[0] for wire in crowd[100:])
        assert not select.select(crowd[:100], [], [], 0)[0]
        for wire in crowd:
            wire.close()
        assert until(lambda: succeeds(server.api, "GET", "/api/queue"))


def check_no_descriptors_left(program):
    """The system has no room for more connections; later it has."""
    if is_sanitized(program):
        raise Skip("the sanitizer needs descriptors to look at memory")
    with Served(program) as server:
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (100, 100))
        smtp = server.port("smtp", "example.jp")
        crowd = [socket.create_connection(("127.0.0.1", smtp), timeout=20) for _ in range(150)]
        assert is_greeted(crowd[0])
        for wire in crowd:
            wire.close()
        assert until(lambda: succeeds(submit, server))
        assert len(fetch(server)) == 1


def check_commands_before_tls_do_not_count(program):
    """What is pipelined behind STARTTLS in the clear was perhaps said by somebody else."""
    with Served(program) as server:
        wire = socket.create_connection(("127.0.0.1", server.port("smtp", "example.jp")), timeout=5)
        reader = wire.makefile("rb")
        assert reader.readline().startswith(b"220 ")
        wire.sendall(b"EHLO a.example\r\n")
        while not reader.readline().startswith(b"250 "):
            pass
        wire.sendall(b"STARTTLS\r\nMAIL FROM:<evil@a.example>\r\nRCPT TO:<bob@example.jp>\r\n")
        assert reader.readline().startswith(b"220 ")
        secret = trusting(server).wrap_socket(wire, server_hostname="localhost")
        secret.sendall(b"EHLO a.example\r\nDATA\r\nNOOP\r\n")
        answer = b""
        while b"\r\n250 2.0.0 Ok\r\n" not in answer:
            answer += secret.recv(4096)
        # Nobody is the sender: the injected command was not heard (RFC 3207 4.2).
        assert b"\r\n503 5.5.1" in answer and b"354" not in answer, answer


def check_logins_before_tls_do_not_count(program):
    """The same with IMAP and POP3 (RFC 9051 6.2.1, RFC 2595 4)."""
    with Served(program) as server:
        word = server.passwords[BOB]
        for service, begin, after, refused in (
                ("imap", f"a STARTTLS\r\nb LOGIN {BOB} {word}\r\n",
                 b"c SELECT INBOX\r\n", b"c BAD"),
                ("pop3", f"STLS\r\nUSER {BOB}\r\nPASS {word}\r\n", b"STAT\r\n", b"-ERR")):
            wire = socket.create_connection(("127.0.0.1", server.port(service, "example.jp")),
                                            timeout=5)
            wire.recv(500)
            wire.sendall(begin.encode())
            assert b"OK" in wire.recv(500)
            secret = trusting(server).wrap_socket(wire, server_hostname="localhost")
            secret.sendall(after)
            answer = secret.recv(500)
            assert answer.startswith(refused) or answer.startswith(b"c NO"), answer


def check_no_login_in_clear_where_tls_is_required(program):
    """Nobody is asked for a password in clear, and one that is said all the same is not taken."""
    with open(SCENARIO, encoding="utf-8") as file:
        scenario = json.load(file)
    for domain in scenario["world"]["domains"]:
        domain["mail"]["tls_required"] = True
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(scenario, file)
        file.flush()
        with Served(program, scenario=file.name) as server:
            submission = server.port("submission", "example.com")
            answer = talk(submission, b"EHLO a.example\r\n", b"AUTH PLAIN AGEAYg==\r\n",
                          b"MAIL FROM:<alice@example.com>\r\n", b"QUIT\r\n")
            assert b"STARTTLS" in answer and b"AUTH" not in answer, answer
            assert answer.count(b"530 5.7.0 ") == 2, answer  # RFC 3207 4
            answer = talk(server.port("imap", "example.jp"), b"a CAPABILITY\r\n",
                          f"b LOGIN {BOB} {server.passwords[BOB]}\r\n".encode(),
                          b"c LOGOUT\r\n")
            assert b"LOGINDISABLED" in answer and b"AUTH=" not in answer, answer
            assert b"\r\nb NO " in answer, answer
            answer = talk(server.port("pop3", "example.jp"), b"CAPA\r\n",
                          f"USER {BOB}\r\n".encode(), b"QUIT\r\n")
            assert b"SASL" not in answer and b"\r\nUSER" not in answer, answer
            assert b"-ERR" in answer, answer
            # Between servers nothing is required (RFC 3207 4); with TLS all is as it always was.
            with smtplib.SMTP("localhost", submission) as client:
                client.starttls(context=trusting(server))
                client.login(ALICE, server.passwords[ALICE])
                client.sendmail(ALICE, [BOB], letter(ALICE, BOB, "encrypted"))
            with imaplib.IMAP4("localhost", server.port("imap", "example.jp")) as imap:
                imap.starttls(ssl_context=trusting(server))
                imap.login(BOB, server.passwords[BOB])
                assert imap.select()[1] == [b"1"]


def check_no_line_end_but_crlf_dot_crlf_ends_a_letter(program):
    """SMTP smuggling: bare CR or LF around a dot must not begin another letter."""
    with Served(program) as server:
        for end in b"\n.\n", b"\r\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n":
            answer = talk(server.port("smtp", "example.jp"), b"EHLO a.example\r\n",
                          b"MAIL FROM:<a@a.example>\r\n", b"RCPT TO:<bob@example.jp>\r\n",
                          b"DATA\r\n", b"Subject: one\r\n\r\nHello" + end +
                          b"MAIL FROM:<b@a.example>\r\nRCPT TO:<dave@example.jp>\r\n"
                          b"DATA\r\nSubject: two\r\n\r\nBoo\r\n.\r\nQUIT\r\n")
            assert answer.count(b"queued as") <= 1, (end, answer)
        assert fetch(server, "dave@example.jp") == []


def check_tls_garbage(program):
    noises = b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\0" * 70_000, b"\x80"
    with Served(program) as server:
        with ThreadPoolExecutor() as attackers:
            for noise in noises:
                attackers.submit(attack, server.port("smtp", "example.jp"), b"EHLO a.example\r\n",
                                 b"STARTTLS\r\n", noise)
                attackers.submit(attack, server.port("imap", "example.jp"), b"a STARTTLS\r\n",
                                 noise)
        wire = socket.create_connection(("127.0.0.1", server.port("smtp", "example.jp")), timeout=5)
        for words in b"EHLO a.example\r\n", b"STARTTLS\r\n", b"no TLS at all, and more of it\r\n":
            wire.recv(4096)
            wire.sendall(words)
        while wire.recv(4096):
            pass  # It hangs up without waiting for our end.
        submit(server)
        assert len(fetch(server)) == 1


class ByHand:
    """A client whose records of TLS are put on the wire by hand, in any pieces."""

    def __init__(self, server, service):
        self.wire = socket.create_connection(("127.0.0.1", server.port(service, "example.jp")),
                                             timeout=5)
        self.heard, self.said = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = trusting(server).wrap_bio(self.heard, self.said, server_hostname="localhost")
        self.patiently(self.tls.do_handshake)
        assert b"OK" in self.patiently(self.tls.read, 500), "greeting"

    def patiently(self, act, *arguments):
        while True:
            try:
                return act(*arguments)
            except ssl.SSLWantReadError:
                self.wire.sendall(self.said.read())
                self.heard.write(self.wire.recv(65536))

    def records_of(self, words):
        self.tls.write(words)
        return self.said.read()


def check_tls_connections_do_not_meet(program):
    """Half a record of one waits while the other speaks; what stands behind the end of one is
    nobody's."""
    with Served(program) as server:
        one, other = ByHand(server, "imaps"), ByHand(server, "imaps")
        for cut in 1, 4, 7, 20:
            record = one.records_of(b"one NOOP\r\n")
            one.wire.sendall(record[:cut])
            time.sleep(0.05)
            other.wire.sendall(other.records_of(b"other CAPABILITY\r\n"))
            assert b"other OK" in other.patiently(other.tls.read, 2_000)
            one.wire.sendall(record[cut:])
            assert one.patiently(one.tls.read, 500).startswith(b"one OK")
        try:
            one.tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        one.wire.sendall(one.said.read() + other.records_of(b"stolen LOGOUT\r\n")[:30])
        again = ByHand(server, "imaps")
        again.wire.sendall(again.records_of(b"again NOOP\r\n"))
        assert again.patiently(again.tls.read, 500).startswith(b"again OK")


def check_api_is_for_this_machine_only(program):
    with Served(program, "--api", "0") as server:
        for fields in {"Origin": "http://evil.example"}, {"Host": "evil.example"}:
            assert server.api("POST", "/api/reset", fields=fields)[0] == 403, fields
        assert server.api("GET", "/api/nothing")[0] == 404
        talk(server.ready["api"], random.Random(3).randbytes(50_000), wait=False, patience=0.3)
        assert server.api("POST", "/api/reset", fields={"Origin": "http://localhost:1"})[0] == 200


if __name__ == "__main__":
    sys.exit(main(globals()))
