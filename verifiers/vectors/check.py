#!/usr/bin/env python3
"""Checks license-code-v1.json by a second path that shares nothing with the one that makes it.

Another language, another Unicode, another Ed25519 (OpenSSL through python3-cryptography); written from the format's
description alone. Every code is minted again and every input judged again. Then the control: this reader with one rule
left out, or two checks the other way round, must fail some case, or the vectors would let such a reader pass.

    python3 verifiers/vectors/check.py [file]
"""
import binascii
import datetime
import functools
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
TO_BASE_32 = str.maketrans(ALPHABET, '0123456789ABCDEFGHIJKLMNOPQRSTUV')
EPOCH = datetime.date(1970, 1, 1)


def day(text):
    return (datetime.date.fromisoformat(text) - EPOCH).days


def crc(data):
    return binascii.crc_hqx(data, 0xFFFF)


def to_text(data):
    number = int.from_bytes(data, 'big')
    return ''.join(ALPHABET[number >> 5 * place & 31] for place in range(159, -1, -1))


def to_bytes(text):
    return int(text.translate(TO_BASE_32), 32).to_bytes(100, 'big')


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


# --- Letters. Beyond ASCII, what a character is by its Unicode category; the format has a table of it.

WRONG = 32
MOST = 65536
IGNORABLE = re.compile('[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]')
LINE_BREAKS = '\n\v\f\r\x85\u2028\u2029'
HEX = '[0-9A-Fa-f]'
ESCAPES = [
    # Name of the rule, pattern, and what it stands for: a function of the match to a code point or None.
    ('percent signs', re.compile(f'%(?:25){{0,4}}({HEX}{{2}})'), lambda m: ascii_or_none(int(m[1], 16))),
    ('quoted-printable', re.compile(f'=(?:3[Dd]|0[AaDd]|[89A-Fa-f]{HEX})'), lambda m: None),
    ('quoted-printable white space', re.compile(r'=(?:20|09)(?=[\r\n=]|\Z)'), lambda m: None),
    ('entities by number', re.compile(r'&(?:amp;){0,4}#([0-9]{1,7});'), lambda m: scalar(int(m[1]))),
    ('entities by hexadecimal number', re.compile(f'&(?:amp;){{0,4}}#[Xx]({HEX}{{1,6}});'), lambda m: scalar(int(m[1], 16))),
    ('entities without a semicolon', re.compile(
        r'&(?:amp;){0,4}(?:shy(?![A-Za-z0-9]{0,29};)|nbsp(?![A-Za-z0-9]{0,28};))'), lambda m: None),
    ('entities by name', re.compile(r'&(?:amp;){0,4}[A-Za-z][A-Za-z0-9]{1,31};'), lambda m: None),
    ('tags', re.compile(r'</?[A-Za-z][^<>]{0,158}>'), lambda m: None),
    ('escapes of JSON', re.compile(f'\\\\u({HEX}{{4}})'), lambda m: scalar(int(m[1], 16))),
    ('line breaks of JSON', re.compile(r'\\[nrt]'), lambda m: None),
    ('characters of RTF', re.compile(r"\\'[89A-Fa-f][0-9A-Fa-f]"), lambda m: None),
    ('line breaks of RTF', re.compile(r'\\(?:par|line)(?![a-z])'), lambda m: None),
    ('mojibake of two', re.compile('\u00c2[\u0020\u0080-\u00bf]'), lambda m: None),
    ('mojibake of three', re.compile('\u00e2[\u0080\u20ac][\u0080-\u2122]'), lambda m: None),
    ('mojibake byte-order marks', re.compile('\u00ef\u00bb\u00bf'), lambda m: None),
]


def ascii_or_none(byte):
    return byte if byte < 0x80 else None


def scalar(point):
    return point if point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF else None


FOLDING = frozenset(['NFKC', 'upper case', 'I', 'L', 'O'])


def means_nothing(c):
    return unicodedata.category(c)[0] in 'ZPS' or unicodedata.category(c) in ('Cc', 'Cf') or bool(IGNORABLE.match(c))


