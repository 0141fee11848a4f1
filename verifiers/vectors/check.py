#!/usr/bin/env python3
"""Checks license-code-v1.json by a second path that shares nothing with the one that makes it.

Another language, another Unicode, another Ed25519 (OpenSSL through python3-cryptography); written from the format's
description alone. Every code is minted again and every input judged again. Then the control: this reader with one rule
left out, or two checks the other way round, must fail some case, or the vectors would let such a reader pass.

    python3 verifiers/vectors/check.py [file]
"""
import datetime
import hashlib
import json
import pathlib
import re
import sys
import unicodedata

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
except ModuleNotFoundError:
    sys.exit('verifiers/vectors/check.py needs the package cryptography (Debian: python3-cryptography)')

ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19
EPOCH = datetime.date(1970, 1, 1)


def day(text):
    return (datetime.date.fromisoformat(text) - EPOCH).days


def crc(data):
    register = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            top = (register >> 15) ^ (byte >> bit & 1)
            register = (register << 1 & 0xFFFF) ^ (0x1021 if top else 0)
    return register


def to_text(data):
    number = int.from_bytes(data, 'big')
    return ''.join(ALPHABET[number >> 5 * place & 31] for place in range(159, -1, -1))


def to_bytes(text):
    number = 0
    for letter in text:
        number = number * 32 + ALPHABET.index(letter)
    return number.to_bytes(100, 'big')


def context(product):
    name = product.encode('utf-8')
    return b'mintmark license v1\0' + bytes([len(name)]) + name


def mint(license, seed):
    def end(text):
        return 0 if text is None else day(text)

    record = bytes([0x10 | license['test'] | license['trial'] << 1, license['keyId']])
    record += hashlib.sha512(license['product'].encode('utf-8')).digest()[:3]
    record += bytes.fromhex(license['licenseId'].replace('-', ''))
    for number in (license['revision'], day(license['issued']), end(license['lastValid']),
                   end(license['updatesUntil']), license['seats']):
        record += number.to_bytes(2, 'big')
    record += license['features'].to_bytes(3, 'big')
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    data = record + key.sign(context(license['product']) + record)
    return to_text(data + crc(data).to_bytes(2, 'big'))


# --- Cleaning: what a character is, by its Unicode category, and by list where Unicode has no category for it.

SPACES = {chr(c) for c in (*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
                           0x202F, 0x205F, 0x3000)}
LINE_BREAKS = re.compile('\r\n|[\n\v\f\r\x85\u2028\u2029]')

DROPPED = {
    'white space': lambda c: c in SPACES,
    'zero-width characters': lambda c: (unicodedata.category(c) == 'Cf' and c not in '\u00ad\ufeff')
    or '\ufe00' <= c <= '\ufe0f',
    'soft hyphens': lambda c: c == '\u00ad',
    'byte-order marks': lambda c: c == '\ufeff',
    'hyphens and dashes': lambda c: unicodedata.category(c) == 'Pd' or c in '\u2043\u2212',
    'quoting marks': lambda c: c == '>',
    'asterisks': lambda c: c == '*',
    'underscores': lambda c: c == '_',
    'backticks': lambda c: c == '`',
}
LOOK_ALIKES = {'I': '1', 'L': '1', 'O': '0'}
TEXT_RULES = [*DROPPED, 'NFKC', 'upper case', *LOOK_ALIKES, 'twice', 'equal halves', 'lines', 'words', 'only one']


def strip(text, without):
    if 'NFKC' not in without:
        text = unicodedata.normalize('NFKC', text)
    if 'upper case' not in without:
        text = text.upper()
    kinds = [is_kind for name, is_kind in DROPPED.items() if name not in without]
    kept = (c for c in text if not any(is_kind(c) for is_kind in kinds))
    return ''.join(c if c in without else LOOK_ALIKES.get(c, c) for c in kept)


def is_code(text):
    return len(text) == 160 and all(c in ALPHABET for c in text)


