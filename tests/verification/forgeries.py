#!/usr/bin/env python3
"""Forges bundles and receipts in many ways, and tries each on both verifiers.

    forgeries.py GOOD.zip SEED PROGRAM VERIFY.py

SEED is the private key of the bundle's installation, 64 hexadecimal digits: some of the forgeries are signed anew, as
only the holder of the key can. Each has the status that the page "The audit formats" gives it; a line is printed for
each that either verifier judges otherwise, and then how many were tried.
"""

import base64
import copy
import hashlib
import importlib.util
import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import unicodedata
import uuid
import zipfile
import zlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

good_path, seed, program, verifier_path = sys.argv[1:5]
spec = importlib.util.spec_from_file_location("verify", verifier_path)
second = importlib.util.module_from_spec(spec)
spec.loader.exec_module(second)

with zipfile.ZipFile(good_path) as archive:
    GOOD = [(info.filename, archive.read(info)) for info in archive.infolist()]
with open(good_path, "rb") as file:
    GOOD_BYTES = file.read()
ABOUT = json.loads(dict(GOOD)["bundle.json"])
LAUNCH, INSTALLATION = ABOUT["launch"], ABOUT["installation"]
EVENTS = dict(GOOD)["events.jsonl"].decode().splitlines()
KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes([42] * 32))
NAME = f"signoff/{INSTALLATION}"
CREATED = json.loads(EVENTS[0])


# --- Making bundles --------------------------------------------------------------------


def public_part(key):
    """The 33 bytes of a public key, and the hash that names it."""
    data = b"\x01" + key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return data, hashlib.sha256(NAME.encode() + b"\n" + data).digest()[:4]


def write_key(key):
    """A key as key.txt has it."""
    data, digest = public_part(key)
    return f"{NAME}+{digest.hex()}+{base64.b64encode(data).decode()}"


def compute_root(events):
    """The root over events."""
    tree = second.Tree()
    for line in events:
        tree.add_leaf(second.hash_leaf(line.encode()))
    return tree.compute_root()


def sign_note(body, key, count=1):
    """A note of these lines with a signature, or the same several times."""
    _, digest = public_part(key)
    line = f"\u2014 {NAME} {base64.b64encode(digest + key.sign(body.encode())).decode()}\n"
    return body + "\n" + line * count


def write_note(events, key=KEY, log=LAUNCH, size=None, root=None):
    """The checkpoint over events."""
    size = len(events) if size is None else size
    root = base64.b64encode(compute_root(events) if root is None else root).decode()
    return sign_note(f"{NAME}/{log}\n{size}\n{root}\n", key)


def write_checkpoint(note, **others):
    """A line of checkpoints.jsonl."""
    line = {"note": note, "cause": "daily", "at": "2026-11-23T10:00:00.000000Z", "witnesses": [], **others}
    return json.dumps(line)


def needs_checkpoint(line):
    """Whether an event has a checkpoint of its own."""
    return any(f'"kind":"{kind}"' in line for kind in second.CHECKPOINTED)


def all_checkpoints(events, key=KEY):
    """The lines that a history needs."""
    sizes = [size for size in range(1, len(events) + 1) if size == len(events) or needs_checkpoint(events[size - 1])]
    return [write_checkpoint(write_note(events[:size], key)) for size in sizes]


def join_lines(lines):
    """The bytes of a .jsonl entry."""
    return "".join(line + "\n" for line in lines).encode()


def deflate(data):
    """One deflate stream."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


class Member:
    """An entry with all its fields."""

    def __init__(self, name, data):
        self.name, self.data, self.packed = name.encode(), data, deflate(data)
        self.crc = zlib.crc32(data)
        self.local = [20, 8, 8, 0x6000, 0x5B7B, 0, 0, 0]
        self.local_extra = self.extra = self.comment = self.gap = b""
        self.local_name = None
        self.descriptor = struct.pack("<4sIII", b"PK\x07\x08", self.crc, len(self.packed), len(data))
        self.central = [0x0314, 20, 8, 8, 0x6000, 0x5B7B, self.crc, len(self.packed), len(data)]
        self.tail = [0, 0, 0x81A40000]
        self.listed = self.stored = True
        self.offset = None


def write_zip(members, end=None, behind=b"", after=b"", before=b"", comment=b"", listed=None):
    """An archive of members; `end` changes the five numbers of the end record."""
    out = io.BytesIO()
    out.write(before)
    for member in members:
        member.start = out.tell()
        if member.stored:
            name = member.local_name if member.local_name is not None else member.name
            out.write(struct.pack("<4sHHHHHIII", b"PK\x03\x04", *member.local))
            out.write(struct.pack("<HH", len(name), len(member.local_extra)) + name + member.local_extra)
            out.write(member.packed + member.descriptor + member.gap)
    start = out.tell()
    for member in listed or [member for member in members if member.listed]:
        out.write(struct.pack("<4sHHHHHHIII", b"PK\x01\x02", *member.central))
        out.write(struct.pack("<HHH", len(member.name), len(member.extra), len(member.comment)))
        out.write(struct.pack("<HHI", *member.tail))
        out.write(struct.pack("<I", member.start if member.offset is None else member.offset))
        out.write(member.name + member.extra + member.comment)
    length = out.tell() - start
    out.write(behind)
    numbers = {"disk": 0, "count": len(listed or [m for m in members if m.listed]), "length": length, "start": start}
    numbers.update(end or {})
    out.write(struct.pack("<4sHHHHIIH", b"PK\x05\x06", numbers["disk"], 0, numbers["count"], numbers["count"],
                          numbers["length"], numbers["start"], len(comment)) + comment + after)
    return out.getvalue()


def pack(entries):
    """An archive of entries, in the right form."""
    return write_zip([Member(name, data) for name, data in entries])


FORGERIES = []


def forge(what, data, status=1, **given):
    """A forgery, with the status that it has to have."""
    FORGERIES.append((what, data, status, given))


def forge_zip(what, change, status=1, **others):
    """A forgery of the archive's structure: `change` edits the members by name."""
    members = [Member(name, data) for name, data in GOOD]
    by_name = {member.name.decode(): member for member in members}
    found = change(members, by_name)
    forge("archive: " + what, write_zip(members, **{**others, **(found or {})}), status)