@functools.lru_cache(None)
def read_as(c, without):
    """The values of a character: a list, empty for nothing, [WRONG] for a wrong one."""
    folded = c if 'NFKC' in without else unicodedata.normalize('NFKC', c)
    folded = folded if 'upper case' in without else folded.upper()
    folded = ''.join(f for f in folded if not means_nothing(f))
    if folded == '':
        return []
    if not all(f in ALPHABET or f in 'ILO' for f in folded):
        return [] if means_nothing(c) and 'U' not in folded else [WRONG]
    letters = ''.join(f if f in without else {'I': '1', 'L': '1', 'O': '0'}.get(f, f) for f in folded)
    return [ALPHABET.find(f) if f in ALPHABET else WRONG for f in letters]


class Letters:
    def __init__(self, text, without):
        text = text[:MOST] if 'the first 65,536' not in without else text
        self.values, self.points, self.positions, self.gaps, self.paragraphs = [], [], [], {0}, set()
        at, breaks = 0, 0
        while at < len(text):
            m = None
            if text[at] in '%=&<\\\u00c2\u00e2\u00ef':
                m, stands = next(((p.match(text, at), f) for rule, p, f in ESCAPES
                                  if rule not in without and p.match(text, at)), (None, None))
            point = ord(text[at]) if m is None else stands(m)
            if m is None and text[at] in LINE_BREAKS and not (text[at] == '\n' and at and text[at - 1] == '\r'):
                breaks += 1
            values = [] if point is None else read_as(chr(point), without & FOLDING)
            if not values:
                self.gaps.add(len(self.values))
            elif breaks >= 2:
                self.paragraphs.add(len(self.values))
            for value in values:
                self.values.append(value)
                self.points.append(point)
                self.positions.append(at + 1)
                breaks = 0
            at = at + 1 if m is None else m.end()
        self.count = len(self.values)
        self.gaps.add(self.count)
        self.edges = set(self.gaps)
        for i, value in enumerate(self.values):
            if value == WRONG and 'a wrong character is an edge' not in without:
                self.edges |= {i, i + 1}
        if '3D' not in without:
            self.edges |= {gap + 2 for gap in self.gaps if self.text(gap, gap + 2) == '3D' and gap + 1 not in self.gaps}

    def text(self, start, end):
        return ''.join('?' if value == WRONG else ALPHABET[value] for value in self.values[start:end])

    def word_end(self, start):
        return min(gap for gap in self.gaps if gap > start)

    def digits(self, start, end):
        return sum(48 <= point <= 57 for point in self.points[start:end])

    def is_mixed(self, start, end):
        word = ''.join(map(chr, self.points[start:end]))
        return bool(re.search('[a-hjkmnp-z]', word) and re.search('[A-HJKMNP-Z]', word))

    def wrongs(self, start, end):
        return self.values[start:end].count(WRONG)


def fits(text):
    return len(text) == 160 and '?' not in text and crc(to_bytes(text)) == 0


def find(letters, known, without):
    """The place and the text of each. A place where a whole head stands is an edge, and needs none behind its code."""
    found = []
    joined = letters.count > 162 and 'heads in words' not in without or 'two more' in without
    whole = {at for at in range(letters.count - 7) if letters.text(at, at + 8) in known} if joined else set()
    letters.edges |= whole
    for start in sorted(letters.edges if 'edges' not in without else range(letters.count)):
        end = start
        while fits(letters.text(end, end + 160)):
            end += 160
            if end in letters.edges or 'glued codes' in without:
                break
        if end in letters.edges or start in whole or 'edges' in without:
            found += [(at, letters.text(at, at + 160)) for at in range(start, end, 160)]
    return found


def without_line_marks(text):
    mark = '[\t >|([]*(?:[0-9A-Za-z]{1,10}[>:.)|\\]]|[0-9]{1,4}[\t ])'
    return re.sub(f'(\\A|[\n\r])({mark})', lambda m: m[1] + ' ' * len(m[2]), text)


# --- Repair, as it is told: every text that is one slip away is made, and its check digits computed.

