/*
 * Reads Mintmark license codes offline (docs/license-code.md), with libsodium and nothing else. Copy mintmark.h and
 * mintmark.c into your program, link with -lsodium, and embed what keyring.json holds:
 *
 *     static const mintmark_key KEYRING[] = {
 *         {1, false, "7e7dea50120be9470682f3e096a292d2f01459064d8d63e0a98fed21e3ad94fb"}};
 *     const mintmark_options options = {.product = "acme-editor", .keyring = KEYRING, .keys = 1};
 *     mintmark_reader reader;
 *     const char *fault = mintmark_init(&reader, &options); // NULL, or what is wrong with the options
 *     mintmark_verdict verdict = mintmark_read(&reader, pasted, strlen(pasted));
 *     if (verdict.kind == MINTMARK_VALID) unlock(verdict.license.seats);
 *     else tell(mintmark_explain(&verdict, sentence, sizeof sentence));
 *
 * Give it whatever the customer pasted, a whole mail too: it finds the code, forgives what mail programs do to it, and
 * undoes one slip of the finger where the signature proves it (verdict.repaired). Store verdict.code, and verdict.keep
 * for the next latest_day. No input crashes it, and a reader may be used by several threads at once.
 */
#ifndef MINTMARK_H
#define MINTMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Behind each, what a verdict of that kind holds beside it; mintmark_word() gives the words of the format. */
typedef enum {
    MINTMARK_EMPTY,
    MINTMARK_NO_CODE,       /* seen */
    MINTMARK_BAD_CHARACTER, /* character, position, group */
    MINTMARK_TOO_SHORT,     /* count, group */
    MINTMARK_TOO_LONG,      /* count */
    MINTMARK_MISTYPED,      /* group */
    MINTMARK_UNSUPPORTED_VERSION,
    MINTMARK_WRONG_PRODUCT,
    MINTMARK_UNKNOWN_KEY,
    MINTMARK_FORGED,
    MINTMARK_SEVERAL,   /* choices */
    MINTMARK_TEST_CODE, /* from here on: license, code, repaired, keep */
    MINTMARK_NOT_YET_VALID,
    MINTMARK_REVOKED,
    MINTMARK_EXPIRED,
    MINTMARK_UPDATES_ENDED,
    MINTMARK_VALID
} mintmark_kind;

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

/* The slip that was undone. Texts are UTF-8: one character, two of a swap; `was` is "" of an omission, `is` of an insertion. */
typedef struct {
    const char *kind; /* "substitution", "swap", "omission", "insertion"; NULL: there was none */
    size_t position;  /* of the first character concerned, from 1, in code points of the pasted text */
    char was[9];      /* as pasted */
    char is[3];       /* what belongs there */
} mintmark_repaired;

typedef struct {
    mintmark_kind kind;
    const char *seen;  /* "order-number", "e-mail-address", "link" or "text" */
    char character[5]; /* that does not belong in a code, as pasted, in UTF-8 */
    size_t position;   /* of it, from 1, in code points of the pasted text */
    size_t count;      /* of characters, instead of 160 */
    int group;         /* of eight characters that is wrong, from 1; 0: not told */
    size_t choices;    /* how many licenses: mintmark_choices() gives them */
    mintmark_license license;
    char code[161]; /* as it was minted: what a program stores */
    mintmark_repaired repaired;
    char keep[11]; /* the day to store, and to give to the next reader as latest_day */
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
    const char *today;           /* NULL: the day that the computer shows at each reading */
    const char *build_date;      /* today is never earlier, updates end before it; NULL: not looked at */
    const char *latest_day;      /* the latest day seen: `keep` of the verdict before; NULL or no day: none */
    const char *const *features; /* the product's feature names in their order, 24 at most */
    size_t feature_count;
    bool allow_test;
    bool (*revoked)(const char *license_id, void *context); /* NULL: none is */
    void *context;
} mintmark_options;

/* What mintmark_init makes of the options; it keeps the pointers `features` and `context` alone. */
typedef struct {
    uint8_t prefix[85], prefix_length, tag[3]; /* prefix: what is signed before the record */
    struct {
        bool known, test;
        uint8_t bytes[32];
    } keys[256];
    int32_t today, build_date, latest_day;
    const char *const *features;
    size_t feature_count;
    bool allow_test;
    bool (*revoked)(const char *license_id, void *context);
    void *context;
    uint16_t steps[32], over_code[16], start, weights[160][32]; /* of check digits */
} mintmark_reader;

/* NULL, or what is wrong with which option: then the reader is not to be used. */
const char *mintmark_init(mintmark_reader *reader, const mintmark_options *options);

/*
 * What was pasted comes to: any bytes, which should be UTF-8. NULL is MINTMARK_EMPTY. Of a long text the first 65,536
 * code points are looked at; for more than 400 it takes memory, and where there is none, the first 400 are.
 */
mintmark_verdict mintmark_read(const mintmark_reader *reader, const char *text, size_t length);

/* Of MINTMARK_SEVERAL: writes the verdicts on the first `most` licenses, and returns how many there are in the text. */
size_t mintmark_choices(const mintmark_reader *reader, const char *text, size_t length, mintmark_verdict *choices,
                        size_t most);

/* True for MINTMARK_VALID and a license with this feature, by a name among the reader's. */
bool mintmark_has(const mintmark_reader *reader, const mintmark_verdict *verdict, const char *feature);

/* "empty" to "valid", as docs/license-code.md has them. */
const char *mintmark_word(mintmark_kind kind);

/* What a program may tell its user, written to `sentence` (128 bytes hold each), which is returned. */
const char *mintmark_explain(const mintmark_verdict *verdict, char *sentence, size_t size);

/* Ed25519 with S < L, key and R not of small order, and a canonical key, however libsodium was built. */
bool mintmark_verify_strict(const uint8_t *message, size_t length, const uint8_t *signature, size_t signature_length,
                            const uint8_t public_key[32]);

#ifdef __cplusplus
}
#endif

#endif
