<?php

/**
 * Verifies Mintmark license codes offline. Copy this file into your program; it needs PHP 8.1 or later with sodium.
 *
 *     $reader = new Mintmark\Reader('my-app', json_decode($keyring, true), buildDate: '2026-11-21');
 *     $verdict = $reader->read($_POST['license']);
 *     if ($verdict->word === 'valid') unlock($verdict->license->seats);
 *     else show($verdict->explain());
 */

declare(strict_types=1);

namespace Mintmark;

// Without these PHP looks for each in the namespace first, at every call.
use function bin2hex, gmdate, intval, is_array, is_string, pack, preg_match, sodium_crypto_sign_verify_detached, str_split;
use function strcmp, strlen, strrev, strspn, strtr, substr, unpack;

final class License
{
    public function __construct(
        /** In the shape of a UUID, lower case; the same over renewals. */
        public readonly string $id,
        public readonly string $product,
        /** Of two valid codes with one id the higher counts. */
        public readonly int $revision,
        /** UTC days, YYYY-MM-DD, as are the two below. */
        public readonly string $issued,
        /** Inclusive; null is perpetual. */
        public readonly ?string $lastValid,
        /** Inclusive, held against the build date; null is no limit. */
        public readonly ?string $updatesUntil,
        /** 0 is unlimited. */
        public readonly int $seats,
        /** Bit i is the product's feature number i. */
        public readonly int $features,
        public readonly bool $test,
        public readonly bool $trial,
        public readonly int $keyId,
    ) {
    }
}

final class Verdict
{
    public function __construct(
        /** One of the words that explain() knows. */
        public readonly string $word,
        /** From "test-code" on. */
        public readonly ?License $license = null,
        /** Of "bad-character": from 1, in characters of the cleaned text. */
        public readonly ?int $position = null,
        /** Of "too-short" and "too-long". */
        public readonly ?int $count = null,
        /** Of "unsupported-version". */
        public readonly ?int $version = null,
        /** Of "unknown-key". */
        public readonly ?int $keyId = null,
    ) {
    }

    /** One sentence for the user; it holds nothing of what was pasted. */
    public function explain(): string
    {
        return match ($this->word) {
            'empty' => 'paste your license code',
            'bad-character' => "character $this->position does not belong in a license code",
            'too-short' => "this is $this->count of 160 characters: copy the whole line",
            'too-long' => "this is $this->count characters instead of 160: copy only the line with the code",
            'mistyped' => 'a character is wrong: paste it again',
            'unsupported-version' => 'this license was made for a newer version of this program',
            'wrong-product' => 'this license is for another product',
            'unknown-key' => 'update the program, then try again',
            'forged' => 'this is not a genuine license',
            'test-code' => 'this is a test license',
            'not-yet-valid' => 'this license begins in the future: check the date of your computer',
            'revoked' => 'this license was withdrawn (refunded, for example)',
            'expired' => "this license expired on {$this->license?->lastValid}",
            'updates-ended' => "this license covers versions built until {$this->license?->updatesUntil}",
            'valid' => 'licensed',
        };
    }
}

/** Reads codes of one product. */
final class Reader
{
    private const FIELDS = 'Cflags/CkeyId/a3tag/H8a/H4b/H4c/H4d/H12e/nrevision/nissued/nlast/nupdates/nseats'
        . '/Chigh/nlow/a64signature/ncheck';

    private string $tag;
    private string $prefix;
    /** @var array<int, array{bool, string}> whether it is a test key, and its bytes */
    private array $keys;
    /** @var array<string, int>|\Closure(string): bool */
    private array|\Closure $revoked;

    /**
     * @param array<array<string, mixed>> $keyring keyring.json, decoded as arrays
     * @param string|(callable(): string)|null $today the UTC day, YYYY-MM-DD, or what tells it at each reading; the
     *     computer's, if not given
     * @param array<string>|(callable(string): bool) $revoked license ids
     * @throws \InvalidArgumentException if one of them makes no sense
     */
    public function __construct(
        private readonly string $product,
        array $keyring,
        private readonly mixed $today = null,
        private readonly ?string $buildDate = null,
        private readonly bool $allowTest = false,
        array|callable $revoked = [],
    ) {
        $length = strlen($product);
        if ($length < 1 || $length > 64 || preg_match('//u', $product) !== 1) {
            throw new \InvalidArgumentException('product: must be 1 to 64 bytes of UTF-8');
        }
        foreach ([$today, $buildDate] as $day) {
            if ($day !== null && !Day::isDay($day) && !($day === $today && $day instanceof \Closure)) {
                throw new \InvalidArgumentException('today and buildDate: must be a day, YYYY-MM-DD');
            }
        }
        $this->tag = substr(hash('sha512', $product, true), 0, 3);
        $this->prefix = "mintmark license v1\0" . chr($length) . $product;
        $this->keys = Keyring::parse($keyring);
        $this->revoked = is_callable($revoked) ? $revoked(...) : array_flip($revoked);
    }

