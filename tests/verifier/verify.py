#!/usr/bin/env python3
"""Verifies a bundle of signoff: a second implementation, written from docs/audit-format.md and nothing else.

    verify.py BUNDLE.zip [--key VKEY] [--checkpoint FILE]

Ends with 0 when nothing is wrong, 1 when the bundle was altered, 2 when it is none. The last line says which, in words.
It needs nothing but Python's standard library and an Ed25519: Debian's python3-cryptography.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import struct
import sys
import zipfile
import zlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "signoff/bundle/v1"
ORDER = ["bundle.json", "key.txt", "checkpoints.jsonl", "checklist.json", "events.jsonl", "texts.jsonl", "signatures.json"]
HASH = re.compile(r"[0-9a-f]{64}\Z")
KIB, MIB = 1024, 1024 * 1024

# Which members of an event's data are commitments; `[]` stands for each of a list.
COMMITMENTS = {
    "launch_created": ["details.name", "details.summary"],
    "details_changed": ["old.name", "old.summary", "new.name", "new.summary"],
    "notes_changed": ["old", "new"],
    "owner_changed": ["reason"],
    "item_marked": ["old.reason", "new.reason"],
    "agreement_given": ["reason"],
    "agreement_refused": ["reason"],
    "evidence_attached": ["content.name", "content.url", "content.body"],
    "evidence_withdrawn": ["reason"],
    "evidence_requested": ["text"],
    "evidence_request_answered": ["text"],
    "comment_added": ["body"],
    "comment_edited": ["old", "new"],
    "waiver_asked": ["reason", "control"],
    "waiver_approved": ["reason"],
    "waiver_refused": ["reason"],
    "waiver_revoked": ["reason"],
    "signed": ["comment", "address", "user_agent"],
    "signature_withdrawn": ["comment"],
    "held": ["reason"],
    "resumed": ["reason"],
    "reopened": ["reason"],
    "cancelled": ["reason"],
    "closed": ["settlements.[].note"],
    "redacted": ["reason"],
    **dict.fromkeys(
        [
            "policy_changed", "restriction_changed", "holder_added", "holder_removed", "participant_added",
            "participant_removed", "item_assigned", "comment_deleted", "comment_hidden", "comment_shown", "signatures_asked", "go_declared", "launched",
        ],
        [],
    ),
}


# Events of these kinds have a checkpoint that ends with them.
CHECKPOINTED = {
    "signed", "signature_withdrawn", "go_declared", "held", "resumed", "reopened", "launched", "closed", "cancelled",
}


class Wrong(Exception):
    """The first thing that is wrong, and the status that goes with it."""

    def __init__(self, words, status=1):
        super().__init__(words)
        self.status = status


def must(holds, words, status=1):
    if not holds:
        raise Wrong(words, status)


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def unbase64(text, words):
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Wrong(words) from None


def read_json(data, words):
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise Wrong(words) from None


def canonical(value):
    """RFC 8785, for what is hashed here: ASCII names, and no floats."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Tree:
    """The right edge of an RFC 6962 tree: the roots of complete subtrees, with how many leaves each has."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def append(self, data):
        count, digest = 1, sha256(b"\0", data)
        while self.peaks and self.peaks[-1][0] == count:
            digest = sha256(b"\1", self.peaks.pop()[1], digest)
            count *= 2
        self.peaks.append((count, digest))
        self.size += 1

    def root(self):
        digests = [digest for _, digest in self.peaks]
        root = digests.pop()
        while digests:
            root = sha256(b"\1", digests.pop(), root)
        return root


class Key:
    def __init__(self, vkey):
        bad = f"{vkey!r} is no public key of signoff"
        parts = vkey.split("+", 2)
        must(len(parts) == 3, bad)
        self.text, self.name = vkey, parts[0]
        data = unbase64(parts[2], bad)
        must(len(data) == 33 and data[0] == 1 and self.name.startswith("signoff/"), bad)
        self.hash = sha256(self.name.encode(), b"\n", data)[:4]
        must(self.hash.hex() == parts[1], f"{vkey!r} has the hash of another key")
        self.key = Ed25519PublicKey.from_public_bytes(data[1:])

    def check(self, note):
        """A checkpoint's origin, size and root, once the signature on it is found good."""
        signed, blank, signatures = note.rpartition("\n\n")
        must(blank and signatures.endswith("\n"), "it has not the form of a signed note")
        lines = signed.split("\n")
        must(len(lines) == 3 and re.fullmatch(r"0|[1-9][0-9]*", lines[1]), "it has not the three lines of a checkpoint")
        own = 0
        for line in signatures[:-1].split("\n"):
            parts = line.split(" ")
            must(len(parts) == 3 and parts[0] == "\u2014", "a line of signature is none")
            data = unbase64(parts[2], "a signature on it is not base64")
            if parts[1] == self.name and data[:4] == self.hash:
                own += 1
                try:
                    self.key.verify(data[4:], (signed + "\n").encode())
                except InvalidSignature:
                    raise Wrong("the signature on it is false") from None
        must(own, "it is not signed with the key")
        root = unbase64(lines[2], "its root is not base64")
        must(len(root) == 32, "its root is no hash")
        return lines[0], int(lines[1]), root


