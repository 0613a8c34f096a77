#!/usr/bin/env python3
"""Real mail programs against the live door: each function check_* is one named check.

    live.py PROGRAM            does all checks and prints a line for each
    live.py PROGRAM NAME...    does these; exit status 77 when all of them were skipped

Why it exists: engines are held against recorded dialogs elsewhere; here the other side is a program
that real people use, and it does what it does. A letter is handed in at one provider and fetched at
the other, so the simulated internet is in between each time.
"""
import glob
import imaplib
import os
import poplib
import re
import shlex
import smtplib
import sys
import tempfile

from serving import (ALICE, BOB, PLAIN_SERVICES, ROOT, SCENARIO, SERVICES, TLS_SERVICES, Served,
                     fetch, letter, main, run, submit, trusting, until)


def check_python_sends_and_fetches(program):
    with Served(program) as server:
        submit(server, text="A line.\r\n.A line with a dot.")
        (text,) = fetch(server)
        assert "Subject: greeting" in text and "\r\n.A line with a dot." in text, text
        assert text.count("Received: from ") == 2, text
        assert fetch(server) == []


def check_all_services_are_open_when_none_is_named(program):
    with Served(program, services=[]) as server:
        assert all(server.ready[service] for service in SERVICES), server.ready
        submit(server)
        assert len(fetch(server)) == 1


def check_python_at_real_speed(program):
    with Served(program, speed="real") as server:
        submit(server)
        letters = until(lambda: fetch(server))
        assert len(letters) == 1, letters


def check_python_without_tls(program):
    with Served(program, "--no-tls", services=PLAIN_SERVICES) as server:
        with smtplib.SMTP("127.0.0.1", server.port("submission", "example.com")) as client:
            client.ehlo()
            assert not client.has_extn("starttls")
        client = poplib.POP3("127.0.0.1", server.port("pop3", "example.jp"))
        assert "STLS" not in client.capa()
        client.quit()


def check_python_starttls(program):
    with Served(program) as server:
        with smtplib.SMTP("localhost", server.port("submission", "example.com")) as client:
            client.starttls(context=trusting(server))
            client.login(ALICE, server.passwords[ALICE])
            client.sendmail(ALICE, [BOB], letter(ALICE, BOB, "secret"))
        pop = poplib.POP3("localhost", server.port("pop3", "example.jp"))
        pop.stls(context=trusting(server))
        pop.user(BOB)
        pop.pass_(server.passwords[BOB])
        assert b"Subject: secret" in pop.retr(1)[1]
        pop.quit()
        with imaplib.IMAP4("localhost", server.port("imap", "example.jp")) as imap:
            imap.starttls(ssl_context=trusting(server))
            imap.login(BOB, server.passwords[BOB])
            assert imap.select()[1] == [b"1"]


def check_python_tls_from_the_start(program):
    with Served(program) as server:
        trust = trusting(server)
        with smtplib.SMTP_SSL("localhost", server.port("submissions", "example.com"),
                              context=trust) as client:
            assert not client.has_extn("starttls")
            client.login(ALICE, server.passwords[ALICE])
            client.sendmail(ALICE, [BOB], letter(ALICE, BOB, "secret", "long\r\n" * 10_000))
        pop = poplib.POP3_SSL("localhost", server.port("pop3s", "example.jp"), context=trust)
        pop.user(BOB)
        pop.pass_(server.passwords[BOB])
        assert "STLS" not in pop.capa()
        assert b"Subject: secret" in pop.retr(1)[1]
        pop.quit()
        with imaplib.IMAP4_SSL("localhost", server.port("imaps", "example.jp"),
                               ssl_context=trust) as imap:
            imap.login(BOB, server.passwords[BOB])
            assert imap.select()[1] == [b"1"]
            assert b"Subject: secret" in imap.fetch("1", "(RFC822)")[1][0][1]


def check_tls_from_the_start_can_be_turned_off(program):
    with Served(program, "--no-tls", services=[]) as server:
        assert server.ready["certificate"] == "", server.ready
        assert not set(server.ready) & set(TLS_SERVICES), server.ready
    arguments = [program, "serve", SCENARIO, "--no-tls", "--imaps", "0", "--exit-after", "1s"]
    assert "no host of the scenario offers imaps" in run(*arguments, good=(2,))