def heads(case, keys):
    tag = hashlib.sha512(case['product'].encode('utf-8')).digest()[:3]
    return {to_text(bytes([0x10 | trial | (key['mode'] == 'test'), number]) + tag + bytes(95))[:8]
            for number, key in keys.items() for trial in (0, 2)}


def starts(letters, known, without):
    found = []
    for start in sorted(letters.edges):
        head = letters.text(start, start + (4 if 'heads by four' not in without else 3))
        tails = [letters.text(start + off, start + off + 3) for off in (4, 5, 6)]
        if any(head == h[:len(head)] and len(head) > 2 for h in known) or 'heads by their end' not in without and any(h[5:] in tails for h in known):
            found.append(start)
    return found


def repair_starts(letters, begun, places, without):
    if '16 starts' in without:
        return begun
    if places and letters.count < 160 * (len(places) + 1) - 1:
        return []
    return [start for start in begun if not any(at <= start < at + 160 for at in places)][:16]


CHANGES = {}


def one_slip(text, without):
    """Kind, place, characters cut and put, and the code: those whose check digits fit."""
    def with_(place, cut, put):
        return text[:place] + put + text[place + cut:]

    made = []
    wrong = text.find('?')
    if text.count('?') > 1:
        return made
    if len(text) == 160:
        for place in range(160) if wrong < 0 else [wrong]:
            made += [('substitution', place, 1, put) for put in ALPHABET if put != text[place]]
        if wrong < 0:
            made += [('swap', place, 2, text[place + 1] + text[place])
                     for place in range(159) if text[place] != text[place + 1]]
    elif len(text) == 159 and wrong < 0:
        made += [('omission', place, 0, put) for place in range(160) for put in ALPHABET
                 if place == 0 or text[place - 1] != put]
    elif len(text) == 161:
        made += [('insertion', place, 1, '') for place in (range(161) if wrong < 0 else [wrong])
                 if place == 0 or text[place - 1] != text[place] or wrong >= 0]
    return [(kind, place, cut, put, with_(place, cut, put)) for kind, place, cut, put in made
            if kind not in without and fits(with_(place, cut, put))]


def repairs(letters, start, without):
    for length in (160, 159, 161):
        end = start + length
        if end > letters.count or end not in letters.edges:
            continue
        text = letters.text(start, end)
        if text not in CHANGES:
            CHANGES[text] = one_slip(text, ())
        for kind, place, cut, put, code in CHANGES[text]:
            if kind in without:
                continue
            at = start + place
            position = letters.positions[at] if place < length else letters.positions[at - 1] + 1
            was = ''.join(map(chr, letters.points[at:at + cut]))
            yield code, end, {'kind': kind, 'position': position, 'was': was, 'is': put}


# --- What is said of a text without a genuine code.

def seen(text, without):
    words = re.split('[\t-\r ]+', text)
    words = [word for word in words if word]
    fewest = 4 if len(words) == 1 else 9
    words = [re.sub('^[^0-9A-Za-z]+|[^0-9A-Za-z]+$', '', word) for word in words if len(word) <= 200]

    def is_order_number(word):
        if 'days' not in without and re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}-[0-9]{4}', word):
            return False
        if 'license ids' not in without and re.fullmatch(f'{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}', word):
            return False
        return re.fullmatch('[0-9A-Za-z-]{4,40}', word) and len(re.sub('[^0-9]', '', word)) >= fewest

    if 'order numbers' not in without and any(map(is_order_number, words)):
        return 'order-number'
    if 'addresses' not in without and any(re.fullmatch(r'[^@]+@[^@]+\.[^@]+', word) for word in words):
        return 'e-mail-address'
    return 'link' if '://' in text and 'links' not in without else 'text'


def piece_end(letters, start, without):
    end = prose_after(letters, start, without)
    for length in (160, 159, 161):
        reached = letters.count if 'prose before 160' in without else end
        if start + length <= reached and start + length in letters.edges:
            return start + length
    return end


