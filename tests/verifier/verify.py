#!/usr/bin/env python3
"""Verifies a bundle of signoff offline, as the page "The audit formats" tells.

    verify.py BUNDLE.zip [--key VKEY] [--checkpoint FILE]
    verify.py --self-test audit-format-vectors.json

The status is 0 when nothing is wrong, 1 at the first thing that is wrong with a
bundle, and 2 when there is nothing to verify. What the page calls "the whole set
of rules" (calendars, readiness, names of time zones) is not verified here.

Nothing but the standard library is used, and Ed25519 from `cryptography`.
"""

import argparse
import base64
import binascii
import bisect
import datetime
import hashlib
import json
import os
import re
import stat
import struct
import sys
import uuid
import zlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KIB, MIB = 1024, 1024 * 1024
BLOCK = 64 * KIB
FULL_32 = 0xFFFFFFFF
LARGE = 0xF0000000
BIGGEST = 2**53 - 1


class Refused(Exception):
    """Something that ends the verification, with the status it ends with."""

    status = 1


class Wrong(Refused):
    """Status 1: something is wrong with what is a bundle."""


class Nothing(Refused):
    """Status 2: there is nothing to verify."""

    status = 2


def require(holds, sentence):
    """End with status 1 and the sentence where a rule does not hold."""
    if not holds:
        raise Wrong(sentence)


# --- Foundations: hashes, base64, JSON -------------------------------------------------


def hash_bytes(data):
    """SHA-256 as 32 bytes (Foundations: hash)."""
    return hashlib.sha256(data).digest()


def hash_leaf(data):
    """The leaf of an event's bytes."""
    return hash_bytes(b"\x00" + data)


def hash_node(left, right):
    """The node over two subtrees."""
    return hash_bytes(b"\x01" + left + right)


def commit_text(salt, text):
    """The commitment to a text, as hexadecimal digits."""
    return hashlib.sha256(salt + text.encode("utf-8")).hexdigest()


def decode_base64(text):
    """The bytes of a base64 text of the one right spelling, or None."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        return None
    return data if base64.b64encode(data).decode("ascii") == text else None


class Tree:
    """An RFC 6962 tree that grows by one leaf at a time."""

    def __init__(self):
        self.size = 0
        self.peaks = []

    def add_leaf(self, leaf):
        """Append a leaf; whole subtrees are merged at once."""
        count = self.size
        while count & 1:
            leaf = hash_node(self.peaks.pop(), leaf)
            count >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def compute_root(self):
        """The root over the leaves so far, of which there is at least one."""
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = hash_node(peak, root)
        return root


def follow_inclusion(index, size, leaf, path):
    """The root that a proof leads to (RFC 9162, section 2.1.3.2), or None."""
    if index >= size:
        return None
    place, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = hash_node(step, root)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            root = hash_node(root, step)
        place >>= 1
        last >>= 1
    return root if last == 0 else None


class NotJson(Exception):
    """What was read is no JSON value of RFC 8259 in UTF-8."""


class OddNumber:
    """A number that is no whole number from 0 to 16 digits written in digits alone."""


TOKEN = re.compile(
    rb"[ \t\n\r]*+(?:([{}\[\],:])"
    rb'|"([^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+)"'
    rb"|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"
    rb"|(true|false|null))"
)
SPACE = re.compile(rb"[ \t\n\r]*+")
PLAIN_NUMBER = re.compile(rb"0|[1-9][0-9]{0,15}")
ESCAPE = re.compile(
    r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\(.)"
)
SHORT_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
WORDS = {b"true": True, b"false": False, b"null": None}


class JsonReader:
    """Reads JSON without recursion.

    What the grammar of RFC 8259 refuses is NotJson. What only the stricter rules of the
    bundle refuse (a member twice, half a surrogate pair) is kept in `fault`, so that a
    bundle.json that is JSON can be told from one that is not.
    """

    def __init__(self, data, most_values=None, longest_string=None):
        self.data = data
        self.place = 0
        self.values = 0
        self.most_values = most_values
        self.longest_string = longest_string
        self.fault = None
        self.repeated = []

    def next_token(self):
        """The next token: its mark, and its value where it is a scalar ('s' or 'v')."""
        match = TOKEN.match(self.data, self.place)
        if match is None:
            raise NotJson
        self.place = match.end()
        if match[1]:
            return chr(match[1][0]), None
        if match[2] is not None:
            return "s", self.read_string(match[2])
        if match[3] is not None:
            plain = PLAIN_NUMBER.fullmatch(match[3])
            return "v", int(match[3]) if plain else OddNumber()
        return "v", WORDS[bytes(match[4])]

    def skip_token(self, mark):
        """Pass over the token `mark` if it is the next one, and say whether it was."""
        after = SPACE.match(self.data, self.place).end()
        if self.data[after:after + 1] == mark.encode():
            self.place = after + 1
            return True
        return False

    def read_string(self, raw):
        """The string that is written between two quotes."""
        if self.longest_string is not None and len(raw) > self.longest_string:
            self.fault = self.fault or "a string is too long"
        try:
            text = bytes(raw).decode("utf-8")
        except UnicodeDecodeError:
            raise NotJson from None
        return ESCAPE.sub(self.read_escape, text) if "\\" in text else text

    def read_escape(self, match):
        """The characters of one escape, or of two that are a surrogate pair."""
        if match[1]:
            high, low = int(match[1], 16) - 0xD800, int(match[2], 16) - 0xDC00
            return chr(0x10000 + (high << 10) + low)
        if match[3]:
            code = int(match[3], 16)
            if 0xD800 <= code <= 0xDFFF:
                self.fault = self.fault or "a string holds half of a surrogate pair"
            return chr(code)
        return SHORT_ESCAPES.get(match[4], match[4])

    def read_name(self):
        """A member's name and its colon."""
        mark, name = self.next_token()
        if mark != "s" or not self.skip_token(":"):
            raise NotJson
        return name

    def put_value(self, stack, value):
        """Put a value that is whole into the innermost object or list."""
        box, name = stack[-1]
        if isinstance(box, list):
            box.append(value)
        elif name in box:
            self.fault = self.fault or "an object has a member twice"
            if len(stack) == 1:
                self.repeated.append((name, value))
        else:
            box[name] = value

    def read_value(self):
        """One value, however deep."""
        stack = []
        while True:
            self.values += 1
            if self.most_values is not None and self.values > self.most_values:
                raise Wrong("there are more JSON values than there can be")
            mark, value = self.next_token()
            if mark in "{[":
                value, close = ({}, "}") if mark == "{" else ([], "]")
                if not self.skip_token(close):
                    stack.append([value, self.read_name() if mark == "{" else None])
                    continue
            elif mark not in "sv":
                raise NotJson
            while stack:
                self.put_value(stack, value)
                box = stack[-1][0]
                if self.skip_token(","):
                    if isinstance(box, dict):
                        stack[-1][1] = self.read_name()
                    break
                if not self.skip_token("}" if isinstance(box, dict) else "]"):
                    raise NotJson
                value = box
                stack.pop()
            else:
                return value

    def read_whole(self):
        """The one value that the data is."""
        value = self.read_value()
        self.end_data()
        return value

    def end_data(self):
        """Nothing but white space may follow."""
        if SPACE.match(self.data, self.place).end() != len(self.data):
            raise NotJson


def parse_json(data, what, most_values=None):
    """A value held to the page's rules for JSON outside of what is hashed."""
    reader = JsonReader(data, most_values)
    try:
        value = reader.read_whole()
    except NotJson:
        raise Wrong(f"{what} is not JSON") from None
    require(reader.fault is None, f"{what}: {reader.fault}")
    return value


def write_canonical(value):
    """The canonical JSON (RFC 8785) of a value without floats and with ASCII names."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def same_json(one, other):
    """Whether two JSON values are the same, of the same types."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_json(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return one == other


# --- Types -----------------------------------------------------------------------------
# Each type is a function that says whether a value is of it.

WHITE_SPACE = frozenset(
    map(chr, [*range(9, 14), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B),
              0x2028, 0x2029, 0x202F, 0x205F, 0x3000]))
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
DATE = "([0-9]{4})-([0-9]{2})-([0-9]{2})"


def match_text(pattern):
    """The type of strings that a pattern matches whole."""
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def one_of(*words):
    """The type of a few strings."""
    return lambda value: isinstance(value, str) and value in words


def or_null(check):
    """The type with a question mark."""
    return lambda value: value is None or check(value)


def list_of(check, least=0, most=None):
    """The type of lists, of a least and a greatest length."""
    return lambda value: (isinstance(value, list) and len(value) >= least
                          and (most is None or len(value) <= most) and all(map(check, value)))


def whole_number(least, most):
    """The type of whole numbers between two bounds."""
    return lambda value: type(value) is int and least <= value <= most


def object_of(members, optional=None):
    """The type of objects with exactly these members, and perhaps the optional ones."""
    optional = optional or {}
    every = {**members, **optional}

    def check(value):
        return (isinstance(value, dict) and members.keys() <= value.keys() <= every.keys()
                and all(every[name](part) for name, part in value.items()))
    return check


def either(*checks):
    """The type of what is of one of several types."""
    return lambda value: any(check(value) for check in checks)


def is_bool(value):
    """true or false."""
    return isinstance(value, bool)


def is_string(value):
    """Any string, of the parts that are for people."""
    return isinstance(value, str)


def printed_text(most, besides=""):
    """The type name, title, prose or long text, by its greatest length."""
    def check(value):
        return (isinstance(value, str) and 1 <= len(value) <= most
                and value[0] not in WHITE_SPACE and value[-1] not in WHITE_SPACE
                and all(found in besides for found in UNPRINTABLE.findall(value)))
    return check