def forge_entry(what, name, edit, status=1, key=None):
    """A forgery of one entry: `edit` turns its text into another."""
    entries = [(known, edit(data.decode()).encode("utf-8", "surrogatepass") if known == name else data)
               for known, data in GOOD]
    assert entries != GOOD, what
    forge(f"{name}: {what}", pack(entries), status)


def rebuild(events, key=KEY, checkpoints=None):
    """The bundle of other events, signed anew."""
    changed = {
        "events.jsonl": join_lines(events),
        "checkpoints.jsonl": join_lines(all_checkpoints(events, key) if checkpoints is None else checkpoints),
        "bundle.json": json.dumps({**ABOUT, "events": len(events)}).encode(),
        "key.txt": (write_key(key) + "\n").encode(),
    }
    return pack([(name, changed.get(name, data)) for name, data in GOOD])


def canonical(event):
    """The canonical bytes of an event, as text."""
    return second.write_canonical(event).decode()


def find_last(kind):
    """The index of the last event of a kind."""
    return max((at for at, line in enumerate(EVENTS) if f'"kind":"{kind}"' in line), default=None)


def forge_event(what, kind, edit):
    """A forgery of the last event of a kind, signed anew by the holder of the key: `edit` changes it as JSON, or returns
    its text."""
    at = find_last(kind)
    if at is None:
        return
    event = json.loads(EVENTS[at])
    text = edit(event)
    events = list(EVENTS)
    events[at] = text if isinstance(text, str) else canonical(event)
    assert events != EVENTS, what
    forge(f"{kind}: {what}", rebuild(events))


def forge_added(what, kind, data, actor=None, **others):
    """A forgery with one more event at the end, signed anew."""
    last = json.loads(EVENTS[-1])
    event = {**last, "seq": len(EVENTS) + 1, "actor": actor or CREATED["actor"], "kind": kind, "data": data, **others}
    forge(f"one more event: {what}", rebuild([*EVENTS, canonical(event)]))


def change_member(*path, to):
    """An edit that sets a member somewhere within."""
    def edit(event):
        inner = event
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = to(inner[path[-1]]) if callable(to) else to
    return edit


# --- The archive -----------------------------------------------------------------------

FILE = next(name for name, _ in GOOD if name.startswith("evidence/"))


def in_member(name, change):
    """A change of one member."""
    return lambda members, by_name: change(by_name[name])


def assign(field, at, value):
    """A change of one number of a member."""
    def change(member):
        getattr(member, field)[at] = value
    return change


def put(**values):
    """A change of attributes of a member."""
    return lambda member: [setattr(member, name, value) for name, value in values.items()] and None


unicode_path = struct.pack("<HHBI", 0x7075, 5 + 15, 1, zlib.crc32(b"report.html")) + b"signatures.json"
forge_zip("extra field with another name, in the directory alone", in_member("report.html", put(extra=unicode_path)))
forge_zip("extra field with another name, in the local header alone", in_member("report.html", put(local_extra=unicode_path)))
forge_zip("extra field of an owner (0x7875)", in_member(FILE, put(extra=struct.pack("<HHBBHBH", 0x7875, 7, 1, 2, 0, 2, 0))))
forge_zip("empty zip64 extra field of a small entry", in_member(FILE, put(extra=b"\x01\x00\x00\x00")))
forge_zip("zip64 extra field with the right sizes of a small entry", in_member(FILE, put(local_extra=b"\x01\x00\x10\x00" + bytes(16))))
forge_zip("comment of an entry", in_member("events.jsonl", put(comment=b"x")))
forge_zip("comment of the archive", lambda *_: None, comment=b"x")
forge_zip("another end record within the comment", lambda *_: None, comment=struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0, 0, 0, 0, 0))
forge_zip("a newline after the end", lambda *_: None, after=b"\n")
forge_zip("the whole bundle twice", lambda *_: None, after=GOOD_BYTES)
forge_zip("the whole bundle after an empty archive", lambda *_: None, 2, before=struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0, 0, 0, 0, 0))
forge_zip("bytes between the directory and the end", lambda *_: None, behind=b"PK\x05\x05\x00\x00")
forge_zip("version needed 63 in the directory", in_member("events.jsonl", assign("central", 1, 63)))
forge_zip("version needed 45 in the local header of a small entry", in_member(FILE, assign("local", 0, 45)))
forge_zip("made by MS-DOS", in_member("events.jsonl", assign("central", 0, 0x0014)))
forge_zip("made by version 63", in_member("events.jsonl", assign("central", 0, 0x033F)))
forge_zip("encrypted, in the local header alone", in_member(FILE, assign("local", 1, 9)))
forge_zip("strongly encrypted, in the directory alone", in_member(FILE, assign("central", 2, 0x48)))
forge_zip("UTF-8 flag in both", in_member(FILE, lambda m: (assign("local", 1, 0x808)(m), assign("central", 2, 0x808)(m)) and None))
forge_zip("masked header values", in_member(FILE, assign("central", 2, 0x2008)))
forge_zip("stored in the directory, deflated in the header", in_member(FILE, assign("central", 3, 0)))
forge_zip("deflate64 in both", in_member(FILE, lambda m: (assign("local", 2, 9)(m), assign("central", 3, 9)(m)) and None))
forge_zip("checksum in the local header, although right", in_member(FILE, lambda m: assign("local", 5, m.crc)(m)))
forge_zip("size in the directory too small by one", in_member(FILE, lambda m: assign("central", 8, len(m.data) - 1)(m)))
forge_zip("size in the directory of 0", in_member(FILE, assign("central", 8, 0)))
forge_zip("packed size in the directory of another", in_member(FILE, lambda m: assign("central", 7, len(m.packed) + 16)(m)))
forge_zip("sizes in the directory of 2^32 - 1", in_member(FILE, lambda m: (assign("central", 7, 2**32 - 1)(m), assign("central", 8, 2**32 - 1)(m)) and None))
forge_zip("checksum in the directory", in_member(FILE, lambda m: assign("central", 6, m.crc ^ 1)(m)))
forge_zip("descriptor without its first four bytes", in_member(FILE, lambda m: setattr(m, "descriptor", m.descriptor[4:])))
forge_zip("descriptor of zip64 of a small entry", in_member(FILE, lambda m: setattr(m, "descriptor", struct.pack("<4sIQQ", b"PK\x07\x08", m.crc, len(m.packed), len(m.data)))))
forge_zip("descriptor twice", in_member(FILE, lambda m: setattr(m, "gap", m.descriptor)))
forge_zip("no descriptor, and no flag of one", in_member(FILE, lambda m: (setattr(m, "descriptor", b""), m.local.__setitem__(slice(1, 8), [0, 8, 0x6000, 0x5B7B, m.crc, len(m.packed), len(m.data)]), assign("central", 2, 0)(m)) and None))
forge_zip("bytes behind the deflate stream, within the packed size", in_member(FILE, lambda m: (setattr(m, "packed", m.packed + b"hidden"), setattr(m, "descriptor", struct.pack("<4sIII", b"PK\x07\x08", m.crc, len(m.packed), len(m.data))), assign("central", 7, len(m.packed))(m)) and None))
forge_zip("a second deflate stream behind the first", in_member("report.html", lambda m: (setattr(m, "packed", m.packed + deflate(b"<p>")), setattr(m, "descriptor", struct.pack("<4sIII", b"PK\x07\x08", m.crc, len(m.packed), len(m.data))), assign("central", 7, len(m.packed))(m)) and None))
forge_zip("a symbolic link", in_member(FILE, assign("tail", 2, 0xA1FF0000)))
forge_zip("a program that can be run", in_member("report.html", assign("tail", 2, 0x81ED0000)))
forge_zip("the attribute of a hidden file", in_member("report.html", assign("tail", 2, 0x81A40002)))
forge_zip("text, by the internal attributes", in_member("report.html", assign("tail", 1, 1)))
forge_zip("an entry on the second disk", in_member("report.html", assign("tail", 0, 1)))
forge_zip("the end on the second disk", lambda *_: None, end={"disk": 1})
forge_zip("a count of one entry less", lambda *_: None, end={"count": len(GOOD) - 1})
forge_zip("a directory that is a byte longer", lambda *_: None, behind=b"\0", end={})
forge_zip("another time of one entry", in_member("report.html", lambda m: (assign("local", 3, 0x6001)(m), assign("central", 4, 0x6001)(m)) and None))
forge_zip("another time in the directory alone", in_member("report.html", assign("central", 4, 0x6001)))