    /** The first verdict that applies. Never throws: what is not a string is "empty". */
    public function read(mixed $text): Verdict
    {
        $cleaned = is_string($text) ? Clean::clean($text) : '';
        if (Clean::isCode($cleaned)) {
            return $this->judge(Clean::bytesOf($cleaned));
        }
        $length = strlen($cleaned);
        $good = strspn($cleaned, Clean::ALPHABET);
        return match (true) {
            $length === 0 => new Verdict('empty'),
            $good < $length => new Verdict('bad-character', position: $good + 1),
            default => new Verdict($length < 160 ? 'too-short' : 'too-long', count: $length),
        };
    }

    private function judge(string $code): Verdict
    {
        $field = unpack(self::FIELDS, $code);
        if (Crc16::of($code) !== $field['check']) {
            return new Verdict('mistyped');
        }
        $flags = $field['flags'];
        if (($flags & 0b11111100) !== 0x10) {
            return new Verdict('unsupported-version', version: $flags >> 4);
        }
        if ($field['tag'] !== $this->tag) {
            return new Verdict('wrong-product');
        }
        if (!isset($this->keys[$field['keyId']])) {
            return new Verdict('unknown-key', keyId: $field['keyId']);
        }
        [$test, $key] = $this->keys[$field['keyId']];
        $message = $this->prefix . substr($code, 0, 34);
        if ((($flags & 1) === 1) !== $test || !Signature::verifyStrict($key, $field['signature'], $message)) {
            return new Verdict('forged');
        }
        $license = new License(
            "{$field['a']}-{$field['b']}-{$field['c']}-{$field['d']}-{$field['e']}",
            $this->product,
            $field['revision'],
            Day::text($field['issued']),
            $field['last'] === 0 ? null : Day::text($field['last']),
            $field['updates'] === 0 ? null : Day::text($field['updates']),
            $field['seats'],
            $field['high'] << 16 | $field['low'],
            $test,
            ($flags & 2) === 2,
            $field['keyId'],
        );
        return new Verdict($this->judgeLicense($license, $field['issued']), $license);
    }

    private function judgeLicense(License $license, int $issued): string
    {
        if ($license->test && !$this->allowTest) {
            return 'test-code';
        }
        $today = $this->today instanceof \Closure ? ($this->today)() : $this->today ?? gmdate('Y-m-d');
        return match (true) {
            $license->issued > $today && $issued - Day::number($today) > 2 => 'not-yet-valid', // a clock may be behind
            $this->isRevoked($license->id) => 'revoked',
            $license->lastValid !== null && $license->lastValid < $today => 'expired',
            $license->updatesUntil !== null && $this->buildDate !== null
                && $license->updatesUntil < $this->buildDate => 'updates-ended',
            default => 'valid',
        };
    }

    private function isRevoked(string $id): bool
    {
        return is_array($this->revoked) ? isset($this->revoked[$id]) : ($this->revoked)($id);
    }
}

/** UTC days: days since 1970-01-01, and YYYY-MM-DD. */
final class Day
{
    public static function text(int $number): string
    {
        return gmdate('Y-m-d', $number * 86400);
    }

    public static function number(string $text): int
    {
        return intdiv((int) gmmktime(0, 0, 0, (int) substr($text, 5, 2), (int) substr($text, 8), (int) $text), 86400);
    }

    public static function isDay(mixed $text): bool
    {
        return is_string($text) && preg_match('/^(\d{4})-(\d\d)-(\d\d)$/D', $text, $part) === 1
            && checkdate((int) $part[2], (int) $part[3], (int) $part[1]);
    }
}

/** Ed25519 by libsodium (1.0.16 or later), which refuses R and keys of small order, keys not canonical, and S >= L. */
final class Signature
{
    /** The y coordinates of small order, canonical or not, in hex. */
    private const SMALL_ORDER = [
        '0000000000000000000000000000000000000000000000000000000000000000' => true,
        '0100000000000000000000000000000000000000000000000000000000000000' => true,
        '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05' => true,
        'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a' => true,
        'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f' => true,
        'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f' => true,
        'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f' => true,
    ];

