/*
 * Verifies Mintmark license codes offline (docs/license-code.md), with libsodium and nothing else. Copy mintmark.h,
 * mintmark.c, clean.h, clean.c and fold.h into your program and link with -lsodium:
 *
 *     static const mintmark_key KEYRING[] = {
 *         {1, false, "7e7dea50120be9470682f3e096a292d2f01459064d8d63e0a98fed21e3ad94fb"}};
 *
 *     mintmark_reader reader;
 *     const mintmark_options options = {.product = "acme-editor", .keyring = KEYRING, .keys = 1};
 *     const char *fault = mintmark_init(&reader, &options);          // NULL, or what is wrong with the options
 *
 *     mintmark_verdict verdict = mintmark_read(&reader, pasted, strlen(pasted));
 *     if (verdict.code == MINTMARK_VALID) unlock(verdict.license.seats);
 *     else show(mintmark_explain(&verdict, sentence, sizeof sentence));
 *
 * Nothing is allocated, no input crashes it, and a reader may be used by several threads at once.
 */
#ifndef MINTMARK_H
#define MINTMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* In the order in which they are judged; mintmark_word() gives the words of the format. */
typedef enum {
    MINTMARK_EMPTY,
    MINTMARK_BAD_CHARACTER, /* position */
    MINTMARK_TOO_SHORT,     /* count */
    MINTMARK_TOO_LONG,      /* count */
    MINTMARK_MISTYPED,
    MINTMARK_UNSUPPORTED_VERSION,
    MINTMARK_WRONG_PRODUCT,
    MINTMARK_UNKNOWN_KEY,
    MINTMARK_FORGED,
    MINTMARK_TEST_CODE, /* from here on: license */
    MINTMARK_NOT_YET_VALID,
    MINTMARK_REVOKED,
    MINTMARK_EXPIRED,
    MINTMARK_UPDATES_ENDED,
    MINTMARK_VALID
} mintmark_code;

/* Days are UTC, YYYY-MM-DD. */
typedef struct {
    char id[37];
    uint16_t revision;
    char issued[11];
    char last_valid[11];    /* inclusive; "" is perpetual */
    char updates_until[11]; /* inclusive; "" is no limit */
    uint16_t seats;         /* 0 is unlimited */
    uint32_t features;      /* bit i is the product's feature number i */
    bool test, trial;
    uint8_t key_id;
} mintmark_license;

typedef struct {
    mintmark_code code;
    size_t position; /* of the first bad character, from 1, among those that mean something */
    size_t count;    /* of characters, instead of 160 */
    mintmark_license license;
} mintmark_verdict;

/* An entry of keyring.json. */
typedef struct {
    uint8_t id; /* 1 to 255 */
    bool test;
    const char *public_key; /* 32 bytes in hex */
} mintmark_key;

typedef struct {
    const char *product; /* 1 to 64 bytes of UTF-8 */
    const mintmark_key *keyring;
    size_t keys;
    const char *today;      /* NULL: the day that the computer shows at each reading */
    const char *build_date; /* NULL: not looked at */
    bool allow_test;
    bool (*revoked)(const char *license_id, void *context); /* NULL: none is */
    void *context;
} mintmark_options;

/* What mintmark_init makes of the options; it keeps no pointer but `context`. */
typedef struct {
    uint8_t prefix[85], prefix_length, tag[3]; /* prefix: what is signed before the record */
    struct {
        bool known, test;
        uint8_t bytes[32];
    } keys[256];
    int32_t today, build_date;
    bool allow_test;
    bool (*revoked)(const char *license_id, void *context);
    void *context;
} mintmark_reader;

/* NULL, or what is wrong with which option: then the reader is not to be used. */
const char *mintmark_init(mintmark_reader *reader, const mintmark_options *options);

/* The first verdict that applies to what was pasted: any bytes, which should be UTF-8. NULL is MINTMARK_EMPTY. */
mintmark_verdict mintmark_read(const mintmark_reader *reader, const char *text, size_t length);

/* "empty" to "valid", as docs/license-code.md has them. */
const char *mintmark_word(mintmark_code code);

/* What a program may tell its user, written to `sentence` (80 bytes hold each), which is returned. */
const char *mintmark_explain(const mintmark_verdict *verdict, char *sentence, size_t size);

/* Ed25519 with S < L, key and R not of small order, and a canonical key, however libsodium was built. */
bool mintmark_verify_strict(const uint8_t *message, size_t length, const uint8_t *signature, size_t signature_length,
                            const uint8_t public_key[32]);

#ifdef __cplusplus
}
#endif

#endif