def set_date(date, time=0x6000):
    """The same time and date for all entries."""
    def change(members, _):
        for member in members:
            member.local[3:5] = member.central[4:6] = [time, date]
    return change


forge_zip("a thirtieth of February", set_date((46 << 9) | (2 << 5) | 30))
forge_zip("a month of 0", set_date((46 << 9) | 1))
forge_zip("a sixtieth second", set_date(0x5B7B, 30))
forge_zip("a name in capitals", in_member("signatures.json", lambda m: (setattr(m, "name", b"Signatures.json"), None)[1]))
forge_zip("another name in the local header", in_member("signatures.json", put(local_name=b"report.html")))
forge_zip("another name in the directory", in_member("report.html", put(local_name=b"report.html", name=b"report.htm\x6d")))
forge_zip("a name with a backslash", in_member(FILE, lambda m: setattr(m, "name", m.name.replace(b"/", b"\\"))))
forge_zip("a name with a point before it", in_member(FILE, lambda m: setattr(m, "name", b"./" + m.name)))
forge_zip("a name with a full stop after it", in_member("report.html", put(name=b"report.html.")))
forge_zip("a hash in capitals as a name", in_member(FILE, lambda m: setattr(m, "name", b"evidence/" + m.name[9:].upper())))
forge_zip("an entry of a folder", lambda members, _: members.insert(7, Member("evidence/", b"")))
forge_zip("events.jsonl twice", lambda members, _: members.append(Member("events.jsonl", b"{}\n")))
forge_zip("report.html twice", lambda members, by_name: members.append(copy.copy(by_name["report.html"])))
forge_zip("an entry that the directory does not list", lambda members, _: members.insert(3, setattr(one := Member("evil.sh", b"rm"), "listed", False) or one))
forge_zip("an entry that only the directory lists", lambda members, by_name: members.append(setattr(one := Member("evil.sh", b"rm"), "stored", False) or setattr(one, "offset", 0) or one))
forge_zip("two records of the directory for one entry", lambda members, _: {"listed": [*members, members[-1]]})
forge_zip("another order of the directory", lambda members, _: {"listed": [*members[:-2], members[-1], members[-2]]})
forge_zip("another order of the files", lambda members, _: members.__setitem__(slice(7, 9), members[8:6:-1]))
forge_zip("report.html left out", lambda members, _: members.pop() and None)
forge_zip("a file left out", lambda members, by_name: members.remove(by_name[FILE]))
end_64 = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 20, 20, 0, 0, len(GOOD), len(GOOD), 0, 0)
forge_zip("zip64 end records of a small archive", lambda *_: None, behind=end_64 + struct.pack("<4sIQI", b"PK\x06\x07", 0, 0, 1))
forge("archive: cut off before the end record", GOOD_BYTES[:-22], 2)
forge("archive: the end record alone", GOOD_BYTES[-22:], 2)


# --- JSON that is not hashed -----------------------------------------------------------