    /** False, too, for a key or a signature of another length. */
    public static function verifyStrict(string $publicKey, string $signature, string $message): bool
    {
        return strlen($publicKey) === 32 && strlen($signature) === 64
            && sodium_crypto_sign_verify_detached($signature, $message, $publicKey);
    }

    public static function isUsable(string $key): bool
    {
        return strlen($key) === 32 && !self::hasSmallOrder($key)
            && strcmp(strrev($key) & "\x7f" . str_repeat("\xff", 31), "\x7f" . str_repeat("\xff", 30) . "\xed") < 0;
    }

    private static function hasSmallOrder(string $point): bool
    {
        $point[31] = $point[31] & "\x7f";
        return isset(self::SMALL_ORDER[bin2hex(substr($point, 0, 32))]);
    }
}

/** keyring.json, decoded. */
final class Keyring
{
    /**
     * @param array<mixed> $entries
     * @return array<int, array{bool, string}>
     */
    public static function parse(array $entries): array
    {
        $keys = [];
        foreach ($entries as $i => $entry) {
            $fault = self::faultOf($entry, $keys);
            if ($fault !== null) {
                throw new \InvalidArgumentException("keyring, entry $i: $fault");
            }
            $keys[$entry['id']] = [$entry['mode'] === 'test', hex2bin($entry['publicKey'])];
        }
        if ($keys === []) {
            throw new \InvalidArgumentException('keyring: holds no key, so no code could be valid');
        }
        return $keys;
    }

    /** @param array<int, array{bool, string}> $keys */
    private static function faultOf(mixed $entry, array $keys): ?string
    {
        $names = is_array($entry) ? array_keys($entry) : [];
        sort($names);
        if ($names !== ['created', 'id', 'mode', 'publicKey', 'state']) {
            return 'fields missing or unknown';
        }
        ['id' => $id, 'publicKey' => $hex] = $entry;
        $isKey = is_string($hex) && preg_match('/^[0-9a-f]{64}$/Di', $hex) === 1;
        return match (true) {
            !is_int($id) || $id < 1 || $id > 255 || isset($keys[$id]) => 'id must be from 1 to 255, each once',
            !in_array($entry['mode'], ['live', 'test'], true) => 'mode must be live or test',
            !in_array($entry['state'], ['next', 'active', 'retired'], true) => 'state must be next, active or retired',
            !$isKey => 'publicKey must be 32 bytes in hex',
            !Signature::isUsable(hex2bin($hex)) => 'publicKey is not canonical or of small order',
            in_array(hex2bin($hex), array_column($keys, 1), true) => 'publicKey must be there once',
            !Day::isDay($entry['created']) => 'created must be a day, YYYY-MM-DD',
            default => null,
        };
    }
}

/** CRC-16/CCITT-FALSE of the first 98 bytes, two at a step. */
final class Crc16
{
    /** @var array<int>|null what each two bytes in the register become after sixteen shifts, made when first needed */
    private static ?array $after = null;

    public static function of(string $code): int
    {
        $after = self::$after ??= self::makeTable();
        $crc = 0xffff;
        foreach (unpack('J12', $code) as $eight) {
            $crc = $after[$crc ^ $eight >> 48 & 0xffff];
            $crc = $after[$crc ^ $eight >> 32 & 0xffff];
            $crc = $after[$crc ^ $eight >> 16 & 0xffff];
            $crc = $after[$crc ^ $eight & 0xffff];
        }
        return $after[$crc ^ unpack('n', $code, 96)[1]];
    }

    /** @return array<int> */
    private static function makeTable(): array
    {
        $step = static function (int $crc): int {
            for ($bit = 0; $bit < 8; $bit++) {
                $crc = ($crc << 1 ^ ($crc >> 15) * 0x1021) & 0xffff;
            }
            return $crc;
        };
        $low = array_map(static fn (int $byte): int => $step($byte << 8), range(0, 255));
        $high = array_map($step, $low);
        $after = [];
        for ($two = 0; $two < 0x10000; $two++) {
            $after[] = $high[$two >> 8] ^ $low[$two & 0xff];
        }
        return $after;
    }
}

