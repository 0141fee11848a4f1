"""The runner: holds mintmark.py against vectors (verifiers/README.md says how it is called)."""

import json
import struct
import sys
import time
from binascii import crc_hqx
from datetime import date
from hashlib import sha512
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import mintmark

HOSTILE = [
    None, 42, b"\xff\xfe", 1.5, [], {}, object(), True, "\ud800" * 160, "\udc00A", "\\ud800" * 160, "\0" * 200,
    *(text * (2**23 // len(text)) for text in (
        "A", " ", "A ", "\u0301", "\u33af", "\n ", "&amp;", "<a", "%25", "200HDMQP ", "200HDMQP0\n", "2\u0430", "a@a.", "A" * 199 + " ",
    )),
]
MOST_SECONDS = 0.5  # of processor time, for a hostile text: far above what it takes, far below what a square would
TOLD = ("code", "repaired", "keep", "choices", "character", "position", "count", "group", "seen", "has")


def load(file):
    with open(file, encoding="utf-8") as opened:
        return json.load(opened)


def keyring_of(vectors):
    fields = ("id", "mode", "publicKey")
    return [{**{f: key[f] for f in fields}, "state": "active", "created": "2026-11-21"} for key in vectors["keyring"]]


def day(text):
    return None if text is None else date.fromisoformat(text)


def reader_for(keyring, case):
    return mintmark.Reader(
        case["product"], keyring, today=day(case["today"]), build_date=day(case["buildDate"]),
        allow_test=case["allowTest"], revoked=set(case["revoked"]), latest_day=case.get("latestDay"),
        features=case.get("features", ()),
    )


def answer_of(verdict, case):
    """What the verdict carries, in the words of the vectors."""
    answer = {name: getattr(verdict, name) for name in ("code", "character", "position", "count", "group", "seen")}
    answer["keep"] = verdict.keep and str(verdict.keep)
    if verdict.repaired:
        answer["repaired"] = {name.rstrip("_"): value for name, value in verdict.repaired._asdict().items()}
    if verdict.choices:
        answer["choices"] = [{"verdict": choice.word, "code": choice.code} for choice in verdict.choices]
    answer = {"verdict": verdict.word, **{name: value for name, value in answer.items() if value is not None}}
    if "features" in case:
        answer["has"] = [name for name in case["features"] if verdict.has(name)]
    return answer


def as_text(license):
    return {
        "id": license.id, "product": license.product, "revision": license.revision, "issued": str(license.issued),
        "lastValid": license.last_valid and str(license.last_valid),
        "updatesUntil": license.updates_until and str(license.updates_until), "seats": license.seats,
        "features": license.features, "test": license.test, "trial": license.trial, "keyId": license.key_id,
    }


def mint(license, seed):
    """The code by another path than the verifier's: base32 a character at a time."""
    day_number = lambda text: 0 if text is None else (date.fromisoformat(text) - date(1970, 1, 1)).days
    product = license["product"].encode()
    record = bytes([0x10 | license["test"] | license["trial"] << 1, license["keyId"]]) + sha512(product).digest()[:3]
    record += UUID(license["licenseId"]).bytes + struct.pack(
        ">HHHHH", license["revision"], day_number(license["issued"]), day_number(license["lastValid"]),
        day_number(license["updatesUntil"]), license["seats"],
    ) + license["features"].to_bytes(3, "big")
    message = b"mintmark license v1\0" + bytes([len(product)]) + product + record
    record += Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)).sign(message)
    whole = int.from_bytes(record + crc_hqx(record, 0xFFFF).to_bytes(2, "big"), "big")
    return "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[whole >> 5 * i & 31] for i in reversed(range(160)))


