"""Verifies Mintmark license codes offline. Copy this file into your program; it needs the package cryptography.

    reader = Reader("my-app", json.loads(KEYRING), build_date=date(2026, 11, 21))
    verdict = reader.read(pasted_text)
    if verdict.word == "valid":
        unlock(seats=verdict.license.seats)
    else:
        show(explain(verdict))
"""

from __future__ import annotations

import hashlib
import re
from binascii import crc_hqx
from datetime import date, datetime, timezone
from struct import Struct
from typing import Callable, Container, Mapping, NamedTuple, Optional, Sequence, Union

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class License(NamedTuple):
    id: str  # in the shape of a UUID, lower case; the same over renewals
    product: str
    revision: int  # of two valid codes with one id the higher counts
    issued: date
    last_valid: Optional[date]  # inclusive; None is perpetual
    updates_until: Optional[date]  # inclusive, held against the build date; None is no limit
    seats: int  # 0 is unlimited
    features: int  # bit i is the product's feature number i
    test: bool
    trial: bool
    key_id: int


class Verdict(NamedTuple):
    word: str  # one of the words of EXPLANATIONS
    license: Optional[License] = None  # from "test-code" on
    character: Optional[str] = None  # of "bad-character", as is position, from 1 in the cleaned text
    position: Optional[int] = None
    count: Optional[int] = None  # of "too-short" and "too-long"
    version: Optional[int] = None  # of "unsupported-version"
    key_id: Optional[int] = None  # of "unknown-key"


EXPLANATIONS = {
    "empty": "paste your license code",
    "bad-character": "character {0.position} does not belong in a license code",
    "too-short": "this is {0.count} of 160 characters: copy the whole line",
    "too-long": "this is {0.count} characters instead of 160: copy only the line with the code",
    "mistyped": "a character is wrong: paste it again",
    "unsupported-version": "this license was made for a newer version of this program",
    "wrong-product": "this license is for another product",
    "unknown-key": "update the program, then try again",
    "forged": "this is not a genuine license",
    "test-code": "this is a test license",
    "not-yet-valid": "this license begins in the future: check the date of your computer",
    "revoked": "this license was withdrawn (refunded, for example)",
    "expired": "this license expired on {0.license.last_valid}",
    "updates-ended": "this license covers versions built until {0.license.updates_until}",
    "valid": "licensed",
}


def explain(verdict: Verdict) -> str:
    """One sentence for the user; it holds nothing of what was pasted."""
    return EXPLANATIONS[verdict.word].format(verdict)


class Reader:
    """Reads codes of one product, with the keys of keyring.json, parsed. A ValueError if one of them makes no sense.

    `today` is a UTC day, or what tells it at each reading; the computer's if not given. `revoked` holds license ids.
    """

    def __init__(
        self,
        product: str,
        keyring: Sequence[Mapping[str, object]],
        *,
        today: Union[date, Callable[[], date], None] = None,
        build_date: Optional[date] = None,
        allow_test: bool = False,
        revoked: Container[str] = (),
    ) -> None:
        name = product.encode("utf-8")
        if not 1 <= len(name) <= 64:
            raise ValueError("product: must be 1 to 64 bytes of UTF-8")
        self._product = product
        self._tag = hashlib.sha512(name).digest()[:3]
        self._prefix = b"mintmark license v1\0" + bytes([len(name)]) + name
        self._keys = _parse_keyring(keyring)
        self._today = today if callable(today) else (lambda: today or datetime.now(timezone.utc).date())
        for day in (today, build_date):
            if not (day is None or type(day) is date or (day is today and callable(day))):
                raise ValueError("today and build_date: must be a datetime.date")
        self._build_date = build_date
        self._allow_test = allow_test
        self._revoked = revoked

    def read(self, text: object) -> Verdict:
        """The first verdict that applies. Never raises: what is not a str is "empty"."""
        cleaned = _clean(text) if isinstance(text, str) else ""
        if not cleaned:
            return Verdict("empty")
        if not _is_code(cleaned):
            bad = _FOREIGN.search(cleaned)
            if bad:
                return Verdict("bad-character", character=bad[0], position=bad.start() + 1)
            return Verdict("too-short" if len(cleaned) < 160 else "too-long", count=len(cleaned))
        return self._judge(int(cleaned.translate(_DIGITS), 32).to_bytes(100, "big"))

    def _judge(self, code: bytes) -> Verdict:
        flags, key_id, tag, id, revision, issued, last, updates, seats, high, low, check = _RECORD.unpack(code)
        if crc_hqx(code[:98], 0xFFFF) != check:
            return Verdict("mistyped")
        if flags & 0b11111100 != 0x10:
            return Verdict("unsupported-version", version=flags >> 4)
        if tag != self._tag:
            return Verdict("wrong-product")
        if key_id not in self._keys:
            return Verdict("unknown-key", key_id=key_id)
        test, key = self._keys[key_id]
        if bool(flags & 1) != test or not _verify(key, code[34:98], self._prefix + code[:34]):
            return Verdict("forged")
        digits, days = id.hex(), _DAY_ZERO
        license = License(
            f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}", self._product, revision,
            date.fromordinal(days + issued), date.fromordinal(days + last) if last else None,
            date.fromordinal(days + updates) if updates else None, seats, high << 16 | low, test, bool(flags & 2), key_id,
        )
        return Verdict(self._judge_license(license), license)

    def _judge_license(self, license: License) -> str:
        if license.test and not self._allow_test:
            return "test-code"
        today = self._today()
        if (license.issued - today).days > 2:  # a computer's clock may be behind
            return "not-yet-valid"
        if license.id in self._revoked:
            return "revoked"
        if license.last_valid and license.last_valid < today:
            return "expired"
        if license.updates_until and self._build_date and license.updates_until < self._build_date:
            return "updates-ended"
        return "valid"


