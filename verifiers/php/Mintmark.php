<?php

/**
 * Reads Mintmark license codes offline. Copy this file into your program, or `composer require mintmark/verify`.
 *
 *     $reader = new Mintmark\Reader('acme-editor', json_decode($keyring, true), buildDate: '2026-11-21');
 *     $verdict = $reader->read($_POST['license']); // any text: a code, a line with one, a whole e-mail; never throws
 *     if ($verdict->word === 'valid') { keep($verdict->code); unlock($verdict->license->seats); }
 *     else show($verdict->explain());              // a sentence in English, or words of your own by $verdict->word
 *
 * $keyring is your product's keyring.json. The file needs PHP 8.1 or later with sodium. A text may hold a slip of the
 * finger: $verdict->repaired says which one was undone. With `features: ['export']`, the product's feature names in their
 * order, $verdict->has('export') says what is unlocked. Give $verdict->keep to the next Reader as latestDay, and a clock
 * that was set back revives nothing. The format is license-code-v1; comments here say "step" for its "Reading".
 */

declare(strict_types=1);

namespace Mintmark;

// Without these PHP looks for each in the namespace first, at every call.
use function bin2hex, chr, count, gmdate, intval, is_array, is_string, max, min, ord, pack, preg_match, preg_replace;
use function sodium_crypto_sign_verify_detached, str_split, strcmp, strlen, strpos, strrev, strspn, strtr, substr;
use function substr_count, unpack;

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
        /** Inclusive, compared with the build date; null is no limit. */
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

/** The slip that was undone. */
final class Repaired
{
    public function __construct(
        /** "substitution", "swap", "omission" or "insertion". */
        public readonly string $kind,
        /** Of the first character concerned, from 1 in the pasted text; of an omission, where it belongs. */
        public readonly int $position,
        /** As pasted: one character, two of a swap, none of an omission. */
        public readonly string $was,
        /** What belongs there: one character, two of a swap, none of an insertion. */
        public readonly string $is,
    ) {
    }
}

final class Verdict
{
    /**
     * @param array<string> $features
     * @param array<Verdict> $choices
     */
    public function __construct(
        /** One of the words that explain() knows. */
        public readonly string $word,
        /** This and the next four: from "test-code" on. */
        public readonly ?License $license = null,
        /** As it was minted: what a program stores. */
        public readonly ?string $code = null,
        /** Null: nothing was repaired. */
        public readonly ?Repaired $repaired = null,
        /** The UTC day to store, and to give the next Reader as latestDay. */
        public readonly ?string $keep = null,
        /** Names of the features of a valid license. */
        public readonly array $features = [],
        /** Of "several": one for each license. */
        public readonly array $choices = [],
        /** Of "bad-character". */
        public readonly ?string $character = null,
        /** Of "bad-character": from 1, in code points of the pasted text. */
        public readonly ?int $position = null,
        /** Of "too-short" and "too-long". */
        public readonly ?int $count = null,
        /** Which eight characters of the code are wrong, from 1, where it can be told. */
        public readonly ?int $group = null,
        /** Of "no-code": "order-number", "e-mail-address", "link" or "text". */
        public readonly ?string $seen = null,
        /** Of "unsupported-version". */
        public readonly ?int $version = null,
        /** Of "unknown-key". */
        public readonly ?int $keyId = null,
    ) {
    }

    /** True for a valid license with this feature, by a name among the reader's features. */
    public function has(string $feature): bool
    {
        return in_array($feature, $this->features, true);
    }

