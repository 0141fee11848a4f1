/*
 * See mintmark.h. In the order of reading: letters, find, repair, say, judge; then what a reader is made of, and the
 * table of characters. One file, long as it is, so that a program has few to copy.
 */
#include "mintmark.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    CODE_LENGTH = 160,
    HEAD_LENGTH = 8,
    HEAD_FIRST = 2, /* the first letter of each: the version, and the first bit of the flags, which is 0 */
    GROUP = 8,
    LONGEST_PASTE = 65536, /* code points of a text that are looked at */
    MOST_ON_STACK = 400,   /* code points that need no memory */
    MOST_OF_ONE = 5,       /* letters that one code point is read as */
    MOST_FAILURES = 5,     /* signatures that may fail before no more are checked */
    MOST_REPAIRS = 4,      /* signatures that are checked to repair codes */
    MOST_STARTS = 16,      /* places where a repair is tried */
    MOST_FEATURES = 24,
    CLOCK_SKEW_DAYS = 2,
    NO_DAY = INT32_MIN,
    TEST_FLAG = 1,
    TRIAL_FLAG = 2
};

static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* ---- Letters: the characters of a text that may be of a code. ---- */

/* The values of ASCII characters, beside 0 to 31. */
enum { WRONG = 32, NOTHING = 33, ESCAPE = 34 };

enum {
    EDGE_GAP = 1,
    EDGE_WRONG = 2,
    EDGE_PARAGRAPH = 4,
    EDGE_HEAD = 16, /* a head of the reader begins */
    EDGE_EQUALS = 8 /* behind the 3D with which a word begins: rewritten links have -3D or *3D in the place of = */
};

#define W WRONG
#define N NOTHING
#define E ESCAPE
static const uint8_t VALUES[128] = {
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,             /* */
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,             /* */
    N, N, N, N, N, E, E, N, N, N, N, N, N, N, N, N,             /* % & */
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, N, N, E, E, N, N,             /* 0 to 9 < = */
    N, 10, 11, 12, 13, 14, 15, 16, 17, 1, 18, 19, 1, 20, 21, 0, /* A to O */
    22, 23, 24, 25, 26, W, 27, 28, 29, 30, 31, N, E, N, N, N,   /* P to Z \ */
    N, 10, 11, 12, 13, 14, 15, 16, 17, 1, 18, 19, 1, 20, 21, 0, /* a to o */
    22, 23, 24, 25, 26, W, 27, 28, 29, 30, 31, N, N, N, N, N,   /* p to z */
};
#undef W
#undef N
#undef E

/* Code points, those that are looked at. Beyond the end is NO_POINT, which compares to nothing. */
typedef struct {
    const uint32_t *points;
    size_t length;
} pasted;

#define NO_POINT UINT32_MAX

static uint32_t at(const pasted *text, size_t i) { return i < text->length ? text->points[i] : NO_POINT; }

/* What a text is read as: the arrays have room for each letter; `registers` and `runs` for one more, as `edges`. */
typedef struct {
    size_t count;
    uint8_t *values;     /* 0 to 31, or WRONG */
    uint32_t *points;    /* the code point that each was read from */
    uint32_t *positions; /* where that stands in the text, from 1 */
    uint8_t *edges;      /* what stands before each, and behind the last; 0 within a word */
    uint16_t *registers; /* of the check digits up to each */
    uint8_t *runs;       /* how many before each are not wrong, as far as a code needs them */
    /* While they are read: */
    uint32_t position;
    uint8_t edge;
    size_t line_breaks;
} letters;

/* The next code point; a byte that begins no UTF-8 is U+FFFD, which means nothing. */
static uint32_t next_point(const uint8_t **from, const uint8_t *end) {
    const uint8_t *p = (*from)++;
    if (p[0] < 0x80) return p[0];
    const int more = p[0] >= 0xF0 ? 3 : p[0] >= 0xE0 ? 2 : 1;
    if (p[0] < 0xC2 || p[0] > 0xF4 || end - p <= more) return 0xFFFD;
    uint32_t point = p[0] & (0x3Fu >> more);
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80) return 0xFFFD;
        point = point << 6 | (p[i] & 0x3F);
    }
    const bool too_long = point < (more == 3 ? 0x10000u : more == 2 ? 0x800u : 0x80u);
    if (too_long || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return 0xFFFD;
    *from += more;
    return point;
}

/* Appends a code point in UTF-8, and a 0 byte. */
static char *put_utf8(char *to, uint32_t point) {
    const int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const uint8_t FIRST[4] = {0, 0xC0, 0xE0, 0xF0};
    *to++ = (char)(FIRST[more] | point >> (6 * more));
    for (int i = more - 1; i >= 0; i--) *to++ = (char)(0x80 | (point >> (6 * i) & 0x3F));
    *to = '\0';
    return to;
}

static bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }
static bool is_letter(uint32_t c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/* 16 for what is no hex digit. */
static uint32_t hex_at(const pasted *text, size_t i) {
    const uint32_t c = at(text, i);
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* NO_POINT for a surrogate and beyond Unicode: what means nothing. */
static uint32_t scalar(uint32_t point) {
    return point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF) ? NO_POINT : point;
}

static bool is_at(const pasted *text, size_t i, const char *word) {
    for (; *word != '\0'; word++, i++)
        if (at(text, i) != (uint8_t)*word) return false;
    return true;
}

/* How often a word stands from a place on, 4 times at most. */
static size_t repeats(const pasted *text, size_t i, const char *word) {
    size_t times = 0;
    while (times < 4 && is_at(text, i + times * strlen(word), word)) times++;
    return times;
}

/* Escapes: each function gives where one that begins at a place ends, 0 for none, and the code point that it stands for. */

static size_t percent_end(const pasted *text, size_t i, uint32_t *point) {
    for (size_t times = repeats(text, i + 1, "25") + 1; times-- > 0;) {
        const size_t from = i + 1 + 2 * times;
        const uint32_t high = hex_at(text, from), low = hex_at(text, from + 1);
        if (high > 15 || low > 15) continue;
        if (high < 8) *point = high << 4 | low;
        return from + 2;
    }
    return 0;
}

/* RFC 2045, 6.7. `=2x` is none but at a line's end, as a link may have the code behind it. */
static size_t quoted_printable_end(const pasted *text, size_t i) {
    const uint32_t first = at(text, i + 1), second = at(text, i + 2), next = at(text, i + 3);
    const uint32_t high = hex_at(text, i + 1), low = hex_at(text, i + 2);
    if ((high == 3 && low == 13) || (high == 0 && (low == 10 || low == 13))) return i + 3;
    if (high >= 8 && high <= 15 && low <= 15) return i + 3;
    const bool is_space = (first == '2' && second == '0') || (first == '0' && second == '9');
    return is_space && (next == '\r' || next == '\n' || next == '=' || next == NO_POINT) ? i + 3 : 0;
}

/* From what stands behind `&`. */
static size_t one_entity_end(const pasted *text, size_t from, uint32_t *point) {
    if (at(text, from) != '#') {
        size_t i = from;
        while (i < from + 32 && (is_letter(at(text, i)) || (i > from && is_digit(at(text, i))))) i++;
        if (i >= from + 2 && at(text, i) == ';') return i + 1;
        /* HTML allows these without a semicolon. */
        return is_at(text, from, "shy") ? from + 3 : is_at(text, from, "nbsp") ? from + 4 : 0;
    }
    from++;
    const bool hex = at(text, from) == 'x' || at(text, from) == 'X';
    if (hex) from++;
    const uint32_t base = hex ? 16 : 10;
    uint32_t number = 0;
    size_t i = from;
    for (; i < from + (hex ? 6 : 7) && hex_at(text, i) < base; i++) number = number * base + hex_at(text, i);
    if (i == from || at(text, i) != ';') return 0;
    *point = scalar(number);
    return i + 1;
}

static size_t entity_end(const pasted *text, size_t i, uint32_t *point) {
    for (size_t times = repeats(text, i + 1, "amp;") + 1; times-- > 0;) {
        const size_t end = one_entity_end(text, i + 1 + 4 * times, point);
        if (end != 0) return end;
    }
    return 0;
}

/* Shorter than a code, so that none is passed over with it. */
static size_t tag_end(const pasted *text, size_t i) {
    const size_t from = at(text, i + 1) == '/' ? i + 2 : i + 1;
    if (!is_letter(at(text, from))) return 0;
    for (size_t end = from + 1; end <= from + 159; end++) {
        const uint32_t c = at(text, end);
        if (c == '>') return end + 1;
        if (c == '<' || c == NO_POINT) return 0;
    }
    return 0;
}

static size_t backslash_end(const pasted *text, size_t i, uint32_t *point) {
    const uint32_t c = at(text, i + 1), high = hex_at(text, i + 2);
    /* RTF; not \'20, as a quoted code begins with it. */
    if (c == '\'' && high >= 8 && high <= 15 && hex_at(text, i + 3) <= 15) return i + 4;
    const size_t word = is_at(text, i + 1, "par") ? i + 4 : is_at(text, i + 1, "line") ? i + 5 : 0;
    if (word != 0 && (at(text, word) < 'a' || at(text, word) > 'z')) return word;
    if (c == 'n' || c == 'r' || c == 't') return i + 2;
    if (c != 'u') return 0;
    uint32_t number = 0;
    for (size_t j = i + 2; j < i + 6; j++) {
        if (hex_at(text, j) > 15) return 0;
        number = number << 4 | hex_at(text, j);
    }
    *point = scalar(number);
    return i + 6;
}

/* `point` is left as it is where the escape stands for nothing. */
static size_t escape_end(const pasted *text, size_t i, uint32_t *point) {
    const uint32_t second = at(text, i + 1), third = at(text, i + 2);
    switch (text->points[i]) {
    case '%': return percent_end(text, i, point);
    case '=': return quoted_printable_end(text, i);
    case '&': return entity_end(text, i, point);
    case '<': return tag_end(text, i);
    case '\\': return backslash_end(text, i, point);
    /* UTF-8 that was read as Latin-1 or Windows-1252: */
    case 0xC2: return second == 0x20 || (second >= 0x80 && second <= 0xBF) ? i + 2 : 0;
    case 0xE2: return (second == 0x80 || second == 0x20AC) && third >= 0x80 && third <= 0x2122 ? i + 3 : 0;
    case 0xEF: return second == 0xBB && third == 0xBF ? i + 3 : 0;
    default: return 0;
    }
}

static bool is_line_break(uint32_t point) {
    return (point >= 0x0A && point <= 0x0D) || point == 0x85 || point == 0x2028 || point == 0x2029;
}

static bool is_behind_equals(const letters *l, size_t i) {
    return l->edge == 0 && i > 1 && l->values[i - 2] == 3 && l->values[i - 1] == 13 && l->edges[i - 1] == 0 &&
           (l->edges[i - 2] & EDGE_GAP) != 0;
}

static void put(letters *l, uint8_t value, uint32_t point) {
    const size_t i = l->count++;
    if (is_behind_equals(l, i)) l->edge = EDGE_EQUALS;
    const bool beside_wrong = value == WRONG || (i > 0 && l->values[i - 1] == WRONG);
    l->values[i] = value;
    l->points[i] = point;
    l->positions[i] = l->position;
    l->edges[i] =
        (uint8_t)(l->edge | (beside_wrong ? EDGE_WRONG : 0) | (l->line_breaks > 1 ? EDGE_PARAGRAPH : 0));
    l->edge = 0;
    l->line_breaks = 0;
}

static int fold(uint32_t point, uint8_t values[MOST_OF_ONE]);

static void put_point(letters *l, uint32_t point) {
    uint8_t values[MOST_OF_ONE];
    const int count = fold(point, values);
    if (count == 0) l->edge = EDGE_GAP;
    for (int i = 0; i < count; i++) put(l, values[i], point);
}

static void read_letters(letters *l, const pasted *text) {
    l->edge = EDGE_GAP;
    l->count = l->line_breaks = 0;
    for (size_t i = 0; i < text->length;) {
        const uint32_t point = text->points[i];
        l->position = (uint32_t)i + 1;
        uint32_t stands = NO_POINT;
        const size_t end = point < 0x80 && VALUES[point] != ESCAPE ? 0 : escape_end(text, i, &stands);
        if (end != 0) {
            if (stands == NO_POINT) l->edge = EDGE_GAP;
            else put_point(l, stands);
            i = end;
            continue;
        }
        if (is_line_break(point) && !(point == '\n' && i > 0 && text->points[i - 1] == '\r')) l->line_breaks++;
        put_point(l, point);
        i++;
    }
    l->edges[l->count] = EDGE_GAP;
}

static size_t wrongs_in(const letters *l, size_t from, size_t to) {
    size_t wrongs = 0;
    for (size_t i = from; i < to; i++) wrongs += l->values[i] == WRONG;
    return wrongs;
}

/* The first wrong one, from `from` on; `to` if there is none. */
static size_t wrong_in(const letters *l, size_t from, size_t to) {
    while (from < to && l->values[from] != WRONG) from++;
    return from;
}

/* ---- Check digits, without the bytes of a code. A CRC over all of it leaves 0, and it is linear: each character at
 * each place adds a number of its own (XOR), so what is left over tells which single slips to try. ---- */

/* The register of CRC-16/CCITT-FALSE after one more character of 5 bits. */
static uint16_t crc_step(const mintmark_reader *reader, uint16_t state, uint8_t value) {
    return (uint16_t)(state << 5 ^ reader->steps[(state >> 11) ^ value]);
}

/* A register after the length of a code. */
static uint16_t crc_over_code(const mintmark_reader *reader, uint16_t state) {
    uint16_t moved = 0;
    for (int bit = 0; bit < 16; bit++)
        if (state >> bit & 1) moved ^= reader->over_code[bit];
    return moved;
}

static void init_check_digits(mintmark_reader *reader) {
    for (unsigned bits = 0; bits < 32; bits++) {
        unsigned state = bits << 11;
        for (int i = 0; i < 5; i++) state = (state << 1 ^ (state & 0x8000 ? 0x1021 : 0)) & 0xFFFF;
        reader->steps[bits] = (uint16_t)state;
    }
    for (uint8_t value = 0; value < 32; value++) {
        uint16_t weight = crc_step(reader, 0, value);
        for (int place = CODE_LENGTH - 1; place >= 0; place--, weight = crc_step(reader, weight, 0))
            reader->weights[place][value] = weight;
    }
    for (int bit = 0; bit < 16; bit++) {
        uint16_t state = (uint16_t)(1u << bit);
        for (int i = 0; i < CODE_LENGTH; i++) state = crc_step(reader, state, 0);
        reader->over_code[bit] = state;
    }
    reader->start = crc_over_code(reader, 0xFFFF);
}

/* What a letter adds at a place: nothing where it is wrong, and outside of a code. */
static uint16_t weight_at(const mintmark_reader *reader, uint8_t value, size_t place) {
    return value == WRONG || place >= CODE_LENGTH ? 0 : reader->weights[place][value];
}

/* ---- One reading. ---- */

/* What stands at the places of a code. `repaired` is NULL if nothing was. */
typedef struct {
    const uint8_t *values;
    const mintmark_repaired *repaired;
} genuine_code;

typedef struct {
    uint8_t values[CODE_LENGTH];
    mintmark_repaired slip;
} repaired_code;

typedef struct {
    const mintmark_reader *reader;
    pasted text;
    letters letters;
    uint8_t forged[MOST_FAILURES][CODE_LENGTH]; /* whose signatures did not verify: none is checked twice */
    size_t forged_count;
    repaired_code repaired[MOST_REPAIRS];
    size_t repaired_count, repair_checks;
    genuine_code *genuine; /* each place of the whole ones, in order; then the repaired ones */
    size_t genuine_count, most_genuine;
    size_t starts[MOST_STARTS], start_count;
    mintmark_kind refusal; /* of the codes found, the one that came furthest; MINTMARK_EMPTY: none was refused */
} reading;

static uint16_t two(const uint8_t *bytes) { return (uint16_t)(bytes[0] << 8 | bytes[1]); }

static void unarmor(uint8_t code[100], const uint8_t values[CODE_LENGTH]) {
    for (int i = 0, to = 0; i < CODE_LENGTH; i += 8, to += 5) {
        uint64_t bits = 0;
        for (int j = 0; j < 8; j++) bits = bits << 5 | values[i + j];
        for (int j = 0; j < 5; j++) code[to + j] = (uint8_t)(bits >> (32 - 8 * j));
    }
}

/* The verdict on a code of another version, product or keyring; MINTMARK_EMPTY if its signature is to be checked. */
static mintmark_kind refuse(const mintmark_reader *reader, const uint8_t bytes[100]) {
    if (bytes[0] >> 4 != 1 || (bytes[0] & 0x0C) != 0) return MINTMARK_UNSUPPORTED_VERSION;
    if (memcmp(bytes + 2, reader->tag, 3) != 0) return MINTMARK_WRONG_PRODUCT;
    return reader->keys[bytes[1]].known ? MINTMARK_EMPTY : MINTMARK_UNKNOWN_KEY;
}

static bool verifies(const mintmark_reader *reader, const uint8_t bytes[100]) {
    uint8_t message[sizeof reader->prefix + 34];
    memcpy(message, reader->prefix, reader->prefix_length);
    memcpy(message + reader->prefix_length, bytes, 34);
    return reader->keys[bytes[1]].test == (bytes[0] & TEST_FLAG) &&
           mintmark_verify_strict(message, reader->prefix_length + 34u, bytes + 34, 64, reader->keys[bytes[1]].bytes);
}

/* ---- Find: whole codes, each judged once. ---- */

static bool fits(const reading *r, size_t from) {
    const letters *l = &r->letters;
    const size_t to = from + CODE_LENGTH;
    return to <= l->count && l->runs[to] >= CODE_LENGTH &&
           l->registers[to] == crc_over_code(r->reader, l->registers[from] ^ 0xFFFF);
}

static bool is_genuine(const reading *r, const uint8_t values[CODE_LENGTH]) {
    for (size_t i = 0; i < r->genuine_count; i++)
        if (memcmp(r->genuine[i].values, values, CODE_LENGTH) == 0) return true;
    return false;
}

static bool is_forged(const reading *r, const uint8_t values[CODE_LENGTH]) {
    for (size_t i = 0; i < r->forged_count; i++)
        if (memcmp(r->forged[i], values, CODE_LENGTH) == 0) return true;
    return false;
}

/* False without a check once too many signatures have failed. */
static bool check(reading *r, const uint8_t values[CODE_LENGTH], const uint8_t bytes[100]) {
    if (r->forged_count >= MOST_FAILURES || is_forged(r, values)) return false;
    if (verifies(r->reader, bytes)) return true;
    memcpy(r->forged[r->forged_count++], values, CODE_LENGTH);
    return false;
}

/* A code that is there twice is checked once. */
static void judge_found(reading *r, size_t place) {
    const uint8_t *values = r->letters.values + place;
    uint8_t bytes[100];
    unarmor(bytes, values);
    mintmark_kind refused = refuse(r->reader, bytes);
    if (refused == MINTMARK_EMPTY) {
        if (r->genuine_count < r->most_genuine && (is_genuine(r, values) || check(r, values, bytes))) {
            r->genuine[r->genuine_count++] = (genuine_code){values, NULL};
            return;
        }
        refused = MINTMARK_FORGED;
    }
    if (refused > r->refusal) r->refusal = refused;
}

static bool begins(const reading *r, size_t from);

/* Step 1. A place where a whole head stands is an edge: a code that is joined to other text is found. One with two
   letters too many is not. */
static void read_and_mark(reading *r) {
    letters *l = &r->letters;
    read_letters(l, &r->text);
    if (l->count < CODE_LENGTH + 3) return;
    for (size_t i = 0; i + HEAD_LENGTH <= l->count; i++)
        if (l->values[i] == HEAD_FIRST && begins(r, i)) l->edges[i] |= EDGE_HEAD;
}

static void find(reading *r) {
    letters *l = &r->letters;
    l->registers[0] = l->runs[0] = 0;
    for (size_t i = 0; i < l->count; i++) {
        const bool wrong = l->values[i] == WRONG;
        l->registers[i + 1] = crc_step(r->reader, l->registers[i], wrong ? 0 : l->values[i]);
        l->runs[i + 1] = (uint8_t)(wrong ? 0 : l->runs[i] < CODE_LENGTH ? l->runs[i] + 1 : CODE_LENGTH);
    }
    for (size_t start = 0; start + CODE_LENGTH <= l->count; start++) {
        if (l->edges[start] == 0) continue;
        size_t end = start;
        while (fits(r, end)) {
            end += CODE_LENGTH;
            if (l->edges[end] != 0) break;
        }
        if (l->edges[end] == 0 && (l->edges[start] & EDGE_HEAD) == 0) continue;
        for (size_t place = start; place < end; place += CODE_LENGTH) judge_found(r, place);
    }
}

/* ---- Repair: one slip is undone, and only with proof. ---- */

/* Whether the first `length` of 8 letters are those of a head of these codes: version and flags, key id, product tag. */
static bool is_head(const mintmark_reader *reader, const uint8_t *values, size_t length) {
    for (int id = 1; id < 256; id++)
        for (unsigned trial = 0; reader->keys[id].known && trial <= TRIAL_FLAG; trial += TRIAL_FLAG) {
            uint64_t bits = 0x10 | trial | (reader->keys[id].test ? TEST_FLAG : 0u);
            bits = bits << 8 | (uint64_t)id;
            for (int i = 0; i < 3; i++) bits = bits << 8 | reader->tag[i];
            size_t same = 0;
            while (same < length && (bits >> (5 * (HEAD_LENGTH - 1 - same)) & 31) == values[same]) same++;
            if (same == length) return true;
        }
    return false;
}

static bool begins(const reading *r, size_t from) {
    const size_t left = r->letters.count - from;
    return is_head(r->reader, r->letters.values + from, left < HEAD_LENGTH ? left : HEAD_LENGTH);
}

/* Letters as a number; one that no letters of the alphabet make, if there are none. */
static uint32_t number_at(const letters *l, size_t i, size_t length) {
    uint32_t number = 0;
    if (i + length > l->count || wrong_in(l, i, i + length) < i + length) return UINT32_MAX;
    for (size_t j = i; j < i + length; j++) number = number << 5 | l->values[j];
    return number;
}

/* One slip leaves the first four letters of a head as they are, or the last three, at most one place off. */
static bool is_near(const reading *r, size_t from) {
    const uint8_t *tag = r->reader->tag;
    const uint32_t last = (uint32_t)(tag[1] << 8 | tag[2]) & 0x7FFF;
    for (size_t i = from + 4; i <= from + 6; i++)
        if (number_at(&r->letters, i, 3) == last) return true;
    const uint32_t first = number_at(&r->letters, from, 4); /* version and flags, key id, 4 bits of the tag */
    const uint32_t flags = first >> 12, id = first >> 4 & 0xFF;
    return first != UINT32_MAX && flags >> 4 == 1 && (flags & 0x0C) == 0 && (first & 15) == tag[0] >> 4u &&
           r->reader->keys[id].known && r->reader->keys[id].test == (flags & TEST_FLAG);
}

/* Outside of genuine codes. */
static void find_starts(reading *r) {
    const letters *l = &r->letters;
    r->start_count = 0;
    for (size_t i = 0, next = 0, outside = 0; i < l->count && r->start_count < MOST_STARTS; i++) {
        if (next < r->genuine_count && r->genuine[next].values == l->values + i) next++, outside = i + CODE_LENGTH;
        if (i >= outside && l->edges[i] != 0 && is_near(r, i)) r->starts[r->start_count++] = i;
    }
}

/* `cut` characters at a place are replaced by `put_count` of `put`. */
typedef struct {
    const char *kind;
    size_t place, cut;
    uint8_t put[2], put_count;
} slip;

static void tell_slip(mintmark_repaired *told, const letters *l, size_t start, size_t length, const slip *s) {
    const size_t i = start + s->place;
    *told = (mintmark_repaired){.kind = s->kind};
    told->position = s->place < length ? l->positions[i] : l->positions[i - 1] + 1u;
    char *was = told->was;
    for (size_t j = 0; j < s->cut; j++) was = put_utf8(was, l->points[i + j]);
    for (size_t j = 0; j < s->put_count; j++) told->is[j] = ALPHABET[s->put[j]];
}

/* True if the code with the slip undone is genuine: it is added, unless it is there. */
static bool try_slip(reading *r, size_t start, size_t length, const slip *s) {
    const uint8_t *values = r->letters.values + start;
    uint8_t code[CODE_LENGTH], bytes[100];
    memcpy(code, values, s->place);
    memcpy(code + s->place, s->put, s->put_count);
    memcpy(code + s->place + s->put_count, values + s->place + s->cut, length - s->place - s->cut);
    if (is_genuine(r, code)) return true;
    unarmor(bytes, code);
    if (refuse(r->reader, bytes) != MINTMARK_EMPTY || is_forged(r, code)) return false;
    if (r->repair_checks >= MOST_REPAIRS || r->genuine_count >= r->most_genuine) return false;
    r->repair_checks++;
    if (!check(r, code, bytes)) return false;
    repaired_code *repaired = &r->repaired[r->repaired_count++];
    memcpy(repaired->values, code, CODE_LENGTH);
    tell_slip(&repaired->slip, &r->letters, start, length, s);
    r->genuine[r->genuine_count++] = (genuine_code){repaired->values, &repaired->slip};
    return true;
}

/* `wrong` is the place of the wrong character, or NO_PLACE. */
#define NO_PLACE SIZE_MAX

static bool try_substitutions(reading *r, size_t start, size_t wrong) {
    const uint8_t *values = r->letters.values + start;
    uint16_t rest = r->reader->start;
    for (size_t i = 0; i < CODE_LENGTH; i++) rest ^= weight_at(r->reader, values[i], i);
    for (size_t i = wrong == NO_PLACE ? 0 : wrong; i < CODE_LENGTH; i++) {
        const uint16_t without = rest ^ weight_at(r->reader, values[i], i);
        for (uint8_t value = 0; value < 32; value++) {
            const slip s = {"substitution", i, 1, {value}, 1};
            if (value != values[i] && r->reader->weights[i][value] == without && try_slip(r, start, CODE_LENGTH, &s))
                return true;
        }
        if (wrong != NO_PLACE) return false;
    }
    for (size_t i = 0; i + 1 < CODE_LENGTH; i++) {
        const uint8_t a = values[i], b = values[i + 1];
        const uint16_t *here = r->reader->weights[i], *next = r->reader->weights[i + 1];
        const slip s = {"swap", i, 2, {b, a}, 2};
        if (a != b && (here[a] ^ next[b] ^ here[b] ^ next[a]) == rest && try_slip(r, start, CODE_LENGTH, &s)) return true;
    }
    return false;
}

static bool try_omissions(reading *r, size_t start) {
    const uint8_t *values = r->letters.values + start;
    const size_t length = CODE_LENGTH - 1;
    uint16_t rest = r->reader->start;
    for (size_t i = 0; i < length; i++) rest ^= weight_at(r->reader, values[i], i + 1);
    for (size_t i = 0; i < CODE_LENGTH; i++) {
        for (uint8_t value = 0; value < 32; value++) {
            const slip s = {"omission", i, 0, {value}, 1};
            /* Behind its like it would be the same code again. */
            const bool may = i == 0 || values[i - 1] != value;
            if (may && r->reader->weights[i][value] == rest && try_slip(r, start, length, &s)) return true;
        }
        if (i < length) rest ^= weight_at(r->reader, values[i], i + 1) ^ weight_at(r->reader, values[i], i);
    }
    return false;
}

static bool try_insertions(reading *r, size_t start, size_t wrong) {
    const uint8_t *values = r->letters.values + start;
    const size_t length = CODE_LENGTH + 1;
    uint16_t rest = r->reader->start;
    for (size_t i = 1; i < length; i++) rest ^= weight_at(r->reader, values[i], i - 1);
    for (size_t i = 0; i < length; i++) {
        const slip s = {"insertion", i, 1, {0}, 0};
        const bool may = wrong == NO_PLACE ? i == 0 || values[i - 1] != values[i] : wrong == i;
        if (may && rest == 0 && try_slip(r, start, length, &s)) return true;
        if (i + 1 < length) rest ^= weight_at(r->reader, values[i + 1], i);
        rest ^= weight_at(r->reader, values[i], i);
    }
    return false;
}

static const size_t LENGTHS[3] = {CODE_LENGTH, CODE_LENGTH - 1, CODE_LENGTH + 1};

/* Where the repaired code ends; 0 if there is none. */
static size_t repair_at(reading *r, size_t start) {
    const letters *l = &r->letters;
    for (int i = 0; i < 3; i++) {
        const size_t length = LENGTHS[i], end = start + length;
        if (end > l->count || l->edges[end] == 0) continue;
        const size_t wrongs = wrongs_in(l, start, end);
        const size_t wrong = wrongs == 0 ? NO_PLACE : wrong_in(l, start, end) - start;
        if (wrongs > 1) continue;
        if (length == CODE_LENGTH && try_substitutions(r, start, wrong)) return end;
        if (length < CODE_LENGTH && wrongs == 0 && try_omissions(r, start)) return end;
        if (length > CODE_LENGTH && try_insertions(r, start, wrong)) return end;
    }
    return 0;
}

static void repair(reading *r) {
    for (size_t i = 0, past = 0; i < r->start_count; i++) {
        if (r->starts[i] < past) continue;
        const size_t end = repair_at(r, r->starts[i]);
        if (end != 0) past = end;
    }
}

static bool is_among(uint32_t c, const char *marks) { return c != 0 && c < 0x80 && strchr(marks, (int)c) != NULL; }

/*
 * Replaces what mail programs and editors put before lines by spaces, so that positions stay what they are: `Ada>`, `1:`,
 * `(2)`, a number before white space. False if there is none.
 */
static bool blank_line_marks(uint32_t *points, size_t count) {
    bool marked = false;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && points[i - 1] != '\n' && points[i - 1] != '\r') continue;
        size_t from = i, digits = 0;
        while (from < count && is_among(points[from], "\t >|([")) from++;
        size_t end = from;
        for (; end < count && (is_digit(points[end]) || is_letter(points[end])); end++) digits += is_digit(points[end]);
        const size_t length = end - from;
        if (end == count || length == 0) continue;
        const bool is_word = length <= 10 && is_among(points[end], ">:.)|]");
        const bool is_number = length <= 4 && digits == length && is_among(points[end], "\t ");
        if (!is_word && !is_number) continue;
        marked = true;
        while (i <= end) points[i++] = ' ';
        i--;
    }
    return marked;
}