class Archive:
    """A ZIP archive whose every byte is accounted for."""

    def __init__(self, path):
        try:
            self.file = open(path, "rb")
            self.zip = zipfile.ZipFile(self.file)
        except (OSError, zipfile.BadZipFile, ValueError) as error:
            raise Wrong(f"This is not a bundle: {error}", 2) from None
        self.entries = self.zip.infolist()
        self._names()
        self._layout()

    def _names(self):
        seen = set()
        for entry in self.entries:
            name = entry.orig_filename
            must(not name.startswith("/") and "\\" not in name and ".." not in name.split("/"),
                 f"The entry {name!r} would be unpacked outside of its folder")
            must(name not in seen, f"There are two entries of the name {name!r}")
            seen.add(name)
            must(entry.external_attr >> 16 & 0o170000 != 0o120000, f"The entry {name!r} is a link")
            must(not entry.flag_bits & 0x2041, f"The entry {name!r} is encrypted")
            must(entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), f"{name!r} is packed in another way")

    def _layout(self):
        after = 0
        for entry in self.entries:
            self._gap(after, entry.header_offset)
            after = self._data(entry) + entry.compress_size
        self._gap(after, self.zip.start_dir)
        self.file.seek(-22, 2)
        end = self.file.read(22)
        must(end[:4] == b"PK\5\6" and end[20:] == b"\0\0", "There is something after the archive's end")

    def _gap(self, after, at):
        must(at == after or after and at - after in (12, 16, 20, 24), "There is something between the archive's entries")

    def _data(self, entry):
        self.file.seek(entry.header_offset)
        header = self.file.read(30)
        must(len(header) == 30 and header[:4] == b"PK\3\4", "An entry is not where the directory says")
        name, extra = struct.unpack("<HH", header[26:])
        must(self.file.read(name).decode("utf-8", "replace") == entry.orig_filename, "An entry has another name inside")
        return entry.header_offset + 30 + name + extra

    def pieces(self, entry, most):
        """The bytes of an entry, piece by piece; never more than it may have, whatever it says of itself."""
        self.file.seek(self._data(entry))
        inflate = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
        left, size, crc, waiting = entry.compress_size, 0, 0, b""
        while left or waiting:
            if not waiting:
                waiting = self.file.read(min(left, 64 * KIB))
                must(waiting, "The archive ends in the middle")
                left -= len(waiting)
            if inflate is None:
                piece, waiting = waiting, b""
            else:
                try:
                    piece = inflate.decompress(waiting, 64 * KIB)
                except zlib.error:
                    raise Wrong(f"{entry.filename!r} can't be unpacked") from None
                waiting = inflate.unconsumed_tail
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            must(size <= most, f"The entry {entry.filename!r} unpacks to more than it can have")
            if piece:
                yield piece
        whole = inflate is None or inflate.eof and not inflate.unused_data
        must(whole and crc == entry.CRC, f"The bytes of {entry.filename!r} are not those that were packed")

    def whole(self, entry, most):
        return b"".join(self.pieces(entry, most))

    def lines(self, entry):
        rest, most = b"", 4 * MIB
        for piece in self.pieces(entry, float("inf")):
            *lines, rest = (rest + piece).split(b"\n")
            must(max(map(len, lines + [rest])) <= most, f"A line of {entry.filename!r} is longer than any can be")
            yield from lines
        must(not rest, f"The last line of {entry.filename!r} does not end")


def named(value, path):
    """The values at a path into an event's data, but for those that are null or missing."""
    if not path:
        return [] if value is None else [value]
    if path[0] == "[]":
        return [found for part in value or [] for found in named(part, path[1:])]
    return named(value.get(path[0]), path[1:]) if isinstance(value, dict) else []


