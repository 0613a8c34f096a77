#!/usr/bin/env python3
"""Captures of the shipped scenarios, read by Wireshark's tshark and held against the trace.

    capture.py PROGRAM SCENARIO...    exit status 77 when tshark is missing

Why it exists: tshark knows the protocols from real networks and nothing of this project. It reads a
capture of everything, and one of the host where most is said. Nothing may be malformed, every
checksum must be right, what it takes from the packets must be what the trace says was sent, and its
warnings about TCP must be about conversations that lost or repeated something in the trace.

Starting tshark costs more than reading a lesson, so it is started once for all of them. Each
capture is a session of its own: tshark forgets everything after a fixed number of packets (its
option -M), and empty packets at its end give every capture that number.
"""
import collections
import json
import os
import pwd
import shutil
import struct
import subprocess
import sys
import tempfile

CHECKSUMS = [option for layer in ("ip", "tcp", "udp")
             for option in ("-o", f"{layer}.check_checksum:TRUE")]
BAD_CHECKSUM = "0"  # of the fields LAYER.checksum.status
EXPERT_ERROR = 0x00800000  # of the field _ws.expert.severity
DNS_TYPES = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA"}
FIELDS = ["frame.packet_id", "frame.comment", "frame.time_epoch", "tcp.analysis.flags",
          "tcp.analysis.retransmission", "tcp.analysis.fast_retransmission",
          "tcp.analysis.spurious_retransmission", "tcp.analysis.out_of_order", "imf.from",
          "smtp.command_line", "smtp.rsp.parameter", "smtp.response.code",
          "pop.request.command", "pop.request.parameter", "pop.response.indicator",
          "pop.response.description", "imap.line", "http.request.method", "http.request.uri",
          "http.response.code", "dns.qry.name", "dns.qry.type", "dns.flags.response",
          "tcp.payload", "_ws.malformed", "_ws.expert.severity",
          "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status"]
SAID = ("command-sent", "reply-sent", "content-sent")
REPEATED = FIELDS[4:8]


# Of a pcapng file: kinds of blocks, and a link type without a dissector.
SECTION, INTERFACE, PACKET, USER0 = 0x0A0D0D0A, 1, 6, 147