/* ---- Say: what is wrong with a text that holds no code. ---- */

enum {
    LONG_WORD = 20, /* letters of a word that can be part of a code and hardly of a language, */
    LONG_TEXT = 40, /* and of a text with many digits: */
    DIGITS = 5,     /* at least every fifth was read from one */
    SHORT_WORD = 4, /* shorter words behind longer ones are prose */
    MOST_WRONG = 2
};

/* A stretch of letters that is meant to be a code; known, if it begins as one of this product, but for a slip. */
typedef struct {
    size_t from, to;
    bool known;
} piece;

/* The first gap behind a place: a wrong character ends no word. */
static size_t word_end(const letters *l, size_t from) {
    size_t end = from + 1;
    while (end < l->count && (l->edges[end] & EDGE_GAP) == 0) end++;
    return end;
}

/* How many were read from digits. */
static size_t digits_in(const letters *l, size_t from, size_t to) {
    size_t digits = 0;
    for (size_t i = from; i < to; i++) digits += is_digit(l->points[i]);
    return digits;
}

/* Upper and lower case in one word, as in base64 and in links. I, l and O are typed for 1 and 0. */
static bool is_mixed(const letters *l, size_t from, size_t to) {
    bool lower = false, upper = false;
    for (size_t i = from; i < to; i++) {
        lower |= is_among(l->points[i], "abcdefghjkmnpqrstuvwxyz");
        upper |= is_among(l->points[i], "ABCDEFGHJKMNPQRSTUVWXYZ");
    }
    return lower && upper;
}