forge_entry("events with an exponent", "bundle.json", lambda text: text.replace(f'"events": {len(EVENTS)}', f'"events": {len(EVENTS)}e0'))
forge_entry("events as -0 more", "bundle.json", lambda text: text.replace('"number": 1', '"number": -0'))
forge_entry("a member twice, once escaped", "bundle.json", lambda text: text.replace('"events"', '"\\u0065vents": 1, "events"'))
forge_entry("a member with another's name in full width", "bundle.json", lambda text: text.replace('"about"', '"ａbout"'))
forge_entry("the checklist as null", "bundle.json", lambda text: text[:text.index('"checklist": ')] + '"checklist": null}')
forge_entry("a member more within the checklist", "bundle.json", lambda text: text.replace('"number":', '"name": "x", "number":'))
forge_entry("two values", "bundle.json", lambda text: text + "{}", 2)
forge_entry("a comment", "bundle.json", lambda text: text + "// good", 2)
forge_entry("a comma after the last member", "bundle.json", lambda text: text[:text.rindex("}")] + ",}", 2)
forge_entry("NaN", "bundle.json", lambda text: text.replace('"number": 1', '"number": NaN'), 2)
forge_entry("format as a list", "bundle.json", lambda text: text.replace('"signoff/bundle/v1"', '["signoff/bundle/v1"]'), 2)
forge_entry("the installation of another", "bundle.json", lambda text: text.replace(INSTALLATION, str(uuid.uuid4())))
forge_entry("the launch of another", "bundle.json", lambda text: text.replace(LAUNCH, str(uuid.uuid4())))
forge_entry("one event more", "bundle.json", lambda text: text.replace(f'"events": {len(EVENTS)}', f'"events": {len(EVENTS) + 1}'))
forge_entry("two keys", "key.txt", lambda text: text + text)
forge_entry("a tab after the key", "key.txt", lambda text: text.replace("\n", "\t\n"))
forge_entry("the key of another", "key.txt", lambda _: write_key(OTHER) + "\n")
forge_entry("leftover bits of the base64 set", "key.txt", lambda text: text if text[-2] == "=" else text[:-2] + chr(ord(text[-2]) + 1) + "\n")

TEXTS = dict(GOOD)["texts.jsonl"].decode().splitlines()


def edit_text(change):
    """An edit of the first text."""
    def edit(text):
        line = json.loads(TEXTS[0])
        change(line)
        return "\n".join([json.dumps(line, ensure_ascii=False), *TEXTS[1:]]) + "\n"
    return edit


def added_text(value, salt=bytes(32)):
    """A text that commits to itself."""
    return json.dumps({"commitment": second.commit_text(salt, value), "salt": salt.hex(), "value": value})


forge_entry("a text with a space more", "texts.jsonl", edit_text(lambda line: line.update(value=line["value"] + " ")))
forge_entry("a text in another normal form", "texts.jsonl", lambda text: text.replace(TEXTS[0], TEXTS[0].replace('"value":"', '"value":"e\u0301')))
forge_entry("a text that no event names", "texts.jsonl", lambda text: text + added_text("unnamed") + "\n")
forge_entry("a text twice", "texts.jsonl", lambda text: text + TEXTS[0] + "\n")
forge_entry("a text left out", "texts.jsonl", lambda text: text.replace(TEXTS[0] + "\n", ""))
forge_entry("a text of another type", "texts.jsonl", edit_text(lambda line: line.update(value=[line["value"]])))
forge_entry("salt of 31 bytes", "texts.jsonl", edit_text(lambda line: line.update(salt=line["salt"][2:])))
forge_entry("salt in capitals", "texts.jsonl", edit_text(lambda line: line.update(salt=line["salt"].upper())))
forge_entry("a member twice, once escaped", "texts.jsonl", lambda text: text.replace('{"', '{"\\u0076alue":"x","', 1))
forge_entry("half of a surrogate pair", "texts.jsonl", lambda text: text.replace('"value":"', '"value":"\\udc00', 1))
# White space means nothing where JSON is not hashed.
forge_entry("lines ended with CR LF", "texts.jsonl", lambda text: text.replace("\n", "\r\n"), 0)
forge_entry("a blank line", "texts.jsonl", lambda text: text.replace("\n", "\n \n", 1))
forge_entry("two values in a line", "texts.jsonl", lambda text: text.replace("\n", " ", 1))
forge_entry("a byte order mark", "texts.jsonl", lambda text: "\ufeff" + text)

SIGNATURES = json.loads(dict(GOOD)["signatures.json"])


def edit_signatures(change):
    """An edit of the list of signatures."""
    def edit(_):
        signatures = copy.deepcopy(SIGNATURES)
        change(signatures)
        return json.dumps(signatures, ensure_ascii=False)
    return edit


for what, change in [
    ("another verdict", lambda all: all[0].update(verdict="no_go" if all[0]["verdict"] == "go" else "go")),
    ("another name of the signer", lambda all: all[0]["signer"].update(name="Mallory")),
    ("a name in another normal form", lambda all: all[0]["signer"].update(name=all[0]["signer"]["name"] + "\u0301")),
    ("a time of another offset", lambda all: all[0].update(at=all[0]["at"].replace("Z", "+00:00"))),
    ("a time in milliseconds", lambda all: all[0].update(at=all[0]["at"][:23] + "Z")),
    ("the event as a string", lambda all: all[0].update(event=str(all[0]["event"]))),
    ("a comment that was redacted, and was not", lambda all: all[0].update(comment={"redacted": True})),
    ("an empty comment", lambda all: all[0].update(comment="")),
    ("withdrawn, and was not", lambda all: all[-1].update(withdrawn={"at": all[0]["at"], "comment": "x"})),
    ("withdrawn left out", lambda all: all[0].pop("withdrawn")),
    ("the address", lambda all: all[0].update(address="0" * 64)),
    ("an empty list of renewals", lambda all: all[0].update(renewed=[])),
    ("one signature left out", lambda all: all.pop()),
    ("one signature twice", lambda all: all.append(all[-1])),
    ("another order", lambda all: all.reverse()),
    ("lists as objects", lambda all: all.__setitem__(0, [all[0]])),
]:
    forge_entry(what, "signatures.json", edit_signatures(change))