def real_date(year, month, day, first, last):
    """Whether digits are a real date of the years from first to last."""
    if not first <= int(year) <= last:
        return False
    try:
        datetime.date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def dated_text(pattern, first, last):
    """The type of strings that begin with a date, of a range of years."""
    compiled = re.compile(DATE + pattern)

    def check(value):
        match = compiled.fullmatch(value) if isinstance(value, str) else None
        return match is not None and real_date(match[1], match[2], match[3], first, last)
    return check


def is_address(value):
    """An e-mail address."""
    return (printed_text(254)(value) and len(value.encode("utf-8")) <= 254
            and value.count("@") == 1 and value[0] != "@" and value[-1] != "@"
            and not any(character in WHITE_SPACE for character in value))


def is_media_type(value):
    """Two parts joined by a slash, at most 127 characters."""
    return MEDIA_TYPE(value) and len(value) <= 127


MEDIA_TYPE = match_text(r"[A-Za-z0-9.+_-]+/[A-Za-z0-9.+_-]+")
ID = match_text(UUID)
HASH = TEXT = match_text("[0-9a-f]{64}")
NUMBER = whole_number(1, BIGGEST)
MOMENT = dated_text("T" + CLOCK + r"\.[0-9]{6}Z", 1970, 9998)
DAY = dated_text("", 1900, 9999)
ZONE = match_text("[A-Za-z0-9._+-]{1,64}(?:/[A-Za-z0-9._+-]{1,64}){0,4}")
LOCAL_TIME = object_of({"local": dated_text("T" + CLOCK + r"(?:\.[0-9]{0,8}[1-9])?", 1970, 9990), "zone": ZONE})
NAME, TITLE, TAG = printed_text(120), printed_text(300), printed_text(40)
PROSE, LONG_TEXT = printed_text(1000, "\n\t"), printed_text(20000, "\n\t")
PERSON = object_of({"id": ID, "name": NAME})
ROLE = match_text("[a-z][a-z0-9_]{0,39}")
DETAILS = object_of({"name": TEXT, "summary": or_null(TEXT), "target": LOCAL_TIME})
POLICY = object_of({"slip_days": whole_number(0, 365), "separation_of_duties": is_bool})
STANDING = object_of({"state": one_of("open", "done", "not_applicable", "blocked"), "reason": or_null(TEXT)})
ASSIGNMENT = object_of({"assignee": or_null(PERSON), "due": or_null(DAY)})
CONTENT = either(
    object_of({"kind": one_of("file"), "name": TEXT, "sha256": HASH,
               "size": whole_number(0, BIGGEST), "media_type": is_media_type}),
    object_of({"kind": one_of("link"), "url": TEXT}),
    object_of({"kind": one_of("note"), "body": TEXT}))
LACK = "(?:open|blocked|no_evidence)"
CONDITION_ID = match_text(f"waiver:{UUID}|advisory:{UUID}:{LACK}")
WAIVER_CONDITION = object_of({"kind": one_of("waiver"), "id": is_string, "item": ID, "owner": or_null(ID),
                              "waiver": ID, "expires_on": DAY})
ADVISORY_CONDITION = object_of({"kind": one_of("advisory"), "id": is_string, "item": ID, "owner": or_null(ID),
                                "lack": match_text(LACK)})


def is_condition(value):
    """A condition, with the id that its other members make."""
    if WAIVER_CONDITION(value):
        return value["id"] == "waiver:" + value["waiver"]
    return ADVISORY_CONDITION(value) and value["id"] == f"advisory:{value['item']}:{value['lack']}"


FOUND_MEMBERS = object_of({"verdict": one_of("go", "conditional_go"), "reasons": list_of(is_string, 0, 0),
                           "conditions": list_of(is_condition)})


def is_found(value):
    """What readiness found: go exactly where there is no condition."""
    return FOUND_MEMBERS(value) and (value["verdict"] == "go") == (not value["conditions"])


RENEWAL_MEMBERS = object_of({"how": one_of("reset_link", "second_factor_removed"), "by": or_null(PERSON),
                             "at": MOMENT}, {"confirmed_by": PERSON})


def is_renewal(value):
    """A renewal; who confirmed it is another admin than who made it."""
    if not RENEWAL_MEMBERS(value):
        return False
    by, other = value["by"], value.get("confirmed_by")
    return by is None or other is None or by["id"] != other["id"]


def are_renewals(value):
    """One to ten renewals, the oldest first."""
    return (list_of(is_renewal, 1, 10)(value)
            and all(one["at"] <= two["at"] for one, two in zip(value, value[1:])))


FIELDS = ("name", "summary", "notes", "reason", "item_reason", "agreement_reason", "file_name", "link",
          "evidence_note", "evidence_withdrawal", "evidence_request", "comment", "waiver_reason",
          "waiver_control", "waiver_decision", "signature_comment", "address", "user_agent",
          "signature_withdrawal", "settlement", "redaction_reason")
REDACTED_WHAT = either(
    object_of({"kind": one_of("text"), "commitment": TEXT, "field": one_of(*FIELDS)}),
    object_of({"kind": one_of("file"), "sha256": HASH}))
SETTLEMENT = object_of({"condition": CONDITION_ID, "note": TEXT})


def old_and_new(check, **others):
    """The members of an event that changes a value."""
    return object_of({"old": check, "new": check, **others})


REASON = object_of({"reason": TEXT})
HOLDER = object_of({"role": ROLE, "person": PERSON})
PARTICIPANT = object_of({"person": PERSON})
REQUEST = object_of({"item": ID, "evidence_request": ID, "text": TEXT})
COMMENT = object_of({"item": ID, "comment": ID})
ANSWER = object_of({"item": ID, "waiver": ID, "reason": TEXT})
KINDS = {
    "launch_created": object_of({"checklist": ID, "checklist_hash": HASH, "details": DETAILS, "policy": POLICY,
                                 "owner": PERSON, "restricted": is_bool}),
    "details_changed": old_and_new(DETAILS),
    "policy_changed": old_and_new(POLICY),
    "restriction_changed": old_and_new(is_bool),
    "tags_changed": old_and_new(list_of(TAG, 0, 10)),
    "notes_changed": old_and_new(or_null(TEXT)),
    "owner_changed": old_and_new(PERSON, reason=or_null(TEXT)),
    "holder_added": HOLDER, "holder_removed": HOLDER,
    "participant_added": PARTICIPANT, "participant_removed": PARTICIPANT,
    "item_marked": old_and_new(STANDING, item=ID),
    "agreement_given": object_of({"item": ID, "reason": or_null(TEXT)}),
    "agreement_refused": object_of({"item": ID, "reason": TEXT}),
    "item_assigned": old_and_new(ASSIGNMENT, item=ID),
    "evidence_attached": object_of({"item": ID, "evidence": ID, "content": CONTENT, "observed_on": DAY,
                                    "valid_until": or_null(DAY)}, {"source": ID}),
    "evidence_withdrawn": object_of({"item": ID, "evidence": ID, "reason": TEXT}),
    "evidence_requested": REQUEST, "evidence_request_answered": REQUEST,
    "comment_added": object_of({"item": ID, "comment": ID, "body": TEXT}),
    "comment_edited": old_and_new(TEXT, item=ID, comment=ID),
    "comment_deleted": COMMENT, "comment_hidden": COMMENT, "comment_shown": COMMENT,
    "waiver_asked": object_of({"item": ID, "waiver": ID, "reason": TEXT, "control": TEXT, "expires_on": DAY}),
    "waiver_approved": object_of({"item": ID, "waiver": ID, "reason": or_null(TEXT)}),
    "waiver_refused": ANSWER, "waiver_revoked": ANSWER,
    "signed": object_of({
        "id": ID, "signer": PERSON, "email": is_address, "role": ROLE, "role_title": TITLE,
        "verdict": one_of("go", "no_go"), "meaning": one_of("approval", "review", "responsibility"),
        "statement_version": NUMBER, "statement": PROSE, "comment": or_null(TEXT), "zone": ZONE,
        "proof": one_of("password", "password_and_totp", "password_and_recovery_code"), "proved_at": MOMENT,
        "address": TEXT, "user_agent": TEXT, "saw": NUMBER, "digest": HASH, "lifts": or_null(ID)},
        {"renewed": are_renewals}),
    "signature_withdrawn": object_of({"signature": ID, "role": ROLE, "comment": TEXT, "proved_at": MOMENT}),
    "signatures_asked": object_of({"roles": list_of(ROLE)}),
    "go_declared": object_of({"found": is_found, "acknowledged": list_of(CONDITION_ID), "saw": or_null(NUMBER),
                              "proved_at": MOMENT}),
    "held": REASON, "reopened": REASON, "cancelled": REASON,
    "resumed": object_of({"reason": or_null(TEXT)}),
    "launched": object_of({"launched_at": MOMENT, "found": is_found}),
    "closed": object_of({"settlements": list_of(SETTLEMENT)}),
    "redacted": object_of({"what": REDACTED_WHAT, "reason": TEXT}),
}
CHECKPOINTED = frozenset(("signed", "signature_withdrawn", "go_declared", "held", "resumed", "reopened",
                          "launched", "closed", "cancelled"))
EVENT = object_of({"v": whole_number(1, 1), "launch": ID, "seq": NUMBER, "at": MOMENT, "actor": PERSON,
                   "request": ID, "kind": one_of(*KINDS), "data": lambda value: isinstance(value, dict)})


def parse_event(line, what):
    """An event from its bytes: canonical, with exactly the members and types of its kind."""
    event = parse_json(line, what)
    require(EVENT(event), f"{what} has not the members and types of an event, or is of no known kind")
    require(KINDS[event["kind"]](event["data"]), f"{what} has not the members and types of its kind")
    require(write_canonical(event) == line, f"{what} is not canonical")
    return event