/* A short word behind a longer one, or a word without digits that is no group like the `last` one. */
static bool is_prose(const letters *l, size_t from, size_t to, size_t last) {
    const size_t length = to - from;
    const bool is_last = to == l->count;
    if (length < SHORT_WORD && last >= SHORT_WORD && !is_last) return true;
    /* The last may be on its way still. */
    if ((length + 1 >= last && length <= last + 1) || (is_last && length < last && last < LONG_WORD)) return false;
    return digits_in(l, from, to) == 0;
}

/* Where prose begins, or the end of the word that makes it enough letters. */
static size_t prose_after(const letters *l, size_t from, size_t enough) {
    size_t end = word_end(l, from), last = end - from;
    while (end - from < enough && end < l->count && (l->edges[end] & EDGE_PARAGRAPH) == 0) {
        const size_t next = word_end(l, end);
        if (is_prose(l, end, next, last) || wrongs_in(l, end, next) > MOST_WRONG) break;
        last = next - end;
        end = next;
    }
    return end;
}

/* An edge at the length of a code, or one off; else where prose begins. */
static size_t piece_end(const letters *l, size_t from) {
    const size_t near = prose_after(l, from, CODE_LENGTH + 1);
    for (int i = 0; i < 3; i++)
        if (from + LENGTHS[i] <= near && l->edges[from + LENGTHS[i]] != 0) return from + LENGTHS[i];
    return prose_after(l, from, l->count);
}

/* False if there is none. */
static bool find_piece(const reading *r, piece *found) {
    const letters *l = &r->letters;
    for (size_t i = 0; i < r->start_count; i++) {
        *found = (piece){r->starts[i], piece_end(l, r->starts[i]), true};
        if (found->to - found->from >= LONG_WORD || begins(r, found->from)) return true;
    }
    *found = (piece){0, l->count, true};
    if (l->count < 4 && begins(r, 0)) return true;
    *found = (piece){0, 0, false};
    for (size_t from = 0, to; from < l->count; from = to) {
        to = word_end(l, from);
        const bool is_longest = to - from >= LONG_WORD && to - from > found->to - found->from;
        if (is_longest && wrongs_in(l, from, to) <= MOST_WRONG && !is_mixed(l, from, to)) *found = (piece){from, to, false};
    }
    if (found->to > 0) {
        found->to = piece_end(l, found->from);
        return true;
    }
    *found = (piece){0, l->count, false};
    return l->count >= LONG_TEXT && digits_in(l, 0, l->count) * DIGITS >= l->count;
}

/* The group of eight that is wrong, from 1; 0 if it cannot be told. */
static int group_of(const reading *r, const piece *p) {
    const letters *l = &r->letters;
    const size_t wrong = wrong_in(l, p->from, p->to);
    if (wrong < p->to) return (int)((wrong - p->from) / GROUP) + 1;
    if (p->known && p->to - p->from >= HEAD_LENGTH && !begins(r, p->from)) return 1;
    size_t words = 0, odd = 0, first = 0;
    for (size_t i = p->from, end; i < p->to; i = end) {
        end = word_end(l, i);
        if (end > p->to) end = p->to;
        if (end == p->to && p->to - p->from < CODE_LENGTH) break; /* the last may be on its way still */
        words++;
        if (end - i != GROUP && odd++ == 0) first = words;
    }
    return odd <= 2 && words - odd >= 2 ? (int)first : 0;
}

/* 2026-11-21, 21-11-2026, or a license id: the places of the hyphens tell which. */
static bool is_day_or_id(const uint32_t *word, size_t length) {
    size_t hyphens = 0, sum = 0;
    bool decimal = true, hex = true;
    const pasted text = {word, length};
    for (size_t i = 0; i < length; i++) {
        if (word[i] == '-') hyphens++, sum = sum * 32 + i;
        else decimal &= is_digit(word[i]), hex &= hex_at(&text, i) < 16;
    }
    if (length == 10 && hyphens == 2) return decimal && (sum == 4 * 32 + 7 || sum == 2 * 32 + 5);
    return length == 36 && hyphens == 4 && hex && sum == ((8 * 32 + 13) * 32 + 18) * 32 + 23;
}

static bool is_order_number(const uint32_t *word, size_t length, size_t fewest) {
    if (is_day_or_id(word, length)) return false;
    size_t digits = 0;
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(word[i]) && !is_letter(word[i]) && word[i] != '-') return false;
        digits += is_digit(word[i]);
    }
    return length >= 4 && length <= 40 && digits >= fewest;
}

