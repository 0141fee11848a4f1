/*
 * Holds the verifier against the vectors, answers cases, and measures: see verifiers/README.md for the commands. One
 * file, long as it is: a command is a few lines, and all share the reading of the vectors.
 */
#define _DEFAULT_SOURCE
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "mintmark.h"

enum { MOST_KEYS = 255, ALPHABET_BITS = 5 };

static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static size_t passed, failed;

static void tell(bool right, const char *what, const char *why) {
    if (right) passed++;
    else failed++, printf("%s: %s\n", what == NULL ? "(no name)" : what, why);
}

static void give_up(const char *why, const char *what) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(2);
}

static json *read_file(const char *name) {
    FILE *file = fopen(name, "rb");
    if (file == NULL) give_up("cannot be read", name);
    char *text = NULL;
    size_t size = 0;
    const ssize_t length = getdelim(&text, &size, '\0', file);
    fclose(file);
    json *value = length < 0 ? NULL : json_parse(text, (size_t)length);
    free(text);
    if (value == NULL) give_up("is no JSON", name);
    return value;
}

/* The bytes in a member's hex; how many. */
static size_t from_hex(const json *object, const char *name, uint8_t *bytes, size_t most) {
    const json *hex = json_get(object, name);
    size_t length = 0;
    if (hex->type != JSON_STRING || sodium_hex2bin(bytes, most, hex->text, hex->length, "-", &length, NULL) != 0)
        give_up("is no hex", name);
    return length;
}

static size_t read_keyring(const json *vectors, mintmark_key keys[MOST_KEYS]) {
    size_t count = 0;
    const json *entry = json_get(vectors, "keyring")->first;
    for (; entry != NULL && count < MOST_KEYS; entry = entry->next) {
        const bool test = strcmp(json_text(entry, "mode"), "test") == 0;
        keys[count++] = (mintmark_key){(uint8_t)json_number(entry, "id"), test, json_text(entry, "publicKey")};
    }
    return count;
}

static bool is_listed(const char *license_id, void *context) {
    const json *each = ((const json *)context)->first;
    while (each != NULL && strcmp(each->text, license_id) != 0) each = each->next;
    return each != NULL;
}

static void put_string(FILE *to, const char *text) {
    putc('"', to);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') putc('\\', to);
        putc(*text, to);
    }
    putc('"', to);
}

static void put_member(FILE *to, const char *name, const char *text) {
    fprintf(to, ",\"%s\":", name);
    put_string(to, text);
}

static void put_choices(FILE *to, const mintmark_reader *reader, const json *input, size_t count) {
    mintmark_verdict *choices = calloc(count, sizeof *choices);
    if (mintmark_choices(reader, input->text, input->length, choices, count) != count) give_up("other choices", "a case");
    fprintf(to, ",\"choices\":[");
    for (size_t i = 0; i < count; i++)
        fprintf(to, "%s{\"verdict\":\"%s\",\"code\":\"%s\"}", i > 0 ? "," : "", mintmark_word(choices[i].kind),
                choices[i].code);
    putc(']', to);
    free(choices);
}

/* What a verdict carries, as JSON, by the names of the vectors. */
static void put_answer(FILE *to, const mintmark_reader *reader, const json *each, const mintmark_verdict *verdict) {
    fprintf(to, "{\"verdict\":\"%s\"", mintmark_word(verdict->kind));
    if (verdict->kind == MINTMARK_NO_CODE) put_member(to, "seen", verdict->seen);
    if (verdict->kind == MINTMARK_BAD_CHARACTER) {
        put_member(to, "character", verdict->character);
        fprintf(to, ",\"position\":%zu", verdict->position);
    }
    if (verdict->count != 0) fprintf(to, ",\"count\":%zu", verdict->count);
    if (verdict->group != 0) fprintf(to, ",\"group\":%d", verdict->group);
    if (verdict->kind == MINTMARK_SEVERAL) put_choices(to, reader, json_get(each, "input"), verdict->choices);
    if (verdict->kind >= MINTMARK_TEST_CODE) {
        put_member(to, "code", verdict->code);
        put_member(to, "keep", verdict->keep);
    }
    if (verdict->repaired.kind != NULL) {
        fprintf(to, ",\"repaired\":{\"position\":%zu", verdict->repaired.position);
        put_member(to, "kind", verdict->repaired.kind);
        put_member(to, "was", verdict->repaired.was);
        put_member(to, "is", verdict->repaired.is);
        putc('}', to);
    }
    if (json_get(each, "features")->type == JSON_ARRAY) {
        const char *between = "";
        fprintf(to, ",\"has\":[");
        for (size_t i = 0; i < reader->feature_count; i++) {
            if (!mintmark_has(reader, verdict, reader->features[i])) continue;
            fputs(between, to);
            put_string(to, reader->features[i]);
            between = ",";
        }
        putc(']', to);
    }
    fprintf(to, "}\n");
}