def prose_after(letters, start, without):
    end = letters.word_end(start)
    last = end - start
    while end < letters.count:
        following = letters.word_end(end)
        length = following - end
        if end in letters.paragraphs and 'paragraphs' not in without:
            break
        if length < 4 <= last and following < letters.count and 'short words' not in without:
            break
        if letters.wrongs(end, following) > 2:
            break
        typing = following == letters.count and length < last < 20 and 'the last group' not in without
        if abs(length - last) > 1 and not typing and 'words without digits' not in without and not letters.digits(end, following):
            break
        last, end = length, following
    return end


def piece_of(letters, begun, known, without):
    def begins(start):
        text = letters.text(start, min(start + 8, letters.count))
        return any(h.startswith(text) for h in known)

    if 'pieces by their head' not in without:
        for start in begun:
            end = piece_end(letters, start, without)
            if end - start >= 20 or begins(start):
                return start, end, 1, begins(start)
        if letters.count < 4 and begins(0):
            return 0, letters.count, 1, True
    if 'pieces by a long word' not in without:
        gaps = sorted(letters.gaps - {letters.count})
        words = [(letters.word_end(gap) - gap, -gap) for gap in gaps]
        words = [(length, gap) for length, gap in words if length >= 20 and letters.wrongs(-gap, length - gap) <= 2
                 and ('words of both cases' in without or not letters.is_mixed(-gap, length - gap))]
        if words:
            start = -max(words)[1]
            return start, piece_end(letters, start, without), 2, True
    digits = letters.digits(0, letters.count)
    if letters.count >= 40 and digits * 5 >= letters.count and 'pieces by their digits' not in without:
        return 0, letters.count, 3, True
    return None


def group_of(letters, start, end, begins, without):
    values = letters.values[start:end]
    if WRONG in values and 'groups of wrong characters' not in without:
        return values.index(WRONG) // 8 + 1
    if not begins and end - start >= 8 and 'groups of heads' not in without:
        return 1
    lengths, at = [], start
    while at < end:
        following = min(letters.word_end(at), end)
        lengths.append(following - at)
        at = following
    if end - start < 160 and 'groups that are not whole yet' not in without:
        lengths.pop()
    odd = [i + 1 for i, length in enumerate(lengths) if length != 8]
    told = 1 <= len(odd) <= 2 and len(lengths) - len(odd) >= 2
    return odd[0] if told and 'groups by their length' not in without else None


def damage(letters, begun, known, text, without):
    if letters.count == 0:
        return {'verdict': 'empty'}
    piece = piece_of(letters, begun, known, without)
    if piece is None:
        return {'verdict': 'no-code', 'seen': seen(text[:MOST], without)}
    start, end, _, begins = piece
    count = end - start
    group = group_of(letters, start, end, begins, without)
    wrong = next((at for at in range(start, end) if letters.values[at] == WRONG), None)
    if count >= 159 and wrong is not None and 'bad-character' not in without:
        return {'verdict': 'bad-character', 'character': chr(letters.points[wrong]),
                'position': letters.positions[wrong], 'group': group}
    if count < 160:
        return {'verdict': 'too-short', 'count': count, 'group': group}
    return {'verdict': 'mistyped', 'group': group} if count == 160 else {'verdict': 'too-long', 'count': count}


TEXT_RULES = [*(rule for rule, _, _ in ESCAPES), 'NFKC', 'upper case', 'I', 'L', 'O', 'the first 65,536',
              'a wrong character is an edge', 'edges', 'heads in words', 'two more', 'glued codes', 'heads by their end', '16 starts', '5 failures', '4 repairs',
              '3D', 'heads by four', 'line marks', 'days', 'license ids', 'prose before 160', 'the last group',
              'words without digits', 'words of both cases', 'repairs beside whole codes', 'several repairs', 'forged codes once',
              'substitution', 'swap', 'omission', 'insertion', 'order numbers', 'addresses', 'links', 'paragraphs',
              'short words', 'pieces by their head', 'pieces by a long word', 'pieces by their digits',
              'groups of wrong characters', 'groups of heads', 'groups that are not whole yet', 'groups by their length',
              'bad-character', 'newest', 'several', 'furthest']


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