/* Exactly one @, something before it, and behind it something, a full stop and something. */
static bool is_address(const uint32_t *word, size_t length) {
    size_t ats = 0, place = 0;
    bool dot = false;
    for (size_t i = 0; i < length; i++) {
        if (word[i] == '@') ats++, place = i, dot = false;
        else if (ats == 1 && word[i] == '.' && i > place + 1 && i + 1 < length) dot = true;
    }
    return ats == 1 && place > 0 && dot;
}

static bool is_blank(uint32_t c) { return (c >= 0x09 && c <= 0x0D) || c == 0x20; }
static bool is_kept(uint32_t c) { return is_digit(c) || is_letter(c); }

/* The next word from a place on, and where it ends; its length is 0 behind the last. */
static size_t next_word(const pasted *text, size_t *from) {
    while (*from < text->length && is_blank(text->points[*from])) (*from)++;
    size_t end = *from;
    while (end < text->length && !is_blank(text->points[end])) end++;
    return end;
}

/* What a text is, as far as a person would know it. */
static const char *seen_in(const pasted *text) {
    size_t from = 0, end = next_word(text, &from), behind = end;
    const bool alone = next_word(text, &behind) == behind;
    bool address = false, link = false;
    for (; from < end; from = end, end = next_word(text, &from)) {
        for (size_t i = from; i + 2 < end; i++)
            link |= text->points[i] == ':' && text->points[i + 1] == '/' && text->points[i + 2] == '/';
        size_t first = from, last = end;
        if (end - from > 200) continue;
        while (first < last && !is_kept(text->points[first])) first++;
        while (last > first && !is_kept(text->points[last - 1])) last--;
        if (is_order_number(text->points + first, last - first, alone ? 4 : 9)) return "order-number";
        address |= is_address(text->points + first, last - first);
    }
    return address ? "e-mail-address" : link ? "link" : "text";
}

static void tell_damage(const reading *r, mintmark_verdict *verdict) {
    const letters *l = &r->letters;
    piece p;
    if (l->count == 0) return;
    if (!find_piece(r, &p)) {
        verdict->kind = MINTMARK_NO_CODE;
        verdict->seen = seen_in(&r->text);
        return;
    }
    const size_t count = p.to - p.from, wrong = wrong_in(l, p.from, p.to);
    if (count >= CODE_LENGTH - 1 && wrong < p.to) {
        verdict->kind = MINTMARK_BAD_CHARACTER;
        put_utf8(verdict->character, l->points[wrong]);
        verdict->position = l->positions[wrong];
    } else if (count == CODE_LENGTH) {
        verdict->kind = MINTMARK_MISTYPED;
    } else {
        verdict->kind = count < CODE_LENGTH ? MINTMARK_TOO_SHORT : MINTMARK_TOO_LONG;
        verdict->count = count;
    }
    if (verdict->kind != MINTMARK_TOO_LONG) verdict->group = group_of(r, &p);
}

/* ---- Judge: the license of a genuine code. ---- */