# The fields of the texts that stand as members of `data` itself.
TEXT_MEMBERS = {
    "owner_changed": {"reason": "reason"}, "notes_changed": {"old": "notes", "new": "notes"},
    "agreement_given": {"reason": "agreement_reason"}, "agreement_refused": {"reason": "agreement_reason"},
    "evidence_withdrawn": {"reason": "evidence_withdrawal"},
    "evidence_requested": {"text": "evidence_request"}, "evidence_request_answered": {"text": "evidence_request"},
    "comment_added": {"body": "comment"}, "comment_edited": {"old": "comment", "new": "comment"},
    "waiver_asked": {"reason": "waiver_reason", "control": "waiver_control"},
    "waiver_approved": {"reason": "waiver_decision"}, "waiver_refused": {"reason": "waiver_decision"},
    "waiver_revoked": {"reason": "waiver_decision"},
    "signed": {"comment": "signature_comment", "address": "address", "user_agent": "user_agent"},
    "signature_withdrawn": {"comment": "signature_withdrawal"},
    "held": {"reason": "reason"}, "reopened": {"reason": "reason"}, "cancelled": {"reason": "reason"},
    "resumed": {"reason": "reason"}, "redacted": {"reason": "redaction_reason"},
}


def list_texts(kind, data):
    """Each commitment that an event names, with its field (the table of kinds)."""
    found = [(data[member], field) for member, field in TEXT_MEMBERS.get(kind, {}).items()]
    for details in (data[name] for name in ("details", "old", "new") if kind in ("launch_created", "details_changed") and name in data):
        found += [(details["name"], "name"), (details["summary"], "summary")]
    if kind == "item_marked":
        found += [(data["old"]["reason"], "item_reason"), (data["new"]["reason"], "item_reason")]
    if kind == "evidence_attached":
        content = data["content"]
        member, field = {"file": ("name", "file_name"), "link": ("url", "link"),
                         "note": ("body", "evidence_note")}[content["kind"]]
        found.append((content[member], field))
    if kind == "closed":
        found += [(settlement["note"], "settlement") for settlement in data["settlements"]]
    return [(text, field) for text, field in found if text is not None]


# --- Keys, checkpoints and receipts ----------------------------------------------------

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)


def decode_point(data):
    """The point of its one encoding (RFC 8032, section 5.1.3), or None."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= PRIME:
        return None
    top, bottom = (y * y - 1) % PRIME, (CURVE_D * y * y + 1) % PRIME
    x = top * pow(bottom, 3, PRIME) * pow(top * pow(bottom, 7, PRIME), (PRIME - 5) // 8, PRIME) % PRIME
    if bottom * x * x % PRIME != top:
        x = x * ROOT_OF_MINUS_ONE % PRIME
        if bottom * x * x % PRIME != top:
            return None
    if x == 0 and sign:
        return None
    return (PRIME - x if x & 1 != sign else x), y


def add_points(one, other):
    """The sum of two points, in affine coordinates."""
    product = CURVE_D * one[0] * other[0] * one[1] * other[1] % PRIME
    x = (one[0] * other[1] + one[1] * other[0]) * pow(1 + product, -1, PRIME)
    y = (one[1] * other[1] + one[0] * other[0]) * pow(1 - product, -1, PRIME)
    return x % PRIME, y % PRIME


def is_strong_point(data):
    """Whether 32 bytes are the one encoding of a point that is not of small order."""
    point = decode_point(data)
    if point is None:
        return False
    for _ in range(3):
        point = add_points(point, point)
    return point != (0, 1)


class Key:
    """A public key, from its one spelling."""

    SHAPE = re.compile(rf"(signoff/({UUID}))\+([0-9a-f]{{8}})\+([A-Za-z0-9+/=]+)")

    def __init__(self, text):
        match = self.SHAPE.fullmatch(text) if isinstance(text, str) and len(text) <= 200 else None
        require(match, "a public key is of another form")
        data = decode_base64(match[4])
        require(data is not None and len(data) == 33 and data[0] == 1, "a public key is no Ed25519 key")
        self.text, self.name, self.installation = text, match[1], match[2]
        self.hash = hash_bytes(self.name.encode() + b"\n" + data)[:4]
        require(self.hash.hex() == match[3], "the hash of a public key is another")
        require(is_strong_point(data[1:]), "a public key is no point, or one of small order")
        self.ed25519 = Ed25519PublicKey.from_public_bytes(data[1:])

    def signs(self, signature, message):
        """Whether 64 bytes are this key's signature, checked strictly."""
        if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= ORDER:
            return False
        if not is_strong_point(signature[:32]):
            return False
        try:
            self.ed25519.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def read_signatures(lines, what):
    """The name of the key, its hash and the signature of each line of signatures."""
    require(1 <= len(lines) <= 16, f"{what} has not one to 16 lines of signatures")
    found = []
    for line in lines:
        parts = line.split(" ")
        require(len(parts) == 3 and parts[0] == "\u2014", f"{what} has a signature of another form")
        name, data = parts[1], decode_base64(parts[2])
        require(name and "+" not in name and not any(c in WHITE_SPACE for c in name)
                and data is not None and len(data) >= 5, f"{what} has a signature of another form")
        found.append((name, data[:4], data[4:]))
    return found


def check_signatures(lines, message, keys, what):
    """The highest number of a key that signed; whatever is signed in a key's name has to be signed by it."""
    number = 0
    for name, named, signature in read_signatures(lines, what):
        for at, key in enumerate(keys, 1):
            if name == key.name and named == key.hash:
                require(key.signs(signature, message), f"{what} has a signature that is not the key's")
                number = max(number, at)
    require(number, f"{what} is not signed with the key")
    return number


def parse_checkpoint(text, keys, launch, what):
    """The number of the key that signed a checkpoint of the launch's log, and its size and root."""
    data = text.encode("utf-8")
    require(len(data) <= 64 * KIB, f"{what} is longer than 64 KiB")
    require(re.search("[\x00-\x09\x0b-\x1f]", text) is None, f"{what} holds a control character")
    lines = text.split("\n", 21)
    require(len(lines) >= 6 and lines[3] == "" and lines[-1] == "" and "" not in lines[4:-1],
            f"{what} is not of the form of a checkpoint")
    require(re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]) and int(lines[1]) <= BIGGEST,
            f"{what} does not say how many events there are")
    root = decode_base64(lines[2])
    require(root is not None and len(root) == 32, f"{what} has no root")
    require(lines[0] == f"{keys[0].name}/{launch}", f"{what} is of another log")
    number = check_signatures(lines[4:-1], "\n".join(lines[:3]).encode("utf-8") + b"\n", keys, what)
    require(int(lines[1]) >= 1, f"{what} is of no events")
    return number, int(lines[1]), root


KEY_LINE = object_of({"statement": is_string})


class KeyStatement:
    """A statement that a key follows another, with the signatures that it has to have."""

    def __init__(self, text, what):
        require(len(text.encode("utf-8")) <= 64 * KIB, f"{what} is longer than 64 KiB")
        lines = text.split("\n")
        require(len(lines) in (10, 11) and lines[7] == "" and lines[-1] == "" and "" not in lines[8:-1],
                f"{what} is not of the form of a statement about keys")
        signed, self.how = lines[:7], lines[2]
        require(re.fullmatch("[1-9][0-9]{0,9}", signed[1]) and signed[2] in ("rotated", "replaced"),
                f"{what} is not of the form of a statement about keys")
        self.number, self.old, self.new = int(signed[1]), Key(signed[3]), Key(signed[4])
        require(signed[0] == f"{self.new.name}/keys", f"{what} is of another installation than its key")
        require(re.fullmatch("0|[1-9][0-9]{0,15}", signed[5]) and int(signed[5]) <= BIGGEST,
                f"{what} does not say how many entries there were")
        self.size, root = int(signed[5]), decode_base64(signed[6])
        require(root is not None and len(root) == 32, f"{what} has no root")
        signers = [self.old, self.new] if self.how == "rotated" else [self.new]
        message = "\n".join(signed).encode("utf-8") + b"\n"
        signatures = read_signatures(lines[8:-1], what)
        require(len(signatures) == len(signers), f"{what} is not signed by the keys that have to sign it")
        for (name, named, signature), key in zip(signatures, signers):
            require(name == key.name and named == key.hash and key.signs(signature, message),
                    f"{what} is not signed by the keys that have to sign it")


class KeyChain:
    """The keys of an installation, one after the other."""

    def __init__(self):
        self.keys, self.size, self.replaced = [], 0, 0

    def extend(self, statement, what):
        """The next key, whose statement continues what came before."""
        if not self.keys:
            self.keys.append(statement.old)
        require(statement.old.installation == statement.new.installation == self.keys[0].installation,
                f"{what} is of another installation")
        require(statement.number == len(self.keys) + 1, f"{what} does not have the next number")
        require(statement.old.text == self.keys[-1].text, f"{what} does not follow from the key before it")
        require(all(statement.new.text != key.text for key in self.keys), f"{what} has a key again")
        require(statement.size > self.size, f"{what} is of an earlier log than the one before")
        self.keys.append(statement.new)
        self.size = statement.size
        if statement.how == "replaced":
            self.replaced = statement.number

    def check_given(self, text):
        """The key that was given is the newest, or has passed on to it."""
        numbers = [number for number, key in enumerate(self.keys, 1) if key.text == text]
        require(numbers, "the key of the bundle is not the one that was given")
        require(numbers[0] >= self.replaced,
                f"the key that was given was lost, and key {self.replaced} replaced it without its signature")


RECEIPT = object_of({"format": one_of("signoff/receipt/v1"), "about": is_string, "key": is_string,
                     "checkpoint": is_string, "event": is_string, "inclusion": list_of(HASH)})