def judge_vectors(vectors):
    keyring = keyring_of(vectors)
    seeds = {key["id"]: key["seed"] for key in vectors["keyring"]}
    for case in vectors["mint"]:
        fields = dict(case["license"])
        code = mint(fields, seeds[fields["keyId"]])
        reader = mintmark.Reader(fields["product"], keyring, today=day(fields["issued"]), allow_test=True)
        license = reader.read(case["code"]).license
        expected = {**fields, "id": fields.pop("licenseId")}
        expected.pop("licenseId")
        yield f"mint {case['name']}", code == case["code"] and license is not None and as_text(license) == expected
    for case in vectors["read"]:
        verdict = reader_for(keyring, case).read(case["input"])
        answer = answer_of(verdict, case)
        same = all(answer.get(name) == case[name] for name in ("verdict", *TOLD) if name in case)
        yield f"read {case['name']}: {answer}", same and mintmark.explain(verdict) != ""
    for i, value in enumerate(HOSTILE):
        start = time.process_time()
        verdict = mintmark.Reader("acme-editor", keyring).read(value)
        seconds = time.process_time() - start
        said = verdict.word != "valid" and mintmark.explain(verdict) != ""
        yield f"hostile {i}, {verdict.word} after {seconds:.3f} seconds", said and seconds < MOST_SECONDS
    for name, wrong in wrong_keyrings(keyring[0]):
        yield f"keyring {name}", refuses(wrong)


def wrong_keyrings(entry):
    yield "empty", []
    yield "twice", [entry, entry]
    yield "same key", [entry, {**entry, "id": 9}]
    yield "not an object", [None]
    yield "small order", [{**entry, "publicKey": "01" + "00" * 31}]
    yield "not canonical", [{**entry, "publicKey": "f0" + "ff" * 30 + "7f"}]
    for field, value in {"id": 0, "mode": "x", "state": None, "publicKey": "00", "created": "2026-02-30", "more": 1}.items():
        yield field, [{**entry, field: value}]


def refuses(keyring):
    try:
        mintmark.Reader("acme-editor", keyring)
    except ValueError:
        return True
    return False


def judge_wycheproof(vectors):
    for group in vectors["testGroups"]:
        key = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            accepted = mintmark.verify_strict(key, bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
            yield f"case {case['tcId']} {case['comment']}", accepted == (case["result"] == "valid")


def judge_speccheck(vectors):
    for i, case in enumerate(vectors):
        parts = (bytes.fromhex(case[part]) for part in ("pub_key", "signature", "message"))
        yield f"case {i}", mintmark.verify_strict(*parts) == (i == 3)


def tell(outcomes):
    counts = [0, 0]
    for name, good in outcomes:
        counts[not good] += 1
        if not good:
            print(name)
    print(f"{counts[0]} passed, {counts[1]} failed")
    return 1 if counts[1] else 0


def read(vectors):
    keyring = keyring_of(vectors)
    readers = {}
    for line in sys.stdin.buffer:
        case = json.loads(line)
        text = case.pop("input")
        key = json.dumps(case)
        if key not in readers:
            readers[key] = reader_for(keyring, case)
        print(json.dumps(answer_of(readers[key].read(text), case)))
    return 0


def bench(vectors, seconds):
    case = vectors["mint"][0]
    product, code = case["license"]["product"], case["code"]
    reader = mintmark.Reader(product, keyring_of(vectors), today=day(case["license"]["issued"]))
    raw = mintmark._bytes_of(code)
    key, signature, message = reader._keys[1][1], raw[34:98], reader._prefix + raw[:34]
    rates = {"reads": [], "checks": []}
    end = time.perf_counter() + float(seconds)
    while time.perf_counter() < end:
        for name, act in (("reads", lambda: reader.read(code)), ("checks", lambda: key.verify(signature, message))):
            start = time.perf_counter()
            for _ in range(50):
                act()
            rates[name].append(50 / (time.perf_counter() - start))
    print(json.dumps({name: max(found) for name, found in rates.items()}))
    return 0


def main(command, file, *rest):
    vectors = load(file)
    judges = {"vectors": judge_vectors, "wycheproof": judge_wycheproof, "speccheck": judge_speccheck}
    if command in judges:
        return tell(judges[command](vectors))
    return read(vectors) if command == "read" else bench(vectors, *rest)


sys.exit(main(*sys.argv[1:]))