def clean(text, without):
    whole = strip(text, without)
    if len(whole) == 320 and 'twice' not in without:
        if whole[:160] == whole[160:] or 'equal halves' in without:
            whole = whole[:160]
    if is_code(whole):
        return whole
    found = []
    for line in LINE_BREAKS.split(text):
        words = re.split('[' + ''.join(SPACES) + ']', line)
        pieces = [strip(line, without)] if 'lines' not in without else []
        if not any(map(is_code, pieces)) and 'words' not in without:
            pieces = [strip(word, without) for word in words]
        found += filter(is_code, pieces)
    return found[0] if len(found) == 1 or found and 'only one' in without else whole


# --- Judging: a list of checks in order; each says whether its verdict applies.

def points_of_small_order():
    """The y of each point whose order divides 8, worked out: x^2 = (y^2 - 1) / (d y^2 + 1)."""
    d = -121665 * pow(121666, -1, P) % P
    root_of_minus_1 = pow(2, (P - 1) // 4, P)
    ys = {0, 1, P - 1}
    # Doubling gives order 4, y = 0: there y^2 = -x^2, so d y^4 + 2 y^2 - 1 = 0.
    square = pow(1 + d, (P + 3) // 8, P)
    if square * square % P != (1 + d) % P:
        square = square * root_of_minus_1 % P
    for sign in (1, -1):
        y2 = (-1 + sign * square) * pow(d, -1, P) % P
        y = pow(y2, (P + 3) // 8, P)
        if y * y % P != y2:
            y = y * root_of_minus_1 % P
        if y * y % P == y2:
            ys |= {y, P - y}
    return ys


SMALL_ORDER = points_of_small_order()


def is_small_order(point):
    return (int.from_bytes(point, 'little') & (2**255 - 1)) % P in SMALL_ORDER


def is_genuine(data, case, key, without):
    r, s = data[34:66], data[66:98]
    if 'R of small order' not in without and is_small_order(r):
        return False
    scalar = int.from_bytes(s, 'little')
    if 'S < L' in without:
        s = (scalar % L).to_bytes(32, 'little')
    elif scalar >= L:
        return False
    message = (context(case['product']) if 'product' not in without else context('')) + data[:34]
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key['publicKey'])).verify(r + s, message)
    except InvalidSignature:
        return 'signature' in without
    return True


def two(data, at):
    return int.from_bytes(data[at:at + 2], 'big')


def forged(data, case, keys, without):
    key = keys.get(data[1])
    if key is None:
        return True  # Never asked, but by a reader that looks at signatures before it looks for their key.
    if 'mode' not in without and (data[0] & 1 == 1) != (key['mode'] == 'test'):
        return True
    return not is_genuine(data, case, key, without)


def license_id(data):
    digits = data[5:21].hex()
    return '-'.join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def skew(without):
    return 1 if 'two days: one' in without else 3 if 'two days: three' in without else 2


CHECKS = [
    ('mistyped', lambda d, c, keys, wo: crc(d[:98]) != two(d, 98)),
    ('unsupported-version', lambda d, c, keys, wo: (d[0] >> 4 != 1 and 'version' not in wo)
     or (d[0] & 4 and 'reserved bit 2' not in wo) or (d[0] & 8 and 'reserved bit 3' not in wo)),
    ('wrong-product', lambda d, c, keys, wo: hashlib.sha512(c['product'].encode('utf-8')).digest()[:3] != d[2:5]),
    ('unknown-key', lambda d, c, keys, wo: d[1] not in keys),
    ('forged', forged),
    ('test-code', lambda d, c, keys, wo: d[0] & 1 and not c['allowTest']),
    ('not-yet-valid', lambda d, c, keys, wo: two(d, 23) - day(c['today']) > skew(wo)),
    ('revoked', lambda d, c, keys, wo: license_id(d) in c['revoked']),
    ('expired', lambda d, c, keys, wo: (two(d, 25) != 0 or 'perpetual' in wo) and (
        two(d, 25) < day(c['today']) + ('last valid: exclusive' in wo) - ('last valid: one more' in wo))),
    ('updates-ended', lambda d, c, keys, wo: c['buildDate'] is not None and (two(d, 27) != 0 or 'no limit' in wo) and (
        two(d, 27) < day(c['buildDate']) + ('updates: exclusive' in wo) - ('updates: one more' in wo))),
]
JUDGE_RULES = ['version', 'reserved bit 2', 'reserved bit 3', 'mode', 'R of small order', 'S < L', 'product',
               'signature', 'two days: one', 'two days: three', 'perpetual', 'last valid: exclusive',
               'last valid: one more', 'no limit', 'updates: exclusive', 'updates: one more']


def read(case, keys, checks, without):
    """The verdict, and the position or the count that goes with it."""
    text = clean(case['input'], without)
    if text == '':
        return 'empty', {}
    for i, letter in enumerate(text):
        if letter not in ALPHABET:
            return 'bad-character', {'position': i + 1}
    if len(text) != 160:
        return 'too-short' if len(text) < 160 else 'too-long', {'count': len(text)}
    data = to_bytes(text)
    return next((verdict for verdict, applies in checks if applies(data, case, keys, without)), 'valid'), {}


def read_faults(vectors, checks=CHECKS, without=frozenset()):
    """The names of the cases whose verdict is another here."""
    keys = {key['id']: key for key in vectors['keyring']}
    for case in vectors['read']:
        verdict, detail = read(case, keys, checks, without)
        told = {name: case[name] for name in ('position', 'count') if name in case}
        if verdict != case['verdict'] or told and told != detail:
            yield f"read, {case['name']}: {case['verdict']} {told}, here {verdict} {detail}"


def mint_faults(vectors):
    seeds = {key['id']: key['seed'] for key in vectors['keyring']}
    for key in vectors['keyring']:
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key['seed']))
        if private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex() != key['publicKey']:
            yield f"keyring, {key['id']}: another public key"
    for case in vectors['mint']:
        if mint(case['license'], seeds[case['license']['keyId']]) != case['code']:
            yield f"mint, {case['name']}: another code"