class Bundle:
    def __init__(self, archive, key, held):
        self.archive, self.given, self.held_text = archive, key, held
        self.heads, self.held = {}, None
        self.texts, self.values, self.files = {}, {}, {}
        self.signatures, self.wanted = [], set()

    def verify(self):
        entries = list(self.archive.entries)
        first = entries[0] if entries else None
        must(first and first.filename == "bundle.json", "This is not a bundle: it does not begin with bundle.json", 2)
        names = [entry.filename for entry in entries]
        for name in names:
            hashed = name.startswith("evidence/") and HASH.match(name[9:])
            must(hashed or name in ORDER or name == "report.html", f"There is an entry {name!r}, which no bundle has")
        evidence = names[len(ORDER):-1]
        must(names == ORDER + sorted(evidence) + ["report.html"]
             and all(name.startswith("evidence/") for name in evidence), "The entries are not those of a bundle, in order")
        by_name = dict(zip(names, entries))
        self.manifest(by_name["bundle.json"])
        self.read_key(by_name["key.txt"])
        self.checkpoints(by_name["checkpoints.jsonl"])
        checklist = self.archive.whole(by_name["checklist.json"], 64 * MIB)
        self.events(by_name["events.jsonl"], sha256(checklist).hex())
        self.read_texts(by_name["texts.jsonl"])
        self.compare_signatures(by_name["signatures.json"])
        for name in evidence:
            self.file(name[9:], by_name[name])
        for digest, file in self.files.items():
            must(file["found"] or file["redacted"],
                 f"The file {digest} that event {file['seq']} attached is missing, and no event says that it was redacted")
        for _ in self.archive.pieces(by_name["report.html"], 64 * KIB * (self.count + 1000)):
            pass

    def manifest(self, entry):
        try:
            found = json.loads(self.archive.whole(entry, 64 * KIB))
            self.launch, self.installation, self.count = found["launch"], found["installation"], found["events"]
            good = found["format"] == FORMAT and isinstance(self.count, int) and self.count >= 1
        except (ValueError, KeyError, TypeError):
            good = False
        must(good, "This is not a bundle: bundle.json is none of this format", 2)
        self.origin = f"signoff/{self.installation}/{self.launch}"

    def read_key(self, entry):
        text = self.archive.whole(entry, 64 * KIB).decode("utf-8", "replace")
        must(text.endswith("\n"), "key.txt is not one line")
        self.key = Key(text[:-1])
        must(self.given is None or self.given.text == self.key.text, "The key in the bundle is not the one that was given")
        must(self.key.name == f"signoff/{self.installation}", "The key in the bundle is of another installation")
        if self.held_text is not None:
            origin, *self.held = self.key.check(self.held_text)
            must(origin == self.origin, f"The checkpoint that you hold is of another log: {origin}")

    def checkpoints(self, entry):
        last = 0
        for line in self.archive.lines(entry):
            note = read_json(line, "A checkpoint can't be read").get("note", "")
            origin, size, root = self.key.check(note)
            must(origin == self.origin, f"The checkpoint at event {size} is of another log: {origin}")
            must(last < size <= self.count, f"The checkpoint at event {size} stands where it does not belong")
            self.heads[size], last = root, size
        must(last == self.count, "No checkpoint covers the whole history")

    def events(self, entry, checklist):
        tree, before = Tree(), ""
        for line in self.archive.lines(entry):
            seq = tree.size + 1
            event = read_json(line, f"Event {seq} can't be read")
            must(isinstance(event, dict) and canonical(event) == line, f"Event {seq} is not canonical JSON")
            kind, data = event.get("kind"), event.get("data")
            must(kind in COMMITMENTS and isinstance(data, dict), f"Event {seq} can't be read: its kind is {kind!r}")
            must(event.get("seq") == seq, f"Event {event.get('seq')} stands where event {seq} should")
            must(event.get("launch") == self.launch, f"Event {seq} is of another launch")
            must(event["at"] >= before, f"Event {seq} is said to be earlier than the event before it")
            must((kind == "launch_created") == (seq == 1), f"Event {seq} does not follow from the history before it")
            must(seq > 1 or data["checklist_hash"] == checklist, "The checklist is not the one the launch was made from")
            must(seq <= self.count, "There are more events than the bundle says")
            before = event["at"]
            tree.append(line)
            self.measure(tree)
            must(kind not in CHECKPOINTED or seq in self.heads, f"No checkpoint ends with event {seq} ({kind})")
            self.note(seq, kind, data, event)
        must(not self.held or self.held[0] <= tree.size,
             f"This history has {tree.size} events, and the checkpoint that you hold covers more")
        must(tree.size == self.count, f"There are {tree.size} events, and the bundle says that there are {self.count}")

    def measure(self, tree):
        held = self.held and self.held[0] == tree.size
        if not held and tree.size not in self.heads:
            return
        root = tree.root()
        must(self.heads.get(tree.size, root) == root,
             f"The events 1 to {tree.size} do not hash to what the checkpoint at event {tree.size} says")
        must(not held or self.held[1] == root, "This history is not the one of the checkpoint that you hold")

    def note(self, seq, kind, data, event):
        for path in COMMITMENTS[kind]:
            for commitment in named(data, path.split(".")):
                self.texts.setdefault(commitment, {"seq": seq, "found": False, "redacted": 0})
        if kind == "evidence_attached" and data["content"]["kind"] == "file":
            content = data["content"]
            file = self.files.setdefault(content["sha256"], {"seq": seq, "size": content["size"], "found": False})
            file["redacted"] = 0
        elif kind == "redacted":
            what = data["what"]
            known = self.texts.get(what["commitment"]) if what["kind"] == "text" else self.files.get(what["sha256"])
            if known:
                known["redacted"] = seq
        elif kind == "signed":
            signature = {name: value for name, value in data.items() if name not in ("address", "user_agent")}
            self.signatures.append({**signature, "event": seq, "at": event["at"], "withdrawn": None})
            self.wanted.add(data["comment"])
        elif kind == "signature_withdrawn":
            for signature in self.signatures:
                if signature["id"] == data["signature"]:
                    signature["withdrawn"] = {"at": event["at"], "comment": data["comment"]}
            self.wanted.add(data["comment"])

    def read_texts(self, entry):
        for line in self.archive.lines(entry):
            text = read_json(line, "A text can't be read")
            commitment = text.get("commitment")
            known = self.texts.get(commitment)
            must(known, "There is a text that no event names")
            must(not known["redacted"], f"A text that event {known['seq']} names is there, though it was redacted")
            must(not known["found"], f"A text that event {known['seq']} names is there twice")
            must(HASH.match(text["salt"]) and sha256(bytes.fromhex(text["salt"]), text["value"].encode()).hex() == commitment,
                 f"A text that event {known['seq']} names is not what was written: it was changed")
            known["found"] = True
            if commitment in self.wanted:
                self.values[commitment] = text["value"]
        for known in self.texts.values():
            must(known["found"] or known["redacted"],
                 f"A text that event {known['seq']} names is missing, and no event says that it was redacted")

    def compare_signatures(self, entry):
        found = read_json(self.archive.whole(entry, 64 * MIB), "signatures.json can't be read")
        for signature in self.signatures:
            for place in (signature, signature["withdrawn"]):
                if place and place["comment"] is not None:
                    place["comment"] = self.values.get(place["comment"], {"redacted": True})
        must(found == self.signatures, "The signatures in signatures.json are not those in the events")

    def file(self, digest, entry):
        file = self.files.get(digest)
        must(file, f"There is a file {digest} that no event names")
        must(not file["redacted"], f"The file {digest} is there, though event {file['redacted']} says that it was redacted")
        found, size = hashlib.sha256(), 0
        for piece in self.archive.pieces(entry, file["size"]):
            found.update(piece)
            size += len(piece)
        must(size == file["size"], f"The file that event {file['seq']} attached has {size} bytes, not {file['size']}")
        must(found.hexdigest() == digest, f"The file that event {file['seq']} attached is not the one that was attached")
        file["found"] = True


def read_held(path):
    with open(path, encoding="utf-8") as file:
        text = file.read().strip()
    return json.loads(text)["checkpoint"] if text.startswith("{") else text + "\n"


def main():
    parser = argparse.ArgumentParser(description="Verify a bundle of signoff.")
    parser.add_argument("bundle")
    parser.add_argument("--key")
    parser.add_argument("--checkpoint")
    arguments = parser.parse_args()
    try:
        key = Key(arguments.key) if arguments.key else None
        held = read_held(arguments.checkpoint) if arguments.checkpoint else None
        bundle = Bundle(Archive(arguments.bundle), key, held)
        bundle.verify()
    except Wrong as wrong:
        print(f"{wrong}.")
        return wrong.status
    except (KeyError, TypeError, AttributeError, ValueError, struct.error, zipfile.BadZipFile) as error:
        print(f"Something in it has not the form that it must have: {error!r}.")
        return 1
    if key or held:
        print(f"Good: {bundle.count} events.")
    else:
        print("Consistent; key not confirmed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