def block(kind, body):
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def empty_packets(count):
    """A section of a pcapng file."""
    return (block(SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
            + block(INTERFACE, struct.pack("<HHI", USER0, 0, 0))
            + block(PACKET, bytes(20)) * count)


def packets_in(capture):
    count = at = 0
    while at < len(capture):
        kind, length = struct.unpack_from("<II", capture, at)
        count += kind == PACKET
        at += length
    return count


def tshark(*arguments, capture):
    """Without settings, and without the tables of names that it reads anew for each session, which
    takes most of its time. As root, which it advises against, it would read them all the same."""
    nobody = {}
    if os.geteuid() == 0:
        account = pwd.getpwnam("nobody")
        nobody = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    nothing = dict.fromkeys(("WIRESHARK_CONFIG_DIR", "WIRESHARK_DATA_DIR"), "/nonexistent")
    return subprocess.run(["tshark", "-n", *CHECKSUMS, "-r", "-", *arguments], check=True,
                          input=capture, env={**os.environ, **nothing}, **nobody,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def layers_of(captures):
    """What tshark reads of each capture: of each packet its fields."""
    fields = [option for field in FIELDS for option in ("-e", field)]
    sizes = [packets_in(capture) for capture in captures]
    size = max(sizes)
    filled = b"".join(capture + empty_packets(size - packets)
                      for capture, packets in zip(captures, sizes))
    read = json.loads(tshark("-M", str(size), "-Y", "ip", "-T", "json", *fields, capture=filled))
    assert len(read) == sum(sizes), f"of {sum(sizes)} packets tshark read {len(read)}"
    packets = iter(read)
    return [[next(packets)["_source"]["layers"] for _ in range(count)] for count in sizes]


def export(program, scenario, *arguments):
    subprocess.run([program, "export", scenario, "--lang", "en", *arguments], check=True)


class Trace:
    """What a scenario's trace says, by packet and by conversation."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        self.by_id = {record["id"]: record for record in records}
        self.packets = {}  # number -> the record of its sending
        self.said = collections.defaultdict(list)  # conversation -> lines before any encryption
        self.troubled = set()  # conversations that lost or repeated something
        self.asked = {}  # conversation -> name and type
        self.speakers = collections.Counter()
        encrypted = set()
        for record in records:
            kind, conversation = record["kind"], record.get("conversation")
            if kind == "packet-sent":
                self.packets[record["packet"]["number"]] = record
                self.speakers[record["host"]] += 1
            elif kind in ("packet-dropped", "segment-repeated"):
                self.troubled.add(conversation)
            elif kind in ("question-asked", "query-sent"):
                self.asked[conversation] = record["text"].split(" ")[:2]
            elif kind in ("tls-established", "ciphertext-sent"):
                encrypted.add(conversation)
            elif kind in SAID and conversation not in encrypted:
                self.said[conversation].append({"text": "", **record})
                self.speakers.update({record["host"]: 100, record.get("peer"): 100})
        self.encrypted = encrypted

    def busiest_host(self):
        return self.speakers.most_common(1)[0][0]

    def cause(self, record):
        return self.by_id.get(record.get("because"), {})


class Frame:
    """One packet as tshark read it."""

    def __init__(self, layers, trace):
        self.layers = layers
        self.sent = trace.packets[int(layers["frame.packet_id"][0])]
        self.conversation = self.sent["conversation"]

    def all(self, field):
        return self.layers.get(field, [])

    def has(self, *fields):
        return any(field in self.layers for field in fields)


def lines_of(text):
    return [line for line in text.split("\r\n") if line]


def smtp_said(record):
    """A command's lines; of a reply the code once, and the text of each line."""
    lines = lines_of(record["text"])
    if record["kind"] == "command-sent":
        return [("command", line) for line in lines]
    return [("code", lines[0][:3])] + [("text", line[4:]) for line in lines if line[4:]]


def smtp_read(frame):
    return ([("command", line.rstrip("\r\n")) for line in frame.all("smtp.command_line")]
            + [("code", code) for code in frame.all("smtp.response.code")]
            + [("text", text) for text in frame.all("smtp.rsp.parameter")])


def pop_said(record):
    return [(record["kind"], line) for line in lines_of(record["text"])]


def pop_read(frame):
    command = frame.all("pop.request.command") + frame.all("pop.request.parameter")
    reply = frame.all("pop.response.indicator") + frame.all("pop.response.description")
    return [(kind, " ".join(part for part in parts if part))
            for kind, parts in (("command-sent", command), ("reply-sent", reply)) if parts]


def imap_said(record):
    return lines_of(record["text"])


def imap_read(frame):
    return [line.rstrip("\r\n") for line in frame.all("imap.line")]


def http_said(record):
    first = lines_of(record["text"])[0].split(" ")
    return [tuple(first[:2])] if record["kind"] == "command-sent" else [("reply", first[1])]


def http_read(frame):
    return (list(zip(frame.all("http.request.method"), frame.all("http.request.uri")))
            + [("reply", code) for code in frame.all("http.response.code")])


PROTOCOLS = {"smtp": (smtp_said, smtp_read), "pop3": (pop_said, pop_read),
             "imap": (imap_said, imap_read), "http": (http_said, http_read)}


def is_subsequence(part, whole):
    rest = iter(whole)
    return all(each in rest for each in part)


def sides(items):
    """In the order of each kind: codes and texts of one packet come in separate lists."""
    kinds = collections.defaultdict(list)
    for item in items:
        kinds[item[0] if isinstance(item, tuple) else "line"].append(item)
    return kinds


def without_hidden(records):
    """The commands and replies that tshark surely reads. It leaves out what stands in one segment
    behind the end of a letter (SMTP) or behind another line (POP3), and takes everything after
    DATA for a letter, even when DATA was refused."""
    data = [i for i, record in enumerate(records) if record["text"] == "DATA\r\n"]
    accepted = sum(record["text"].startswith("354") for record in records)
    letter_from = data[-1] if len(data) > accepted else len(records)
    shown, before = [], {}
    for i, record in enumerate(records):
        together = (before.get("host"), before.get("at")) == (record["host"], record["at"])
        kind, protocol = record["kind"], record["protocol"]
        hidden = (protocol == "pop3" and together
                  or protocol == "smtp" and together and before["kind"] == "content-sent"
                  or protocol == "smtp" and kind == "command-sent" and i > letter_from)
        if not hidden:
            shown.append(record)
        before = record
    return shown


def difference(conversation, protocol, expected, actual):
    return (f"conversation {conversation}, {protocol}: the trace says\n{expected}\n"
            f"tshark reads\n{actual}")


def check_lines(frames, trace):
    """What was said in each conversation is what tshark reads."""
    found = collections.defaultdict(list)
    for frame in frames:
        found[frame.conversation].append(frame)
    for conversation, records in trace.said.items():
        if conversation not in found:
            continue
        protocol = records[0]["protocol"]
        said, read = PROTOCOLS[protocol]
        lines = [record for record in records if record["kind"] != "content-sent"]
        expected = sides([item for record in lines for item in said(record)])
        sure = sides([item for record in without_hidden(records)
                      if record["kind"] != "content-sent" for item in said(record)])
        actual = sides([item for frame in found[conversation] for item in read(frame)])
        for kind, items in actual.items():
            # To tshark, lines of a letter that IMAP carries are lines, too.
            extra_lines = protocol == "imap" and len(lines) < len(records)
            assert extra_lines or is_subsequence(items, expected[kind]), \
                difference(conversation, protocol, expected[kind], items)
        for kind, items in sure.items():
            assert conversation in trace.troubled or is_subsequence(items, actual[kind]), \
                difference(conversation, protocol, items, actual[kind])


def check_dns(frames, trace):
    """Each question and answer is the one that the trace's record is about."""
    for frame in frames:
        cause = trace.cause(frame.sent)
        if cause.get("layer") != "dns" or frame.sent["protocol"] != "udp":
            continue
        name, kind = trace.asked[frame.conversation]
        asked = frame.all("dns.qry.name")[0], DNS_TYPES[int(frame.all("dns.qry.type")[0])]
        assert asked == (name.lower(), kind), (asked, cause)
        is_answer = cause["kind"] in ("answer-sent", "name-server-answered")
        assert frame.all("dns.flags.response") == ["1" if is_answer else "0"], cause


def letters_handed_over(records):
    """How many letters a conversation carries: by SMTP behind 354, by POP3 behind their length, by
    IMAP what the server hands over. What a client gives to APPEND tshark takes for lines."""
    letters = 0
    for record in records:
        kind, protocol, text = record["kind"], record["protocol"], record["text"]
        from_server = record["host"] == records[0]["host"]  # that greeted
        if protocol == "smtp" and kind == "reply-sent":
            letters += sum(line.startswith("354") for line in lines_of(text))
        elif protocol == "pop3" and kind == "reply-sent":
            letters += text.endswith(" octets\r\n")
        elif protocol == "imap" and kind == "content-sent":
            letters += from_server
    return letters


def check_letters(frames, trace):
    """Each letter handed over in clear and whole is read as a letter."""
    for conversation, records in trace.said.items():
        seen = [frame for frame in frames if frame.conversation == conversation]
        if not seen or conversation in trace.troubled or conversation in trace.encrypted:
            continue
        letters = letters_handed_over(records)
        read = sum(frame.has("imf.from") for frame in seen)
        assert read == letters, \
            f"conversation {conversation}: {letters} letters, of which tshark reads {read}"


def check_warnings(frames, trace):
    """No errors, and warnings only where the trace tells of trouble."""
    for frame in frames:
        assert not frame.has("_ws.malformed"), frame.layers
        assert not any(int(severity) >= EXPERT_ERROR
                       for severity in frame.all("_ws.expert.severity")), frame.layers
        assert not any(BAD_CHECKSUM in frame.all(f"{layer}.checksum.status")
                       for layer in ("ip", "tcp", "udp")), frame.layers
        assert not frame.has("tcp.analysis.flags") or frame.conversation in trace.troubled, \
            f"a warning without a cause: {frame.layers}"


def check_repeated(frames, trace, host):
    """What was sent again looks so."""
    for frame in frames:
        again = trace.cause(frame.sent).get("kind") == "segment-repeated"
        if again and frame.sent["host"] == host:
            assert frame.has(*REPEATED), f"sent again, but tshark does not see it: {frame.layers}"


def check_comments(frames, trace):
    """A sentence stands at the packet that carries what it is about, and at no other: a letter and
    the QUIT after it are written at once and fill several packets."""
    for frame in frames:
        lines = trace.said.get(frame.conversation, [])
        if not lines or lines[0]["protocol"] != "smtp" or not frame.has("tcp.payload"):
            continue
        has_quit = bytes.fromhex(frame.all("tcp.payload")[0]).endswith(b"QUIT\r\n")
        told = any("ends the conversation" in comment for comment in frame.all("frame.comment"))
        assert has_quit == told or frame.conversation in trace.encrypted, frame.layers


def check_clock(frames, host):
    """Simulated time began at one whole second, to the nanosecond."""
    starts = {int(frame.all("frame.time_epoch")[0].replace(".", "")) - frame.sent["at"]
              for frame in frames if frame.sent["host"] == host}
    assert len(starts) == 1 and starts.pop() % 10**9 == 0, starts


class Lesson:
    """A scenario's trace, and its two captures."""

    def __init__(self, program, scenario, folder):
        trace, capture = (os.path.join(folder, name) for name in ("trace.jsonl", "packets.pcapng"))
        self.name = os.path.basename(scenario)
        export(program, scenario, "--jsonl", trace, "--pcapng", capture, "--all")
        self.trace = Trace(trace)
        self.host = self.trace.busiest_host()
        with open(capture, "rb") as everywhere:
            self.captures = [everywhere.read()]
        export(program, scenario, "--pcapng", capture, "--host", self.host)
        with open(capture, "rb") as at_host:
            self.captures.append(at_host.read())

    def check(self, everywhere, at_host):
        trace = self.trace
        check_warnings([Frame(layers, trace) for layers in everywhere], trace)
        frames = [Frame(layers, trace) for layers in at_host]
        assert frames, f"{self.host} sees nothing"
        for frame in frames:
            assert frame.has("frame.comment"), f"nothing is said about {frame.layers}"
        check_warnings(frames, trace)
        check_clock(frames, self.host)
        check_comments(frames, trace)
        check_repeated(frames, trace, self.host)
        check_lines(frames, trace)
        check_dns(frames, trace)
        check_letters(frames, trace)
        return f"{len(frames)} packets at {self.host}"


def main(program, *scenarios):
    if shutil.which("tshark") is None:
        print("skipped: tshark is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        lessons = [Lesson(program, scenario, folder) for scenario in scenarios]
    layers = iter(layers_of([capture for lesson in lessons for capture in lesson.captures]))
    failed = 0
    for lesson in lessons:
        try:
            print(f"{lesson.name}: {lesson.check(next(layers), next(layers))}")
        except AssertionError as problem:
            print(f"{lesson.name}: FAILED: {problem}")
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
