<?php

/** The runner: holds Mintmark.php against vectors (verifiers/README.md says how it is called). */

declare(strict_types=1);

use Mintmark\{License, Reader, Signature, Text, Verdict};

require __DIR__ . '/Mintmark.php';
error_reporting(E_ALL);
set_error_handler(static fn (int $level, string $text) => throw new ErrorException($text, 0, $level));

/** Of processor time, for a hostile text: far above what it takes, far below what a square would. */
const MOST_SECONDS = 0.5;

function readerFor(array $keyring, array $case): Reader
{
    ['product' => $product, 'today' => $today, 'buildDate' => $buildDate, 'allowTest' => $allowTest, 'revoked' => $revoked] = $case;
    return new Reader($product, $keyring, $today, $buildDate, $allowTest, $revoked, $case['latestDay'] ?? null, $case['features'] ?? []);
}

/** What the verdict carries, in the words of the vectors. */
function answerOf(Verdict $verdict, array $case): array
{
    $answer = ['verdict' => $verdict->word];
    foreach (['code', 'keep', 'character', 'position', 'count', 'group', 'seen'] as $name) {
        $answer[$name] = $verdict->$name;
    }
    $answer['repaired'] = $verdict->repaired === null ? null : get_object_vars($verdict->repaired);
    $choices = array_map(static fn (Verdict $choice): array => ['verdict' => $choice->word, 'code' => $choice->code], $verdict->choices);
    $answer['choices'] = $choices === [] ? null : $choices;
    $answer['has'] = isset($case['features']) ? array_values(array_filter($case['features'], $verdict->has(...))) : null;
    return array_filter($answer, static fn (mixed $value): bool => $value !== null);
}

function keyringOf(array $vectors): array
{
    return array_map(static fn (array $key): array => [
        'id' => $key['id'], 'mode' => $key['mode'], 'state' => 'active',
        'publicKey' => $key['publicKey'], 'created' => '2026-11-21',
    ], $vectors['keyring']);
}

/** The code by another path than the verifier's: base32 five bits at a time. */
function mint(array $license, string $seed): string
{
    $number = static fn (?string $day): int => $day === null ? 0 : (new DateTime('1970-01-01'))->diff(new DateTime($day))->days;
    $product = $license['product'];
    $record = pack(
        'CCa3H32nnnnnCn', 0x10 | (int) $license['test'] | (int) $license['trial'] << 1, $license['keyId'],
        hash('sha512', $product, true), str_replace('-', '', $license['licenseId']), $license['revision'],
        $number($license['issued']), $number($license['lastValid']), $number($license['updatesUntil']),
        $license['seats'], $license['features'] >> 16, $license['features'] & 0xffff,
    );
    $secret = sodium_crypto_sign_secretkey(sodium_crypto_sign_seed_keypair(hex2bin($seed)));
    $record .= sodium_crypto_sign_detached("mintmark license v1\0" . chr(strlen($product)) . $product . $record, $secret);
    $crc = 0xffff;
    foreach (str_split($record) as $byte) {
        for ($crc ^= ord($byte) << 8, $bit = 0; $bit < 8; $bit++) {
            $crc = $crc & 0x8000 ? ($crc << 1 ^ 0x1021) & 0xffff : $crc << 1;
        }
    }
    $bits = implode('', array_map(static fn (string $c): string => sprintf('%08b', ord($c)), str_split($record . pack('n', $crc))));
    return implode('', array_map(static fn (string $five): string => Text::ALPHABET[bindec($five)], str_split($bits, 5)));
}

function sameLicense(?License $license, array $expected): bool
{
    if ($license === null) {
        return false;
    }
    ['id' => $id] = $fields = get_object_vars($license);
    unset($fields['id']);
    ksort($expected);
    $fields['licenseId'] = $id;
    ksort($fields);
    return $fields === $expected;
}

function judgeVectors(array $vectors): iterable
{
    $keyring = keyringOf($vectors);
    $seeds = array_column($vectors['keyring'], 'seed', 'id');
    foreach ($vectors['mint'] as $case) {
        $fields = $case['license'];
        $reader = new Reader($fields['product'], $keyring, $fields['issued'], allowTest: true);
        $minted = mint($fields, $seeds[$fields['keyId']]) === $case['code'];
        yield "mint {$case['name']}" => $minted && sameLicense($reader->read($case['code'])->license, $fields);
    }
    foreach ($vectors['read'] as $case) {
        $verdict = readerFor($keyring, $case)->read($case['input']);
        $answer = answerOf($verdict, $case);
        $told = array_intersect_key($case, array_flip(['verdict', 'code', 'repaired', 'keep', 'choices', 'character', 'position', 'count', 'group', 'seen', 'has']));
        $isSame = array_filter($told, static fn (mixed $value, string $name): bool => ($answer[$name] ?? null) !== $value, ARRAY_FILTER_USE_BOTH) === [];
        yield "read {$case['name']}: " . json_encode($answer) => $isSame && $verdict->explain() !== '';
    }
    $repeated = array_map(
        static fn (string $text): string => str_repeat($text, intdiv(2 ** 23, strlen($text))),
        ['A', ' ', 'A ', "\u{301}", "\u{33af}", "\n ", '&amp;', '<a', '%25', '200HDMQP ', "200HDMQP0\n", "2\u{430}", 'a@a.', str_repeat('A', 199) . ' ', "\xff"],
    );
    $hostile = [null, 42, 1.5, true, [], new stdClass(), "\xff\xfe", str_repeat("\xc3", 160), str_repeat("\0", 200), "\xed\xa0\x80", ...$repeated];
    foreach ($hostile as $i => $value) {
        $start = processorSeconds();
        $verdict = (new Reader('acme-editor', $keyring))->read($value);
        $seconds = processorSeconds() - $start;
        $said = $verdict->word !== 'valid' && $verdict->explain() !== '';
        yield "hostile $i, $verdict->word after $seconds seconds" => $said && $seconds < MOST_SECONDS;
    }
    foreach (wrongKeyrings($keyring[0]) as $name => $wrong) {
        yield "keyring $name" => refuses($wrong);
    }
}