def check_receipt(data, keys, launch):
    """A receipt, whole; the size and root of its checkpoint."""
    receipt = parse_json(data, "the receipt", 10000)
    require(RECEIPT(receipt), "the receipt has not exactly the members of one")
    own = [key for key in keys if key.text == receipt["key"]]
    require(own, "the receipt's key is not a key of the bundle")
    parse_checkpoint(receipt["checkpoint"], own, launch, "the receipt's checkpoint")
    number, size, root = parse_checkpoint(receipt["checkpoint"], keys, launch, "the receipt's checkpoint")
    line = receipt["event"].encode("utf-8")
    event = parse_event(line, "the receipt's event")
    require(event["kind"] == "signed" and event["launch"] == launch,
            "the receipt's event is no signature of this launch")
    path = [bytes.fromhex(step) for step in receipt["inclusion"]]
    require(follow_inclusion(event["seq"] - 1, size, hash_leaf(line), path) == root,
            "the receipt's event is not in the tree of its checkpoint")
    return number, size, root


def check_kept(data, keys, launch):
    """The checkpoint that was kept, or that of a receipt: the number of its key, its size and root."""
    require(len(data) <= MIB, "the given checkpoint is longer than 1 MiB")
    data = data.replace(b"\r\n", b"\n").strip(b" \t\r\n")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("the given checkpoint is not UTF-8") from None
    if text.startswith("{"):
        return check_receipt(data, keys, launch)
    return parse_checkpoint(text + "\n", keys, launch, "the given checkpoint")


# --- The archive -----------------------------------------------------------------------


class Archive:
    """Reads an archive once from its beginning, and knows what its directory has to be."""

    def __init__(self, file, length):
        self.file, self.length = file, length
        self.ahead = b""
        self.place = 0
        self.moment = None
        self.directory = []
        self.large_seen = False
        self.name = None

    def take_bytes(self, count):
        """Exactly the next bytes of the file."""
        data = self.ahead[:count]
        self.ahead = self.ahead[count:]
        if len(data) < count:
            data += self.file.read(count - len(data))
        require(len(data) == count, "the archive is cut off")
        self.place += count
        return data

    def take_block(self):
        """Some bytes more, which an entry is deflated in."""
        data = self.ahead or self.file.read(BLOCK)
        self.ahead = b""
        require(data, "the archive is cut off")
        self.place += len(data)
        return data

    def open_entry(self):
        """A local header. The name of the entry, or None where no entry begins."""
        if self.place and self.peek_mark() != b"PK\x03\x04":
            self.name = None
            return None
        self.start = self.place
        fields = struct.unpack("<4sHHHHHIIIHH", self.take_bytes(30))
        self.large = fields[1] == 45
        require(fields[0] == b"PK\x03\x04" and fields[1] in (20, 45) and fields[2:4] == (8, 8)
                and fields[6:9] == (0, 0, 0) and fields[10] == (20 if self.large else 0),
                "a local header of the archive is of another form")
        require(0 < fields[9] <= 100, "an entry of the archive has another name")
        self.check_moment(fields[4], fields[5])
        self.name = self.take_bytes(fields[9])
        if self.large:
            require(self.name.startswith(b"evidence/") and self.take_bytes(20) == b"\x01\0\x10\0" + bytes(16),
                    "a local header of the archive has another extra field")
        return self.name

    def peek_mark(self):
        """The next four bytes, which stay to be taken."""
        if len(self.ahead) < 4:
            self.ahead += self.file.read(BLOCK)
        return self.ahead[:4]

    def check_moment(self, time, date):
        """Time and date are a real moment, the same for all entries."""
        if self.moment is None:
            require(time >> 11 <= 23 and time >> 5 & 63 <= 59 and time & 31 <= 29
                    and real_date((date >> 9) + 1980, date >> 5 & 15, date & 31, 1980, 2107),
                    "the archive has a time or date that is none")
            self.moment = time, date
        require(self.moment == (time, date), "entries of the archive have different times")

    def unpack_entry(self, limit):
        """The unpacked bytes of the entry, block by block, and then its data descriptor."""
        begin, size, checksum = self.place, 0, 0
        limit = limit if self.large else min(limit, FULL_32 - 1)
        inflater = zlib.decompressobj(-15)
        data = b""
        while not inflater.eof:
            try:
                block = inflater.decompress(data or self.take_block(), 4 * BLOCK)
            except zlib.error:
                raise Wrong("an entry of the archive can't be unpacked") from None
            data = inflater.unconsumed_tail
            size += len(block)
            require(size <= limit, f"{self.name.decode('ascii', 'replace')} is longer than it may be")
            checksum = zlib.crc32(block, checksum)
            if block:
                yield block
        self.ahead = inflater.unused_data + self.ahead
        self.place -= len(inflater.unused_data)
        self.close_entry(self.place - begin, size, checksum)

    def close_entry(self, packed, size, checksum):
        """The data descriptor, and the record that the directory has to have."""
        shape = "<4sIQQ" if self.large else "<4sIII"
        require(self.large == (self.name.startswith(b"evidence/") and size >= LARGE),
                "an entry is large in its header alone, or in its size alone")
        require(self.large or packed < FULL_32, "an entry of the archive is too long")
        expected = struct.pack(shape, b"PK\x07\x08", checksum, packed, size)
        require(self.take_bytes(len(expected)) == expected, "a data descriptor of the archive is wrong")
        self.directory.append(self.write_record(packed, size, checksum))
        self.large_seen = self.large_seen or self.large

    def write_record(self, packed, size, checksum):
        """The record of the directory for the entry that was just read."""
        extra = struct.pack("<QQ", size, packed) if self.large else b""
        far = self.start >= FULL_32
        if far:
            extra += struct.pack("<Q", self.start)
        if extra:
            extra = struct.pack("<HH", 1, len(extra)) + extra
        version = 45 if self.large else 20
        return struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 3 << 8 | version, version, 8, 8, *self.moment, checksum,
            FULL_32 if self.large else packed, FULL_32 if self.large else size, len(self.name), len(extra),
            0, 0, 0, 0o100644 << 16, FULL_32 if far else self.start) + self.name + extra

    def check_end(self):
        """The directory, the end records, and that nothing follows."""
        begin = self.place
        for record in self.directory:
            require(self.take_bytes(len(record)) == record, "the directory of the archive is wrong")
        length, count, end = self.place - begin, len(self.directory), self.place
        expected = b""
        zip64 = count > 0xFFFF or begin > FULL_32 or length > FULL_32
        if zip64:
            version = 45 if self.large_seen else 20
            expected = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, version, version, 0, 0, count, count,
                                   length, begin)
            expected += struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
        expected += struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF),
                                FULL_32 if zip64 else length, min(begin, FULL_32), 0)
        require(self.take_bytes(len(expected)) == expected, "the end of the archive is wrong")
        require(not self.ahead and not self.file.read(1), "something follows the end of the archive")


def check_is_archive(file, length):
    """The first two signs of what is no bundle (status 2)."""
    tail = min(length, 65557)
    file.seek(length - tail)
    found = file.read(tail).rfind(b"PK\x05\x06", 0, max(0, tail - 18))
    file.seek(0)
    head = file.read(30)
    if found < 0 or head.startswith(b"PK\x05\x06"):
        raise Nothing("this is no bundle: it is no ZIP archive, an empty one, or one that is cut off")
    if head.startswith(b"PK\x03\x04"):
        count = int.from_bytes(head[26:28], "little")
        if count != len(b"bundle.json") or file.read(count) != b"bundle.json":
            raise Nothing("this is no bundle: its first entry is not bundle.json")
    file.seek(0)


def split_lines(blocks, limit, what):
    """The lines of a .jsonl entry, each of bounded length, the last one with a newline too."""
    pending = bytearray()
    for block in blocks:
        start = 0
        while (end := block.find(b"\n", start)) >= 0:
            line = bytes(pending) + block[start:end]
            require(len(line) < limit, f"a line of {what} is too long")
            pending.clear()
            start = end + 1
            yield line
        pending += block[start:]
        require(len(pending) < limit, f"a line of {what} is too long")
    require(not pending, f"the last line of {what} has no newline")


# --- The checklist ---------------------------------------------------------------------