def check_python_imap(program):
    with Served(program) as server:
        submit(server, subject="first")
        with imaplib.IMAP4("localhost", server.port("imap", "example.jp"), timeout=20) as imap:
            imap.login(BOB, server.passwords[BOB])
            assert imap.select()[1] == [b"1"]
            submit(server, subject="second")
            imap.noop()
            assert imap.response("EXISTS")[1][-1] == b"2"
            status, found = imap.uid("SEARCH", "SUBJECT", "second")
            assert (status, found) == ("OK", [b"2"]), found
            _, rows = imap.fetch("2", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
            assert b"Subject: second" in rows[0][1], rows
            copy = letter(BOB, ALICE, "copy").encode()
            assert imap.append("Sent", r"(\Seen)", None, copy)[0] == "OK"
            assert imap.store("1", "+FLAGS", r"(\Deleted)")[0] == "OK"
            assert imap.expunge()[1] == [b"1"]
            assert imap.select("Sent")[1] == [b"1"]


def check_smtp_to_the_mx(program):
    """A mail server of somebody hands a letter in at port 25, without a name or a password."""
    with Served(program) as server:
        with smtplib.SMTP("127.0.0.1", server.port("smtp", "example.jp")) as client:
            client.sendmail("zoe@example.com", [BOB], letter("zoe@example.com", BOB, "direct"))
        assert "Subject: direct" in fetch(server)[0]


def refused(server, service, host, to, **how):
    """The reply that refuses a letter to somebody, as smtplib reports it."""
    with smtplib.SMTP("127.0.0.1", server.port(service, host)) as client:
        if how.get("login"):
            client.login(ALICE, server.passwords[ALICE])
        try:
            client.sendmail(ALICE, [to], letter(ALICE, to, "no", how.get("text", "")))
        except smtplib.SMTPRecipientsRefused as problem:
            return problem.recipients[to]
        except smtplib.SMTPResponseException as problem:
            return problem.smtp_code, problem.smtp_error
    return None


def check_refusals_reach_the_program(program):
    with Served(program) as server:
        code, words = refused(server, "smtp", "example.jp", "nobody@example.jp")
        assert code == 550 and words.startswith(b"5.1.1 "), words
        code, words = refused(server, "smtp", "example.jp", "full@example.jp")
        assert code == 552 and words.startswith(b"5.2.2 "), words
        code, words = refused(server, "smtp", "example.jp", "x@example.org")
        assert code == 454 or code == 554, words  # relaying
        code, words = refused(server, "submission", "example.com", BOB)
        assert code == 553 or code == 530 or code == 550 or code == 554, words
        code, words = refused(server, "submission", "example.com", BOB, login=True,
                              text="x" * 1_100_000)
        assert code == 552 and b"5.3.4" in words, words
        with smtplib.SMTP("127.0.0.1", server.port("submission", "example.com")) as client:
            try:
                client.login(ALICE, "wrong")
                raise AssertionError("a wrong password is good enough")
            except smtplib.SMTPAuthenticationError as problem:
                assert problem.smtp_code == 535


def check_a_bounce_comes_back(program):
    """Somebody who is not there, at the other provider: the report is a letter to Alice."""
    with Served(program) as server:
        submit(server, to="nobody@example.jp")
        (report,) = until(lambda: fetch(server, ALICE, "example.com"))
        assert "multipart/report" in report and "5.1.1" in report, report


def check_dig_over_udp_and_tcp(program):
    with Served(program) as server:
        resolver = str(server.port("dns", "resolver.isp-a"))
        for options in [], ["+tcp"]:
            text = run("dig", "@127.0.0.1", "-p", resolver, *options, "+norecurse", "example.jp",
                       "MX", "+recurse", "+time=5", "+tries=1")
            assert "status: NOERROR" in text and "10 mx.example.jp." in text, text
            assert "flags: qr rd ra;" in text, text
        authority = str(server.port("dns", "ns1.example.jp"))
        text = run("dig", "@127.0.0.1", "-p", authority, "mx.example.jp", "A")
        assert "flags: qr aa" in text and "203.0.113." in text, text
        text = run("dig", "@127.0.0.1", "-p", resolver, "absent.example.jp", "A")
        assert "status: NXDOMAIN" in text and "SOA" in text, text


def check_curl_smtp_pop3_imap(program):
    with Served(program) as server:
        mail = server.file("mail.txt", letter(ALICE, BOB, "by-curl"))
        trust = ["--cacert", server.certificate, "--ssl-reqd", "-sS"]
        submission = server.port("submission", "example.com")
        run("curl", *trust, f"smtp://localhost:{submission}", "--mail-from", ALICE, "--mail-rcpt",
            BOB, "--upload-file", mail, "--user", f"{ALICE}:{server.passwords[ALICE]}")
        user = ["--user", f"{BOB}:{server.passwords[BOB]}"]
        imap = f"imap://localhost:{server.port('imap', 'example.jp')}"
        text = run("curl", *trust, *user, f"{imap}/INBOX;MAILINDEX=1")
        assert "Subject: by-curl" in text, text
        assert "INBOX" in run("curl", *trust, *user, imap)
        pop = f"pop3://localhost:{server.port('pop3', 'example.jp')}"
        assert run("curl", *trust, *user, pop).startswith("1 "), "list"
        assert "Subject: by-curl" in run("curl", *trust, *user, f"{pop}/1")


def check_curl_smtps_pop3s_imaps(program):
    with tempfile.NamedTemporaryFile() as file, \
            Served(program, "--certificate", file.name) as server:
        mail = server.file("mail.txt", letter(ALICE, BOB, "by-curl"))
        trust = ["--cacert", file.name, "-sS"]
        run("curl", *trust, f"smtps://localhost:{server.port('submissions', 'example.com')}",
            "--mail-from", ALICE, "--mail-rcpt", BOB, "--upload-file", mail, "--user",
            f"{ALICE}:{server.passwords[ALICE]}")
        user = ["--user", f"{BOB}:{server.passwords[BOB]}"]
        for service in "imaps", "pop3s":
            box = f"{service}://localhost:{server.port(service, 'example.jp')}"
            path = "/INBOX;MAILINDEX=1" if service == "imaps" else "/1"
            assert "Subject: by-curl" in run("curl", *trust, *user, box + path), service
            # Who does not trust the certificate does not go on.
            assert "certificate" in run("curl", "-sS", *user, box + path, good=(60,)), service


def check_curl_webmail(program):
    with Served(program) as server:
        submit(server, subject="on-the-web")
        for scheme in "http", "https":
            site = f"{scheme}://localhost:{server.port(scheme, 'example.jp')}"
            jar = ["-sS", "--cacert", server.certificate, "-c", f"{server.folder}/{scheme}", "-b",
                   f"{server.folder}/{scheme}"]
            page = run("curl", *jar, "-L", site + "/")
            assert "<form" in page and 'name="password"' in page, page
            action = page.split('action="')[1].split('"')[0]
            page = run("curl", *jar, "-L", "--data-urlencode", f"user={BOB}", "--data-urlencode",
                       f"password={server.passwords[BOB]}", site + action)
            assert "on-the-web" in page, page


def check_swaks(program):
    with Served(program) as server:
        port = str(server.port("submission", "example.com"))
        text = run("swaks", "--server", "127.0.0.1", "--port", port, "--tls", "--auth", "PLAIN",
                   "--auth-user", ALICE, "--auth-password", server.passwords[ALICE], "--from",
                   ALICE, "--to", BOB, "--header", "Subject: by-swaks")
        assert "=== TLS started" in text and "~> QUIT" in text, text
        assert "Subject: by-swaks" in fetch(server)[0]
        port = str(server.port("smtp", "example.jp"))
        text = run("swaks", "--server", "127.0.0.1", "--port", port, "--from", ALICE, "--to",
                   "nobody@example.jp", good=(24,))
        assert "<** 550 5.1.1" in text, text


def check_msmtp(program):
    with Served(program) as server:
        settings = server.file("msmtprc", f"""
account default
host localhost
port {server.port("submission", "example.com")}
tls on
tls_starttls on
tls_trust_file {server.certificate}
auth on
user {ALICE}
password {server.passwords[ALICE]}
from {ALICE}
""")
        run("msmtp", "-C", settings, BOB, text=letter(ALICE, BOB, "by-msmtp"))
        assert "Subject: by-msmtp" in fetch(server)[0]


def check_mutt(program):
    """Sends in batch, then opens the folder by IMAP and puts the letter's text into a file."""
    with Served(program) as server:
        submission = f"localhost:{server.port('submission', 'example.com')}"
        settings = server.file("muttrc", f"""
set smtp_url="smtp://{ALICE.replace("@", "%40")}@{submission}/"
set smtp_pass="{server.passwords[ALICE]}"
set imap_user="{BOB}"
set imap_pass="{server.passwords[BOB]}"
set from="{ALICE}" use_from=yes use_envelope_from=yes copy=no
set ssl_starttls=yes ssl_force_tls=yes certificate_file="{server.certificate}"
set wait_key=no sleep_time=0 pipe_decode=yes folder="{server.folder}"
set record="" delete=no move=no quit=yes
""")
        home = {**os.environ, "HOME": server.folder, "TERM": "vt100"}
        run("mutt", "-n", "-F", settings, "-s", "by-mutt", BOB, text="Hello, Bob.\n", env=home)
        box = f"imap://localhost:{server.port('imap', 'example.jp')}/INBOX"
        found = server.folder + "/found"
        keys = f"push '<pipe-message>cat >{found}<enter><exit>'"
        reading = shlex.join(["mutt", "-n", "-F", settings, "-f", box, "-e", keys])
        # It wants a terminal: `script` gives it one.
        run("script", "-qec", reading, "/dev/null", text="", env=home)
        with open(found, encoding="utf-8") as mail:
            text = mail.read()
        assert "Subject: by-mutt" in text and "Hello, Bob." in text, text


def check_fetchmail(program):
    with Served(program) as server:
        submit(server, subject="for-fetchmail")
        box = server.folder + "/box"
        settings = server.file("fetchmailrc", f"""
poll localhost protocol pop3 port {server.port("pop3", "example.jp")}
  user "{BOB}" password "{server.passwords[BOB]}"
  sslproto "TLS1.2+" sslcertck sslcertfile "{server.certificate}"
  mda "cat >>{box}" fetchall
""")
        run("fetchmail", "-f", settings, "--pidfile", server.folder + "/pid", "--nosyslog",
            env={**os.environ, "FETCHMAILHOME": server.folder})
        with open(box, encoding="utf-8") as mails:
            assert "Subject: for-fetchmail" in mails.read()
        assert fetch(server) == []


def check_mbsync_twice(program):
    """Copies both ways; the second time there is nothing to do, on either side."""
    with Served(program) as server:
        submit(server, subject="for-mbsync")
        os.makedirs(server.folder + "/mail")
        settings = server.file("mbsyncrc", f"""
IMAPAccount bob
Host localhost
Port {server.port("imap", "example.jp")}
User {BOB}
Pass {server.passwords[BOB]}
SSLType STARTTLS
CertificateFile {server.certificate}

IMAPStore far
Account bob

MaildirStore near
SubFolders Verbatim
Path {server.folder}/mail/
Inbox {server.folder}/mail/INBOX

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
""")
        home = {**os.environ, "HOME": server.folder}
        run("mbsync", "-c", settings, "-a", env=home)
        near = glob.glob(server.folder + "/mail/INBOX/*/*")
        with open([name for name in near if "/new/" in name or "/cur/" in name][0],
                  encoding="utf-8") as mail:
            assert "Subject: for-mbsync" in mail.read()
        with open(server.folder + "/mail/INBOX/new/1.local", "w", encoding="utf-8") as mail:
            mail.write(letter(BOB, ALICE, "from-here"))
        run("mbsync", "-c", settings, "-a", env=home)
        before = sorted(glob.glob(server.folder + "/mail/**", recursive=True))
        text = run("mbsync", "-c", settings, "-a", "-V", env=home)
        assert all(part.lstrip().startswith("Opening") or not part.strip()
                   for part in text.split("Synchronizing...")[1:]), text
        assert sorted(glob.glob(server.folder + "/mail/**", recursive=True)) == before
        with imaplib.IMAP4("localhost", server.port("imap", "example.jp")) as imap:
            imap.login(BOB, server.passwords[BOB])
            assert imap.select()[1] == [b"2"]


def check_api_lists_reads_waits_and_deletes(program):
    with Served(program, "--api", "0", speed="real") as server:
        status, answer = server.api("GET", f"/api/wait?mailbox={BOB}&timeout=1s")
        assert status == 408 and answer["error"].startswith("0 of 1 letters"), answer
        submit(server, subject="for-tests", text="How are you?")
        status, answer = server.api("GET", f"/api/wait?mailbox={BOB}&subject=for-tests&timeout=10s")
        assert status == 200, answer
        (found,) = answer["letters"]
        assert found["from"] == [ALICE] and found["to"] == [BOB], found
        assert server.api("GET", "/api/letters?mailbox=carol@example.com")[1] == {"letters": []}
        status, details = server.api("GET", found["url"])
        assert details["text"].startswith("How are you?"), details
        assert "Received: from " in details["source"], details
        assert server.api("DELETE", found["url"]) == (200, {"deleted": 1})
        assert server.api("GET", found["url"])[0] == 404
        assert fetch(server) == []


def check_api_faults_have_causes(program):
    with Served(program, "--api", "0") as server:
        down = {"host": "mx.example.jp", "is": "down"}
        assert server.api("POST", "/api/faults", down)[0] == 200
        status, answer = server.api("POST", "/api/faults", {"host": "mx.example.jq", "is": "down"})
        assert status == 400 and "mx.example.jp" in str(answer["problems"]), answer
        with smtplib.SMTP("127.0.0.1", server.port("submission", "example.com")) as client:
            client.login(ALICE, server.passwords[ALICE])
            client.sendmail(ALICE, [BOB], letter(ALICE, BOB, "stuck"))
            status, answer = server.api("GET", f"/api/wait?mailbox={BOB}&timeout=0s")
            assert status == 408, answer
            kinds = [step["kind"] for step in answer["why"]]
            assert kinds[0] == "action-taken" and kinds[-1] == "deferred", kinds
            (waiting,) = server.api("GET", "/api/queue")[1]["queue"]
            assert waiting["recipient"] == BOB and waiting["attempts"] == 1, waiting
            assert server.api("DELETE", "/api/faults", down)[0] == 200
        # Nobody is connected any more: the queue's wait is skipped.
        status, answer = server.api("GET", f"/api/wait?mailbox={BOB}")
        assert status == 200, answer
        status, answer = server.api("POST", "/api/time", {"skip": "10m"})
        assert status == 200 and answer["now"] > 900, answer


def check_api_changes_and_reset(program):
    with Served(program, "--api", "0") as server:
        assert refused(server, "smtp", "example.jp", "full@example.jp")[0] == 552
        room = {"mailbox": "full@example.jp", "quota": "1MB"}
        assert server.api("POST", "/api/changes", room) == (200, {"ok": True})
        assert refused(server, "smtp", "example.jp", "full@example.jp") is None
        pop = poplib.POP3("127.0.0.1", server.port("pop3", "example.jp"), timeout=5)
        assert server.api("POST", "/api/reset") == (200, {"reset": True})
        try:
            pop.noop()
            raise AssertionError("a conversation with a World that is gone")
        except (OSError, EOFError, poplib.error_proto):
            pop.close()
        assert server.api("GET", "/api/letters")[1] == {"letters": []}
        assert refused(server, "smtp", "example.jp", "full@example.jp")[0] == 552
        site = f"http://localhost:{server.ready['api']}"
        assert '"reset": true' in run("curl", "-sS", "-X", "POST", site + "/api/reset")


def check_wireshark_reads_what_was_served(program):
    with tempfile.TemporaryDirectory() as folder:
        capture = os.path.join(folder, "served.pcapng")
        with Served(program, "--api", "0", "--pcapng", capture) as server:
            submit(server, subject="captured")
            fetch(server)
            # It can be read while the server runs.
            until(lambda: b"captured" in open(capture, "rb").read())
            assert "captured" in run("tshark", "-r", capture, "-Y", "imf", "-T", "fields", "-e",
                                     "imf.subject")
            # A test has just seen its letter, and the next one resets.
            submit(server, subject="before-the-reset")
            server.api("POST", "/api/reset")
            submit(server, subject="behind-the-reset")
        with open(capture, "rb") as packets:
            written = packets.read()
        assert b"before-the-reset" in written and b"behind-the-reset" in written
        rows = run("tshark", "-r", capture, "-Y", "smtp.req || _ws.malformed", "-T", "fields",
                   "-e", "_ws.malformed", "-e", "smtp.req.command").splitlines()
        commands = [row.strip().upper() for row in rows if "Running as user" not in row]
        assert "EHLO" in commands and "QUIT" in commands, commands
        assert not any("MALFORMED" in row for row in commands), commands


def check_the_manual_works(program):
    """The examples of docs/serve.md, as they stand there."""
    with open(os.path.join(ROOT, "docs/serve.md"), encoding="utf-8") as page:
        text = page.read()
    blocks = re.findall(r"```(python|js)\n(.*?)```", text, re.S)
    assert [kind for kind, _ in blocks] == ["python", "js"]
    paths = os.path.dirname(os.path.abspath(program)) + os.pathsep + os.environ["PATH"]
    with tempfile.TemporaryDirectory() as folder:
        own = os.path.join(folder, "mail.json")
        with open(own, "w", encoding="utf-8") as out:
            out.write(re.search(r"```json\n(\{\n  \"title\".*?)```", text, re.S).group(1))
        run(program, "check", own)
        for (_, code), name in zip(blocks, ["example.py", "example.mjs"]):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as out:
                out.write(code)
            interpreter = sys.executable if name.endswith(".py") else "node"
            text = run(interpreter, path, cwd=ROOT, env={**os.environ, "PATH": paths})
            assert name.endswith(".py") or "Welcome" in text, text


def check_imap_tells_of_new_letters(program):
    """What a program like Thunderbird asks for: IDLE, NAMESPACE, ID, special folders, partials."""
    with Served(program, speed="real") as server:
        with imaplib.IMAP4("localhost", server.port("imap", "example.jp"), timeout=20) as imap:
            imap.login(BOB, server.passwords[BOB])
            known = imap.capability()[1][0].split()
            for word in b"IDLE", b"NAMESPACE", b"ID", b"SPECIAL-USE", b"UIDPLUS":
                assert word in known, (word, known)
            assert imap.namespace()[1] == [b'(("" "/")) NIL NIL']
            folders = b" ".join(imap.list()[1])
            for use in b"\\Sent", b"\\Drafts", b"\\Trash":
                assert use in folders, (use, folders)
            imap.send(b'X0 ID ("name" "Thunderbird" "version" "115.0")\r\n')
            assert imap.readline().startswith(b"* ID "), "ID"
            assert imap.readline().startswith(b"X0 OK"), "ID"
            imap.select()
            imap.send(b"X1 IDLE\r\n")
            assert imap.readline().startswith(b"+ ")
            submit(server, subject="news")
            line = imap.readline()
            while b" EXISTS" not in line:
                line = imap.readline()
            assert line == b"* 1 EXISTS\r\n", line
            imap.send(b"DONE\r\n")
            while not imap.readline().startswith(b"X1 OK"):
                pass
            _, rows = imap.uid("FETCH", "1", "(UID BODY.PEEK[]<0.12>)")
            assert rows[0][1] == b"Return-Path:", rows


if __name__ == "__main__":
    sys.exit(main(globals()))
