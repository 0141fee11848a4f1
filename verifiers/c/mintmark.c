/*
 * See mintmark.h. In the order of reading: the signature, the license, the verdict; then what a reader is made of. One
 * file, long as it is, so that a program has few to copy.
 */
#include "mintmark.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clean.h"

enum { CODE_LENGTH = MINTMARK_CODE_LENGTH, NO_DAY = INT32_MIN, CLOCK_SKEW_DAYS = 2 };

static uint16_t two(const uint8_t *bytes) { return (uint16_t)(bytes[0] << 8 | bytes[1]); }

/* CRC-16/CCITT-FALSE, a byte at a time: x is the byte's share of the polynomial 0x1021 without a table. */
static uint16_t crc16(const uint8_t *bytes, size_t length) {
    uint32_t crc = 0xFFFF;
    for (size_t i = 0; i < length; i++) {
        uint32_t x = (crc >> 8 ^ bytes[i]) & 0xFF;
        x ^= x >> 4;
        crc = (crc << 8 ^ x << 12 ^ x << 5 ^ x) & 0xFFFF;
    }
    return (uint16_t)crc;
}

/* The points whose order divides 8, by y with the sign bit clear, and the two that write 0 and 1 as p and p + 1. */
static bool has_small_order(const uint8_t point[32]) {
    static const uint8_t ORDER_8[2][32] = {
        {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
         0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
        {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
         0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a}};
    const uint8_t top = point[31] & 0x7F, fill = top == 0x7F ? 0xFF : 0;
    const bool is_8 = memcmp(point, ORDER_8[0], 31) == 0 && top == ORDER_8[0][31];
    if (is_8 || (memcmp(point, ORDER_8[1], 31) == 0 && top == ORDER_8[1][31])) return true;
    if (top != 0 && top != 0x7F) return false;
    for (int i = 1; i < 31; i++)
        if (point[i] != fill) return false;
    return top == 0 ? point[0] <= 1 : point[0] >= 0xEC && point[0] <= 0xEE; /* 0 and 1; p - 1, p and p + 1 */
}

/* True if y is below p = 2^255 - 19. */
static bool is_canonical(const uint8_t point[32]) {
    if ((point[31] & 0x7F) != 0x7F) return true;
    for (int i = 30; i > 0; i--)
        if (point[i] != 0xFF) return true;
    return point[0] < 0xED;
}

static bool is_below_order(const uint8_t s[32]) {
    static const uint8_t L[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                  0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    for (int i = 31; i >= 0; i--)
        if (s[i] != L[i]) return s[i] < L[i];
    return false;
}

/* libsodium checks all of this too, unless it was built with ED25519_COMPAT. */
bool mintmark_verify_strict(const uint8_t *message, size_t length, const uint8_t *signature, size_t signature_length,
                            const uint8_t public_key[32]) {
    return signature_length == 64 && is_below_order(signature + 32) && !has_small_order(signature) &&
           is_canonical(public_key) && !has_small_order(public_key) &&
           crypto_sign_verify_detached(signature, message, length, public_key) == 0;
}

/* Days and civil dates by eras of 400 years that begin in March, when a leap day is the last of its year. */
static void write_day(char text[11], uint16_t number) {
    const uint32_t day = number + 719468u, era = day / 146097, in_era = day % 146097;
    const uint32_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    const uint32_t in_year = in_era - (365 * year + year / 4 - year / 100), month = (5 * in_year + 2) / 153;
    const uint32_t m = month < 10 ? month + 3 : month - 9, d = in_year - (153 * month + 2) / 5 + 1;
    const uint32_t y = year + era * 400 + (m <= 2);
    const char to[] = "0123456789";
    const char day_text[11] = {to[y / 1000], to[y / 100 % 10], to[y / 10 % 10], to[y % 10],  '-',
                               to[m / 10],   to[m % 10],       '-',             to[d / 10], to[d % 10]};
    memcpy(text, day_text, sizeof day_text);
}

/* Days since 1970-01-01 of an existing day of the years 1 to 9999; NO_DAY for any other text. */
static int32_t read_day(const char *text) {
    static const uint8_t LENGTHS[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t n[8];
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') return NO_DAY;
    for (int i = 0, at = 0; i < 8; i++, at++) {
        if (i == 4 || i == 6) at++;
        if (text[at] < '0' || text[at] > '9') return NO_DAY;
        n[i] = text[at] - '0';
    }
    const int32_t year = n[0] * 1000 + n[1] * 100 + n[2] * 10 + n[3], month = n[4] * 10 + n[5], day = n[6] * 10 + n[7];
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < 1 || month < 1 || month > 12 || day < 1) return NO_DAY;
    if (day > LENGTHS[month - 1] + (month == 2 && leap)) return NO_DAY;
    const int32_t y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static void write_id(char text[37], const uint8_t bytes[16]) {
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *text++ = '-';
        *text++ = "0123456789abcdef"[bytes[i] >> 4];
        *text++ = "0123456789abcdef"[bytes[i] & 15];
    }
    *text = '\0';
}

static void read_license(mintmark_license *license, const uint8_t record[34]) {
    write_id(license->id, record + 5);
    license->revision = two(record + 21);
    write_day(license->issued, two(record + 23));
    if (two(record + 25) != 0) write_day(license->last_valid, two(record + 25));
    if (two(record + 27) != 0) write_day(license->updates_until, two(record + 27));
    license->seats = two(record + 29);
    license->features = (uint32_t)record[31] << 16 | two(record + 32);
    license->test = record[0] & 1;
    license->trial = record[0] & 2;
    license->key_id = record[1];
}

static bool is_genuine(const mintmark_reader *reader, const uint8_t bytes[100]) {
    uint8_t message[sizeof reader->prefix + 34];
    memcpy(message, reader->prefix, reader->prefix_length);
    memcpy(message + reader->prefix_length, bytes, 34);
    const uint8_t *key = reader->keys[bytes[1]].bytes;
    return reader->keys[bytes[1]].test == (bytes[0] & 1) &&
           mintmark_verify_strict(message, reader->prefix_length + 34u, bytes + 34, 64, key);
}

static mintmark_code judge(const mintmark_reader *reader, const uint8_t bytes[100], mintmark_license *license) {
    if (crc16(bytes, 98) != two(bytes + 98)) return MINTMARK_MISTYPED;
    if (bytes[0] >> 4 != 1 || (bytes[0] & 0x0C) != 0) return MINTMARK_UNSUPPORTED_VERSION;
    if (memcmp(bytes + 2, reader->tag, 3) != 0) return MINTMARK_WRONG_PRODUCT;
    if (!reader->keys[bytes[1]].known) return MINTMARK_UNKNOWN_KEY;
    if (!is_genuine(reader, bytes)) return MINTMARK_FORGED;
    read_license(license, bytes);
    const int32_t today = reader->today != NO_DAY ? reader->today : (int32_t)(time(NULL) / 86400);
    const uint16_t last_valid = two(bytes + 25), updates_until = two(bytes + 27);
    if (license->test && !reader->allow_test) return MINTMARK_TEST_CODE;
    if (two(bytes + 23) - today > CLOCK_SKEW_DAYS) return MINTMARK_NOT_YET_VALID;
    if (reader->revoked != NULL && reader->revoked(license->id, reader->context)) return MINTMARK_REVOKED;
    if (last_valid != 0 && last_valid < today) return MINTMARK_EXPIRED;
    if (updates_until != 0 && updates_until < reader->build_date) return MINTMARK_UPDATES_ENDED;
    return MINTMARK_VALID;
}

static void unarmor(uint8_t code[100], const uint8_t values[CODE_LENGTH]) {
    for (int i = 0, at = 0; i < CODE_LENGTH; i += 8, at += 5) {
        uint64_t bits = 0;
        for (int j = 0; j < 8; j++) bits = bits << 5 | values[i + j];
        for (int j = 0; j < 5; j++) code[at + j] = (uint8_t)(bits >> (32 - 8 * j));
    }
}

mintmark_verdict mintmark_read(const mintmark_reader *reader, const char *text, size_t length) {
    mintmark_verdict verdict = {.code = MINTMARK_EMPTY};
    if (text == NULL) return verdict;
    mintmark_cleaned cleaned;
    mintmark_clean(text, length, &cleaned);
    if (cleaned.count == 0) return verdict;
    if (cleaned.bad != 0) {
        verdict.code = MINTMARK_BAD_CHARACTER;
        verdict.position = cleaned.bad;
    } else if (cleaned.count != CODE_LENGTH) {
        verdict.code = cleaned.count < CODE_LENGTH ? MINTMARK_TOO_SHORT : MINTMARK_TOO_LONG;
        verdict.count = cleaned.count;
    } else {
        uint8_t code[100];
        unarmor(code, cleaned.values);
        verdict.code = judge(reader, code, &verdict.license);
    }
    return verdict;
}

static const char *take_keys(mintmark_reader *reader, const mintmark_options *options) {
    if (options->keyring == NULL || options->keys == 0) return "keyring: holds no key, so no code could be valid";
    for (size_t i = 0; i < options->keys; i++) {
        const mintmark_key *entry = &options->keyring[i];
        uint8_t bytes[32];
        size_t read = 0;
        if (entry->id == 0) return "keyring: an id is a whole number from 1 to 255";
        if (entry->public_key == NULL || strlen(entry->public_key) != 64 ||
            sodium_hex2bin(bytes, sizeof bytes, entry->public_key, 64, NULL, &read, NULL) != 0 || read != 32)
            return "keyring: a public key is 32 bytes in hex";
        if (!is_canonical(bytes) || has_small_order(bytes))
            return "keyring: a public key is of small order or not canonical, so anyone could sign for it";
        if (reader->keys[entry->id].known) return "keyring: an id is there twice";
        for (int id = 1; id < 256; id++)
            if (reader->keys[id].known && memcmp(reader->keys[id].bytes, bytes, 32) == 0)
                return "keyring: a public key is there twice";
        reader->keys[entry->id].known = true;
        reader->keys[entry->id].test = entry->test;
        memcpy(reader->keys[entry->id].bytes, bytes, 32);
    }
    return NULL;
}

const char *mintmark_init(mintmark_reader *reader, const mintmark_options *options) {
    static const char CONTEXT[20] = "mintmark license v1";
    memset(reader, 0, sizeof *reader);
    if (sodium_init() < 0) return "libsodium: cannot be used";
    const size_t length = options->product == NULL ? 0 : strlen(options->product);
    if (length < 1 || length > 64) return "product: must be the product id, 1 to 64 bytes of UTF-8";
    uint8_t hash[crypto_hash_sha512_BYTES];
    crypto_hash_sha512(hash, (const uint8_t *)options->product, length);
    memcpy(reader->tag, hash, sizeof reader->tag);
    memcpy(reader->prefix, CONTEXT, sizeof CONTEXT);
    reader->prefix[sizeof CONTEXT] = (uint8_t)length;
    memcpy(reader->prefix + sizeof CONTEXT + 1, options->product, length);
    reader->prefix_length = (uint8_t)(sizeof CONTEXT + 1 + length);
    const char *fault = take_keys(reader, options);
    if (fault != NULL) return fault;
    reader->today = options->today == NULL ? NO_DAY : read_day(options->today);
    if (options->today != NULL && reader->today == NO_DAY) return "today: must be a day, YYYY-MM-DD";
    reader->build_date = options->build_date == NULL ? NO_DAY : read_day(options->build_date);
    if (options->build_date != NULL && reader->build_date == NO_DAY) return "build_date: must be a day, YYYY-MM-DD";
    reader->allow_test = options->allow_test;
    reader->revoked = options->revoked;
    reader->context = options->context;
    return NULL;
}

static const struct {
    const char *word, *sentence;
} WORDS[] = {
    [MINTMARK_EMPTY] = {"empty", "paste your license code"},
    [MINTMARK_BAD_CHARACTER] = {"bad-character", "character %zu does not belong in a license code"},
    [MINTMARK_TOO_SHORT] = {"too-short", "this is %zu of 160 characters: copy the whole line"},
    [MINTMARK_TOO_LONG] = {"too-long", "this is %zu characters instead of 160: copy only the line with the code"},
    [MINTMARK_MISTYPED] = {"mistyped", "a character is wrong: paste it again"},
    [MINTMARK_UNSUPPORTED_VERSION] = {"unsupported-version",
                                      "this license was made for a newer version of this program"},
    [MINTMARK_WRONG_PRODUCT] = {"wrong-product", "this license is for another product"},
    [MINTMARK_UNKNOWN_KEY] = {"unknown-key", "update the program, then try again"},
    [MINTMARK_FORGED] = {"forged", "this is not a genuine license"},
    [MINTMARK_TEST_CODE] = {"test-code", "this is a test license"},
    [MINTMARK_NOT_YET_VALID] = {"not-yet-valid",
                                "this license begins in the future: check the date of your computer"},
    [MINTMARK_REVOKED] = {"revoked", "this license was withdrawn (refunded, for example)"},
    [MINTMARK_EXPIRED] = {"expired", "this license expired on %s"},
    [MINTMARK_UPDATES_ENDED] = {"updates-ended", "this license covers versions built until %s"},
    [MINTMARK_VALID] = {"valid", "licensed"},
};

const char *mintmark_word(mintmark_code code) { return WORDS[code].word; }

const char *mintmark_explain(const mintmark_verdict *verdict, char *sentence, size_t size) {
    switch (verdict->code) {
    case MINTMARK_BAD_CHARACTER: snprintf(sentence, size, WORDS[verdict->code].sentence, verdict->position); break;
    case MINTMARK_TOO_SHORT:
    case MINTMARK_TOO_LONG: snprintf(sentence, size, WORDS[verdict->code].sentence, verdict->count); break;
    case MINTMARK_EXPIRED: snprintf(sentence, size, WORDS[verdict->code].sentence, verdict->license.last_valid); break;
    case MINTMARK_UPDATES_ENDED:
        snprintf(sentence, size, WORDS[verdict->code].sentence, verdict->license.updates_until);
        break;
    default: snprintf(sentence, size, "%s", WORDS[verdict->code].sentence);
    }
    return sentence;
}