forge_entry("an object of the list", "signatures.json", lambda text: json.dumps({"signatures": SIGNATURES}))
forge_entry("two lists", "signatures.json", lambda text: text + "[]")
for name in SIGNATURES[0]:
    for what, value in [("object", {}), ("list", [])]:
        forge_entry(f"an empty {what} as its {name}", "signatures.json",
                    lambda text, name=name, value=value: json.dumps([{**SIGNATURES[0], name: value}, *SIGNATURES[1:]]))


# --- Checkpoints -----------------------------------------------------------------------

NOTES = [json.loads(line)["note"] for line in dict(GOOD)["checkpoints.jsonl"].decode().splitlines()]
FORK = [*EVENTS[:-1], EVENTS[-1].replace('"request":"', '"request":"0', 1)[:-1] + "}"]


def with_checkpoints(what, lines, **others):
    """A forgery of checkpoints.jsonl."""
    entries = [(name, join_lines(lines) if name == "checkpoints.jsonl" else data) for name, data in GOOD]
    forge("checkpoints: " + what, pack(entries), **others)


RIGHT = all_checkpoints(EVENTS)
SIZES = [json.loads(line)["note"].split("\n")[1] for line in RIGHT]
last_note = write_note(EVENTS)
with_checkpoints("the last alone", RIGHT[-1:])
with_checkpoints("without the last", RIGHT[:-1])
with_checkpoints("none", [])
with_checkpoints("in the other order", RIGHT[::-1])
with_checkpoints("the last twice", [*RIGHT, RIGHT[-1]])
with_checkpoints("of one event, of a fork", [write_checkpoint(write_note(FORK[-1:])), *RIGHT])
with_checkpoints("of the last size with another root too", [*RIGHT[:-1], write_checkpoint(write_note(FORK)), RIGHT[-1]])
with_checkpoints("of the last size with another root", [*RIGHT[:-1], write_checkpoint(write_note(FORK))])
with_checkpoints("one beyond the log", [*RIGHT, write_checkpoint(write_note(EVENTS, size=len(EVENTS) + 1))])
with_checkpoints("one of no event", [write_checkpoint(write_note(EVENTS, size=0, root=hashlib.sha256(b"").digest())), *RIGHT])
with_checkpoints("the origin of the installation's log", [*RIGHT[:-1], write_checkpoint(write_note(EVENTS, log="installation"))])
with_checkpoints("the origin of another launch", [*RIGHT[:-1], write_checkpoint(write_note(EVENTS, log=str(uuid.uuid4())))])
with_checkpoints("the launch's id in capitals", [*RIGHT[:-1], write_checkpoint(write_note(EVENTS, log=LAUNCH.upper()))])
with_checkpoints("signed by another key under the same name", [*RIGHT[:-1], write_checkpoint(write_note(EVENTS, key=OTHER))])
body = last_note.split("\n\n")[0] + "\n"
for what, text in [
    ("a leading zero", sign_note(body.replace(f"\n{len(EVENTS)}\n", f"\n0{len(EVENTS)}\n"), KEY)),
    ("a plus sign", sign_note(body.replace(f"\n{len(EVENTS)}\n", f"\n+{len(EVENTS)}\n"), KEY)),
    ("digits of another script", sign_note(body.replace(f"\n{len(EVENTS)}\n", "\n" + "".join(chr(0x660 + int(d)) for d in str(len(EVENTS))) + "\n"), KEY)),
    ("an extension line", sign_note(body + "more\n", KEY)),
    ("the root without padding", sign_note(body.replace("=\n", "\n"), KEY)),
    ("the root of 31 bytes", write_note(EVENTS, root=compute_root(EVENTS)[:31])),
    ("no signature", body + "\n"),
    ("a hyphen for the dash", last_note.replace("\u2014", "-")),
    ("two spaces in the signature's line", last_note.replace("\u2014 ", "\u2014  ")),
    ("no last newline", last_note[:-1]),
    ("a newline more", last_note + "\n"),
    ("17 lines of signatures", sign_note(body, KEY, 17)),
    ("a signature of other bytes besides", last_note + sign_note(body + "x\n", KEY).split("\n\n")[1]),
    ("another's line, malformed", last_note + "\u2014 example.org AAAA\n"),
    ("CR LF", last_note.replace("\n", "\r\n")),
    ("another's line with a no-break space in its name", last_note + "\u2014 ex\u00a0ample AAAAAAAA\n"),
]:
    with_checkpoints(what, [*RIGHT[:-1], write_checkpoint(text)])
for what, others in [
    ("an unknown cause", {"cause": "weekly"}),
    ("a time with an offset", {"at": "2026-11-23T11:00:00.000000+01:00"}),
    ("a time in seconds", {"at": "2026-11-23T11:00:00Z"}),
    ("a time that is no date", {"at": "2026-02-30T11:00:00.000000Z"}),
    ("a leap second", {"at": "2026-12-31T23:59:60.000000Z"}),
    ("a witness without a time", {"witnesses": [{"name": "Ann"}]}),
    ("a witness with an id", {"witnesses": [{"name": "Ann", "at": "2026-11-23T11:00:00.000000Z", "id": 1}]}),
    ("a member more", {"size": len(EVENTS)}),
]:
    with_checkpoints(what, [*RIGHT[:-1], write_checkpoint(last_note, **others)])


# --- Events, signed anew by the holder of the key --------------------------------------