/** From what was pasted to the characters that are judged. */
final class Clean
{
    public const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    private const LETTERS = 'abcdefghijklmnopqrstuvwxyzILO';
    private const READ_AS = 'ABCDEFGH1JK1MN0PQRSTUVWXYZ110';
    /** Unicode's, and UTF-8 is looked at as bytes, so what is no UTF-8 is no fault: it stays, and is foreign. */
    private const LINE_BREAKS = ["\v" => "\n", "\f" => "\n", "\r" => "\n",
        "\u{85}" => "\n", "\u{2028}" => "\n", "\u{2029}" => "\n"];
    private const SPACES = ["\t" => ' ', "\u{a0}" => ' ', "\u{1680}" => ' ', "\u{2000}" => ' ', "\u{2001}" => ' ',
        "\u{2002}" => ' ', "\u{2003}" => ' ', "\u{2004}" => ' ', "\u{2005}" => ' ', "\u{2006}" => ' ', "\u{2007}" => ' ',
        "\u{2008}" => ' ', "\u{2009}" => ' ', "\u{200a}" => ' ', "\u{202f}" => ' ', "\u{205f}" => ' ', "\u{3000}" => ' '];
    private const LONGEST_TEXT = 2 ** 23;

    /** What each character is read as: NFKC, upper case, and nothing for what means nothing. PHP has none without intl. */
    private const ROWS = '
        <fold-rows>
        80-A9: AA:A AB-B1: B2-B3:2+ B4: B6-B8: B9:1 BA:O BB: BC:14 BD:12 BE:34 BF: D7:
        DF:SS F7: 131:I 132-133:IJ 13F-140:L 17F:S 1C7-1C9:LJ 1CA-1CC:NJ 1F1-1F3:DZ
        2B0:H 2B2:J 2B3:R 2B7:W 2B8:Y 2E1:L 2E2:S 2E3:X 34F: 58A: 5BE: 61C: 115F-1160:
        1400: 1680: 17B4-17B5: 1806: 180B-180F: 1D2C:A 1D2E:B 1D30-1D31:D+
        1D33-1D3A:G+ 1D3C:O 1D3E:P 1D3F:R 1D40-1D41:T+ 1D42:W 1D43:A 1D47:B
        1D48-1D49:D+ 1D4D:G 1D4F:K 1D50:M 1D52:O 1D56:P 1D57-1D58:T+ 1D5B:V 1D62:I
        1D63:R 1D64-1D65:U+ 1D9C:C 1DA0:F 1DBB:Z 2000-206F: 2070:0 2071:I 2074-2079:4+
        207B: 207F:N 2080-2089:0+ 208B: 2090:A 2091:E 2092:O 2093:X 2095:H
        2096-2099:K+ 209A:P 209B-209C:S+ 20A0-20A7: 20A8:RS 20A9-20CF: 2100:AC 2101:AS
        2102-2103:C 2105:CO 2109-210B:F+ 210C-210E:H 2110-2111:I 2112-2113:L 2115:N
        2116:NO 2119-211B:P+ 211C-211D:R 2120:SM 2121:TEL 2122:TM 2124:Z 2128:Z 212A:K
        212C-212D:B+ 212F-2130:E 2131:F 2133:M 2134:O 2139:I 213B:FAX 2145-2146:D
        2147:E 2148-2149:I+ 2150:17 2151:19 2152:110 2153:13 2154:23 2155:15 2156:25
        2157:35 2158:45 2159:16 215A:56 215B:18 215C:38 215D:58 215E:78 215F:1 2160:I
        2161:II 2162:III 2163:IV 2164:V 2165:VI 2166:VII 2167:VIII 2168:IX 2169:X
        216A:XI 216B:XII 216C:L 216D-216E:C+ 216F:M 2170:I 2171:II 2172:III 2173:IV
        2174:V 2175:VI 2176:VII 2177:VIII 2178:IX 2179:X 217A:XI 217B:XII 217C:L
        217D-217E:C+ 217F:M 2190-245F: 2460-2468:1+ 2469-2472:10+ 2473:20 2474-247C:1+
        247D-2486:10+ 2487:20 2488-2490:1+ 2491-249A:10+ 249B:20 249C-24B5:A+
        24B6-24CF:A+ 24D0-24E9:A+ 24EA:0 24EB-2BFF: 2C7C:J 2C7D:V 2E00-2E2E:
        2E30-2E7F: 3000-3004: 3008-3020: 3030: 3036-3037: 303D-303F: 30A0: 3164:
        3250:PTE 3251-3259:21+ 325A-325F:30+ 32B1-32B4:36+ 32B5-32BE:40+ 32BF:50
        32CC:HG 32CD:ERG 32CE:EV 32CF:LTD 3371:HPA 3372:DA 3374:BAR 3375:OV 3376:PC
        3377:DM 3378-3379:DM2+ 3380:PA 3381:NA 3383:MA 3384-3385:KA+ 3386:MB 3387:GB
        3388:CAL 3389:KCAL 338A:PF 338B:NF 338E:MG 338F:KG 3390:HZ 3391:KHZ 3392:MHZ
        3393:GHZ 3394:THZ 3396:ML 3397:DL 3398:KL 3399:FM 339A:NM 339C:MM 339D:CM
        339E:KM 339F:MM2 33A0:CM2 33A1:M2 33A2:KM2 33A3:MM3 33A4:CM3 33A5:M3 33A6:KM3
        33A7:MS 33A8:MS2 33A9:PA 33AA:KPA 33AB:MPA 33AC:GPA 33AD:RAD 33AE:RADS
        33AF:RADS2 33B0:PS 33B1:NS 33B3:MS 33B4:PV 33B5:NV 33B7:MV 33B8:KV 33B9:MV
        33BA:PW 33BB:NW 33BD:MW 33BE:KW 33BF:MW 33C2:AM 33C3:BQ 33C4-33C5:CC+ 33C6:CKG
        33C7:CO 33C8:DB 33C9:GY 33CA:HA 33CB:HP 33CC:IN 33CD:KK 33CE:KM 33CF:KT
        33D0-33D1:LM+ 33D2:LOG 33D3:LX 33D4:MB 33D5:MIL 33D6:MOL 33D7:PH 33D8:PM
        33D9:PPM 33DA:PR 33DB:SR 33DC:SV 33DD:WB 33DE:VM 33DF:AM 33FF:GAL A7F1:S
        A7F2:C A7F3:F A7F4:Q FB00:FF FB01:FI FB02:FL FB03:FFI FB04:FFL FB05-FB06:ST
        FE00-FE1F: FE30-FE6F: FEFF: FF01-FF0F: FF10-FF19:0+ FF1A-FF20: FF21-FF3A:A+
        FF3B-FF40: FF41-FF5A:A+ FF5B-FF65: FFA0: FFE0-FFFD: 107A5:Q 10D6E: 10EAD:
        1BCA0-1BCA3: 1CCD6-1CCEF:A+ 1CCF0-1CCF9:0+ 1D173-1D17A: 1D400-1D419:A+
        1D41A-1D433:A+ 1D434-1D44D:A+ 1D44E-1D454:A+ 1D456-1D467:I+ 1D468-1D481:A+
        1D482-1D49B:A+ 1D49C:A 1D49E-1D49F:C+ 1D4A2:G 1D4A5-1D4A6:J+ 1D4A9-1D4AC:N+
        1D4AE-1D4B5:S+ 1D4B6-1D4B9:A+ 1D4BB:F 1D4BD-1D4C3:H+ 1D4C5-1D4CF:P+
        1D4D0-1D4E9:A+ 1D4EA-1D503:A+ 1D504-1D505:A+ 1D507-1D50A:D+ 1D50D-1D514:J+
        1D516-1D51C:S+ 1D51E-1D537:A+ 1D538-1D539:A+ 1D53B-1D53E:D+ 1D540-1D544:I+
        1D546:O 1D54A-1D550:S+ 1D552-1D56B:A+ 1D56C-1D585:A+ 1D586-1D59F:A+
        1D5A0-1D5B9:A+ 1D5BA-1D5D3:A+ 1D5D4-1D5ED:A+ 1D5EE-1D607:A+ 1D608-1D621:A+
        1D622-1D63B:A+ 1D63C-1D655:A+ 1D656-1D66F:A+ 1D670-1D689:A+ 1D68A-1D6A3:A+
        1D6A4:I 1D7CE-1D7D7:0+ 1D7D8-1D7E1:0+ 1D7E2-1D7EB:0+ 1D7EC-1D7F5:0+
        1D7F6-1D7FF:0+ 1F000-1F0FF: 1F100-1F101:0 1F102-1F10A:1+ 1F10B-1F10F:
        1F110-1F129:A+ 1F12A:S 1F12B:C 1F12C:R 1F12D:CD 1F12E:WZ 1F12F: 1F130-1F149:A+
        1F14A:HV 1F14B:MV 1F14C:SD 1F14D:SS 1F14E:PPV 1F14F:WC 1F150-1F169:
        1F16A-1F16B:MC+ 1F16C:MR 1F16D-1F18F: 1F190:DJ 1F191-1FAFF: 1FBF0-1FBF9:0+
        E0000-E0FFF:
        </fold-rows>';

