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
 * Pass to mintmark_read whatever the customer pasted, even a whole mail. It finds the code, ignores what mail programs
 * add to it, and repairs one mistyped character if the signature proves the repair. Store verdict.code, and pass
 * verdict.keep as the next latest_day. No input crashes it, and several threads may use one reader.
 */
#ifndef MINTMARK_H
#define MINTMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The comments name the fields of a verdict that are set for a kind. mintmark_word() returns the words of the format. */
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

/* The slip that was repaired. Texts are UTF-8: one character, two for a swap. */
typedef struct {
    const char *kind; /* "substitution", "swap", "omission" or "insertion"; NULL: nothing was repaired */
    size_t position;  /* of the first wrong character, from 1, in code points of the pasted text */
    char was[9];      /* what was pasted; "" for an omission */
    char is[3];       /* what is right; "" for an insertion */
} mintmark_repaired;

typedef struct {
    mintmark_kind kind;
    const char *seen;  /* "order-number", "e-mail-address", "link" or "text" */
    char character[5]; /* the character that does not belong in a code, as it was pasted, in UTF-8 */
    size_t position;   /* its position, from 1, in code points of the pasted text */
    size_t count;      /* how many characters there are instead of 160 */
    int group;         /* the wrong group of eight characters, from 1; 0: unknown */
    size_t choices;    /* how many licenses there are codes of: mintmark_choices() writes their verdicts */
    mintmark_license license;
    char code[161]; /* the code as it was minted: the text to store */
    mintmark_repaired repaired;
    char keep[11]; /* the UTC day to store, and to pass to the next reader as latest_day */
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
    const char *today;           /* NULL: the computer's clock, at each mintmark_read */
    const char *build_date;      /* of the build: today is never earlier, updates_until is compared with it; NULL: none */
    const char *latest_day;      /* the latest day that the program has seen: `keep` of an earlier verdict; NULL: none */
    const char *const *features; /* the product's feature names in the order of the product file, at most 24 */
    size_t feature_count;
    bool allow_test;
    bool (*revoked)(const char *license_id, void *context); /* NULL: none is */
    void *context;
} mintmark_options;

/* Filled by mintmark_init. Of the pointers in the options, `features` and `context` must stay valid. */
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

/* Returns NULL, or a message that names the missing or invalid option; then do not use the reader. */
const char *mintmark_init(mintmark_reader *reader, const mintmark_options *options);

/*
 * Finds the codes in a pasted text, repairs one slip, and returns the first verdict that applies. The text is any bytes,
 * and should be UTF-8; NULL is MINTMARK_EMPTY. It reads the first 65,536 code points. For more than 400 it allocates memory;
 * if that fails, it reads the first 400.
 */
mintmark_verdict mintmark_read(const mintmark_reader *reader, const char *text, size_t length);

/* For MINTMARK_SEVERAL: writes the verdicts on the first `most` licenses, and returns how many licenses there are. */
size_t mintmark_choices(const mintmark_reader *reader, const char *text, size_t length, mintmark_verdict *choices,
                        size_t most);

/* True if the license is valid and has this feature, a name among the reader's. */
bool mintmark_has(const mintmark_reader *reader, const mintmark_verdict *verdict, const char *feature);

/* Returns the word of docs/license-code.md: "empty" to "valid". */
const char *mintmark_word(mintmark_kind kind);

/* Writes one English sentence for the user to `sentence` (128 bytes are enough), and returns it. */
const char *mintmark_explain(const mintmark_verdict *verdict, char *sentence, size_t size);

/* Ed25519 with S < L, key and R not of small order, and a canonical key, however libsodium was built. */
bool mintmark_verify_strict(const uint8_t *message, size_t length, const uint8_t *signature, size_t signature_length,
                            const uint8_t public_key[32]);

#ifdef __cplusplus
}
#endif

#endif