/* The answer to a case, by a reader made for it. */
static void answer_case(FILE *to, const json *vectors, const json *each) {
    mintmark_key keys[MOST_KEYS];
    mintmark_reader reader;
    const char *features[24];
    size_t feature_count = 0;
    const json *feature = json_get(each, "features")->first;
    for (; feature != NULL && feature_count < 24; feature = feature->next) features[feature_count++] = feature->text;
    const mintmark_options options = {.product = json_text(each, "product"),
                                      .keyring = keys,
                                      .keys = read_keyring(vectors, keys),
                                      .today = json_text(each, "today"),
                                      .build_date = json_text(each, "buildDate"),
                                      .latest_day = json_text(each, "latestDay"),
                                      .features = features,
                                      .feature_count = feature_count,
                                      .allow_test = json_true(each, "allowTest"),
                                      .revoked = is_listed,
                                      .context = (void *)(uintptr_t)json_get(each, "revoked")};
    const char *fault = mintmark_init(&reader, &options);
    if (fault != NULL) give_up(fault, "a case");
    const json *input = json_get(each, "input");
    const mintmark_verdict verdict = mintmark_read(&reader, input->text, input->length);
    char sentence[128];
    if (strlen(mintmark_explain(&verdict, sentence, sizeof sentence)) + 1 >= sizeof sentence) give_up(sentence, "is long");
    put_answer(to, &reader, each, &verdict);
}

/* Days since 1970-01-01 by the C library: another way than the verifier's. */
static uint16_t day_of(const json *license, const char *name) {
    const char *text = json_text(license, name);
    int year, month, day;
    if (text == NULL || sscanf(text, "%4d-%2d-%2d", &year, &month, &day) != 3) return 0;
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = 12};
    return (uint16_t)(timegm(&tm) / 86400);
}

static uint8_t *put(uint8_t *to, uint32_t value, int bytes) {
    while (bytes-- > 0) *to++ = (uint8_t)(value >> (8 * bytes));
    return to;
}

/* The code of a license, made of the case's fields alone and signed with the seed of its key. */
static void mint(const json *vectors, const json *license, char code[161]) {
    uint8_t bytes[100], message[200], seed[32], key[64], public_key[32], hash[64], id[16];
    const char *product = json_text(license, "product");
    const size_t length = strlen(product);
    crypto_hash_sha512(hash, (const uint8_t *)product, length);
    from_hex(license, "licenseId", id, sizeof id);
    uint8_t *to = put(bytes, 0x10u | json_true(license, "test") | (uint32_t)json_true(license, "trial") << 1, 1);
    to = put(to, (uint32_t)json_number(license, "keyId"), 1);
    memcpy(to, hash, 3);
    memcpy(to + 3, id, 16);
    to = put(to + 19, (uint32_t)json_number(license, "revision"), 2);
    to = put(to, day_of(license, "issued"), 2);
    to = put(to, day_of(license, "lastValid"), 2);
    to = put(to, day_of(license, "updatesUntil"), 2);
    to = put(to, (uint32_t)json_number(license, "seats"), 2);
    put(to, (uint32_t)json_number(license, "features"), 3);
    const int before = snprintf((char *)message, sizeof message, "mintmark license v1%c%c%s", 0, (int)length, product);
    memcpy(message + before, bytes, 34);
    for (const json *entry = json_get(vectors, "keyring")->first; entry != NULL; entry = entry->next)
        if (json_number(entry, "id") == bytes[1]) from_hex(entry, "seed", seed, sizeof seed);
    crypto_sign_seed_keypair(public_key, key, seed);
    crypto_sign_detached(bytes + 34, NULL, message, (size_t)before + 34, key);
    uint32_t crc = 0xFFFF;
    for (int i = 0; i < 98 * 8; i++) {
        const uint32_t bit = (crc >> 15 ^ bytes[i / 8] >> (7 - i % 8)) & 1;
        crc = (crc << 1 ^ bit * 0x1021) & 0xFFFF;
    }
    put(bytes + 98, crc, 2);
    for (int i = 0; i < 160; i++) {
        int value = 0;
        for (int bit = i * ALPHABET_BITS; bit < (i + 1) * ALPHABET_BITS; bit++)
            value = value << 1 | (bytes[bit / 8] >> (7 - bit % 8) & 1);
        code[i] = ALPHABET[value];
    }
    code[160] = '\0';
}