    /** @var array<string, string>|null made when first needed */
    private static ?array $fold = null;

    /** The code, if the text is one or exactly one of its lines or words is; else all of it, cleaned. Linear in time. */
    public static function clean(string $text): string
    {
        if (self::isCode($text)) {
            return $text;
        }
        $text = substr($text, 0, self::LONGEST_TEXT);
        $cleaned = self::once(self::fold($text));
        if (self::isCode($cleaned)) {
            return $cleaned;
        }
        $found = null;
        foreach (self::longParts("\n", strtr($text, self::LINE_BREAKS)) as $line) {
            foreach (self::codesIn($line) as $code) {
                if ($found !== null) {
                    return $cleaned;
                }
                $found = $code;
            }
        }
        return $found ?? $cleaned;
    }

    /** The 100 bytes of a code: 8 characters are 40 bits. */
    public static function bytesOf(string $code): string
    {
        $parts = [];
        foreach (str_split(strtr($code, self::ALPHABET, '0123456789abcdefghijklmnopqrstuv'), 8) as $eight) {
            $bits = intval($eight, 32);
            $parts[] = $bits >> 8;
            $parts[] = $bits & 0xff;
        }
        return pack('NCNCNCNCNCNCNCNCNCNCNCNCNCNCNCNCNCNCNCNC', ...$parts);
    }