function processorSeconds(): float
{
    $usage = getrusage();
    return $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'] + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6;
}

function wrongKeyrings(array $entry): iterable
{
    yield 'empty' => [];
    yield 'twice' => [$entry, $entry];
    yield 'same key' => [$entry, ['id' => 9] + $entry];
    yield 'not an object' => [null];
    yield 'small order' => [['publicKey' => '01' . str_repeat('00', 31)] + $entry];
    yield 'not canonical' => [['publicKey' => 'f0' . str_repeat('ff', 30) . '7f'] + $entry];
    foreach (['id' => 0, 'mode' => 'x', 'state' => null, 'publicKey' => '00', 'created' => '2026-02-30', 'more' => 1] as $field => $value) {
        yield $field => [[$field => $value] + $entry];
    }
}

function refuses(array $keyring): bool
{
    try {
        new Reader('acme-editor', $keyring);
        return false;
    } catch (InvalidArgumentException) {
        return true;
    }
}

function judgeWycheproof(array $vectors): iterable
{
    foreach ($vectors['testGroups'] as $group) {
        foreach ($group['tests'] as $case) {
            $parts = array_map(hex2bin(...), [$group['publicKey']['pk'], $case['sig'], $case['msg']]);
            yield "case {$case['tcId']}" => Signature::verifyStrict(...$parts) === ($case['result'] === 'valid');
        }
    }
}

function judgeSpeccheck(array $vectors): iterable
{
    foreach ($vectors as $i => $case) {
        $parts = array_map(hex2bin(...), [$case['pub_key'], $case['signature'], $case['message']]);
        yield "case $i" => Signature::verifyStrict(...$parts) === ($i === 3);
    }
}

function tell(iterable $outcomes): int
{
    $passed = $failed = 0;
    foreach ($outcomes as $name => $good) {
        $good ? $passed++ : $failed++;
        echo $good ? '' : "$name\n";
    }
    echo "$passed passed, $failed failed\n";
    return $failed === 0 ? 0 : 1;
}

function readAll(array $vectors): int
{
    $readers = [];
    while (($line = fgets(STDIN)) !== false) {
        $case = json_decode($line, true, flags: JSON_THROW_ON_ERROR);
        $circumstances = json_encode(['input' => ''] + $case);
        $readers[$circumstances] ??= readerFor(keyringOf($vectors), $case);
        echo json_encode(answerOf($readers[$circumstances]->read($case['input']), $case), JSON_THROW_ON_ERROR), "\n";
    }
    return 0;
}

function bench(array $vectors, string $seconds): int
{
    ['license' => $license, 'code' => $code] = $vectors['mint'][0];
    $reader = new Reader($license['product'], keyringOf($vectors), $license['issued']);
    $bytes = Text::bytesOf($code);
    $message = "mintmark license v1\0" . chr(strlen($license['product'])) . $license['product'] . substr($bytes, 0, 34);
    [$signature, $key] = [substr($bytes, 34, 64), hex2bin($vectors['keyring'][0]['publicKey'])];
    $best = ['reads' => 0, 'checks' => 0];
    for ($end = microtime(true) + (float) $seconds; microtime(true) < $end;) {
        $start = hrtime(true);
        for ($i = 0; $i < 25; $i++) {
            $reader->read($code);
        }
        $middle = hrtime(true);
        for ($i = 0; $i < 25; $i++) {
            sodium_crypto_sign_verify_detached($signature, $message, $key);
        }
        $best['reads'] = max($best['reads'], 25e9 / ($middle - $start));
        $best['checks'] = max($best['checks'], 25e9 / (hrtime(true) - $middle));
    }
    echo json_encode($best), "\n";
    return 0;
}

[, $command, $file] = $argv;
$vectors = json_decode(file_get_contents($file), true, flags: JSON_THROW_ON_ERROR);
exit(match ($command) {
    'vectors' => tell(judgeVectors($vectors)),
    'wycheproof' => tell(judgeWycheproof($vectors)),
    'speccheck' => tell(judgeSpeccheck($vectors)),
    'read' => readAll($vectors),
    'bench' => bench($vectors, $argv[3]),
});