def today(case, without):
    """The latest of the clock's day, the build date and the latest day seen."""
    days = [case['today']]
    days += [case['buildDate']] if case['buildDate'] and 'today: build date' not in without else []
    days += [case['latestDay']] if 'latestDay' in case and 'today: latest day' not in without else []
    return max(map(day, days))


def keep(data, case, without):
    end = two(data, 25) + 1 if two(data, 25) else two(data, 23)
    needed = today(case, without) if 'keep: the end' in without else min(today(case, without), end)
    kept = day(case['latestDay']) if 'latestDay' in case and 'keep: never earlier' not in without else 0
    return (EPOCH + datetime.timedelta(max(needed, kept))).isoformat()


FORM_CHECKS = [
    ('unsupported-version', lambda d, c, keys, wo: (d[0] >> 4 != 1 and 'version' not in wo)
     or (d[0] & 4 and 'reserved bit 2' not in wo) or (d[0] & 8 and 'reserved bit 3' not in wo)),
    ('wrong-product', lambda d, c, keys, wo: hashlib.sha512(c['product'].encode('utf-8')).digest()[:3] != d[2:5]),
    ('unknown-key', lambda d, c, keys, wo: d[1] not in keys),
]
CHECKS = [
    ('test-code', lambda d, c, keys, wo: d[0] & 1 and not c['allowTest']),
    ('not-yet-valid', lambda d, c, keys, wo: (two(d, 25) != 0 or 'perpetual: no clock' in wo)
     and two(d, 23) - today(c, wo) > skew(wo)),
    ('revoked', lambda d, c, keys, wo: license_id(d) in c['revoked']),
    ('expired', lambda d, c, keys, wo: (two(d, 25) != 0 or 'perpetual' in wo) and (
        two(d, 25) < today(c, wo) + ('last valid: exclusive' in wo) - ('last valid: one more' in wo))),
    ('updates-ended', lambda d, c, keys, wo: c['buildDate'] is not None and (two(d, 27) != 0 or 'no limit' in wo) and (
        two(d, 27) < day(c['buildDate']) + ('updates: exclusive' in wo) - ('updates: one more' in wo))),
]
FURTHEST = ['forged', 'unknown-key', 'wrong-product', 'unsupported-version']
JUDGE_RULES = ['version', 'reserved bit 2', 'reserved bit 3', 'mode', 'R of small order', 'S < L', 'product',
               'signature', 'two days: one', 'two days: three', 'perpetual', 'last valid: exclusive',
               'last valid: one more', 'no limit', 'updates: exclusive', 'updates: one more', 'perpetual: no clock',
               'today: build date', 'today: latest day', 'keep: the end', 'keep: never earlier', 'features in order']


PARSED = {}


def parse(case, keys, without):
    """Letters, codes and starts: most readers with a fault read a text alike."""
    key = (case['input'], case['product'], frozenset(without & set(TEXT_RULES)))
    if key not in PARSED:
        letters = Letters(case['input'], without)
        known = heads(case, keys)
        PARSED[key] = letters, find(letters, known, without), starts(letters, known, without)
    return PARSED[key]