static bool is_day(const json *license, const char *name, const char *read) {
    const char *text = json_text(license, name);
    return strcmp(text == NULL ? "" : text, read) == 0;
}

static bool is_license(const json *license, const mintmark_license *read) {
    return strcmp(json_text(license, "licenseId"), read->id) == 0 &&
           json_number(license, "revision") == read->revision &&
           is_day(license, "issued", read->issued) && is_day(license, "lastValid", read->last_valid) &&
           is_day(license, "updatesUntil", read->updates_until) && json_number(license, "seats") == read->seats &&
           json_number(license, "features") == read->features && json_true(license, "test") == read->test &&
           json_true(license, "trial") == read->trial && json_number(license, "keyId") == read->key_id;
}

static void run_mint(const json *vectors, const json *each) {
    const json *license = json_get(each, "license");
    const char *name = json_text(each, "name"), *code = json_text(each, "code");
    mintmark_key keys[MOST_KEYS];
    mintmark_reader reader;
    const mintmark_options options = {.product = json_text(license, "product"),
                                      .keyring = keys,
                                      .keys = read_keyring(vectors, keys),
                                      .today = json_text(license, "issued"),
                                      .allow_test = true};
    const char *fault = mintmark_init(&reader, &options);
    if (fault != NULL) {
        tell(false, name, fault);
        return;
    }
    const mintmark_verdict verdict = mintmark_read(&reader, code, strlen(code));
    char minted[161];
    mint(vectors, license, minted);
    if (verdict.kind < MINTMARK_TEST_CODE) tell(false, name, mintmark_word(verdict.kind));
    else if (!is_license(license, &verdict.license)) tell(false, name, "another license is read");
    else tell(strcmp(minted, code) == 0, name, "another code is minted");
}

/* Members of a case that say what is to be answered, where they are there. */
static const char *const TOLD[] = {"verdict", "code",     "repaired", "keep", "choices", "character",
                                   "position", "count", "group",    "seen", "has"};

static bool is_absent(const json *object, const char *name) {
    const json *each = object->first;
    while (each != NULL && strcmp(each->name, name) != 0) each = each->next;
    return each == NULL;
}

/* Members in any order. */
static bool is_same(const json *a, const json *b) {
    if (a->type != b->type || a->number != b->number || a->length != b->length) return false;
    if (a->type == JSON_STRING) return memcmp(a->text, b->text, a->length) == 0;
    const json *x = a->first, *y = b->first;
    for (; x != NULL && y != NULL; x = x->next, y = y->next)
        if (!is_same(x, x->name == NULL ? y : json_get(b, x->name))) return false;
    return x == NULL && y == NULL;
}

static void run_vectors(const json *vectors) {
    for (const json *each = json_get(vectors, "mint")->first; each != NULL; each = each->next) run_mint(vectors, each);
    for (const json *each = json_get(vectors, "read")->first; each != NULL; each = each->next) {
        char *text = NULL;
        size_t length = 0;
        FILE *to = open_memstream(&text, &length);
        answer_case(to, vectors, each);
        fclose(to);
        json *answer = json_parse(text, length);
        bool right = answer != NULL;
        for (size_t i = 0; right && i < sizeof TOLD / sizeof *TOLD; i++)
            right = is_absent(each, TOLD[i]) || is_same(json_get(answer, TOLD[i]), json_get(each, TOLD[i]));
        tell(right, json_text(each, "name"), text);
        json_free(answer);
        free(text);
    }
}

/* Whether the strict check takes a case whose members are hex. */
static bool accepts(const json *each, const char *message_name, const char *signature_name, const json *key_in,
                    const char *key_name) {
    static uint8_t message[1 << 16];
    uint8_t signature[256], key[256];
    const size_t length = from_hex(each, message_name, message, sizeof message);
    const size_t signature_length = from_hex(each, signature_name, signature, sizeof signature);
    return from_hex(key_in, key_name, key, sizeof key) == 32 &&
           mintmark_verify_strict(message, length, signature, signature_length, key);
}