    /** One sentence for the user; it holds nothing of what was pasted. */
    public function explain(): string
    {
        $lookAt = $this->group === null ? ''
            : sprintf(', or look at characters %d to %d of it', 8 * $this->group - 7, 8 * $this->group);
        $seen = match ($this->seen) {
            'order-number' => 'an order number, but ',
            'e-mail-address' => 'an e-mail address, but ',
            'link' => 'a link, but ',
            default => '',
        };
        return match ($this->word) {
            'empty' => 'paste your license code',
            'no-code' => "here is {$seen}no license code: look in your e-mail for a line of 160 letters and digits",
            'bad-character' => "character $this->position does not belong in a license code",
            'too-short' => "this is $this->count of 160 characters: copy the whole line$lookAt",
            'too-long' => "this is $this->count characters instead of 160: copy only the line with the code",
            'mistyped' => "some characters are wrong: paste it again$lookAt",
            'unsupported-version' => 'this license was made for a newer version of this program',
            'wrong-product' => 'this license is for another product',
            'unknown-key' => 'update the program, then try again',
            'forged' => 'this is not a genuine license',
            'several' => 'here are codes of several licenses: paste one of them',
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
    private const FIELDS = 'Cflags/CkeyId/x3/H8a/H4b/H4c/H4d/H12e/nrevision/nissued/nlast/nupdates/nseats/Chigh/nlow';
    private const FURTHEST = ['forged', 'unknown-key', 'wrong-product', 'unsupported-version'];

    private string $tag;
    private string $prefix;
    private Heads $heads;
    /** @var array<int, array{bool, string}> whether it is a test key, and its bytes */
    private array $keys;
    /** @var array<string, int>|\Closure(string): bool */
    private array|\Closure $revoked;

    /**
     * @param array<array<string, mixed>> $keyring keyring.json, decoded as arrays
     * @param string|(callable(): string)|null $today the UTC day, YYYY-MM-DD, or a Closure that returns it at each reading;
     *     the computer's, if not given
     * @param ?string $buildDate the UTC day that the program was built on
     * @param array<string>|(callable(string): bool) $revoked license ids
     * @param string|(callable(): mixed)|null $latestDay the latest UTC day that the program has seen (the keep of the
     *     verdict before), or a Closure that returns it; what is no day, as from a damaged file, counts as none
     * @param array<string> $features the product's feature names in their order, 24 at most
     * @throws \InvalidArgumentException if one of them makes no sense
     */
    public function __construct(
        private readonly string $product,
        array $keyring,
        private readonly mixed $today = null,
        private readonly ?string $buildDate = null,
        private readonly bool $allowTest = false,
        array|callable $revoked = [],
        private readonly mixed $latestDay = null,
        private readonly array $features = [],
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
        if (count($features) > 24 || !array_is_list($features) || count(array_unique($features)) < count($features)) {
            throw new \InvalidArgumentException('features: must be a list of at most 24 names, each once');
        }
        $this->tag = substr(hash('sha512', $product, true), 0, 3);
        $this->prefix = "mintmark license v1\0" . chr($length) . $product;
        $this->keys = Keyring::parse($keyring);
        $this->heads = new Heads($this->tag, $this->keys);
        $this->revoked = is_callable($revoked) ? $revoked(...) : array_flip($revoked);
    }

    /** The first verdict that applies. Never throws: what is not a string is "empty". */
    public function read(mixed $text): Verdict
    {
        if (!is_string($text)) {
            return new Verdict('empty');
        }
        if (Text::isCode($text)) { // nothing to find: a program reads the code that it has stored
            $bytes = Text::bytesOf($text);
            if (Crc16::fits($bytes) && $this->refusal($bytes) === null && $this->isGenuine($bytes)) {
                return $this->judge($text, $bytes);
            }
        }
        return $this->search(Text::looked($text));
    }

    private function search(string $pasted): Verdict
    {
        $letters = new Letters($pasted);
        $checks = new Checks($this->isGenuine(...));
        [$genuine, $refusals, $starts] = $this->find($letters, $checks);
        $bare = $genuine === [] ? Letters::withoutLineMarks($pasted) : $pasted;
        if ($bare !== $pasted) {
            [$genuine, $more] = $this->find(new Letters($bare), $checks);
            $refusals += $more;
        }
        $newest = [];
        foreach ($genuine as $code => $repaired) {
            $bytes = Text::bytesOf($code);
            $license = ($bytes[0] & "\xfd") . substr($bytes, 2, 19); // test flag, product tag, license id
            if (!isset($newest[$license]) || strcmp(substr($bytes, 21, 2), substr($newest[$license][1], 21, 2)) > 0) {
                $newest[$license] = [$code, $bytes, $repaired];
            }
        }
        if ($newest !== []) {
            $choices = array_map(fn (array $each): Verdict => $this->judge(...$each), array_values($newest));
            return count($choices) === 1 ? $choices[0] : new Verdict('several', choices: $choices);
        }
        foreach (self::FURTHEST as $word) {
            if (isset($refusals[$word])) {
                return $refusals[$word];
            }
        }
        return Damage::of($letters, $starts, $this->heads, $pasted);
    }

    /**
     * Steps 2 and 3: the genuine codes with what was repaired in them, the refusals by their words, the starts.
     *
     * @return array{array<string, ?Repaired>, array<string, Verdict>, array<int>}
     */
    private function find(Letters $letters, Checks $checks): array
    {
        $genuine = $refusals = $places = [];
        $letters->markHeads($this->heads->places($letters));
        foreach ($letters->codes() as $code => $at) {
            $bytes = Text::bytesOf($code);
            $refusal = $this->refusal($bytes) ?? ($checks->isGenuine($code, $bytes) ? null : new Verdict('forged'));
            if ($refusal !== null) {
                $refusals[$refusal->word] ??= $refusal;
                continue;
            }
            $genuine[$code] = null;
            $places = [...$places, ...$at];
        }
        if ($genuine !== [] && $letters->count < 160 * (count($places) + 1) - 1) { // no room for another: the usual case
            return [$genuine, $refusals, []];
        }
        sort($places);
        $starts = $this->heads->starts($letters, $places);
        $past = 0;
        foreach ($starts as $start) {
            foreach ($start < $past ? [] : Slips::at($letters, $start) as $code => $slip) {
                if (!array_key_exists($code, $genuine)) {
                    $bytes = Text::bytesOf($code);
                    if ($this->refusal($bytes) !== null || !$checks->isGenuineRepair($code, $bytes)) {
                        continue;
                    }
                    $genuine[$code] = $letters->repaired(...$slip);
                }
                $past = $slip[2];
                break;
            }
        }
        return [$genuine, $refusals, $starts];
    }

    private function refusal(string $bytes): ?Verdict
    {
        $first = ord($bytes[0]);
        $keyId = ord($bytes[1]);
        return match (true) {
            ($first & 0b11111100) !== 0x10 => new Verdict('unsupported-version', version: $first >> 4),
            substr($bytes, 2, 3) !== $this->tag => new Verdict('wrong-product'),
            !isset($this->keys[$keyId]) => new Verdict('unknown-key', keyId: $keyId),
            default => null,
        };
    }

    private function isGenuine(string $bytes): bool
    {
        [$test, $key] = $this->keys[ord($bytes[1])];
        return ((ord($bytes[0]) & 1) === 1) === $test
            && Signature::verifyStrict($key, substr($bytes, 34, 64), $this->prefix . substr($bytes, 0, 34));
    }

    private function judge(string $code, string $bytes, ?Repaired $repaired = null): Verdict
    {
        $field = unpack(self::FIELDS, $bytes);
        $license = new License(
            "{$field['a']}-{$field['b']}-{$field['c']}-{$field['d']}-{$field['e']}",
            $this->product,
            $field['revision'],
            Day::text($field['issued']),
            $field['last'] === 0 ? null : Day::text($field['last']),
            $field['updates'] === 0 ? null : Day::text($field['updates']),
            $field['seats'],
            $field['high'] << 16 | $field['low'],
            ($field['flags'] & 1) === 1,
            ($field['flags'] & 2) === 2,
            $field['keyId'],
        );
        // Days compare as text, and no day is before all others.
        $latest = $this->latestDay instanceof \Closure ? ($this->latestDay)() : $this->latestDay;
        $latest = $latest !== null && Day::isDay($latest) ? $latest : '';
        $today = $this->today instanceof \Closure ? ($this->today)() : $this->today ?? gmdate('Y-m-d');
        $today = max($today, $this->buildDate ?? '', $latest);
        $end = $field['last'] === 0 ? $license->issued : Day::text($field['last'] + 1);
        $word = $this->judgeLicense($license, $field['issued'], $today);
        $features = [];
        foreach ($word === 'valid' ? $this->features : [] as $bit => $name) {
            if (($license->features >> $bit & 1) === 1) {
                $features[] = $name;
            }
        }
        return new Verdict($word, $license, $code, $repaired, max(min($today, $end), $latest), $features);
    }

    private function judgeLicense(License $license, int $issued, string $today): string
    {
        return match (true) {
            $license->test && !$this->allowTest => 'test-code',
            $license->lastValid !== null && $license->issued > $today
                && $issued - Day::number($today) > 2 => 'not-yet-valid', // a clock may be behind
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

/** Counts the signature checks in one text: each takes time. No forged code is checked twice. */
final class Checks
{
    private const MOST_FAILURES = 5;
    private const MOST_REPAIRS = 4;

    /** @var array<string, true> */
    private array $forged = [];
    private int $repairs = 0;

    /** @param \Closure(string): bool $isGenuine */
    public function __construct(private readonly \Closure $isGenuine)
    {
    }

    public function isGenuine(string $code, string $bytes): bool
    {
        if (isset($this->forged[$code]) || count($this->forged) >= self::MOST_FAILURES) {
            return false;
        }
        $genuine = ($this->isGenuine)($bytes);
        if (!$genuine) {
            $this->forged[$code] = true;
        }
        return $genuine;
    }

    public function isGenuineRepair(string $code, string $bytes): bool
    {
        if (isset($this->forged[$code]) || $this->repairs >= self::MOST_REPAIRS) {
            return false;
        }
        $this->repairs++;
        return $this->isGenuine($code, $bytes);
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

/** CRC-16/CCITT-FALSE. */
final class Crc16
{
    /** @var array<int>|null what each two bytes in the register become after sixteen shifts, made when first needed */
    private static ?array $after = null;
    /** @var array<int>|null what the register becomes over the length of a code: of each low byte, and each high one */
    private static ?array $over = null;

    /** Whether the check digits of 100 bytes fit. Two bytes at a step. */
    public static function fits(string $code): bool
    {
        $after = self::$after ??= self::makeTable();
        $crc = 0xffff;
        foreach (unpack('J12', $code) as $eight) {
            $crc = $after[$crc ^ $eight >> 48 & 0xffff];
            $crc = $after[$crc ^ $eight >> 32 & 0xffff];
            $crc = $after[$crc ^ $eight >> 16 & 0xffff];
            $crc = $after[$crc ^ $eight & 0xffff];
        }
        ['a' => $a, 'b' => $b] = unpack('na/nb', $code, 96);
        return $after[$after[$crc ^ $a] ^ $b] === 0;
    }

    /** The register after five more bits. */
    public static function step(int $register, int $value): int
    {
        $register ^= $value << 11;
        for ($bit = 0; $bit < 5; $bit++) {
            $register = ($register << 1 ^ ($register >> 15) * 0x1021) & 0xffff;
        }
        return $register;
    }

    /**
     * The register before each letter and behind the last, from 0 on; a wrong one counts as 0.
     *
     * @return array<int>
     */
    public static function registers(string $letters): array
    {
        $after = array_map(static fn (int $value): int => self::step(0, $value), range(0, 31));
        $registers = [$register = 0];
        foreach (unpack('C*', strtr($letters, Text::ALPHABET . Letters::WRONG, implode('', array_map('chr', range(0, 31))) . "\0")) as $value) {
            $registers[] = $register = $register << 5 & 0xffff ^ $after[$register >> 11 ^ $value];
        }
        return $registers;
    }

    /** What the register becomes over the length of a code of nothing but zeros. */
    public static function overACode(int $register): int
    {
        $over = self::$over ??= self::makeOver();
        return $over[$register & 0xff] ^ $over[0x100 + ($register >> 8)];
    }

    /** @return array<int> */
    private static function makeOver(): array
    {
        $after = self::$after ??= self::makeTable();
        $over = [];
        for ($bits = 0; $bits < 0x200; $bits++) {
            $register = $bits < 0x100 ? $bits : $bits - 0x100 << 8;
            for ($i = 0; $i < 50; $i++) {
                $register = $after[$register];
            }
            $over[] = $register;
        }
        return $over;
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

/** A code as text and as bytes. */
final class Text
{
    public const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    private const LONGEST_PASTE = 65536;

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

    /** Of as many bytes as make whole letters, at most eight. */
    public static function of(string $bytes): string
    {
        $text = '';
        foreach (str_split(implode('', array_map(static fn (string $c): string => sprintf('%08b', ord($c)), str_split($bytes))), 5) as $bits) {
            $text .= self::ALPHABET[bindec($bits)];
        }
        return $text;
    }

    public static function isCode(string $text): bool
    {
        return strlen($text) === 160 && strspn($text, self::ALPHABET) === 160;
    }

    /** What is looked at, in UTF-8; what is none becomes U+FFFD, which means nothing. */
    public static function looked(string $text): string
    {
        $text = substr($text, 0, 4 * self::LONGEST_PASTE);
        if (preg_match('//u', $text) !== 1) {
            $text = htmlspecialchars_decode(htmlspecialchars($text, ENT_NOQUOTES | ENT_SUBSTITUTE, 'UTF-8'), ENT_NOQUOTES);
        }
        $isLong = strlen($text) > self::LONGEST_PASTE && preg_match('/\A.{65535}./su', $text, $first) === 1;
        return $isLong ? $first[0] : $text;
    }

    /** In code points, of UTF-8. */
    public static function length(string $text): int
    {
        return strlen($text) - (int) preg_match_all('/[\x80-\xbf]/', $text);
    }
}

/**
 * Step 1. A text is made flat: a letter of the alphabet for each character that is read as one, WRONG for a wrong one, a
 * space for a gap, a line feed for a gap that is a line break.
 */
final class Letters
{
    public const WRONG = '?';

    /**
     * What stands for a character, or for nothing, in a text that a program wrote (URL, quoted-printable, HTML, JSON), and
     * UTF-8 that was read as another character set.
     */
    private const ESCAPE = '%(?:25){0,4}(?<byte>[0-9A-Fa-f]{2})'
        . '|=(?:3[Dd]|0[AaDd]|[89A-Fa-f][0-9A-Fa-f]|(?:20|09)(?=[\r\n=]|\z))'
        . '|&(?:amp;){0,4}(?:(?:\#(?<decimal>[0-9]{1,7})|\#[Xx](?<hex>[0-9A-Fa-f]{1,6})|[A-Za-z][A-Za-z0-9]{1,31});|shy|nbsp)'
        . '|<\/?[A-Za-z][^<>]{0,158}>'
        . '|\\\\(?:u(?<unit>[0-9A-Fa-f]{4})|\'[89A-Fa-f][0-9A-Fa-f]|(?:par|line)(?![a-z])|[nrt])'
        . '|\x{c2}[\x20\x{80}-\x{bf}]|\x{e2}[\x{80}\x{20ac}][\x{80}-\x{2122}]|\x{ef}\x{bb}\x{bf}';

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
        </fold-rows>
    ';

    /** What mail programs and editors put before each line: `Ada>`, `1:`, `(2)`, a number. */
    private const LINE_MARK = '/(\A|[\n\r])([\t >|([]*(?:[0-9A-Za-z]{1,10}[>:.)|\]]|[0-9]{1,4}[\t ]))/';

    /** @var array{string, string, array<string, string>}|null ASCII, what it is read as, and the same beyond ASCII */
    private static ?array $read = null;

    public readonly string $text;
    public readonly int $count;
    /** @var array<int> where words begin, in order, and the end */
    public readonly array $gaps;
    /** @var array<int, true> gaps, heads, and what is beside a wrong letter, in order */
    public array $edges;
    /** @var array<int, true> where a whole head stands */
    private array $heads = [];
    private readonly string $flat;
    /** @var array<int, true>|null */
    private ?array $paragraphs = null;
    /** @var array{array<string>, array<int>}|null */
    private ?array $sources = null;
    private ?string $kinds = null;

    public function __construct(private readonly string $pasted)
    {
        [$ascii, $letters, $beyond] = self::$read ??= self::makeRead();
        $flat = strtr(str_replace("\r\n", " \n", self::unescaped($pasted)), $ascii, $letters);
        if (preg_match('/[\x80-\xff]/', $flat) === 1) {
            $flat = preg_replace('/[\x80-\xff][\x80-\xbf]+/', self::WRONG, strtr($flat, $beyond));
        }
        $this->flat = $flat;
        $words = preg_split('/[ \n]+/', $flat, -1, PREG_SPLIT_NO_EMPTY);
        $this->text = implode('', $words);
        $this->count = strlen($this->text);
        $gaps = [$at = 0];
        $equals = [];
        foreach ($words as $word) {
            if ($word[0] === '3' && str_starts_with($word, '3D')) { // rewritten links have -3D or *3D in the place of "="
                $equals[$at + 2] = true;
            }
            $gaps[] = $at += strlen($word);
        }
        $this->gaps = $gaps;
        $edges = array_fill_keys($gaps, true) + $equals;
        for ($at = -1; ($at = strpos($this->text, self::WRONG, $at + 1)) !== false;) {
            $edges[$at] = $edges[$at + 1] = true;
        }
        ksort($edges);
        $this->edges = $edges;
    }

    /**
     * A code that begins with a whole head is found where it is joined to other text.
     *
     * @param array<int> $places where heads stand
     */
    public function markHeads(array $places): void
    {
        $this->heads = array_fill_keys($places, true);
        $this->edges += $this->heads;
        ksort($this->edges);
    }

    /** The first gap behind a place: a wrong letter ends no word. */
    public function wordEnd(int $start): int
    {
        for ($low = 0, $high = count($this->gaps) - 1; $low < $high;) {
            $middle = $low + $high >> 1;
            $this->gaps[$middle] > $start ? $high = $middle : $low = $middle + 1;
        }
        return $this->gaps[$low];
    }

    public function wrongs(int $start, int $end): int
    {
        return substr_count($this->text, self::WRONG, $start, $end - $start);
    }

    /** Where the first wrong letter is; null if there is none. */
    public function wrong(int $start, int $end): ?int
    {
        $at = strpos($this->text, self::WRONG, $start);
        return $at !== false && $at < $end ? $at : null;
    }

    public function isParagraph(int $at): bool
    {
        if ($this->paragraphs === null) {
            $this->paragraphs = [];
            $start = 0;
            foreach (preg_split('/\n *\n/', $this->flat) as $part) {
                $start += strlen($part) - substr_count($part, ' ') - substr_count($part, "\n");
                $this->paragraphs[$start] = true;
            }
        }
        return isset($this->paragraphs[$at]);
    }

    /** As many spaces in the place of line marks, so that positions stay what they are. */
    public static function withoutLineMarks(string $pasted): string
    {
        $blank = static fn (array $mark): string => $mark[1] . str_repeat(' ', strlen($mark[2]));
        return preg_replace_callback(self::LINE_MARK, $blank, $pasted);
    }

    /** How many of these letters were read from an ASCII digit. */
    public function digits(int $start, int $end): int
    {
        return substr_count($this->kinds(), '1', $start, $end - $start);
    }

    /** Upper and lower case, as in base64 and in links. */
    public function isMixed(int $start, int $end): bool
    {
        $kinds = substr($this->kinds(), $start, $end - $start);
        return str_contains($kinds, 'a') && str_contains($kinds, 'A');
    }

    /** What each letter was read from: 1 a digit, A upper case, a lower case, else a dot. I, l and O are typed for 1 and 0. */
    private function kinds(): string
    {
        if ($this->kinds === null) {
            [$ascii, $letters, $beyond] = self::$read ??= self::makeRead();
            $kinds = preg_replace(
                ['/[ \n]/', '/[0-9]/', '/[ILO]/i', '/[A-Z]/', '/[b-z]/'],
                [' ', '1', '.', 'A', 'a'],
                preg_replace('/[^0-9A-Za-z]/', ' ', $ascii),
            );
            $flat = strtr(self::unescaped($this->pasted), $ascii, $kinds);
            if (preg_match('/[\x80-\xff]/', $flat) === 1) {
                $flat = strtr($flat, preg_replace(['/[ \n]/', '/[0-9A-Z?]/'], ['', '.'], $beyond));
                $flat = preg_replace('/[\x80-\xff][\x80-\xbf]+/', '.', $flat);
            }
            $this->kinds = str_replace(' ', '', $flat);
        }
        return $this->kinds;
    }

    /**
     * What each letter was read from, and its position in the pasted text.
     *
     * @return array{array<string>, array<int>}
     */
    public function sources(): array
    {
        if ($this->sources === null) {
            $points = $positions = [];
            $position = 1;
            preg_replace_callback('/' . self::ESCAPE . '|./su', static function (array $match) use (&$points, &$positions, &$position): string {
                $point = self::unescape($match);
                $read = self::readAs($point);
                for ($i = $read === ' ' || $read === "\n" ? 0 : strlen($read); $i > 0; $i--) {
                    $points[] = $point;
                    $positions[] = $position;
                }
                $position += Text::length($match[0]);
                return '';
            }, $this->pasted, flags: PREG_UNMATCHED_AS_NULL);
            $this->sources = [$points, $positions];
        }
        return $this->sources;
    }

    /** `$cut` letters at a place are replaced by `$put`, in letters that end at `$end`. */
    public function repaired(string $kind, int $at, int $end, int $cut, string $put): Repaired
    {
        [$points, $positions] = $this->sources();
        $position = $at < $end ? $positions[$at] : $positions[$at - 1] + 1;
        return new Repaired($kind, $position, implode('', array_slice($points, $at, $cut)), $put);
    }

    /**
     * Step 2: stretches of 160 letters from edge to edge whose check digits fit, and where each begins.
     *
     * @return array<string, array<int>>
     */
    public function codes(): array
    {
        if ($this->count < 160) {
            return [];
        }
        $registers = Crc16::registers($this->text);
        $codes = [];
        foreach ($this->edges as $start => $_) {
            $end = $start;
            while ($end + 160 <= $this->count && $registers[$end + 160] === Crc16::overACode($registers[$end] ^ 0xffff)
                && $this->wrongs($end, $end + 160) === 0) {
                $end += 160;
                if (isset($this->edges[$end])) {
                    break;
                }
            }
            if (isset($this->edges[$end]) || isset($this->heads[$start])) {
                for ($at = $start; $at < $end; $at += 160) {
                    $codes[substr($this->text, $at, 160)][] = $at;
                }
            }
        }
        return $codes;
    }

    private static function unescaped(string $pasted): string
    {
        return preg_replace_callback('/' . self::ESCAPE . '/u', self::unescape(...), $pasted, flags: PREG_UNMATCHED_AS_NULL);
    }

    /**
     * The code point that an escape stands for, or a space; of any other character, itself.
     *
     * @param array<string|null> $match
     */
    private static function unescape(array $match): string
    {
        $hex = $match['byte'] ?? $match['hex'] ?? $match['unit'];
        if ($hex === null && $match['decimal'] === null) {
            return Text::length($match[0]) === 1 ? $match[0] : ' ';
        }
        $point = $hex === null ? (int) $match['decimal'] : hexdec($hex);
        if ($point > (isset($match['byte']) ? 0x7f : 0x10ffff) || ($point >= 0xd800 && $point <= 0xdfff)) {
            return ' ';
        }
        $character = self::utf8($point);
        $read = self::readAs($character);
        return $read === ' ' || $read === "\n" ? ' ' : $character;
    }

    private static function readAs(string $character): string
    {
        [$ascii, $letters, $beyond] = self::$read ??= self::makeRead();
        return strlen($character) === 1 ? strtr($character, $ascii, $letters) : $beyond[$character] ?? self::WRONG;
    }

    /** @return array{string, string, array<string, string>} */
    private static function makeRead(): array
    {
        $ascii = implode('', array_map('chr', range(0, 127)));
        $letters = preg_replace(['/[\n\v\f\r]/', '/[^0-9A-Z\n]/'], ["\n", ' '], strtoupper($ascii));
        $beyond = [];
        preg_match_all('/(\w+)(?:-(\w+))?:(\w*)(\+?)/', self::ROWS, $rows, PREG_SET_ORDER);
        foreach ($rows as [, $first, $last, $target, $rises]) {
            $end = hexdec($last === '' ? $first : $last);
            for ($point = hexdec($first); $point <= $end; $point++) {
                $read = strpos($target, 'U') === false ? strtr($target, 'ILO', '110') : self::WRONG;
                $beyond[self::utf8($point)] = $read === '' ? ' ' : $read;
                if ($rises !== '') {
                    $target = substr($target, 0, -1) . chr(ord($target[-1]) + 1);
                }
            }
        }
        $breaks = ["\u{85}" => "\n", "\u{2028}" => "\n", "\u{2029}" => "\n"];
        return [$ascii, strtr($letters, 'ILOU', '110' . self::WRONG), $breaks + $beyond];
    }

    private static function utf8(int $point): string
    {
        $tail = chr(0x80 | $point & 0x3f);
        return match (true) {
            $point < 0x80 => chr($point),
            $point < 0x800 => chr(0xc0 | $point >> 6) . $tail,
            $point < 0x10000 => chr(0xe0 | $point >> 12) . chr(0x80 | $point >> 6 & 0x3f) . $tail,
            default => chr(0xf0 | $point >> 18) . chr(0x80 | $point >> 12 & 0x3f) . chr(0x80 | $point >> 6 & 0x3f) . $tail,
        };
    }
}

/**
 * Step 3. Check digits are linear: each letter at each place adds a number of its own (XOR) to what the CRC leaves, 0 for a
 * code. So what is left tells at each place which letter would fit there.
 */
final class Slips
{
    /** @var array<array<int>>|null at each place, what each letter adds: nothing if it is wrong */
    private static ?array $weights = null;
    /** @var array<array<string>> at each place, the letter of each weight */
    private static array $byWeight = [];

    /**
     * Each code one slip away from what stands at a start, and the slip as Letters::repaired takes it.
     *
     * @return iterable<string, array{string, int, int, int, string}>
     */
    public static function at(Letters $letters, int $start): iterable
    {
        self::$weights ??= self::makeWeights();
        foreach ([160, 159, 161] as $length) {
            $end = $start + $length;
            if (!isset($letters->edges[$end])) {
                continue;
            }
            $text = substr($letters->text, $start, $length);
            $wrong = $letters->wrong($start, $end);
            if ($letters->wrongs($start, $end) > 1) {
                continue;
            }
            $wrong = $wrong === null ? null : $wrong - $start;
            $slips = match ($length) {
                160 => self::sameLength($text, $wrong),
                159 => $wrong === null ? self::omissions($text) : [],
                161 => self::insertions($text, $wrong),
            };
            foreach ($slips as [$kind, $place, $cut, $put]) {
                yield substr_replace($text, $put, $place, $cut) => [$kind, $start + $place, $end, $cut, $put];
            }
        }
    }

    /** @return iterable<array{string, int, int, string}> */
    private static function sameLength(string $text, ?int $wrong): iterable
    {
        $weights = self::$weights;
        $rest = self::restOf($text, 0);
        for ($place = $wrong ?? 0; $place <= ($wrong ?? 159); $place++) {
            $put = self::$byWeight[$place][$rest ^ $weights[$place][$text[$place]]] ?? null;
            if ($put !== null && $put !== $text[$place]) {
                yield ['substitution', $place, 1, $put];
            }
        }
        for ($place = 0; $wrong === null && $place < 159; $place++) {
            [$a, $b, $here, $there] = [$text[$place], $text[$place + 1], $weights[$place], $weights[$place + 1]];
            if ($a !== $b && ($here[$a] ^ $there[$b] ^ $here[$b] ^ $there[$a]) === $rest) {
                yield ['swap', $place, 2, $b . $a];
            }
        }
    }

    /** @return iterable<array{string, int, int, string}> */
    private static function omissions(string $text): iterable
    {
        $rest = self::restOf($text, 1);
        for ($place = 0; $place < 160; $place++) {
            $put = self::$byWeight[$place][$rest] ?? null;
            if ($put !== null && ($place === 0 || $text[$place - 1] !== $put)) {
                yield ['omission', $place, 0, $put];
            }
            if ($place < 159) {
                $rest ^= self::$weights[$place + 1][$text[$place]] ^ self::$weights[$place][$text[$place]];
            }
        }
    }

    /** @return iterable<array{string, int, int, string}> */
    private static function insertions(string $text, ?int $wrong): iterable
    {
        $rest = self::restOf(substr($text, 1), 0);
        for ($place = 0; $place <= 160; $place++) {
            $may = $wrong === null ? $place === 0 || $text[$place - 1] !== $text[$place] : $place === $wrong;
            if ($rest === 0 && $may) {
                yield ['insertion', $place, 1, ''];
            }
            if ($place < 160) {
                $rest ^= self::$weights[$place][$text[$place]] ^ self::$weights[$place][$text[$place + 1]];
            }
        }
    }

    /** What the CRC leaves, with these letters at the places from `$first` on. */
    private static function restOf(string $letters, int $first): int
    {
        $rest = Crc16::overACode(0xffff);
        foreach (str_split($letters) as $i => $letter) {
            $rest ^= self::$weights[$first + $i][$letter];
        }
        return $rest;
    }

    /** @return array<array<int>> */
    private static function makeWeights(): array
    {
        $weights = array_fill(0, 160, [Letters::WRONG => 0]);
        foreach (str_split(Text::ALPHABET) as $value => $letter) {
            $weight = Crc16::step(0, $value);
            for ($place = 159; $place >= 0; $place--) {
                $weights[$place][$letter] = $weight;
                self::$byWeight[$place][$weight] = $letter;
                $weight = Crc16::step($weight, 0);
            }
        }
        return $weights;
    }
}

/** How the codes begin that a reader may accept: the first 8 letters. */
final class Heads
{
    private const MOST_STARTS = 16;

    /** @var array<string> */
    private array $heads = [];
    private string $near;

    /** @param array<int, array{bool, string}> $keys */
    public function __construct(string $tag, array $keys)
    {
        foreach ($keys as $id => [$test]) {
            foreach ([0, 2] as $trial) {
                $this->heads[] = Text::of(chr(0x10 | $trial | (int) $test) . chr($id) . $tag);
            }
        }
        [$firsts, $lasts] = array_map(
            fn (int $at, int $length): string => implode('|', array_map(
                static fn (string $head): string => substr($head, $at, $length),
                $this->heads,
            )),
            [0, 5],
            [4, 3],
        );
        // One slip leaves the first four letters as they are, or the last three, at most one place off.
        $this->near = "/(?=$firsts|.{4,6}(?:$lasts))/";
    }

    /** Whether the letters from a place on begin like a code, as far as there are some. */
    public function begins(Letters $letters, int $start): bool
    {
        $text = substr($letters->text, $start, 8);
        foreach ($this->heads as $head) {
            if (str_starts_with($head, $text)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where a whole head stands. A code with two letters too many is not one that is joined to other text.
     *
     * @return array<int>
     */
    public function places(Letters $letters): array
    {
        if ($letters->count < 163) {
            return [];
        }
        preg_match_all('/(?=' . implode('|', $this->heads) . ')/', $letters->text, $found, PREG_OFFSET_CAPTURE);
        return array_column($found[0], 1);
    }

    /**
     * The first 16 that are in no genuine code.
     *
     * @param array<int> $genuine where those begin, in order
     * @return array<int>
     */
    public function starts(Letters $letters, array $genuine): array
    {
        $starts = [];
        $outside = 0;
        for ($at = 0; count($starts) < self::MOST_STARTS; $at++) {
            if (preg_match($this->near, $letters->text, $match, PREG_OFFSET_CAPTURE, $at) !== 1) {
                break;
            }
            $at = $match[0][1];
            while ($genuine !== [] && $genuine[0] <= $at) {
                $outside = array_shift($genuine) + 160;
            }
            if ($at >= $outside && isset($letters->edges[$at])) {
                $starts[] = $at;
            }
        }
        return $starts;
    }
}

/** Step 5: what is wrong with a text in which no whole code was found. */
final class Damage
{
    /** No day, and no license id. */
    private const ORDER_NUMBER = '/\A(?!(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}-[0-9]{4}'
        . '|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\z)[0-9A-Za-z-]{4,40}\z/';

    /** @param array<int> $starts */
    public static function of(Letters $letters, array $starts, Heads $heads, string $pasted): Verdict
    {
        if ($letters->count === 0) {
            return new Verdict('empty');
        }
        $piece = self::knownPiece($letters, $starts, $heads) ?? self::longWord($letters) ?? self::manyDigits($letters);
        if ($piece === null) {
            return new Verdict('no-code', seen: self::seen($pasted));
        }
        [$start, $end, $known] = $piece;
        $count = $end - $start;
        $group = self::group($letters, $start, $end, $known && !$heads->begins($letters, $start));
        $wrong = $letters->wrong($start, $end);
        if ($count >= 159 && $wrong !== null) {
            [$points, $positions] = $letters->sources();
            return new Verdict('bad-character', character: $points[$wrong], position: $positions[$wrong], group: $group);
        }
        return match (true) {
            $count < 160 => new Verdict('too-short', count: $count, group: $group),
            $count > 160 => new Verdict('too-long', count: $count),
            default => new Verdict('mistyped', group: $group),
        };
    }

    /**
     * @param array<int> $starts
     * @return array{int, int, bool}|null
     */
    private static function knownPiece(Letters $letters, array $starts, Heads $heads): ?array
    {
        foreach ($starts as $start) {
            $end = self::pieceEnd($letters, $start);
            if ($end - $start >= 20 || $heads->begins($letters, $start)) {
                return [$start, $end, true];
            }
        }
        return $letters->count < 4 && $heads->begins($letters, 0) ? [0, $letters->count, true] : null;
    }

    /** @return array{int, int, bool}|null */
    private static function longWord(Letters $letters): ?array
    {
        $best = null;
        $longest = 19;
        $start = 0;
        foreach ($letters->gaps as $end) {
            $isBetter = $end - $start > $longest && $letters->wrongs($start, $end) <= 2;
            if ($isBetter && !$letters->isMixed($start, $end)) {
                [$best, $longest] = [$start, $end - $start];
            }
            $start = $end;
        }
        return $best === null ? null : [$best, self::pieceEnd($letters, $best), false];
    }

    /** @return array{int, int, bool}|null */
    private static function manyDigits(Letters $letters): ?array
    {
        return $letters->count >= 40 && $letters->digits(0, $letters->count) * 5 >= $letters->count ? [0, $letters->count, false] : null;
    }

    /** An edge at the length of a code, or one off; else where prose begins. */
    private static function pieceEnd(Letters $letters, int $start): int
    {
        $near = self::proseAfter($letters, $start, 161);
        foreach ([160, 159, 161] as $length) {
            if ($start + $length <= $near && isset($letters->edges[$start + $length])) {
                return $start + $length;
            }
        }
        return self::proseAfter($letters, $start, $letters->count);
    }

    /** Where prose begins, or the end of the word that makes it so many letters. */
    private static function proseAfter(Letters $letters, int $start, int $enough): int
    {
        $end = $letters->wordEnd($start);
        $last = $end - $start;
        while ($end - $start < $enough && $end < $letters->count && !$letters->isParagraph($end)) {
            $following = $letters->wordEnd($end);
            $length = $following - $end;
            if (self::isProse($letters, $end, $following, $last) || $letters->wrongs($end, $following) > 2) {
                break;
            }
            [$last, $end] = [$length, $following];
        }
        return $end;
    }

    /** A short word behind a longer one, or a word without digits that is no group like the last one. */
    private static function isProse(Letters $letters, int $start, int $end, int $last): bool
    {
        $length = $end - $start;
        $isLast = $end === $letters->count;
        if ($length < 4 && $last >= 4 && !$isLast) {
            return true;
        }
        $isGroup = abs($length - $last) <= 1 || ($isLast && $length < $last && $last < 20); // the last may be on its way still
        return !$isGroup && $letters->digits($start, $end) === 0;
    }

    private static function group(Letters $letters, int $start, int $end, bool $otherHead): ?int
    {
        $wrong = $letters->wrong($start, $end);
        if ($wrong !== null) {
            return intdiv($wrong - $start, 8) + 1;
        }
        if ($otherHead && $end - $start >= 8) {
            return 1;
        }
        $lengths = [];
        for ($at = $start; $at < $end; $at += end($lengths)) {
            $lengths[] = min($letters->wordEnd($at), $end) - $at;
        }
        if ($end - $start < 160) {
            array_pop($lengths); // may be on its way still
        }
        $odd = array_filter($lengths, static fn (int $length): bool => $length !== 8);
        $isTold = count($odd) >= 1 && count($odd) <= 2 && count($lengths) - count($odd) >= 2;
        return $isTold ? array_key_first($odd) + 1 : null;
    }

    private static function seen(string $pasted): string
    {
        preg_match_all('/[^\t-\r ]+/', $pasted, $words);
        $fewest = count($words[0]) === 1 ? 4 : 9;
        $isAddress = false;
        foreach ($words[0] as $word) {
            $isWord = strlen($word) <= 200 || Text::length($word) <= 200;
            if (!$isWord || preg_match('/[0-9A-Za-z](?:.*[0-9A-Za-z])?/s', $word, $core) !== 1) {
                continue;
            }
            if (preg_match(self::ORDER_NUMBER, $core[0]) === 1 && preg_match_all('/[0-9]/', $core[0]) >= $fewest) {
                return 'order-number';
            }
            $isAddress = $isAddress || preg_match('/\A[^@]+@[^@]+\.[^@]+\z/', $core[0]) === 1;
        }
        return match (true) {
            $isAddress => 'e-mail-address',
            strpos($pasted, '://') !== false => 'link',
            default => 'text',
        };
    }
}