KEY_OF_ITEM = match_text("[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
ITEM = object_of({
    "key": KEY_OF_ITEM, "title": TITLE, "importance": one_of("critical", "required", "advisory"),
    "phase": either(one_of("before"), object_of({"after": one_of("24h", "7d", "30d")})), "role": or_null(ROLE),
    "evidence_required": is_bool, "guidance": or_null(LONG_TEXT), "under": list_of(TITLE, 0, 10)})
SECTION = object_of({"title": or_null(TITLE), "items": list_of(ITEM, 1)})
PART = object_of({"title": or_null(TITLE), "sections": list_of(SECTION, 1)})
CHECKLIST = object_of({"name": TITLE, "introduction": or_null(LONG_TEXT), "parts": list_of(PART, 1),
                       "required_roles": list_of(object_of({"role": ROLE, "title": TITLE}))})


class Item:
    """An item of the checklist, with all that the events say of it."""

    def __init__(self, launch, content):
        self.id = str(uuid.uuid5(launch, content["key"]))
        self.role, self.before = content["role"], content["phase"] == "before"
        self.critical = content["importance"] == "critical"
        self.standing = {"state": "open", "reason": None}
        self.assignment = {"assignee": None, "due": None}
        self.marked_by = self.agreement = self.agreement_reason = self.refusal = None
        self.open_waiver = self.written = None
        self.waivers, self.evidence = [], []

    def write_scope(self):
        """The item's canonical JSON in a scope."""
        if self.written is None:
            while self.waivers and self.waivers[-1]["state"] != "approved":
                self.waivers.pop()
            waiver = self.waivers[-1]["scope"] if self.waivers else None
            parts = [b'{"agreement":', write_canonical(self.agreement), b',"evidence":[', b",".join(self.evidence),
                     b'],"id":', write_canonical(self.id), b',"reason":', write_canonical(self.standing["reason"]),
                     b',"state":', write_canonical(self.standing["state"]),
                     b',"waiver":', write_canonical(waiver), b"}"]
            self.written = b"".join(parts)
        return self.written


class Checklist:
    """A checklist version, from its canonical bytes."""

    def __init__(self, data, launch):
        self.hash = hashlib.sha256(data).hexdigest()
        content = parse_json(data, "checklist.json", 3_000_000)
        require(CHECKLIST(content), "checklist.json has not exactly the members and types of a checklist")
        require(write_canonical(content) == data, "checklist.json is not canonical")
        self.titles = {entry["role"]: entry["title"] for entry in content["required_roles"]}
        require(len(self.titles) == len(content["required_roles"]), "checklist.json has a role twice")
        found = [item for part in content["parts"] for section in part["sections"] for item in section["items"]]
        require(len(found) <= 5000, "checklist.json has more than 5,000 items")
        require(len({item["key"] for item in found}) == len(found), "checklist.json has a key twice")
        name_space = uuid.UUID(launch)
        self.items = {item.id: item for item in (Item(name_space, content) for content in found)}
        self.roles = set(self.titles) | {item.role for item in self.items.values() if item.role}


# --- The rules of a history ------------------------------------------------------------

ALL_STAGES = ("preparing", "held", "go", "launched", "closed", "cancelled")
OPEN_STAGES, EARLY, UNTIL_GO = ALL_STAGES[:4], ALL_STAGES[:2], ALL_STAGES[:3]
STAGES = {kind: OPEN_STAGES for kind in KINDS}
STAGES.update(dict.fromkeys(
    ("details_changed", "policy_changed", "holder_added", "holder_removed", "item_marked", "agreement_given",
     "agreement_refused", "evidence_attached", "waiver_asked", "waiver_approved", "waiver_refused",
     "signatures_asked"), EARLY))
STAGES.update(dict.fromkeys(
    ("evidence_withdrawn", "waiver_revoked", "signed", "signature_withdrawn", "cancelled"), UNTIL_GO))
STAGES.update(go_declared=("preparing",), held=("preparing", "go"), resumed=("held",), reopened=("go",),
              launched=("go",), closed=("launched",), redacted=ALL_STAGES)
NEXT_STAGE = {"go_declared": "go", "held": "held", "resumed": "preparing", "reopened": "preparing",
              "launched": "launched", "closed": "closed", "cancelled": "cancelled"}
BY_OWNER = frozenset((
    "details_changed", "policy_changed", "restriction_changed", "tags_changed", "holder_added", "holder_removed",
    "participant_added", "participant_removed", "comment_hidden", "comment_shown", "signatures_asked",
    "go_declared", "held", "resumed", "reopened", "launched", "closed", "cancelled"))


def count_microseconds(moment):
    """A moment as a number, to compare how far two are apart."""
    day = datetime.date.fromisoformat(moment[:10]).toordinal()
    hours, minutes, seconds = int(moment[11:13]), int(moment[14:16]), int(moment[17:19])
    return ((day * 24 + hours) * 60 + minutes) * 60_000_000 + seconds * 1_000_000 + int(moment[20:26])


class History:
    """What the events so far leave, and the rules that the next one is held to."""

    def __init__(self, launch, version, checklist):
        self.launch, self.version, self.checklist = launch, version, checklist
        self.items = checklist.items
        self.seq, self.at = 0, ""
        self.stage, self.notes, self.go = "preparing", None, None
        self.tags = []
        self.holders, self.roles_held, self.participants, self.names = {}, {}, set(), {}
        self.evidence, self.waivers, self.comments, self.requests, self.signatures = {}, {}, {}, {}, {}
        self.standing, self.sources, self.files = {}, {}, {}
        self.texts, self.redacted, self.signature_texts = {}, set(), set()
        self.digests = {}

    def check(self, holds, sentence):
        """End with status 1, telling of which event the rule does not hold."""
        require(holds, f"event {self.seq}: {sentence}")

    def add_event(self, line):
        """Hold one event to all the rules, and take it in."""
        event = parse_event(line, f"event {self.seq + 1}")
        self.seq += 1
        self.check(event["seq"] == self.seq, "its seq is not the next one")
        self.check(event["launch"] == self.launch, "it is of another launch")
        self.check(event["at"] >= self.at, "it is earlier than the one before")
        self.at, self.actor = event["at"], event["actor"]
        kind, data = event["kind"], event["data"]
        self.check((kind == "launch_created") == (self.seq == 1), "the first event alone is launch_created")
        if self.seq > 1:
            self.item = self.find_item(data["item"]) if "item" in data else None
            self.check_stage(kind, data)
            self.check_actor(kind)
        self.check_changed(kind, data)
        getattr(self, "apply_" + kind)(data)
        self.give_names(kind, data)
        self.stage = NEXT_STAGE.get(kind, self.stage)
        self.note_texts(kind, data)
        return kind

    # Rules 2 to 8, as far as they are the same for several kinds.

    def find_item(self, item):
        """Rule 2: the item is one of the checklist."""
        self.check(item in self.items, "its item is not in the checklist")
        return self.items[item]

    def find_made(self, made, key, data):
        """Rule 2: what the event is about was made earlier, for the same item."""
        thing = made.get(key)
        self.check(thing is not None, "what it is about was not made by an earlier event")
        self.check("item" not in data or thing["item"] == data["item"], "what it is about is of another item")
        return thing

    def make_new(self, made, key, thing):
        """Rule 3: what is made is new."""
        self.check(key not in made, "what it makes was made before")
        made[key] = thing

    def check_stage(self, kind, data):
        """Rule 7, with the phase of the item."""
        if self.item is not None and not self.item.before:
            allowed = ("launched",)
        elif kind == "signed" and data["verdict"] == "go":
            allowed = EARLY
        else:
            allowed = STAGES[kind]
        self.check(self.stage in allowed, f"{kind} is not allowed in the stage {self.stage}")

    def check_actor(self, kind):
        """Rule 8, but for what single kinds say of the actor."""
        actor = self.actor["id"]
        owner = actor == self.owner["id"]
        self.check(owner or kind not in BY_OWNER, "the actor is not the owner")
        free = kind in ("evidence_requested", "redacted") or kind == "owner_changed" and not owner
        self.check(not self.restricted or free or owner or self.roles_held.get(actor) or actor in self.participants,
                   "the launch is restricted, and the actor has no part in it")

    def check_changed(self, kind, data):
        """Rule 5."""
        if "new" in data and kind != "owner_changed":
            self.check(not same_json(data["old"], data["new"]), "nothing changes")

    def check_old(self, data, value):
        """Rule 4."""
        self.check(same_json(data["old"], value), "its old value is not what the events before leave")

    def check_last_name(self, person):
        """Rule 6: the name that a person was last given."""
        self.check(person["name"] == self.names.get(person["id"]), "a person has not the name last given")

    def give_names(self, kind, data):
        """Rule 6: the names that the event gives, of which the actor has one."""
        given = {"launch_created": "owner", "owner_changed": "new", "holder_added": "person",
                 "participant_added": "person"}.get(kind)
        person = data[given] if given else None
        if kind == "item_assigned" and data["new"]["assignee"]:
            person, old = data["new"]["assignee"], data["old"]["assignee"]
            if old and old["id"] == person["id"]:
                self.check(old["name"] == person["name"], "the name of who stays assigned changes")
                self.names[person["id"]] = person["name"]
                person = None
        if person:
            self.check(person["id"] != self.actor["id"] or person["name"] == self.actor["name"],
                       "the actor has two names")
            self.names[person["id"]] = person["name"]
        self.names[self.actor["id"]] = self.actor["name"]

    def note_texts(self, kind, data):
        """Keep which texts are named, and in which field first."""
        for text, field in list_texts(kind, data):
            self.texts.setdefault(bytes.fromhex(text), field)

    def may_except(self):
        """Whether the actor may except the item."""
        actor = self.actor["id"]
        if self.item.role and self.holders.get(self.item.role):
            return actor in self.holders[self.item.role]
        return any(role in self.checklist.titles for role in self.roles_held.get(actor, ()))

    def forget_scope(self):
        """Something material changes: digests are computed anew."""
        self.digests.clear()
        if self.item is not None:
            self.item.written = None

    # One rule for each kind.

    def apply_launch_created(self, data):
        """Rule 1."""
        self.item = None
        self.check(data["checklist"] == self.version, "its checklist is not the version in bundle.json")
        self.check(data["checklist_hash"] == self.checklist.hash, "its checklist_hash is not that of checklist.json")
        self.check(data["owner"] == self.actor, "the owner is not the actor")
        self.owner, self.details = data["owner"], data["details"]
        self.policy, self.restricted = data["policy"], data["restricted"]

    def apply_details_changed(self, data):
        """The newest details."""
        self.check_old(data, self.details)
        self.details = data["new"]
        self.forget_scope()

    def apply_policy_changed(self, data):
        """The newest policy."""
        self.check_old(data, self.policy)
        self.policy = data["new"]
        self.forget_scope()

    def apply_restriction_changed(self, data):
        """Whether the launch is restricted."""
        self.check_old(data, self.restricted)
        self.restricted = data["new"]

    def apply_tags_changed(self, data):
        """No tag is there twice, whatever the case of its letters."""
        self.check_old(data, self.tags)
        self.check(len({tag.lower() for tag in data["new"]}) == len(data["new"]), "a tag is there twice")
        self.tags = data["new"]

    def apply_notes_changed(self, data):
        """The newest notes."""
        self.check_old(data, self.notes)
        self.notes = data["new"]

    def apply_owner_changed(self, data):
        """With a reason, unless the actor is the owner."""
        self.check(data["old"]["id"] == self.owner["id"], "its old owner is not the owner")
        self.check_last_name(data["old"])
        self.check(data["new"]["id"] != data["old"]["id"], "the owner does not change")
        self.check(data["reason"] is not None or self.actor["id"] == self.owner["id"], "it has no reason")
        self.owner = data["new"]

    def apply_holder_added(self, data):
        """Added is who is no holder of a role of the checklist."""
        role, person = data["role"], data["person"]["id"]
        self.check(role in self.checklist.roles, "its role is none of the checklist")
        holders = self.holders.setdefault(role, set())
        self.check(person not in holders, "who is added is a holder already")
        holders.add(person)
        self.roles_held.setdefault(person, set()).add(role)

    def apply_holder_removed(self, data):
        """Removed is who is a holder, by the name last given."""
        role, person = data["role"], data["person"]["id"]
        self.check(person in self.holders.get(role, ()), "who is removed is no holder")
        self.check_last_name(data["person"])
        self.holders[role].remove(person)
        self.roles_held[person].remove(role)

    def apply_participant_added(self, data):
        """Added is who is none."""
        self.check(data["person"]["id"] not in self.participants, "who is added is a participant already")
        self.participants.add(data["person"]["id"])

    def apply_participant_removed(self, data):
        """Removed is who is one, by the name last given."""
        self.check(data["person"]["id"] in self.participants, "who is removed is no participant")
        self.check_last_name(data["person"])
        self.participants.remove(data["person"]["id"])

    def apply_item_marked(self, data):
        """With a reason for not_applicable and blocked."""
        item, new = self.item, data["new"]
        self.check_old(data, item.standing)
        self.check(new["reason"] is not None or new["state"] in ("open", "done"), "it has no reason")
        item.standing, item.marked_by, item.agreement, item.refusal = new, self.actor["id"], None, None
        self.forget_scope()

    def check_agreement(self):
        """What agreements and refusals have in common."""
        self.check(self.item.critical and self.item.standing["state"] == "not_applicable",
                   "the item is not critical, or not marked as not applicable")
        self.check(self.may_except() and self.item.marked_by != self.actor["id"], "the actor may not agree")

    def apply_agreement_given(self, data):
        """An agreement in force is given again only by the same person, with another reason."""
        self.check_agreement()
        self.check(self.item.agreement is None
                   or self.item.agreement == self.actor["id"] and data["reason"] not in (None, self.item.agreement_reason),
                   "the agreement is given already")
        self.item.agreement, self.item.agreement_reason, self.item.refusal = self.actor["id"], data["reason"], None
        self.forget_scope()

    def apply_agreement_refused(self, data):
        """A refusal is not repeated by the same person with the same text."""
        self.check_agreement()
        refusal = self.actor["id"], data["reason"]
        self.check(self.item.refusal != refusal, "the refusal is repeated")
        self.item.agreement, self.item.refusal = None, refusal
        self.forget_scope()

    def apply_item_assigned(self, data):
        """The newest assignment; the names are checked with those given."""
        self.check_old(data, self.item.assignment)
        self.item.assignment = data["new"]

    def apply_evidence_attached(self, data):
        """Evidence, perhaps by way of a source."""
        content, until, source = data["content"], data["valid_until"], data.get("source")
        self.check(until is None or until >= data["observed_on"], "valid_until is before observed_on")
        if source is not None:
            self.check_source(data, self.evidence.get(source))
        key = source or data["evidence"]
        hashed = {"file": "sha256", "link": "url", "note": "body"}[content["kind"]]
        written = write_canonical({"kind": content["kind"], "hash": content[hashed],
                                   "observed_on": data["observed_on"], "valid_until": until})
        piece = {"item": data["item"], "content": content, "source": source, "key": key, "by": self.actor["id"],
                 "until": until, "withdrawn": False, "redacted": False, "written": written}
        self.make_new(self.evidence, data["evidence"], piece)
        uses = self.sources.setdefault(key, {"live": 0, "lasting": 0, "items": {}})
        uses["items"][data["item"]] = uses["items"].get(data["item"], 0) + 1
        self.count_use(piece, 1)
        if content["kind"] == "file":
            file = self.files.setdefault(content["sha256"], {"size": content["size"], "pieces": []})
            self.check(file["size"] == content["size"], "a file has two sizes")
            file["pieces"].append(piece)
        bisect.insort(self.item.evidence, written)
        self.forget_scope()

    def check_source(self, data, source):
        """What holds for evidence that is attached with a source."""
        self.check(source is not None and source["source"] is None, "its source was not attached, or with a source")
        self.check(same_json(source["content"], data["content"]), "its content is not that of its source")
        uses = self.sources[data["source"]]
        self.check(uses["lasting" if data["valid_until"] is None else "live"] > 0, "no use of its source is left")
        self.check(not uses["items"].get(data["item"]), "its source is used on the same item")

    def count_use(self, piece, change):
        """Keep how many uses of a source are neither withdrawn nor redacted."""
        uses = self.sources[piece["key"]]
        uses["live"] += change
        if piece["until"] is None:
            uses["lasting"] += change

    def apply_evidence_withdrawn(self, data):
        """By the owner or who attached it, once."""
        piece = self.find_made(self.evidence, data["evidence"], data)
        self.check(self.actor["id"] in (self.owner["id"], piece["by"]), "the actor neither owns nor attached it")
        self.check(not piece["withdrawn"], "it was withdrawn before")
        piece["withdrawn"] = True
        self.sources[piece["key"]]["items"][piece["item"]] -= 1
        if not piece["redacted"]:
            self.count_use(piece, -1)
        del self.item.evidence[bisect.bisect_left(self.item.evidence, piece["written"])]
        self.forget_scope()

    def apply_evidence_requested(self, data):
        """A new request."""
        self.make_new(self.requests, data["evidence_request"], {"item": data["item"], "answered": False})

    def apply_evidence_request_answered(self, data):
        """Answered once."""
        request = self.find_made(self.requests, data["evidence_request"], data)
        self.check(not request["answered"], "it was answered before")
        request["answered"] = True

    def apply_comment_added(self, data):
        """A new comment, which is shown."""
        self.make_new(self.comments, data["comment"], {"item": data["item"], "by": self.actor["id"],
                                                       "body": data["body"], "deleted": False, "hidden": False})

    def find_comment(self, data):
        """A comment that was not deleted."""
        comment = self.find_made(self.comments, data["comment"], data)
        self.check(not comment["deleted"], "the comment was deleted before")
        return comment

    def apply_comment_edited(self, data):
        """By who wrote it."""
        comment = self.find_comment(data)
        self.check(comment["by"] == self.actor["id"], "the actor did not write it")
        self.check_old(data, comment["body"])
        comment["body"] = data["new"]

    def apply_comment_deleted(self, data):
        """By who wrote it."""
        comment = self.find_comment(data)
        self.check(comment["by"] == self.actor["id"], "the actor did not write it")
        comment["deleted"] = True

    def apply_comment_hidden(self, data):
        """Hidden is what is shown."""
        comment = self.find_comment(data)
        self.check(not comment["hidden"], "the comment is hidden already")
        comment["hidden"] = True

    def apply_comment_shown(self, data):
        """Shown is what is hidden."""
        comment = self.find_comment(data)
        self.check(comment["hidden"], "the comment is not hidden")
        comment["hidden"] = False

    def apply_waiver_asked(self, data):
        """For an item that is open or blocked, one at a time."""
        self.check(self.item.standing["state"] in ("open", "blocked"), "the item is neither open nor blocked")
        self.check(self.item.open_waiver is None, "a waiver of the item is not answered")
        scope = {"id": data["waiver"], "asked_by": self.actor["id"], "reason": data["reason"],
                 "control": data["control"], "expires_on": data["expires_on"]}
        self.make_new(self.waivers, data["waiver"], {"item": data["item"], "state": "asked", "scope": scope})
        self.item.open_waiver = data["waiver"]

    def answer_waiver(self, data, state):
        """By who may except the item and did not ask, once."""
        waiver = self.find_made(self.waivers, data["waiver"], data)
        self.check(waiver["state"] == "asked", "the waiver was answered before")
        self.check(self.may_except() and waiver["scope"]["asked_by"] != self.actor["id"],
                   "the actor may not answer it")
        waiver["state"], self.item.open_waiver = state, None
        return waiver

    def apply_waiver_approved(self, data):
        """From here on the waiver is in the scope."""
        waiver = self.answer_waiver(data, "approved")
        waiver["scope"].update(approved_by=self.actor["id"], approval=data["reason"])
        self.item.waivers.append(waiver)
        self.forget_scope()

    def apply_waiver_refused(self, data):
        """A refusal, which the scope does not have."""
        self.answer_waiver(data, "refused")

    def apply_waiver_revoked(self, data):
        """By the owner or who may except the item."""
        waiver = self.find_made(self.waivers, data["waiver"], data)
        self.check(waiver["state"] == "approved", "the waiver is not approved, or is revoked")
        self.check(self.actor["id"] == self.owner["id"] or self.may_except(), "the actor may not revoke it")
        waiver["state"] = "revoked"
        self.forget_scope()

    def apply_signed(self, data):
        """All that holds for a signature."""
        role, signer = data["role"], data["signer"]["id"]
        self.check(data["signer"] == self.actor, "the signer is not the actor")
        self.check(signer in self.holders.get(role, ()), "the signer does not hold the role")
        self.check(data["role_title"] == self.checklist.titles.get(role, role), "its role_title is another")
        self.check(data["saw"] < self.seq, "it saw what was not there")
        self.check(data["digest"] == self.compute_digest(role), "its digest is not that of the scope")
        self.check(data["comment"] is not None or data["verdict"] == "go" and data["lifts"] is None,
                   "it has no comment")
        standing = self.standing.setdefault(signer, {})
        if data["lifts"] is not None:
            self.check_lifted(data)
        elif role in standing:
            last = self.signatures[standing[role]]
            differs = any(last["data"][member] != data[member] for member in ("verdict", "meaning", "digest"))
            self.check(last["lifted"] or differs or data["comment"] not in (None, last["data"]["comment"]),
                       "it says again what stands")
        for renewal in data.get("renewed", ()):
            age = count_microseconds(self.at) - count_microseconds(renewal["at"])
            self.check(0 <= age < 2_592_000_000_000, "a renewal was not within the 30 days before")
            self.check(renewal.get("confirmed_by", {}).get("id") != signer, "the signer confirmed a renewal")
        self.check(not self.policy["separation_of_duties"] or not standing.keys() - {role},
                   "a signature of the signer in another role stands")
        self.make_new(self.signatures, data["id"], {"data": data, "event": self.seq, "at": self.at,
                                                    "lifted": False, "withdrawn": None})
        if data["lifts"] is not None:
            self.signatures[data["lifts"]]["lifted"] = True
        standing[role] = data["id"]
        self.signature_texts.add(data["comment"])

    def check_lifted(self, data):
        """What is lifted is a no_go of another in the same role, which stands."""
        lifted = self.find_made(self.signatures, data["lifts"], {})
        other = lifted["data"]
        self.check(data["verdict"] == "go" and other["verdict"] == "no_go" and other["role"] == data["role"]
                   and other["signer"]["id"] != self.actor["id"] and not lifted["lifted"]
                   and self.standing[other["signer"]["id"]].get(other["role"]) == other["id"],
                   "what it lifts can't be lifted by it")

    def apply_signature_withdrawn(self, data):
        """By who signed, while the signature stands."""
        signature = self.find_made(self.signatures, data["signature"], {})
        signed = signature["data"]
        self.check(signed["signer"]["id"] == self.actor["id"], "the actor did not sign")
        standing = self.standing[self.actor["id"]]
        self.check(standing.get(signed["role"]) == signed["id"], "the signature does not stand")
        self.check(data["role"] == signed["role"], "its role is not that of the signature")
        del standing[signed["role"]]
        signature["withdrawn"] = {"at": self.at, "comment": data["comment"]}
        self.signature_texts.add(data["comment"])

    def apply_signatures_asked(self, data):
        """There is a role."""
        self.check(data["roles"], "it names no role")

    def check_conditions(self, found):
        """Rule 2, of the items and waivers that conditions name."""
        for condition in found["conditions"]:
            self.find_item(condition["item"])
            if condition["kind"] == "waiver":
                self.find_made(self.waivers, condition["waiver"], condition)

    def apply_go_declared(self, data):
        """All conditions found are acknowledged."""
        self.check_conditions(data["found"])
        self.check(data["saw"] is None or data["saw"] < self.seq, "it saw what was not there")
        found = {condition["id"] for condition in data["found"]["conditions"]}
        self.check(data["acknowledged"] == sorted(found), "acknowledged are not exactly the conditions found")
        self.go = {"at": self.at, "acknowledged": found}

    def apply_held(self, _data):
        """Nothing but the stage."""

    apply_resumed = apply_reopened = apply_cancelled = apply_held

    def apply_launched(self, data):
        """After the GO, and with no condition that was not acknowledged."""
        self.check_conditions(data["found"])
        self.check(self.go["at"] <= data["launched_at"] <= self.at, "launched_at is before the GO or to come")
        self.conditions = [condition["id"] for condition in data["found"]["conditions"]]
        self.check(self.go["acknowledged"].issuperset(self.conditions), "a condition was not acknowledged")

    def apply_closed(self, data):
        """Each condition of the launch is settled, in their order."""
        self.check([settlement["condition"] for settlement in data["settlements"]] == self.conditions,
                   "its settlements are not of the conditions at launch")

    def apply_redacted(self, data):
        """A text or a file is destroyed."""
        what = data["what"]
        if what["kind"] == "text":
            text = bytes.fromhex(what["commitment"])
            self.check(text in self.texts and text not in self.redacted, "the text was not named, or is redacted")
            self.check(what["field"] == self.texts[text] and what["field"] != "redaction_reason",
                       "the text is not of that field")
            self.redacted.add(text)
            return
        pieces = self.files.get(what["sha256"], {"pieces": []})["pieces"]
        self.check(pieces, "the file was not attached, or is redacted")
        for piece in pieces:
            piece["redacted"] = True
            if not piece["withdrawn"]:
                self.count_use(piece, -1)
        pieces.clear()

    # The digest of a scope.

    def write_scope(self, role):
        """The canonical JSON of a role's scope, in parts."""
        required = self.checklist.titles
        items = [item.write_scope() for item in self.items.values()
                 if item.before and (item.role is None or item.role == role or item.role not in required)]
        policy = {"separation_of_duties": self.policy["separation_of_duties"], "deputies": False,
                  "four_eyes": False, "order": False}
        rest = {"launch": self.launch, "name": self.details["name"], "policy": policy,
                "required_roles": sorted(required), "role": role, "tag": "signoff/scope/v1",
                "target": self.details["target"]}
        return (b'{"checklist":' + write_canonical(self.checklist.hash) + b',"items":[' + b",".join(items)
                + b"]," + write_canonical(rest)[1:])

    def compute_digest(self, role):
        """The digest of a role's scope, as the events so far leave it."""
        if role not in self.digests:
            self.digests[role] = hashlib.sha256(self.write_scope(role)).hexdigest()
        return self.digests[role]


# --- The bundle ------------------------------------------------------------------------

BUNDLE = object_of({
    "format": one_of("signoff/bundle/v1"), "about": is_string, "installation": ID, "launch": ID, "events": NUMBER,
    "checklist": object_of({"id": ID, "version": ID, "number": whole_number(1, 2**31 - 1)})})
CHECKPOINT_LINE = object_of({
    "note": is_string, "cause": one_of("signature", "decision", "export", "daily"), "at": MOMENT,
    "witnesses": list_of(object_of({"name": is_string, "at": MOMENT}))})
TEXT_LINE = object_of({"commitment": HASH, "salt": HASH, "value": is_string})


class Bundle:
    """One pass through the entries of a bundle, in their order."""

    def __init__(self, archive, key, kept):
        self.archive, self.given_key, self.given = archive, key, kept

    def open_entry(self, name):
        """The next entry has to be the one of this name."""
        require(self.archive.open_entry() == name.encode(), f"the entry {name} is not where it has to be")

    def read_entry(self, name, limit):
        """A whole entry of bounded size."""
        self.open_entry(name)
        return b"".join(self.archive.unpack_entry(limit))

    def read_lines(self, name, limit):
        """The lines of an entry."""
        self.open_entry(name)
        return split_lines(self.archive.unpack_entry(FULL_32 - 1), limit, name)

    def verify_all(self):
        """Everything, as the entries come; what was verified, in a sentence."""
        self.check_bundle_json()
        self.check_key()
        self.check_earlier_keys()
        self.check_checkpoints()
        checklist = Checklist(self.read_entry("checklist.json", 16 * MIB), self.about["launch"])
        self.history = History(self.about["launch"], self.about["checklist"]["version"], checklist)
        self.check_events()
        self.check_texts()
        self.check_signatures()
        self.check_files()
        self.archive.check_end()
        return self.tell_result()

    def check_bundle_json(self):
        """What this is; the third sign of what is no bundle has the status 2."""
        data = self.read_entry("bundle.json", 64 * KIB)
        reader = JsonReader(data)
        try:
            about = reader.read_whole()
        except NotJson:
            raise Nothing("this is no bundle: bundle.json is not JSON") from None
        formats = [about.get("format")] if isinstance(about, dict) else []
        formats += [value for name, value in reader.repeated if name == "format" and formats]
        if "signoff/bundle/v1" not in [value for value in formats if isinstance(value, str)]:
            raise Nothing("this is no bundle: bundle.json is of another format")
        require(reader.fault is None, f"bundle.json: {reader.fault}")
        require(BUNDLE(about), "bundle.json has not exactly the members and types that it has to have")
        self.about, self.events = about, about["events"]

    def check_key(self):
        """The newest key of the installation."""
        data = self.read_entry("key.txt", 64 * KIB)
        require(data.endswith(b"\n"), "key.txt is not one line")
        self.key = Key(data[:-1].decode("utf-8", "replace"))
        require(self.key.installation == self.about["installation"], "the key is of another installation")

    def check_earlier_keys(self):
        """The keys before it, where there are any; then what was given. The next entry has begun."""
        chain, name = KeyChain(), self.archive.open_entry()
        if name == b"keys.jsonl":
            lines = split_lines(self.archive.unpack_entry(FULL_32 - 1), 4 * KIB, "keys.jsonl")
            for number, line in enumerate(lines, 2):
                what = f"the statement about key {number}"
                require(number <= 1001, "there are more statements about keys than an installation makes")
                entry = parse_json(line, what)
                require(KEY_LINE(entry), f"{what} has not exactly the members of its line")
                chain.extend(KeyStatement(entry["statement"], what), what)
            require(chain.keys, "keys.jsonl is empty")
            require(chain.keys[-1].text == self.key.text, "the statements do not lead to the key of the bundle")
            name = self.archive.open_entry()
        else:
            chain.keys.append(self.key)
        require(name == b"checkpoints.jsonl", "the entry checkpoints.jsonl is not where it has to be")
        self.chain, self.keys, self.kept = chain, chain.keys, None
        if self.given_key:
            chain.check_given(self.given_key)
        if self.given is not None:
            self.kept_key, *self.kept = check_kept(self.given, self.keys, self.about["launch"])
            require(self.kept[0] <= self.events, "the given checkpoint covers more events than the bundle has")

    def check_checkpoints(self):
        """Each checkpoint is the launch's, signed, by no older key than the one before, and longer."""
        self.roots, last, newest = {}, 0, 1
        lines = split_lines(self.archive.unpack_entry(FULL_32 - 1), 4 * MIB, "checkpoints.jsonl")
        for number, line in enumerate(lines, 1):
            what = f"checkpoint {number}"
            entry = parse_json(line, what)
            require(CHECKPOINT_LINE(entry), f"{what} has not exactly the members and types of its line")
            key, size, root = parse_checkpoint(entry["note"], self.keys, self.about["launch"], what)
            require(last < size <= self.events, f"{what} is not longer than the one before, or too long")
            require(key >= newest, f"{what} is signed by a key that was no longer in use")
            self.roots[size], last, newest = root, size, key
        require(last == self.events, "the last checkpoint is not of all events")
        require(newest == len(self.keys), "the last checkpoint is not signed by the newest key")

    def check_events(self):
        """Each event, the rules of the history, and the roots of the checkpoints."""
        tree = Tree()
        for line in self.read_lines("events.jsonl", 2 * MIB):
            require(tree.size < self.events, "there are more events than bundle.json says")
            kind = self.history.add_event(line)
            tree.add_leaf(hash_leaf(line))
            size = tree.size
            require(kind not in CHECKPOINTED or size in self.roots, f"event {size} has no checkpoint of its own")
            if size in self.roots:
                require(tree.compute_root() == self.roots[size], f"the checkpoint of {size} events has another root")
            if self.kept and self.kept[0] == size:
                require(tree.compute_root() == self.kept[1], "the given checkpoint has another root")
        require(tree.size == self.events, "there are fewer events than bundle.json says")

    def check_texts(self):
        """Each text is committed to, named, there once and not redacted; none is missing."""
        history, self.values, seen = self.history, {}, set()
        for number, line in enumerate(self.read_lines("texts.jsonl", 256 * KIB), 1):
            entry = parse_json(line, f"text {number}")
            require(TEXT_LINE(entry), f"text {number} has not exactly the members and types of its line")
            commitment = bytes.fromhex(entry["commitment"])
            require(commit_text(bytes.fromhex(entry["salt"]), entry["value"]) == entry["commitment"],
                    f"text {number} is not the one that was committed to")
            require(commitment in history.texts, f"text {number} is named by no event")
            require(commitment not in history.redacted, f"text {number} is redacted")
            require(commitment not in seen, f"text {number} is there twice")
            seen.add(commitment)
            if entry["commitment"] in history.signature_texts:
                self.values[entry["commitment"]] = hash_bytes(entry["value"].encode("utf-8"))
        require(len(seen) + len(history.redacted) == len(history.texts), "a text is missing")

    def same_text(self, value, commitment):
        """Whether a comment in signatures.json is what the commitment stands for."""
        if commitment is None:
            return value is None
        if bytes.fromhex(commitment) in self.history.redacted:
            return same_json(value, {"redacted": True})
        return isinstance(value, str) and hash_bytes(value.encode("utf-8")) == self.values[commitment]

    def same_signature(self, told, signature):
        """Whether an object of signatures.json is what the events make of it."""
        expected = {name: value for name, value in signature["data"].items()
                    if name not in ("address", "user_agent", "comment")}
        expected.update(event=signature["event"], at=signature["at"])
        if not isinstance(told, dict) or not {"comment", "withdrawn"} <= told.keys():
            return False
        rest = {name: value for name, value in told.items() if name not in ("comment", "withdrawn")}
        if not same_json(expected, rest) or not self.same_text(told["comment"], signature["data"]["comment"]):
            return False
        withdrawn, there = told["withdrawn"], signature["withdrawn"]
        if there is None:
            return withdrawn is None
        return (isinstance(withdrawn, dict) and withdrawn.keys() == {"at", "comment"}
                and same_json(withdrawn["at"], there["at"])
                and self.same_text(withdrawn["comment"], there["comment"]))

    def check_signatures(self):
        """signatures.json, one object at a time."""
        data = self.read_entry("signatures.json", 64 * MIB)
        reader = JsonReader(data, 2000, 512 * KIB)
        try:
            require(reader.skip_token("["), "signatures.json is no list")
            for number, signature in enumerate(self.history.signatures.values()):
                require(number == 0 or reader.skip_token(","), "signatures.json is of fewer signatures")
                reader.values = 0
                told = reader.read_value()
                require(reader.fault is None, f"signatures.json: {reader.fault}")
                require(self.same_signature(told, signature),
                        f"signatures.json says something else of the signature of event {signature['event']}")
            require(reader.skip_token("]"), "signatures.json is of more signatures, or is not JSON")
            reader.end_data()
        except NotJson:
            raise Wrong("signatures.json is not JSON") from None

    def check_files(self):
        """Each file that was not redacted, sorted by name, and the report after them."""
        files = {name: file["size"] for name, file in self.history.files.items() if file["pieces"]}
        for name in sorted(files):
            self.open_entry("evidence/" + name)
            digest, size = hashlib.sha256(), 0
            for block in self.archive.unpack_entry(files[name]):
                digest.update(block)
                size += len(block)
            require(size == files[name] and digest.hexdigest() == name, f"evidence/{name} has other bytes")
        self.open_entry("report.html")
        for _ in self.archive.unpack_entry(64 * KIB * (self.events + 1000)):
            pass

    def tell_result(self):
        """What a good bundle shows, and how far it reaches."""
        reach = f"up to event {self.events}, as checkpointed"
        if self.given_key:
            sentence = f"The bundle is as the given key signed it, {reach}."
        elif self.kept is None:
            sentence = (f"The bundle is consistent, {reach}. Without a key or a checkpoint from elsewhere no more "
                        "can be said: whoever makes a key can make a history to it.")
        else:
            sentence = f"The bundle is consistent, {reach}."
        if self.kept:
            sentence += f" The given checkpoint covers the events up to {self.kept[0]}."
        if self.chain.replaced:
            sentence += f" Key {self.chain.replaced} replaced a lost key"
            if self.kept and self.kept_key < self.chain.replaced:
                sentence += ", and the given checkpoint is from before that."
            else:
                sentence += ": only a checkpoint that was kept from before shows what came before."
        return sentence + " Readiness, calendars and names of time zones were not verified."


def read_given(path):
    """The bytes of the checkpoint that was given, not many more than it may have."""
    if path is None:
        return None
    try:
        with open(path, "rb") as file:
            return file.read(MIB + 1)
    except (OSError, ValueError, TypeError):
        raise Nothing("the given checkpoint can't be read") from None


def check_given_key(key):
    """What was given as the key has to be one (status 2)."""
    if key is None:
        return
    try:
        Key(key)
    except Wrong:
        raise Nothing("what was given as the key is none") from None


def verify_file(path, key, checkpoint):
    """Verify a bundle, or raise why it is refused."""
    check_given_key(key)
    kept = read_given(checkpoint)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Nothing("the bundle is no file")
        file = open(path, "rb")
    except (OSError, ValueError, TypeError):
        raise Nothing("the bundle can't be read") from None
    with file:
        length = os.fstat(file.fileno()).st_size
        check_is_archive(file, length)
        return Bundle(Archive(file, length), key, kept).verify_all()


def verify(path, key=None, checkpoint=None):
    """The status, 0, 1 or 2, and a sentence. Raises nothing."""
    try:
        return 0, verify_file(path, key, checkpoint)
    except Refused as refused:
        return refused.status, str(refused)
    except OSError:
        return 2, "a file can't be read"
    except Exception as error:  # Whatever it is, nothing was found to be right.
        return 1, f"the bundle can't be followed ({type(error).__name__})"


# --- The command line ------------------------------------------------------------------


def test_vectors(path):
    """Hold this program against the test vectors; what differs, as a list of sentences."""
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    wrong = []

    def expect(one, other, what):
        if one != other:
            wrong.append(what)

    for number, one in enumerate(vectors["commitments"]):
        expect(commit_text(bytes.fromhex(one["salt"]), one["value"]), one["commitment"], f"commitment {number}")
    for one in vectors["items"]:
        expect(str(uuid.uuid5(uuid.UUID(one["launch"]), one["key"])), one["id"], f"item {one['key']}")
    for one in vectors["trees"]:
        tree = Tree()
        for event in one["events"]:
            tree.add_leaf(hash_leaf(event.encode()))
        expect(tree.compute_root().hex(), one["root"], f"tree of {tree.size}")
    events = [line.encode() for line in vectors["history"]["events"]]
    first = json.loads(events[0])
    checklist = Checklist(vectors["history"]["checklist"].encode(), first["launch"])
    history = History(first["launch"], first["data"]["checklist"], checklist)
    for line in events:
        history.add_event(line)
        for one in (one for one in vectors["scopes"] if one["after"] == history.seq):
            expect(history.write_scope(one["role"]).decode(), one["canonical"], f"scope after {history.seq}")
        for one in (one for one in vectors["digests"] + vectors["scopes"] if one["after"] == history.seq):
            expect(history.compute_digest(one["role"]), one["digest"], f"{one['role']} after {history.seq}")
    return wrong


def escape_text(text):
    """A text without characters that a terminal would obey."""
    pattern = "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
    return re.sub(pattern, lambda match: f"\\u{{{ord(match[0]):x}}}", text)


def main(arguments=None):
    """Read the command line, verify, print the sentence."""
    parser = argparse.ArgumentParser(description="Verifies a bundle of signoff.")
    parser.add_argument("bundle", nargs="?")
    parser.add_argument("--key")
    parser.add_argument("--checkpoint")
    parser.add_argument("--self-test", metavar="VECTORS.json")
    given = parser.parse_args(arguments)
    if given.self_test:
        wrong = test_vectors(given.self_test)
        print("\n".join(map(escape_text, wrong)) or "All test vectors agree.")
        return 1 if wrong else 0
    if given.bundle is None:
        parser.error("there is no bundle to verify")
    status, sentence = verify(given.bundle, given.key, given.checkpoint)
    line = escape_text(sentence) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))
    return status


if __name__ == "__main__":
    sys.exit(main())
