#!/usr/bin/env python3
"""Real mail programs against the live door: each function check_* is one named check.

    live.py PROGRAM            does all checks and prints a line for each
    live.py PROGRAM NAME...    does these; exit status 77 when all of them were skipped

Why it exists: engines are held against recorded dialogs elsewhere; here the other side is a program
that real people use, and it does what it does. A letter is handed in at one provider and fetched at
the other, so the simulated internet is in between each time.
"""
import poplib
import smtplib
import ssl
import sys
import traceback

from serving import Served, Skip, letter, until

ALICE, BOB = "alice@example.com", "bob@example.jp"


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


def check_python_sends_and_fetches(program):
    with Served(program) as server:
        submit(server, text="A line.\r\n.A line with a dot.")
        (text,) = fetch(server)
        assert "Subject: greeting" in text and "\r\n.A line with a dot." in text, text
        assert text.count("Received: from ") == 2, text
        assert fetch(server) == []


def check_python_at_real_speed(program):
    with Served(program, speed="real") as server:
        submit(server)
        letters = until(lambda: fetch(server))
        assert len(letters) == 1, letters


def check_python_without_tls(program):
    with Served(program, "--no-tls") as server:
        with smtplib.SMTP("127.0.0.1", server.port("submission", "example.com")) as client:
            client.ehlo()
            assert not client.has_extn("starttls")
        client = poplib.POP3("127.0.0.1", server.port("pop3", "example.jp"))
        assert "STLS" not in client.capa()
        client.quit()


def main():
    program, names = sys.argv[1], sys.argv[2:]
    checks = {name[6:]: check for name, check in globals().items() if name.startswith("check_")}
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


if __name__ == "__main__":
    sys.exit(main())