for what, edit in [
    ("a time with an offset", change_member("at", to=lambda at: at.replace("Z", "+00:00"))),
    ("a time in milliseconds", change_member("at", to=lambda at: at[:23] + "Z")),
    ("a time in nanoseconds", change_member("at", to=lambda at: at[:-1] + "000Z")),
    ("a small t and z", change_member("at", to=str.lower)),
    ("hour 24", change_member("at", to=lambda at: at[:11] + "24:00:00.000000Z")),
    ("a time before the one before", change_member("at", to="2020-01-01T00:00:00.000000Z")),
    ("a day that is none", change_member("at", to="2099-02-30T00:00:00.000000Z")),
    ("the year 9999", change_member("at", to="9999-01-01T00:00:00.000000Z")),
    ("the version as a string", change_member("v", to="1")),
    ("a member more in the actor", lambda e: e["actor"].update(email="x")),
    ("a member more at the top", lambda e: e.update(note="x")),
    ("a member less", lambda e: e.pop("request") and None),
    ("an id in capitals", change_member("request", to=str.upper)),
    ("an id in braces", change_member("request", to=lambda it: "{" + it + "}")),
    ("an id without hyphens", change_member("request", to=lambda it: it.replace("-", ""))),
    ("another launch", change_member("launch", to=str(uuid.uuid4()))),
    ("the number again", change_member("seq", to=lambda seq: seq - 1)),
    ("the number as a string", change_member("seq", to=str)),
    ("an unknown kind", change_member("kind", to="item_ticked")),
    ("a kind in capitals", change_member("kind", to=str.capitalize)),
    ("a name with a direction override", change_member("actor", "name", to=lambda name: name + "\u202e")),
    ("a name with a blank at its end", change_member("actor", "name", to=lambda name: name + "\u2003")),
    ("an empty name", change_member("actor", "name", to="")),
    ("an actor by the name of nobody's account id", change_member("actor", "id", to="0")),
    ("members in another order", lambda e: json.dumps(dict(reversed(list(e.items()))), separators=(",", ":"), ensure_ascii=False)),
    ("white space", lambda e: json.dumps(e, sort_keys=True, ensure_ascii=False)),
    ("escapes that need not be", lambda e: canonical(e).replace('"kind":"i', '"kind":"\\u0069')),
    ("a member twice", lambda e: canonical(e)[:-1] + ',"v":1}'),
    ("1.0 as the version", lambda e: canonical(e).replace('"v":1', '"v":1.0')),
    ("1e0 as the version", lambda e: canonical(e).replace('"v":1', '"v":1e0')),
    ("the old state another", change_member("data", "old", "state", to=lambda it: "blocked" if it != "blocked" else "open")),
    ("an item that is none", change_member("data", "item", to=str(uuid.uuid4()))),
    ("a state that is none", change_member("data", "new", "state", to="Done")),
    ("nothing changed", lambda e: e["data"].update(new=e["data"]["old"])),
    ("a reason that is no commitment", lambda e: e["data"]["new"].update(reason="x")),
    ("a reason that has no text", lambda e: e["data"]["new"].update(reason="0" * 64)),
]:
    forge_event(what, "item_marked", edit)
for what, edit in [
    ("the digest of nothing", change_member("data", "digest", to="0" * 64)),
    ("the digest in capitals", change_member("data", "digest", to=str.upper)),
    ("a page of the future", lambda e: e["data"].update(saw=e["seq"] + 5)),
    ("a page of this very event", lambda e: e["data"].update(saw=e["seq"])),
    ("a page of no event", change_member("data", "saw", to=0)),
    ("no page", change_member("data", "saw", to=None)),
    ("a signer by another name", change_member("data", "signer", "name", to="Mallory")),
    ("a signer and actor by the name in another normal form", lambda e: e["data"]["signer"].update(name=unicodedata.normalize("NFD", e["actor"]["name"] + "é"))),
    ("another signer", lambda e: e["data"]["signer"].update(id=CREATED["request"])),
    ("signer and actor who hold no role", lambda e: (e["data"]["signer"].update(id=CREATED["request"]), e["actor"].update(id=CREATED["request"])) and None),
    ("a role that is none of the checklist", change_member("data", "role", to="astrologer")),
    ("another title of the role", change_member("data", "role_title", to="Chief")),
    ("a verdict that is none", change_member("data", "verdict", to="maybe")),
    ("a no-go without a comment", lambda e: e["data"].update(verdict="no_go", comment=None)),
    ("a meaning that is none", change_member("data", "meaning", to="witness")),
    ("statement version 0", change_member("data", "statement_version", to=0)),
    ("statement version as 1.5", lambda e: canonical(e).replace('"statement_version":1', '"statement_version":1.5')),
    ("an address with two @", change_member("data", "email", to="a@b@example.org")),
    ("a zone with a blank", change_member("data", "zone", to="Europe/ Lisbon")),
    ("a proof that is none", change_member("data", "proof", to="fingerprint")),
    ("the proof with an offset", change_member("data", "proved_at", to=lambda at: at.replace("Z", "+00:00"))),
    ("lifts what is no signature", change_member("data", "lifts", to=CREATED["request"])),
    ("lifts itself", lambda e: e["data"].update(lifts=e["data"]["id"])),
    ("an empty list of renewals", lambda e: e["data"].update(renewed=[])),
    ("renewals as null", lambda e: e["data"].update(renewed=None)),
    ("a renewal after the signature", lambda e: e["data"].update(renewed=[{"how": "reset_link", "by": None, "at": "2999-01-01T00:00:00.000000Z"}])),
    ("a renewal of an unknown way", lambda e: e["data"].update(renewed=[{"how": "magic", "by": None, "at": e["at"]}])),
    ("a renewal that was confirmed by the signer", lambda e: e["data"].update(renewed=[{"how": "reset_link", "by": None, "at": e["at"], "confirmed_by": e["actor"]}])),
    ("eleven renewals", lambda e: e["data"].update(renewed=[{"how": "reset_link", "by": None, "at": e["at"]}] * 11)),
]:
    forge_event(what, "signed", edit)
for what, edit in [
    ("another owner than the actor", change_member("data", "owner", "id", to=CREATED["request"])),
    ("an owner by another name", change_member("data", "owner", "name", to="Mallory")),
    ("the hash of another checklist", change_member("data", "checklist_hash", to="0" * 64)),
    ("another checklist version", change_member("data", "checklist", to=CREATED["request"])),
    ("slip days of 366", change_member("data", "policy", "slip_days", to=366)),
    ("restricted as a number", change_member("data", "restricted", to=0)),
    ("a target with an offset", change_member("data", "details", "target", "local", to=lambda it: it + "Z")),
]:
    forge_event(what, "launch_created", edit)