/* Days and civil dates by eras of 400 years that begin in March, when a leap day is the last of its year. */
static void write_day(char text[11], int32_t number) {
    const uint32_t day = (uint32_t)(number + 719468), era = day / 146097, in_era = day % 146097;
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
    static const uint8_t DAYS[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t n[8];
    if (text == NULL || strlen(text) != 10 || text[4] != '-' || text[7] != '-') return NO_DAY;
    for (int i = 0, from = 0; i < 8; i++, from++) {
        if (i == 4 || i == 6) from++;
        if (!is_digit((uint8_t)text[from])) return NO_DAY;
        n[i] = text[from] - '0';
    }
    const int32_t year = n[0] * 1000 + n[1] * 100 + n[2] * 10 + n[3], month = n[4] * 10 + n[5], day = n[6] * 10 + n[7];
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < 1 || month < 1 || month > 12 || day < 1) return NO_DAY;
    if (day > DAYS[month - 1] + (month == 2 && leap)) return NO_DAY;
    const int32_t y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* The latest of the clock's day, the build date and the latest day seen. */
static int32_t today_of(const mintmark_reader *reader) {
    const time_t seconds = reader->today == NO_DAY ? time(NULL) : 0;
    int32_t today = reader->today != NO_DAY ? reader->today : seconds < 0 ? 0 : (int32_t)(seconds / 86400);
    if (today < reader->build_date) today = reader->build_date;
    return today < reader->latest_day ? reader->latest_day : today;
}

/* Today, but no later than the license's end, and never earlier than latest_day. */
static int32_t day_to_keep(const mintmark_reader *reader, const uint8_t record[34], int32_t today) {
    const int32_t end = two(record + 25) != 0 ? two(record + 25) + 1 : two(record + 23);
    const int32_t needed = today < end ? today : end;
    return needed < reader->latest_day ? reader->latest_day : needed;
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
    license->test = record[0] & TEST_FLAG;
    license->trial = record[0] & TRIAL_FLAG;
    license->key_id = record[1];
}

static mintmark_kind judge_license(const mintmark_reader *reader, const mintmark_license *license,
                                   const uint8_t record[34], int32_t today) {
    const uint16_t issued = two(record + 23), last_valid = two(record + 25), updates_until = two(record + 27);
    if (license->test && !reader->allow_test) return MINTMARK_TEST_CODE;
    /* A wrong clock must not lock out the owner of a perpetual license. */
    if (last_valid != 0 && issued - today > CLOCK_SKEW_DAYS) return MINTMARK_NOT_YET_VALID;
    if (reader->revoked != NULL && reader->revoked(license->id, reader->context)) return MINTMARK_REVOKED;
    if (last_valid != 0 && last_valid < today) return MINTMARK_EXPIRED;
    if (updates_until != 0 && updates_until < reader->build_date) return MINTMARK_UPDATES_ENDED;
    return MINTMARK_VALID;
}

static void judge(const reading *r, const genuine_code *code, mintmark_verdict *verdict) {
    uint8_t bytes[100];
    unarmor(bytes, code->values);
    *verdict = (mintmark_verdict){.kind = MINTMARK_EMPTY};
    if (code->repaired != NULL) verdict->repaired = *code->repaired;
    const int32_t today = today_of(r->reader);
    read_license(&verdict->license, bytes);
    for (int i = 0; i < CODE_LENGTH; i++) verdict->code[i] = ALPHABET[code->values[i]];
    write_day(verdict->keep, day_to_keep(r->reader, bytes, today));
    verdict->kind = judge_license(r->reader, &verdict->license, bytes, today);
}

/* Of each license the code of the highest revision, the first of the same, in the order of their first codes. */
static void keep_newest(reading *r) {
    size_t count = 0;
    for (size_t i = 0; i < r->genuine_count; i++) {
        uint8_t bytes[100], other[100];
        unarmor(bytes, r->genuine[i].values);
        size_t j = 0;
        for (; j < count; j++) {
            unarmor(other, r->genuine[j].values);
            if ((bytes[0] & TEST_FLAG) == (other[0] & TEST_FLAG) && memcmp(bytes + 5, other + 5, 16) == 0) break;
        }
        if (j == count || two(bytes + 21) > two(other + 21)) r->genuine[j] = r->genuine[i];
        if (j == count) count++;
    }
    r->genuine_count = count;
}

/* Steps 1 to 3. */
static void search(reading *r) {
    read_and_mark(r);
    find(r);
    r->start_count = 0;
    /* No room for another code: the usual case. */
    if (r->genuine_count > 0 && r->letters.count < CODE_LENGTH * (r->genuine_count + 1) - 1) return;
    find_starts(r);
    repair(r);
}

/* Where a reading keeps what it needs, for so many code points and letters. */
enum {
    STACK_LETTERS = MOST_OF_ONE * MOST_ON_STACK + 1,
    STACK_CODES = STACK_LETTERS / CODE_LENGTH + 1 + MOST_REPAIRS
};

typedef struct {
    genuine_code genuine[STACK_CODES];
    uint32_t text[MOST_ON_STACK], points[STACK_LETTERS], positions[STACK_LETTERS];
    uint16_t registers[STACK_LETTERS];
    uint8_t values[STACK_LETTERS], edges[STACK_LETTERS], runs[STACK_LETTERS];
} stack_room;

/* NULL if there is no memory; what is returned is to be freed. */
static void *take_memory(reading *r, size_t points, uint32_t **text) {
    const size_t count = MOST_OF_ONE * points + 1, codes = count / CODE_LENGTH + 1 + MOST_REPAIRS;
    genuine_code *memory = malloc(codes * sizeof *memory + points * 4 + count * (4 + 4 + 2 + 3));
    if (memory == NULL) return NULL;
    r->genuine = memory;
    r->most_genuine = codes;
    *text = (uint32_t *)(r->genuine + codes);
    r->letters.points = *text + points;
    r->letters.positions = r->letters.points + count;
    r->letters.registers = (uint16_t *)(r->letters.positions + count);
    r->letters.values = (uint8_t *)(r->letters.registers + count);
    r->letters.edges = r->letters.values + count;
    r->letters.runs = r->letters.edges + count;
    return memory;
}

static void use_stack(reading *r, stack_room *room, uint32_t **text) {
    *text = room->text;
    r->genuine = room->genuine;
    r->most_genuine = STACK_CODES;
    r->letters = (letters){.values = room->values, .points = room->points, .positions = room->positions,
                           .edges = room->edges, .registers = room->registers, .runs = room->runs};
}

static void read_points(uint32_t *points, size_t count, const uint8_t *from, const uint8_t *end) {
    for (size_t i = 0; i < count; i++) points[i] = next_point(&from, end);
}

/* How many licenses there are; writes the verdicts on the first `most`, or if there is none, why to `refusal`. */
static size_t read_any(const mintmark_reader *reader, const uint8_t *bytes, size_t length, mintmark_verdict *refusal,
                       mintmark_verdict *choices, size_t most) {
    const uint8_t *from = bytes, *end = bytes == NULL ? bytes : bytes + length;
    size_t count = 0;
    for (; from < end && count < LONGEST_PASTE; count++) next_point(&from, end);
    reading r = {.reader = reader, .refusal = MINTMARK_EMPTY};
    stack_room room;
    uint32_t *points = NULL;
    void *memory = count > MOST_ON_STACK ? take_memory(&r, count, &points) : NULL;
    if (memory == NULL) {
        use_stack(&r, &room, &points);
        if (count > MOST_ON_STACK) count = MOST_ON_STACK;
    }
    read_points(points, count, bytes, end);
    r.text = (pasted){points, count};
    search(&r);
    if (r.genuine_count == 0 && blank_line_marks(points, count)) {
        search(&r);
        read_points(points, count, bytes, end);
        if (r.genuine_count == 0) {
            read_and_mark(&r);
            find_starts(&r);
        }
    }
    keep_newest(&r);
    const size_t licenses = r.genuine_count;
    for (size_t i = 0; i < licenses && i < most; i++) judge(&r, &r.genuine[i], &choices[i]);
    if (licenses == 0) {
        *refusal = (mintmark_verdict){.kind = r.refusal};
        if (r.refusal == MINTMARK_EMPTY) tell_damage(&r, refusal);
    }
    free(memory);
    return licenses;
}

mintmark_verdict mintmark_read(const mintmark_reader *reader, const char *text, size_t length) {
    mintmark_verdict verdict;
    const size_t licenses = read_any(reader, (const uint8_t *)text, length, &verdict, &verdict, 1);
    if (licenses > 1) verdict = (mintmark_verdict){.kind = MINTMARK_SEVERAL, .choices = licenses};
    return verdict;
}

size_t mintmark_choices(const mintmark_reader *reader, const char *text, size_t length, mintmark_verdict *choices,
                        size_t most) {
    mintmark_verdict refusal;
    return read_any(reader, (const uint8_t *)text, length, &refusal, choices, most);
}

bool mintmark_has(const mintmark_reader *reader, const mintmark_verdict *verdict, const char *feature) {
    for (size_t bit = 0; verdict->kind == MINTMARK_VALID && bit < reader->feature_count; bit++)
        if (strcmp(reader->features[bit], feature) == 0) return verdict->license.features >> bit & 1;
    return false;
}

/* ---- Signatures. ---- */

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

/* ---- What a reader is made of. ---- */

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

static const char *take_features(mintmark_reader *reader, const mintmark_options *options) {
    if (options->feature_count > MOST_FEATURES) return "features: must be at most 24 names";
    for (size_t i = 0; i < options->feature_count; i++) {
        const char *name = options->features == NULL ? NULL : options->features[i];
        if (name == NULL || *name == '\0') return "features: has an empty name";
        for (size_t j = 0; j < i; j++)
            if (strcmp(name, options->features[j]) == 0) return "features: has a name twice";
    }
    reader->features = options->features;
    reader->feature_count = options->feature_count;
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
    reader->latest_day = read_day(options->latest_day);
    const char *wrong = take_features(reader, options);
    if (wrong != NULL) return wrong;
    init_check_digits(reader);
    reader->allow_test = options->allow_test;
    reader->revoked = options->revoked;
    reader->context = options->context;
    return NULL;
}

static const struct {
    const char *word, *sentence;
} WORDS[] = {
    [MINTMARK_EMPTY] = {"empty", "paste your license code"},
    [MINTMARK_NO_CODE] = {"no-code",
                          "here is %sno license code: look in your e-mail for a line of 160 letters and digits"},
    [MINTMARK_BAD_CHARACTER] = {"bad-character", "character %zu does not belong in a license code"},
    [MINTMARK_TOO_SHORT] = {"too-short", "this is %zu of 160 characters: copy the whole line%s"},
    [MINTMARK_TOO_LONG] = {"too-long", "this is %zu characters instead of 160: copy only the line with the code"},
    [MINTMARK_MISTYPED] = {"mistyped", "some characters are wrong: paste it again%s"},
    [MINTMARK_UNSUPPORTED_VERSION] = {"unsupported-version",
                                      "this license was made for a newer version of this program"},
    [MINTMARK_WRONG_PRODUCT] = {"wrong-product", "this license is for another product"},
    [MINTMARK_UNKNOWN_KEY] = {"unknown-key", "update the program, then try again"},
    [MINTMARK_FORGED] = {"forged", "this is not a genuine license"},
    [MINTMARK_SEVERAL] = {"several", "here are codes of several licenses: paste one of them"},
    [MINTMARK_TEST_CODE] = {"test-code", "this is a test license"},
    [MINTMARK_NOT_YET_VALID] = {"not-yet-valid",
                                "this license begins in the future: check the date of your computer"},
    [MINTMARK_REVOKED] = {"revoked", "this license was withdrawn (refunded, for example)"},
    [MINTMARK_EXPIRED] = {"expired", "this license expired on %s"},
    [MINTMARK_UPDATES_ENDED] = {"updates-ended", "this license covers versions built until %s"},
    [MINTMARK_VALID] = {"valid", "licensed"},
};

const char *mintmark_word(mintmark_kind kind) { return WORDS[kind].word; }

/* What a text with no code is instead, as the sentence has it. */
static const char *instead(const char *seen) {
    if (strcmp(seen, "order-number") == 0) return "an order number, but ";
    if (strcmp(seen, "e-mail-address") == 0) return "an e-mail address, but ";
    return strcmp(seen, "link") == 0 ? "a link, but " : "";
}

const char *mintmark_explain(const mintmark_verdict *verdict, char *sentence, size_t size) {
    const char *form = WORDS[verdict->kind].sentence;
    char look_at[64] = "";
    const int last = GROUP * verdict->group;
    if (last > 0) snprintf(look_at, sizeof look_at, ", or look at characters %d to %d of it", last - GROUP + 1, last);
    switch (verdict->kind) {
    case MINTMARK_NO_CODE: snprintf(sentence, size, form, instead(verdict->seen)); break;
    case MINTMARK_BAD_CHARACTER: snprintf(sentence, size, form, verdict->position); break;
    case MINTMARK_TOO_SHORT: snprintf(sentence, size, form, verdict->count, look_at); break;
    case MINTMARK_TOO_LONG: snprintf(sentence, size, form, verdict->count); break;
    case MINTMARK_MISTYPED: snprintf(sentence, size, form, look_at); break;
    case MINTMARK_EXPIRED: snprintf(sentence, size, form, verdict->license.last_valid); break;
    case MINTMARK_UPDATES_ENDED: snprintf(sentence, size, form, verdict->license.updates_until); break;
    default: snprintf(sentence, size, "%s", form);
    }
    return sentence;
}

/* ---- What each character beyond ASCII is read as: verifiers/fold/README.md. ---- */

/* A `+` says that the character before it rises by one with each code point of the range. */
static const struct fold_row {
    uint32_t first, last;
    char target[MOST_OF_ONE + 1];
} FOLD_ROWS[] = {
    /* <fold-rows> made by verifiers/fold/make.ts: do not edit */
    {0x80, 0xA9, ""}, {0xAA, 0xAA, "A"}, {0xAB, 0xB1, ""}, {0xB2, 0xB3, "2+"}, {0xB4, 0xB4, ""},
    {0xB6, 0xB8, ""}, {0xB9, 0xB9, "1"}, {0xBA, 0xBA, "O"}, {0xBB, 0xBB, ""}, {0xBC, 0xBC, "14"},
    {0xBD, 0xBD, "12"}, {0xBE, 0xBE, "34"}, {0xBF, 0xBF, ""}, {0xD7, 0xD7, ""},
    {0xDF, 0xDF, "SS"}, {0xF7, 0xF7, ""}, {0x131, 0x131, "I"}, {0x132, 0x133, "IJ"},
    {0x13F, 0x140, "L"}, {0x17F, 0x17F, "S"}, {0x1C7, 0x1C9, "LJ"}, {0x1CA, 0x1CC, "NJ"},
    {0x1F1, 0x1F3, "DZ"}, {0x2B0, 0x2B0, "H"}, {0x2B2, 0x2B2, "J"}, {0x2B3, 0x2B3, "R"},
    {0x2B7, 0x2B7, "W"}, {0x2B8, 0x2B8, "Y"}, {0x2E1, 0x2E1, "L"}, {0x2E2, 0x2E2, "S"},
    {0x2E3, 0x2E3, "X"}, {0x34F, 0x34F, ""}, {0x58A, 0x58A, ""}, {0x5BE, 0x5BE, ""},
    {0x61C, 0x61C, ""}, {0x115F, 0x1160, ""}, {0x1400, 0x1400, ""}, {0x1680, 0x1680, ""},
    {0x17B4, 0x17B5, ""}, {0x1806, 0x1806, ""}, {0x180B, 0x180F, ""}, {0x1D2C, 0x1D2C, "A"},
    {0x1D2E, 0x1D2E, "B"}, {0x1D30, 0x1D31, "D+"}, {0x1D33, 0x1D3A, "G+"}, {0x1D3C, 0x1D3C, "O"},
    {0x1D3E, 0x1D3E, "P"}, {0x1D3F, 0x1D3F, "R"}, {0x1D40, 0x1D41, "T+"}, {0x1D42, 0x1D42, "W"},
    {0x1D43, 0x1D43, "A"}, {0x1D47, 0x1D47, "B"}, {0x1D48, 0x1D49, "D+"}, {0x1D4D, 0x1D4D, "G"},
    {0x1D4F, 0x1D4F, "K"}, {0x1D50, 0x1D50, "M"}, {0x1D52, 0x1D52, "O"}, {0x1D56, 0x1D56, "P"},
    {0x1D57, 0x1D58, "T+"}, {0x1D5B, 0x1D5B, "V"}, {0x1D62, 0x1D62, "I"}, {0x1D63, 0x1D63, "R"},
    {0x1D64, 0x1D65, "U+"}, {0x1D9C, 0x1D9C, "C"}, {0x1DA0, 0x1DA0, "F"}, {0x1DBB, 0x1DBB, "Z"},
    {0x2000, 0x206F, ""}, {0x2070, 0x2070, "0"}, {0x2071, 0x2071, "I"}, {0x2074, 0x2079, "4+"},
    {0x207B, 0x207B, ""}, {0x207F, 0x207F, "N"}, {0x2080, 0x2089, "0+"}, {0x208B, 0x208B, ""},
    {0x2090, 0x2090, "A"}, {0x2091, 0x2091, "E"}, {0x2092, 0x2092, "O"}, {0x2093, 0x2093, "X"},
    {0x2095, 0x2095, "H"}, {0x2096, 0x2099, "K+"}, {0x209A, 0x209A, "P"}, {0x209B, 0x209C, "S+"},
    {0x20A0, 0x20A7, ""}, {0x20A8, 0x20A8, "RS"}, {0x20A9, 0x20CF, ""}, {0x2100, 0x2100, "AC"},
    {0x2101, 0x2101, "AS"}, {0x2102, 0x2103, "C"}, {0x2105, 0x2105, "CO"}, {0x2109, 0x210B, "F+"},
    {0x210C, 0x210E, "H"}, {0x2110, 0x2111, "I"}, {0x2112, 0x2113, "L"}, {0x2115, 0x2115, "N"},
    {0x2116, 0x2116, "NO"}, {0x2119, 0x211B, "P+"}, {0x211C, 0x211D, "R"}, {0x2120, 0x2120, "SM"},
    {0x2121, 0x2121, "TEL"}, {0x2122, 0x2122, "TM"}, {0x2124, 0x2124, "Z"}, {0x2128, 0x2128, "Z"},
    {0x212A, 0x212A, "K"}, {0x212C, 0x212D, "B+"}, {0x212F, 0x2130, "E"}, {0x2131, 0x2131, "F"},
    {0x2133, 0x2133, "M"}, {0x2134, 0x2134, "O"}, {0x2139, 0x2139, "I"}, {0x213B, 0x213B, "FAX"},
    {0x2145, 0x2146, "D"}, {0x2147, 0x2147, "E"}, {0x2148, 0x2149, "I+"}, {0x2150, 0x2150, "17"},
    {0x2151, 0x2151, "19"}, {0x2152, 0x2152, "110"}, {0x2153, 0x2153, "13"},
    {0x2154, 0x2154, "23"}, {0x2155, 0x2155, "15"}, {0x2156, 0x2156, "25"},
    {0x2157, 0x2157, "35"}, {0x2158, 0x2158, "45"}, {0x2159, 0x2159, "16"},
    {0x215A, 0x215A, "56"}, {0x215B, 0x215B, "18"}, {0x215C, 0x215C, "38"},
    {0x215D, 0x215D, "58"}, {0x215E, 0x215E, "78"}, {0x215F, 0x215F, "1"}, {0x2160, 0x2160, "I"},
    {0x2161, 0x2161, "II"}, {0x2162, 0x2162, "III"}, {0x2163, 0x2163, "IV"},
    {0x2164, 0x2164, "V"}, {0x2165, 0x2165, "VI"}, {0x2166, 0x2166, "VII"},
    {0x2167, 0x2167, "VIII"}, {0x2168, 0x2168, "IX"}, {0x2169, 0x2169, "X"},
    {0x216A, 0x216A, "XI"}, {0x216B, 0x216B, "XII"}, {0x216C, 0x216C, "L"},
    {0x216D, 0x216E, "C+"}, {0x216F, 0x216F, "M"}, {0x2170, 0x2170, "I"}, {0x2171, 0x2171, "II"},
    {0x2172, 0x2172, "III"}, {0x2173, 0x2173, "IV"}, {0x2174, 0x2174, "V"},
    {0x2175, 0x2175, "VI"}, {0x2176, 0x2176, "VII"}, {0x2177, 0x2177, "VIII"},
    {0x2178, 0x2178, "IX"}, {0x2179, 0x2179, "X"}, {0x217A, 0x217A, "XI"},
    {0x217B, 0x217B, "XII"}, {0x217C, 0x217C, "L"}, {0x217D, 0x217E, "C+"}, {0x217F, 0x217F, "M"},
    {0x2190, 0x245F, ""}, {0x2460, 0x2468, "1+"}, {0x2469, 0x2472, "10+"}, {0x2473, 0x2473, "20"},
    {0x2474, 0x247C, "1+"}, {0x247D, 0x2486, "10+"}, {0x2487, 0x2487, "20"},
    {0x2488, 0x2490, "1+"}, {0x2491, 0x249A, "10+"}, {0x249B, 0x249B, "20"},
    {0x249C, 0x24B5, "A+"}, {0x24B6, 0x24CF, "A+"}, {0x24D0, 0x24E9, "A+"}, {0x24EA, 0x24EA, "0"},
    {0x24EB, 0x2BFF, ""}, {0x2C7C, 0x2C7C, "J"}, {0x2C7D, 0x2C7D, "V"}, {0x2E00, 0x2E2E, ""},
    {0x2E30, 0x2E7F, ""}, {0x3000, 0x3004, ""}, {0x3008, 0x3020, ""}, {0x3030, 0x3030, ""},
    {0x3036, 0x3037, ""}, {0x303D, 0x303F, ""}, {0x30A0, 0x30A0, ""}, {0x3164, 0x3164, ""},
    {0x3250, 0x3250, "PTE"}, {0x3251, 0x3259, "21+"}, {0x325A, 0x325F, "30+"},
    {0x32B1, 0x32B4, "36+"}, {0x32B5, 0x32BE, "40+"}, {0x32BF, 0x32BF, "50"},
    {0x32CC, 0x32CC, "HG"}, {0x32CD, 0x32CD, "ERG"}, {0x32CE, 0x32CE, "EV"},
    {0x32CF, 0x32CF, "LTD"}, {0x3371, 0x3371, "HPA"}, {0x3372, 0x3372, "DA"},
    {0x3374, 0x3374, "BAR"}, {0x3375, 0x3375, "OV"}, {0x3376, 0x3376, "PC"},
    {0x3377, 0x3377, "DM"}, {0x3378, 0x3379, "DM2+"}, {0x3380, 0x3380, "PA"},
    {0x3381, 0x3381, "NA"}, {0x3383, 0x3383, "MA"}, {0x3384, 0x3385, "KA+"},
    {0x3386, 0x3386, "MB"}, {0x3387, 0x3387, "GB"}, {0x3388, 0x3388, "CAL"},
    {0x3389, 0x3389, "KCAL"}, {0x338A, 0x338A, "PF"}, {0x338B, 0x338B, "NF"},
    {0x338E, 0x338E, "MG"}, {0x338F, 0x338F, "KG"}, {0x3390, 0x3390, "HZ"},
    {0x3391, 0x3391, "KHZ"}, {0x3392, 0x3392, "MHZ"}, {0x3393, 0x3393, "GHZ"},
    {0x3394, 0x3394, "THZ"}, {0x3396, 0x3396, "ML"}, {0x3397, 0x3397, "DL"},
    {0x3398, 0x3398, "KL"}, {0x3399, 0x3399, "FM"}, {0x339A, 0x339A, "NM"},
    {0x339C, 0x339C, "MM"}, {0x339D, 0x339D, "CM"}, {0x339E, 0x339E, "KM"},
    {0x339F, 0x339F, "MM2"}, {0x33A0, 0x33A0, "CM2"}, {0x33A1, 0x33A1, "M2"},
    {0x33A2, 0x33A2, "KM2"}, {0x33A3, 0x33A3, "MM3"}, {0x33A4, 0x33A4, "CM3"},
    {0x33A5, 0x33A5, "M3"}, {0x33A6, 0x33A6, "KM3"}, {0x33A7, 0x33A7, "MS"},
    {0x33A8, 0x33A8, "MS2"}, {0x33A9, 0x33A9, "PA"}, {0x33AA, 0x33AA, "KPA"},
    {0x33AB, 0x33AB, "MPA"}, {0x33AC, 0x33AC, "GPA"}, {0x33AD, 0x33AD, "RAD"},
    {0x33AE, 0x33AE, "RADS"}, {0x33AF, 0x33AF, "RADS2"}, {0x33B0, 0x33B0, "PS"},
    {0x33B1, 0x33B1, "NS"}, {0x33B3, 0x33B3, "MS"}, {0x33B4, 0x33B4, "PV"},
    {0x33B5, 0x33B5, "NV"}, {0x33B7, 0x33B7, "MV"}, {0x33B8, 0x33B8, "KV"},
    {0x33B9, 0x33B9, "MV"}, {0x33BA, 0x33BA, "PW"}, {0x33BB, 0x33BB, "NW"},
    {0x33BD, 0x33BD, "MW"}, {0x33BE, 0x33BE, "KW"}, {0x33BF, 0x33BF, "MW"},
    {0x33C2, 0x33C2, "AM"}, {0x33C3, 0x33C3, "BQ"}, {0x33C4, 0x33C5, "CC+"},
    {0x33C6, 0x33C6, "CKG"}, {0x33C7, 0x33C7, "CO"}, {0x33C8, 0x33C8, "DB"},
    {0x33C9, 0x33C9, "GY"}, {0x33CA, 0x33CA, "HA"}, {0x33CB, 0x33CB, "HP"},
    {0x33CC, 0x33CC, "IN"}, {0x33CD, 0x33CD, "KK"}, {0x33CE, 0x33CE, "KM"},
    {0x33CF, 0x33CF, "KT"}, {0x33D0, 0x33D1, "LM+"}, {0x33D2, 0x33D2, "LOG"},
    {0x33D3, 0x33D3, "LX"}, {0x33D4, 0x33D4, "MB"}, {0x33D5, 0x33D5, "MIL"},
    {0x33D6, 0x33D6, "MOL"}, {0x33D7, 0x33D7, "PH"}, {0x33D8, 0x33D8, "PM"},
    {0x33D9, 0x33D9, "PPM"}, {0x33DA, 0x33DA, "PR"}, {0x33DB, 0x33DB, "SR"},
    {0x33DC, 0x33DC, "SV"}, {0x33DD, 0x33DD, "WB"}, {0x33DE, 0x33DE, "VM"},
    {0x33DF, 0x33DF, "AM"}, {0x33FF, 0x33FF, "GAL"}, {0xA7F1, 0xA7F1, "S"}, {0xA7F2, 0xA7F2, "C"},
    {0xA7F3, 0xA7F3, "F"}, {0xA7F4, 0xA7F4, "Q"}, {0xFB00, 0xFB00, "FF"}, {0xFB01, 0xFB01, "FI"},
    {0xFB02, 0xFB02, "FL"}, {0xFB03, 0xFB03, "FFI"}, {0xFB04, 0xFB04, "FFL"},
    {0xFB05, 0xFB06, "ST"}, {0xFE00, 0xFE1F, ""}, {0xFE30, 0xFE6F, ""}, {0xFEFF, 0xFEFF, ""},
    {0xFF01, 0xFF0F, ""}, {0xFF10, 0xFF19, "0+"}, {0xFF1A, 0xFF20, ""}, {0xFF21, 0xFF3A, "A+"},
    {0xFF3B, 0xFF40, ""}, {0xFF41, 0xFF5A, "A+"}, {0xFF5B, 0xFF65, ""}, {0xFFA0, 0xFFA0, ""},
    {0xFFE0, 0xFFFD, ""}, {0x107A5, 0x107A5, "Q"}, {0x10D6E, 0x10D6E, ""}, {0x10EAD, 0x10EAD, ""},
    {0x1BCA0, 0x1BCA3, ""}, {0x1CCD6, 0x1CCEF, "A+"}, {0x1CCF0, 0x1CCF9, "0+"},
    {0x1D173, 0x1D17A, ""}, {0x1D400, 0x1D419, "A+"}, {0x1D41A, 0x1D433, "A+"},
    {0x1D434, 0x1D44D, "A+"}, {0x1D44E, 0x1D454, "A+"}, {0x1D456, 0x1D467, "I+"},
    {0x1D468, 0x1D481, "A+"}, {0x1D482, 0x1D49B, "A+"}, {0x1D49C, 0x1D49C, "A"},
    {0x1D49E, 0x1D49F, "C+"}, {0x1D4A2, 0x1D4A2, "G"}, {0x1D4A5, 0x1D4A6, "J+"},
    {0x1D4A9, 0x1D4AC, "N+"}, {0x1D4AE, 0x1D4B5, "S+"}, {0x1D4B6, 0x1D4B9, "A+"},
    {0x1D4BB, 0x1D4BB, "F"}, {0x1D4BD, 0x1D4C3, "H+"}, {0x1D4C5, 0x1D4CF, "P+"},
    {0x1D4D0, 0x1D4E9, "A+"}, {0x1D4EA, 0x1D503, "A+"}, {0x1D504, 0x1D505, "A+"},
    {0x1D507, 0x1D50A, "D+"}, {0x1D50D, 0x1D514, "J+"}, {0x1D516, 0x1D51C, "S+"},
    {0x1D51E, 0x1D537, "A+"}, {0x1D538, 0x1D539, "A+"}, {0x1D53B, 0x1D53E, "D+"},
    {0x1D540, 0x1D544, "I+"}, {0x1D546, 0x1D546, "O"}, {0x1D54A, 0x1D550, "S+"},
    {0x1D552, 0x1D56B, "A+"}, {0x1D56C, 0x1D585, "A+"}, {0x1D586, 0x1D59F, "A+"},
    {0x1D5A0, 0x1D5B9, "A+"}, {0x1D5BA, 0x1D5D3, "A+"}, {0x1D5D4, 0x1D5ED, "A+"},
    {0x1D5EE, 0x1D607, "A+"}, {0x1D608, 0x1D621, "A+"}, {0x1D622, 0x1D63B, "A+"},
    {0x1D63C, 0x1D655, "A+"}, {0x1D656, 0x1D66F, "A+"}, {0x1D670, 0x1D689, "A+"},
    {0x1D68A, 0x1D6A3, "A+"}, {0x1D6A4, 0x1D6A4, "I"}, {0x1D7CE, 0x1D7D7, "0+"},
    {0x1D7D8, 0x1D7E1, "0+"}, {0x1D7E2, 0x1D7EB, "0+"}, {0x1D7EC, 0x1D7F5, "0+"},
    {0x1D7F6, 0x1D7FF, "0+"}, {0x1F000, 0x1F0FF, ""}, {0x1F100, 0x1F101, "0"},
    {0x1F102, 0x1F10A, "1+"}, {0x1F10B, 0x1F10F, ""}, {0x1F110, 0x1F129, "A+"},
    {0x1F12A, 0x1F12A, "S"}, {0x1F12B, 0x1F12B, "C"}, {0x1F12C, 0x1F12C, "R"},
    {0x1F12D, 0x1F12D, "CD"}, {0x1F12E, 0x1F12E, "WZ"}, {0x1F12F, 0x1F12F, ""},
    {0x1F130, 0x1F149, "A+"}, {0x1F14A, 0x1F14A, "HV"}, {0x1F14B, 0x1F14B, "MV"},
    {0x1F14C, 0x1F14C, "SD"}, {0x1F14D, 0x1F14D, "SS"}, {0x1F14E, 0x1F14E, "PPV"},
    {0x1F14F, 0x1F14F, "WC"}, {0x1F150, 0x1F169, ""}, {0x1F16A, 0x1F16B, "MC+"},
    {0x1F16C, 0x1F16C, "MR"}, {0x1F16D, 0x1F18F, ""}, {0x1F190, 0x1F190, "DJ"},
    {0x1F191, 0x1FAFF, ""}, {0x1FBF0, 0x1FBF9, "0+"}, {0xE0000, 0xE0FFF, ""},
    /* </fold-rows> */
};

/* The values that a code point is read as, one WRONG for a wrong character; how many. */
static int fold(uint32_t point, uint8_t values[MOST_OF_ONE]) {
    if (point < 0x80) {
        values[0] = VALUES[point];
        return values[0] <= WRONG;
    }
    size_t low = 0, high = sizeof FOLD_ROWS / sizeof *FOLD_ROWS;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const struct fold_row *row = &FOLD_ROWS[middle];
        if (point < row->first) high = middle;
        else if (point > row->last) low = middle + 1;
        else {
            int count = 0;
            for (const char *p = row->target; count < MOST_OF_ONE && *p != '\0' && *p != '+'; p++) {
                values[count] = VALUES[(uint32_t)*p + (p[1] == '+' ? point - row->first : 0)];
                if (values[count++] != WRONG) continue;
                values[0] = WRONG;
                return 1;
            }
            return count;
        }
    }
    values[0] = WRONG;
    return 1;
}