static void run_wycheproof(const json *file) {
    for (const json *group = json_get(file, "testGroups")->first; group != NULL; group = group->next)
        for (const json *each = json_get(group, "tests")->first; each != NULL; each = each->next) {
            char name[32];
            snprintf(name, sizeof name, "case %d", (int)json_number(each, "tcId"));
            const bool accepted = accepts(each, "msg", "sig", json_get(group, "publicKey"), "pk");
            const bool valid = strcmp(json_text(each, "result"), "valid") == 0;
            tell(accepted == valid, name, accepted ? "accepted" : "refused");
        }
}

/* Of these libsodium accepts the one whose key and R are of mixed order, and all else in order. */
static void run_speccheck(const json *file) {
    int i = 0;
    for (const json *each = file->first; each != NULL; each = each->next, i++) {
        char name[32];
        snprintf(name, sizeof name, "case %d", i);
        const bool accepted = accepts(each, "message", "signature", each, "pub_key");
        tell(accepted == (i == 3), name, accepted ? "accepted" : "refused");
    }
}

static void answer_cases(const json *vectors) {
    char *line = NULL;
    size_t size = 0;
    for (ssize_t length; (length = getline(&line, &size, stdin)) > 0;) {
        json *each = json_parse(line, (size_t)length);
        if (each == NULL) give_up("is no JSON", "a line of the input");
        answer_case(stdout, vectors, each);
        json_free(each);
    }
    free(line);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Whole reads of the first code, and bare checks of its signature, in turns of 200: so noise meets both alike. */
static void bench(const json *vectors, double seconds) {
    const json *first = json_get(vectors, "mint")->first, *license = json_get(first, "license");
    const char *code = json_text(first, "code"), *product = json_text(license, "product");
    mintmark_key keys[MOST_KEYS];
    mintmark_reader reader;
    const mintmark_options options = {
        .product = product,
        .keyring = keys,
        .keys = read_keyring(vectors, keys),
        .today = json_text(license, "issued")};
    if (mintmark_init(&reader, &options) != NULL) give_up("no reader", "bench");
    uint8_t bytes[100] = {0}, message[200], key[32];
    for (int i = 0; i < 800; i++) {
        const int value = (int)(strchr(ALPHABET, code[i / 5]) - ALPHABET);
        bytes[i / 8] = (uint8_t)(bytes[i / 8] | (value >> (4 - i % 5) & 1) << (7 - i % 8));
    }
    const int before =
        snprintf((char *)message, sizeof message, "mintmark license v1%c%c%s", 0, (int)strlen(product), product);
    memcpy(message + before, bytes, 34);
    for (const json *entry = json_get(vectors, "keyring")->first; entry != NULL; entry = entry->next)
        if (json_number(entry, "id") == bytes[1]) from_hex(entry, "publicKey", key, sizeof key);
    double reading = 0, checking = 0;
    size_t turns = 0, wrong = 0;
    for (; reading + checking < seconds; turns++) {
        const double start = now();
        for (int i = 0; i < 200; i++) wrong += mintmark_read(&reader, code, strlen(code)).kind != MINTMARK_VALID;
        const double middle = now();
        for (int i = 0; i < 200; i++)
            wrong += crypto_sign_verify_detached(bytes + 34, message, (size_t)before + 34, key) != 0;
        reading += middle - start;
        checking += now() - middle;
    }
    if (wrong > 0) give_up("a valid code is not read as one", "bench");
    const double count = 200 * (double)turns;
    printf("{\"reads\":%.0f,\"checks\":%.0f}\n", count / reading, count / checking);
}

int main(int argc, char **argv) {
    const char *command = argc > 2 ? argv[1] : "";
    if (argc < 3 || sodium_init() < 0) give_up("vectors|wycheproof|speccheck|read|bench FILE [SECONDS]", "usage");
    json *file = read_file(argv[2]);
    const bool judges = command[0] == 'v' || command[0] == 'w' || command[0] == 's';
    if (strcmp(command, "vectors") == 0) run_vectors(file);
    else if (strcmp(command, "wycheproof") == 0) run_wycheproof(file);
    else if (strcmp(command, "speccheck") == 0) run_speccheck(file);
    else if (strcmp(command, "read") == 0) answer_cases(file);
    else if (strcmp(command, "bench") == 0) bench(file, argc > 3 ? atof(argv[3]) : 1);
    else give_up("no such command", command);
    json_free(file);
    if (judges) printf("%zu passed, %zu failed\n", passed, failed);
    return failed > 0;
}