for what, edit in [
    ("a size of another", lambda e: e["data"]["content"].update(size=e["data"]["content"].get("size", 0) + 1)),
    ("valid before it was observed", change_member("data", "valid_until", to="1990-01-01")),
    ("the evidence of the launch's request", lambda e: e["data"].update(source=CREATED["request"])),
    ("an optional member as null", lambda e: e["data"].update(source=None)),
]:
    forge_event(what, "evidence_attached", edit)

forge("events: one left out", rebuild(EVENTS[:5] + EVENTS[6:]))
forge("events: two exchanged", rebuild([*EVENTS[:4], EVENTS[5], EVENTS[4], *EVENTS[6:]]))
forge("events: one twice", rebuild([*EVENTS, EVENTS[-1]]))
forge("events: the first again", rebuild([*EVENTS, canonical({**CREATED, "seq": len(EVENTS) + 1, "at": json.loads(EVENTS[-1])["at"]})]))
forge("events: a number left out", rebuild([*EVENTS[:-1], canonical({**json.loads(EVENTS[-1]), "seq": len(EVENTS) + 1})]))
forge("events: none", rebuild([], checkpoints=[]))
OWNER, STRANGER = CREATED["actor"], {"id": "00000000-0000-4000-8000-000000000000", "name": "Mallory"}
COMMITMENT = json.loads(TEXTS[0])["commitment"]
for what, kind, data, actor in [
    ("a hold by a stranger", "held", {"reason": COMMITMENT}, STRANGER),
    ("resumed without a hold", "resumed", {"reason": None}, OWNER),
    ("reopened without a go", "reopened", {"reason": COMMITMENT}, OWNER),
    ("closed without a launch", "closed", {"settlements": []}, OWNER),
    ("cancelled by a stranger", "cancelled", {"reason": COMMITMENT}, STRANGER),
    ("a participant removed who was none", "participant_removed", {"person": STRANGER}, OWNER),
    ("the owner given the launch", "owner_changed", {"old": OWNER, "new": OWNER, "reason": None}, OWNER),
    ("the launch taken without a reason", "owner_changed", {"old": OWNER, "new": STRANGER, "reason": None}, STRANGER),
    ("given away by another name of the owner", "owner_changed", {"old": {**OWNER, "name": "Mallory"}, "new": STRANGER, "reason": None}, OWNER),
    ("notes from what they were not", "notes_changed", {"old": "0" * 64, "new": None}, OWNER),
    ("a policy by a stranger", "policy_changed", {"old": CREATED["data"]["policy"], "new": {"slip_days": 365, "separation_of_duties": False}}, STRANGER),
    ("a restriction from what it was not", "restriction_changed", {"old": not CREATED["data"]["restricted"], "new": CREATED["data"]["restricted"]}, OWNER),
    ("tags from what they were not", "tags_changed", {"old": ["Payments"], "new": []}, OWNER),
    ("tags set by a stranger", "tags_changed", {"old": [], "new": ["Payments"]}, STRANGER),
    ("a tag that is there twice", "tags_changed", {"old": [], "new": ["Payments", "payments"]}, OWNER),
    ("eleven tags", "tags_changed", {"old": [], "new": [f"tag {n}" for n in range(11)]}, OWNER),
    ("a tag that is too long", "tags_changed", {"old": [], "new": ["x" * 41]}, OWNER),
    ("a tag with white space around it", "tags_changed", {"old": [], "new": [" Payments"]}, OWNER),
    ("a text redacted that was never named", "redacted", {"what": {"kind": "text", "commitment": "0" * 64, "field": "name"}, "reason": COMMITMENT}, OWNER),
    ("a text redacted in another field", "redacted", {"what": {"kind": "text", "commitment": CREATED["data"]["details"]["name"], "field": "comment"}, "reason": COMMITMENT}, OWNER),
    ("a text redacted that is still there", "redacted", {"what": {"kind": "text", "commitment": CREATED["data"]["details"]["name"], "field": "name"}, "reason": COMMITMENT}, OWNER),
    ("a file redacted that was never attached", "redacted", {"what": {"kind": "file", "sha256": "0" * 64}, "reason": COMMITMENT}, OWNER),
    ("a file redacted that is still there", "redacted", {"what": {"kind": "file", "sha256": FILE[9:]}, "reason": COMMITMENT}, OWNER),
    ("a folder redacted", "redacted", {"what": {"kind": "folder", "sha256": FILE[9:]}, "reason": COMMITMENT}, OWNER),
    ("a signature withdrawn that is none", "signature_withdrawn", {"signature": CREATED["request"], "role": "security", "comment": COMMITMENT, "proved_at": CREATED["at"]}, OWNER),
    ("a comment edited that is none", "comment_edited", {"item": CREATED["request"], "comment": CREATED["request"], "old": COMMITMENT, "new": COMMITMENT}, OWNER),
    ("signatures asked of nobody", "signatures_asked", {"roles": []}, OWNER),
    ("go by a stranger", "go_declared", {"found": {"verdict": "go", "reasons": [], "conditions": []}, "acknowledged": [], "saw": None, "proved_at": CREATED["at"]}, STRANGER),
    ("go with a condition that was not acknowledged", "go_declared", {"found": {"verdict": "conditional_go", "reasons": [], "conditions": [{"kind": "advisory", "id": f"advisory:{CREATED['request']}:open", "item": CREATED["request"], "owner": None, "lack": "open"}]}, "acknowledged": [], "saw": None, "proved_at": CREATED["at"]}, OWNER),
    ("a conditional go without a condition", "go_declared", {"found": {"verdict": "conditional_go", "reasons": [], "conditions": []}, "acknowledged": [], "saw": None, "proved_at": CREATED["at"]}, OWNER),
]:
    forge_added(what, kind, data, actor)


# --- What is kept elsewhere ------------------------------------------------------------


def prove_inclusion(events, at):
    """The proof (RFC 6962, section 2.1.1) that an event is in the tree."""
    def root(leaves):
        if len(leaves) == 1:
            return leaves[0]
        k = 1 << (len(leaves) - 1).bit_length() - 1
        return second.hash_node(root(leaves[:k]), root(leaves[k:]))

    def path(m, leaves):
        if len(leaves) == 1:
            return []
        k = 1 << (len(leaves) - 1).bit_length() - 1
        if m < k:
            return [*path(m, leaves[:k]), root(leaves[k:])]
        return [*path(m - k, leaves[k:]), root(leaves[:k])]
    return [step.hex() for step in path(at, [second.hash_leaf(line.encode()) for line in events])]