def survivors(vectors):
    """Rules whose absence no case notices; a changed case that nothing notices."""
    mutants = {f'without {rule}': (CHECKS, {rule}) for rule in TEXT_RULES + JUDGE_RULES}
    for i, (verdict, _) in enumerate(CHECKS):
        mutants[f'without the check {verdict}'] = (CHECKS[:i] + CHECKS[i + 1:], set())
        for j in range(i + 1, len(CHECKS)):
            swapped = CHECKS.copy()
            swapped[i], swapped[j] = CHECKS[j], CHECKS[i]
            mutants[f'{CHECKS[j][0]} and {verdict} the other way round'] = (swapped, set())
    print(f'{len(mutants)} readers with a fault')
    for name, (checks, without) in mutants.items():
        if next(read_faults(vectors, checks, without), None) is None:
            yield f'control: no case finds a reader {name}'
    for case in vectors['mint']:
        wrong = {**vectors, 'mint': [{**case, 'code': case['code'][:-1] + ('1' if case['code'][-1] == '0' else '0')}]}
        if not list(mint_faults(wrong)):
            yield f"control: a changed code is not found: {case['name']}"
    for case in vectors['read']:
        wrong = {**vectors, 'read': [{**case, 'verdict': 'expired' if case['verdict'] == 'valid' else 'valid'}]}
        if not list(read_faults(wrong)):
            yield f"control: a changed verdict is not found: {case['name']}"


def main():
    default = pathlib.Path(__file__).with_name('license-code-v1.json')
    file = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    vectors = json.loads(file.read_text(encoding='utf-8'))
    faults = [*mint_faults(vectors), *read_faults(vectors)]
    faults += [] if faults else survivors(vectors)
    for fault in faults:
        print(fault)
    print(f"{len(vectors['mint'])} mint cases, {len(vectors['read'])} read cases: {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()