    public static function isCode(string $text): bool
    {
        return strlen($text) === 160 && preg_match('/[^' . self::ALPHABET . ']/', $text) === 0;
    }

    private static function once(string $cleaned): string
    {
        $half = substr($cleaned, 0, 160);
        return $cleaned === $half . $half ? $half : $cleaned;
    }

    /** A line that is a code counts once, not again for the word that it holds. @return iterable<string> */
    private static function codesIn(string $line): iterable
    {
        $cleaned = self::fold($line);
        if (self::isCode($cleaned)) {
            return [$cleaned];
        }
        $codes = [];
        foreach (self::longParts(' ', strtr($line, self::SPACES)) as $word) {
            $cleaned = self::fold($word);
            if (self::isCode($cleaned)) {
                $codes[] = $cleaned;
            }
        }
        return $codes;
    }

    /** A character is read as four at most, so a shorter part can be no code. @return iterable<string> */
    private static function longParts(string $between, string $text): iterable
    {
        for ($start = 0, $length = strlen($text); $start < $length; $start = $end + 1) {
            $end = $start + strcspn($text, $between, $start);
            if ($end - $start >= 40) {
                yield substr($text, $start, $end - $start);
            }
        }
    }

    private static function fold(string $text): string
    {
        $ascii = strtr(str_replace(str_split("\t\n\v\f\r ->*_`"), '', $text), self::LETTERS, self::READ_AS);
        return preg_match('/[\x80-\xff]/', $ascii) === 1 ? strtr($ascii, self::$fold ??= self::makeFold()) : $ascii;
    }

    /** @return array<string, string> the UTF-8 of each character that is not ASCII and not foreign */
    private static function makeFold(): array
    {
        $fold = [];
        preg_match_all('/(\w+)(?:-(\w+))?:(\w*)(\+?)/', self::ROWS, $rows, PREG_SET_ORDER);
        foreach ($rows as [, $first, $last, $target, $rises]) {
            $end = hexdec($last === '' ? $first : $last);
            for ($point = hexdec($first); $point <= $end; $point++) {
                $fold[self::utf8($point)] = strtr($target, 'ILO', '110');
                if ($rises !== '') {
                    $target = substr($target, 0, -1) . chr(ord($target[-1]) + 1);
                }
            }
        }
        return $fold;
    }

    /** Of a code point from 0x80 on. */
    private static function utf8(int $point): string
    {
        $tail = chr(0x80 | $point & 0x3f);
        return match (true) {
            $point < 0x800 => chr(0xc0 | $point >> 6) . $tail,
            $point < 0x10000 => chr(0xe0 | $point >> 12) . chr(0x80 | $point >> 6 & 0x3f) . $tail,
            default => chr(0xf0 | $point >> 18) . chr(0x80 | $point >> 12 & 0x3f) . chr(0x80 | $point >> 6 & 0x3f) . $tail,
        };
    }
}