SIGNED = find_last("signed")
RECEIPT = {
    "format": "signoff/receipt/v1", "about": "", "key": write_key(KEY), "checkpoint": write_note(EVENTS[:SIGNED + 1]),
    "event": EVENTS[SIGNED], "inclusion": prove_inclusion(EVENTS[:SIGNED + 1], SIGNED),
}
forge("kept: the checkpoint", GOOD_BYTES, 0, kept=write_note(EVENTS))
forge("kept: a receipt", GOOD_BYTES, 0, kept=json.dumps(RECEIPT))
for what, text in [
    ("of a fork", write_note(FORK)),
    ("of an older fork", write_note(["x", *EVENTS[1:7]])),
    ("of more events", write_note([*EVENTS, EVENTS[-1]])),
    ("of another launch", write_note(EVENTS, log=str(uuid.uuid4()))),
    ("of the installation's log", write_note(EVENTS, log="installation")),
    ("by another key", write_note(EVENTS, key=OTHER)),
    ("of no event", write_note(EVENTS, size=0)),
    ("two of them", write_note(EVENTS) * 2),
    ("with a byte order mark", "\ufeff" + write_note(EVENTS)),
    ("in a list", json.dumps([RECEIPT])),
    ("nothing but blanks", " \n\t "),
]:
    forge("kept: " + what, GOOD_BYTES, kept=text)
for what, change in [
    ("altered event", {"event": EVENTS[SIGNED].replace('"verdict":"go"', '"verdict":"no_go"').replace("\n", "") if '"verdict":"go"' in EVENTS[SIGNED] else EVENTS[SIGNED].replace('"no_go"', '"go"')}),
    ("event that is no signature", {"event": EVENTS[0], "inclusion": prove_inclusion(EVENTS[:SIGNED + 1], 0)}),
    ("event of another launch", {"event": EVENTS[SIGNED].replace(LAUNCH, str(uuid.uuid4()))}),
    ("event with a byte more", {"event": EVENTS[SIGNED] + " "}),
    ("proof cut short", {"inclusion": RECEIPT["inclusion"][:-1]}),
    ("proof with a step more", {"inclusion": [*RECEIPT["inclusion"], "0" * 64]}),
    ("proof in capitals", {"inclusion": [step.upper() for step in RECEIPT["inclusion"]]}),
    # A proof of one step has one order.
    *([("proof in the other order", {"inclusion": RECEIPT["inclusion"][::-1]})] if len(RECEIPT["inclusion"]) > 1 else []),
    ("proof of strings that are no hashes", {"inclusion": ["x"]}),
    ("another key", {"key": write_key(OTHER)}),
    ("another key, and its checkpoint", {"key": write_key(OTHER), "checkpoint": write_note(EVENTS[:SIGNED + 1], key=OTHER)}),
    ("checkpoint of fewer events", {"checkpoint": write_note(EVENTS[:SIGNED])}),
    ("checkpoint without its last newline", {"checkpoint": RECEIPT["checkpoint"][:-1]}),
    ("checkpoint of a fork", {"checkpoint": write_note([*FORK[:2], "x", *EVENTS[3:SIGNED + 1]])}),
    ("about as a number", {"about": 1}),
    ("another format", {"format": "signoff/receipt/v2"}),
    ("a member more", {"note": ""}),
]:
    forge("receipt: " + what, GOOD_BYTES, kept=json.dumps({**RECEIPT, **change}))
forge("receipt: a member twice, once escaped", GOOD_BYTES, kept=json.dumps(RECEIPT).replace('{"', '{"\\u0065vent":"x","', 1))
forge("receipt: half of a surrogate pair", GOOD_BYTES, kept=json.dumps({**RECEIPT, "about": "\ud800"}))
forge("receipt: cut off", GOOD_BYTES, kept=json.dumps(RECEIPT)[:-1])
forge("key: of another", GOOD_BYTES, key=write_key(OTHER))
forge("key: none", GOOD_BYTES, 2, key="signoff")
forge("key: with a newline", GOOD_BYTES, 2, key=write_key(KEY) + "\n")
forge("key: of a history that another key signed anew", rebuild(EVENTS, OTHER), key=write_key(KEY))
forge("good", GOOD_BYTES, 0, key=write_key(KEY))


# --- Trying them -----------------------------------------------------------------------

NOT_FOR_AUDITORS = ("line 1 column", "Error", "panicked", "unwrap", "Some(", "None)", "::", "expected value", "invalid type")
wrong = 0
with tempfile.TemporaryDirectory() as folder:
    bundle, kept_file = os.path.join(folder, "bundle.zip"), os.path.join(folder, "kept.txt")
    for what, data, status, given in FORGERIES:
        with open(bundle, "wb") as file:
            file.write(data)
        arguments = ["--key", given["key"]] if "key" in given else []
        if "kept" in given:
            with open(kept_file, "w", encoding="utf-8", newline="") as file:
                file.write(given["kept"])
            arguments += ["--checkpoint", kept_file]
        ours = subprocess.run([program, "verify", bundle, *arguments], capture_output=True, text=True, env={})
        said = (ours.stdout + ours.stderr).strip().split("\n")[-1]
        theirs = second.verify(bundle, given.get("key"), kept_file if "kept" in given else None)
        unclear = [word for word in NOT_FOR_AUDITORS if word in said]
        if (ours.returncode, theirs[0]) != (status, status) or unclear or "--all" in sys.argv:
            wrong += (ours.returncode, theirs[0]) != (status, status) or bool(unclear)
            print(f"{what}: {status} expected; ours {ours.returncode}: {said}; theirs {theirs[0]}: {theirs[1]}")
print(f"{len(FORGERIES)} tried")
sys.exit(1 if wrong else 0)