def verify_strict(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Ed25519 as libsodium checks it: no key or R of small order, no key that is not canonical, S < L."""
    return len(signature) == 64 and _is_usable(public_key) and _verify(_load(public_key), signature, message)


def _verify(key: Optional[Ed25519PublicKey], signature: bytes, message: bytes) -> bool:
    if key is None or _has_small_order(signature) or int.from_bytes(signature[32:], "little") >= _L:
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _load(public_key: bytes) -> Optional[Ed25519PublicKey]:
    try:
        return Ed25519PublicKey.from_public_bytes(public_key)
    except (ValueError, UnsupportedAlgorithm):
        return None


def _is_usable(key: bytes) -> bool:
    return len(key) == 32 and int.from_bytes(key, "little") % 2**255 < 2**255 - 19 and not _has_small_order(key)


def _has_small_order(point: bytes) -> bool:
    return point[:31] + bytes([point[31] & 0x7F]) in _SMALL_ORDER


def _parse_keyring(keyring: Sequence[Mapping[str, object]]) -> dict[int, tuple[bool, Optional[Ed25519PublicKey]]]:
    keys: dict[int, tuple[bool, Optional[Ed25519PublicKey]]] = {}
    seen: set[bytes] = set()
    for entry in keyring:
        try:
            if set(entry) != {"id", "mode", "state", "publicKey", "created"}:
                raise ValueError("fields missing or unknown")
            id, mode, state = entry["id"], entry["mode"], entry["state"]
            key_hex = str(entry["publicKey"])
            if type(id) is not int or not 1 <= id <= 255 or id in keys:
                raise ValueError("id must be from 1 to 255, each once")
            if mode not in ("live", "test") or state not in ("next", "active", "retired"):
                raise ValueError("mode or state is unknown")
            key = bytes.fromhex(key_hex) if re.fullmatch("[0-9a-fA-F]{64}", key_hex) else b""
            if not _is_usable(key) or key in seen:
                raise ValueError("publicKey must be 32 bytes in hex, each once, canonical and not of small order")
            if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", str(entry["created"])):
                raise ValueError("created must be a day")
            date.fromisoformat(str(entry["created"]))
        except (TypeError, ValueError) as fault:
            raise ValueError(f"keyring, entry {len(keys)}: {fault}") from None
        seen.add(key)
        keys[id] = (mode == "test", _load(key))
    if not keys:
        raise ValueError("keyring: holds no key, so no code could be valid")
    return keys


def _clean(text: str) -> str:
    """The code, if the text is one or exactly one of its lines or words is; else all of it, cleaned. Linear in time."""
    if _is_code(text):
        return text
    text = text[: 2**23]
    cleaned = _once(text.translate(_FOLD))
    if _is_code(cleaned):
        return cleaned
    codes = (code for line in _LINE.finditer(text) for code in _codes_in(line[0]))
    found, another = next(codes, None), next(codes, None)
    return found if found and not another else cleaned


def _once(cleaned: str) -> str:
    return cleaned[:160] if len(cleaned) == 320 and cleaned[:160] == cleaned[160:] else cleaned


def _codes_in(line: str) -> Sequence[str]:
    """A line that is a code counts once, not again for the word that it holds."""
    cleaned = line.translate(_FOLD)
    if _is_code(cleaned):
        return [cleaned]
    return [code for code in (word.translate(_FOLD) for word in _WORD.findall(line)) if _is_code(code)]


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FOREIGN = re.compile(f"[^{_ALPHABET}]")
_is_code = re.compile(f"[{_ALPHABET}]{{160}}").fullmatch
_DIGITS = str.maketrans(_ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")
_RECORD = Struct(">BB3s16sHHHHHBH64xH")
_DAY_ZERO = date(1970, 1, 1).toordinal()
# A character is read as four at most, so a shorter line or word can be no code. These are Unicode's, not str.split's.
_LINE = re.compile("[^\n\v\f\r\x85\u2028\u2029]{40,}")
_WORD = re.compile("[^\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]{40,}")

_L = 2**252 + 27742317777372353535851937790883648493
_SMALL_ORDER = frozenset(
    bytes.fromhex(y)
    for y in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)

# What each character is read as: NFKC, upper case, and nothing for what means nothing. A table, as the Unicode version
# of unicodedata depends on Python's, and its normalize takes the square of the time for a long run of marks.
_ROWS = """
<fold-rows>
80-A9: AA:A AB-B1: B2-B3:2+ B4: B6-B8: B9:1 BA:O BB: BC:14 BD:12 BE:34 BF: D7: DF:SS F7: 131:I 132-133:IJ
13F-140:L 17F:S 1C7-1C9:LJ 1CA-1CC:NJ 1F1-1F3:DZ 2B0:H 2B2:J 2B3:R 2B7:W 2B8:Y 2E1:L 2E2:S 2E3:X 34F: 58A:
5BE: 61C: 115F-1160: 1400: 1680: 17B4-17B5: 1806: 180B-180F: 1D2C:A 1D2E:B 1D30-1D31:D+ 1D33-1D3A:G+ 1D3C:O
1D3E:P 1D3F:R 1D40-1D41:T+ 1D42:W 1D43:A 1D47:B 1D48-1D49:D+ 1D4D:G 1D4F:K 1D50:M 1D52:O 1D56:P 1D57-1D58:T+
1D5B:V 1D62:I 1D63:R 1D64-1D65:U+ 1D9C:C 1DA0:F 1DBB:Z 2000-206F: 2070:0 2071:I 2074-2079:4+ 207B: 207F:N
2080-2089:0+ 208B: 2090:A 2091:E 2092:O 2093:X 2095:H 2096-2099:K+ 209A:P 209B-209C:S+ 20A0-20A7: 20A8:RS
20A9-20CF: 2100:AC 2101:AS 2102-2103:C 2105:CO 2109-210B:F+ 210C-210E:H 2110-2111:I 2112-2113:L 2115:N 2116:NO
2119-211B:P+ 211C-211D:R 2120:SM 2121:TEL 2122:TM 2124:Z 2128:Z 212A:K 212C-212D:B+ 212F-2130:E 2131:F 2133:M
2134:O 2139:I 213B:FAX 2145-2146:D 2147:E 2148-2149:I+ 2150:17 2151:19 2152:110 2153:13 2154:23 2155:15
2156:25 2157:35 2158:45 2159:16 215A:56 215B:18 215C:38 215D:58 215E:78 215F:1 2160:I 2161:II 2162:III 2163:IV
2164:V 2165:VI 2166:VII 2167:VIII 2168:IX 2169:X 216A:XI 216B:XII 216C:L 216D-216E:C+ 216F:M 2170:I 2171:II
2172:III 2173:IV 2174:V 2175:VI 2176:VII 2177:VIII 2178:IX 2179:X 217A:XI 217B:XII 217C:L 217D-217E:C+ 217F:M
2190-245F: 2460-2468:1+ 2469-2472:10+ 2473:20 2474-247C:1+ 247D-2486:10+ 2487:20 2488-2490:1+ 2491-249A:10+
249B:20 249C-24B5:A+ 24B6-24CF:A+ 24D0-24E9:A+ 24EA:0 24EB-2BFF: 2C7C:J 2C7D:V 2E00-2E2E: 2E30-2E7F:
3000-3004: 3008-3020: 3030: 3036-3037: 303D-303F: 30A0: 3164: 3250:PTE 3251-3259:21+ 325A-325F:30+
32B1-32B4:36+ 32B5-32BE:40+ 32BF:50 32CC:HG 32CD:ERG 32CE:EV 32CF:LTD 3371:HPA 3372:DA 3374:BAR 3375:OV
3376:PC 3377:DM 3378-3379:DM2+ 3380:PA 3381:NA 3383:MA 3384-3385:KA+ 3386:MB 3387:GB 3388:CAL 3389:KCAL
338A:PF 338B:NF 338E:MG 338F:KG 3390:HZ 3391:KHZ 3392:MHZ 3393:GHZ 3394:THZ 3396:ML 3397:DL 3398:KL 3399:FM
339A:NM 339C:MM 339D:CM 339E:KM 339F:MM2 33A0:CM2 33A1:M2 33A2:KM2 33A3:MM3 33A4:CM3 33A5:M3 33A6:KM3 33A7:MS
33A8:MS2 33A9:PA 33AA:KPA 33AB:MPA 33AC:GPA 33AD:RAD 33AE:RADS 33AF:RADS2 33B0:PS 33B1:NS 33B3:MS 33B4:PV
33B5:NV 33B7:MV 33B8:KV 33B9:MV 33BA:PW 33BB:NW 33BD:MW 33BE:KW 33BF:MW 33C2:AM 33C3:BQ 33C4-33C5:CC+ 33C6:CKG
33C7:CO 33C8:DB 33C9:GY 33CA:HA 33CB:HP 33CC:IN 33CD:KK 33CE:KM 33CF:KT 33D0-33D1:LM+ 33D2:LOG 33D3:LX 33D4:MB
33D5:MIL 33D6:MOL 33D7:PH 33D8:PM 33D9:PPM 33DA:PR 33DB:SR 33DC:SV 33DD:WB 33DE:VM 33DF:AM 33FF:GAL A7F1:S
A7F2:C A7F3:F A7F4:Q FB00:FF FB01:FI FB02:FL FB03:FFI FB04:FFL FB05-FB06:ST FE00-FE1F: FE30-FE6F: FEFF:
FF01-FF0F: FF10-FF19:0+ FF1A-FF20: FF21-FF3A:A+ FF3B-FF40: FF41-FF5A:A+ FF5B-FF65: FFA0: FFE0-FFFD: 107A5:Q
10D6E: 10EAD: 1BCA0-1BCA3: 1CCD6-1CCEF:A+ 1CCF0-1CCF9:0+ 1D173-1D17A: 1D400-1D419:A+ 1D41A-1D433:A+
1D434-1D44D:A+ 1D44E-1D454:A+ 1D456-1D467:I+ 1D468-1D481:A+ 1D482-1D49B:A+ 1D49C:A 1D49E-1D49F:C+ 1D4A2:G
1D4A5-1D4A6:J+ 1D4A9-1D4AC:N+ 1D4AE-1D4B5:S+ 1D4B6-1D4B9:A+ 1D4BB:F 1D4BD-1D4C3:H+ 1D4C5-1D4CF:P+
1D4D0-1D4E9:A+ 1D4EA-1D503:A+ 1D504-1D505:A+ 1D507-1D50A:D+ 1D50D-1D514:J+ 1D516-1D51C:S+ 1D51E-1D537:A+
1D538-1D539:A+ 1D53B-1D53E:D+ 1D540-1D544:I+ 1D546:O 1D54A-1D550:S+ 1D552-1D56B:A+ 1D56C-1D585:A+
1D586-1D59F:A+ 1D5A0-1D5B9:A+ 1D5BA-1D5D3:A+ 1D5D4-1D5ED:A+ 1D5EE-1D607:A+ 1D608-1D621:A+ 1D622-1D63B:A+
1D63C-1D655:A+ 1D656-1D66F:A+ 1D670-1D689:A+ 1D68A-1D6A3:A+ 1D6A4:I 1D7CE-1D7D7:0+ 1D7D8-1D7E1:0+
1D7E2-1D7EB:0+ 1D7EC-1D7F5:0+ 1D7F6-1D7FF:0+ 1F000-1F0FF: 1F100-1F101:0 1F102-1F10A:1+ 1F10B-1F10F:
1F110-1F129:A+ 1F12A:S 1F12B:C 1F12C:R 1F12D:CD 1F12E:WZ 1F12F: 1F130-1F149:A+ 1F14A:HV 1F14B:MV 1F14C:SD
1F14D:SS 1F14E:PPV 1F14F:WC 1F150-1F169: 1F16A-1F16B:MC+ 1F16C:MR 1F16D-1F18F: 1F190:DJ 1F191-1FAFF:
1FBF0-1FBF9:0+ E0000-E0FFF:
</fold-rows>
"""


def _make_fold() -> dict[int, str]:
    look_alikes = str.maketrans("ILO", "110")
    fold = {ord(c): c.upper().translate(look_alikes) for c in "abcdefghijklmnopqrstuvwxyzILO"}
    fold.update(dict.fromkeys(map(ord, "\t\n\v\f\r ->*_`"), ""))
    for first, last, target, rises in re.findall(r"(\w+)(?:-(\w+))?:(\w*)(\+?)", _ROWS):
        for offset, point in enumerate(range(int(first, 16), int(last or first, 16) + 1)):
            risen = target[:-1] + chr(ord(target[-1]) + offset) if rises else target
            fold[point] = risen.translate(look_alikes)
    return fold


_FOLD = _make_fold()