def read(case, keys, form_checks, checks, without):
    letters, codes, begun = parse(case, keys, without)
    forged_codes, repaired_codes = [], []

    def refusal(code):
        data = to_bytes(code)
        found = next((v for v, applies in form_checks if applies(data, case, keys, without)), None)
        if found is None:
            if code in forged_codes and 'forged codes once' not in without:
                return 'forged'
            if len(forged_codes) >= 5 and '5 failures' not in without:
                return 'forged'
            if forged(data, case, keys, without):
                forged_codes.append(code)
                return 'forged'
        return found

    def repair_refusal(code):
        if any(applies(to_bytes(code), case, keys, without) for _, applies in form_checks) or code in forged_codes:
            return 'refused'
        if len(repaired_codes) >= 4 and '4 repairs' not in without:
            return 'forged'
        repaired_codes.append(code)
        return refusal(code)

    def search(letters, codes, begun):
        refusals = {code: refusal(code) for code in dict.fromkeys(code for _, code in codes)}
        genuine = {code: None for code, refused in refusals.items() if refused is None}
        places = [at for at, code in codes if code in genuine]
        past = 0
        begun = repair_starts(letters, begun, places, without)
        for start in begun if not (genuine and 'repairs beside whole codes' in without) else []:
            if start < past:
                continue
            for code, end, repaired in repairs(letters, start, without):
                if code in genuine or repair_refusal(code) is None:
                    genuine.setdefault(code, repaired)
                    past = end
                    break
            if genuine and 'several repairs' in without:
                break
        return genuine, [refused for refused in refusals.values() if refused is not None], begun

    genuine, told, begun = search(letters, codes, begun)
    bare = without_line_marks(case['input'][:MOST])
    if not genuine and bare != case['input'][:MOST] and 'line marks' not in without:
        genuine, more, _ = search(*parse({**case, 'input': bare}, keys, without))
        told += more
    if not genuine:
        told = told if 'furthest' in without else sorted(told, key=FURTHEST.index)
        if told:
            return {'verdict': told[0]}
        return damage(letters, begun, heads(case, keys), case['input'], without)
    newest = {}
    for code, repaired in genuine.items():
        data = to_bytes(code)
        license = (data[0] & 1, data[2:21])
        if license not in newest or two(data, 21) > two(to_bytes(newest[license][0]), 21) and 'newest' not in without:
            newest[license] = code, repaired
    choices = [judge(code, repaired, case, keys, checks, without) for code, repaired in newest.values()]
    if len(choices) == 1 or 'several' in without:
        return choices[0]
    return {'verdict': 'several', 'choices': [{n: choice[n] for n in ('verdict', 'code')} for choice in choices]}


def judge(code, repaired, case, keys, checks, without):
    data = to_bytes(code)
    verdict = next((verdict for verdict, applies in checks if applies(data, case, keys, without)), 'valid')
    bits = int.from_bytes(data[31:34], 'big') if verdict == 'valid' else 0
    names = case.get('features', [])
    has = [name for i, name in enumerate(names if 'features in order' not in without else names[::-1]) if bits >> i & 1]
    return {'verdict': verdict, 'code': code, 'repaired': repaired, 'keep': keep(data, case, without), 'has': has}


TOLD = ('verdict', 'code', 'repaired', 'keep', 'choices', 'character', 'position', 'count', 'group', 'seen', 'has')
DEFAULTS = {'repaired': None, 'group': None, 'has': []}


def read_faults(vectors, form_checks=FORM_CHECKS, checks=CHECKS, without=frozenset()):
    """The names of the cases whose answer is another here."""
    keys = {key['id']: key for key in vectors['keyring']}
    for case in vectors['read']:
        answer = {**DEFAULTS, **read(case, keys, form_checks, checks, without)}
        wrong = [name for name in TOLD if name in case and answer.get(name) != case[name]]
        if wrong:
            yield f"read, {case['name']}: {[(name, case[name], answer.get(name)) for name in wrong]}"


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
    mutants = {f'without {rule}': ([*FORM_CHECKS], [*CHECKS], frozenset({rule})) for rule in TEXT_RULES + JUDGE_RULES}
    for which, checks in enumerate((FORM_CHECKS, CHECKS)):
        for i, (verdict, _) in enumerate(checks):
            both = [[*FORM_CHECKS], [*CHECKS]]
            both[which] = checks[:i] + checks[i + 1:]
            mutants[f'without the check {verdict}'] = (*both, frozenset())
            for j in range(i + 1, len(checks)):
                both = [[*FORM_CHECKS], [*CHECKS]]
                both[which][i], both[which][j] = checks[j], checks[i]
                mutants[f'{checks[j][0]} and {verdict} the other way round'] = (*both, frozenset())
    print(f'{len(mutants)} readers with a fault')
    for name, (form_checks, checks, without) in mutants.items():
        if next(read_faults(vectors, form_checks, checks, without), None) is None:
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
