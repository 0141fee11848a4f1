/* From what a person pasted to the characters that are judged (docs/license-code.md, "Reading", step 1). */
#include "clean.h"

#include <stdbool.h>
#include <string.h>

#include "fold.h"

enum {
    CODE_LENGTH = MINTMARK_CODE_LENGTH,
    LONGEST_TEXT = 1 << 23, /* UTF-16 units that are looked at, as in every reader */
    MEANINGLESS = 32,       /* the values of ASCII characters, beside 0 to 31 */
    FOREIGN = 33
};

#define F FOREIGN
#define M MEANINGLESS
static const uint8_t VALUES[128] = {
    F, F, F, F, F, F, F, F, F, M, M, M, M, M, F, F,                 /* tab to carriage return */
    F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F,                 /* */
    M, F, F, F, F, F, F, F, F, F, M, F, F, M, F, F,                 /* space * - */
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, F, F, F, F, M, F,                 /* 0 to 9 > */
    F, 10, 11, 12, 13, 14, 15, 16, 17, 1, 18, 19, 1, 20, 21, 0,     /* A to O */
    22, 23, 24, 25, 26, F, 27, 28, 29, 30, 31, F, F, F, F, M,       /* P to Z _ */
    M, 10, 11, 12, 13, 14, 15, 16, 17, 1, 18, 19, 1, 20, 21, 0,     /* ` a to o */
    22, 23, 24, 25, 26, F, 27, 28, 29, 30, 31, F, F, F, F, F,       /* p to z */
};
#undef F
#undef M

typedef mintmark_cleaned stretch;

static bool is_code(const stretch *s) { return s->bad == 0 && s->count == CODE_LENGTH; }

static void add(stretch *s, uint8_t value) {
    if (value == FOREIGN && s->bad == 0) s->bad = s->count + 1;
    if (s->count < sizeof s->values) s->values[s->count] = value;
    s->count++;
}

/* The next code point; a byte that begins no UTF-8 is U+FFFD, which is foreign. */
static uint32_t next_point(const uint8_t **at, const uint8_t *end) {
    const uint8_t *p = (*at)++;
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
    *at += more;
    return point;
}

/* NULL for a foreign character. */
static const struct fold_row *row_of(uint32_t point) {
    size_t low = 0, high = sizeof FOLD_ROWS / sizeof *FOLD_ROWS;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (point < FOLD_ROWS[middle].first) high = middle;
        else if (point > FOLD_ROWS[middle].last) low = middle + 1;
        else return &FOLD_ROWS[middle];
    }
    return NULL;
}

/* The values that a character is read as; how many. */
static int fold(uint32_t point, uint8_t values[5]) {
    int count = 0;
    if (point < 0x80) {
        if (VALUES[point] != MEANINGLESS) values[count++] = VALUES[point];
        return count;
    }
    const struct fold_row *row = row_of(point);
    if (row == NULL) values[count++] = FOREIGN;
    else
        for (const char *p = row->target; *p != '\0' && *p != '+'; p++) {
            values[count++] = VALUES[(uint32_t)*p + (p[1] == '+' ? point - row->first : 0)];
        }
    return count;
}

static bool is_line_break(uint32_t point) {
    return (point >= 0x0A && point <= 0x0D) || point == 0x85 || point == 0x2028 || point == 0x2029;
}

static bool is_white_space(uint32_t point) {
    return is_line_break(point) || point == 0x09 || point == 0x20 || point == 0xA0 || point == 0x1680 ||
           (point >= 0x2000 && point <= 0x200A) || point == 0x202F || point == 0x205F || point == 0x3000;
}

/* One pass, however long the text is: what it is cleaned to as a whole, and beside it each line and each word. */
static void clean_any(const uint8_t *at, const uint8_t *end, stretch *whole) {
    stretch line = {.count = 0}, word = line, found_word = line, found = line;
    size_t words = 0, codes = 0, units = 0;
    for (bool more = true; more;) {
        more = at < end && units < LONGEST_TEXT;
        uint32_t point = more ? next_point(&at, end) : '\n';
        units += point > 0xFFFF ? 2 : 1;
        if (units > LONGEST_TEXT && more) point = 0xFFFD; /* half of a pair */
        uint8_t values[5];
        const int count = fold(point, values);
        for (int i = 0; i < count; i++) {
            add(whole, values[i]);
            add(&line, values[i]);
            add(&word, values[i]);
        }
        if (!is_white_space(point)) continue;
        if (is_code(&word)) words++, found_word = word;
        word.count = word.bad = 0;
        if (!is_line_break(point)) continue;
        if (is_code(&line)) codes++, found = line;
        else if (words > 0) codes += words, found = found_word;
        line.count = line.bad = words = 0;
    }
    const bool twice = whole->bad == 0 && whole->count == 2 * CODE_LENGTH &&
                       memcmp(whole->values, whole->values + CODE_LENGTH, CODE_LENGTH) == 0;
    if (twice) whole->count = CODE_LENGTH;
    if (!is_code(whole) && codes == 1) *whole = found;
}

/* True for the usual case, a text that is a code and nothing else; then its values are in `whole`. */
static bool is_clean(const uint8_t *text, size_t length, stretch *whole) {
    whole->count = whole->bad = 0;
    if (length != CODE_LENGTH) return false;
    uint8_t worst = 0;
    for (size_t i = 0; i < CODE_LENGTH; i++) {
        const uint8_t value = text[i] < 0x80 ? VALUES[text[i]] : FOREIGN;
        whole->values[i] = value;
        worst |= value;
    }
    if (worst < MEANINGLESS) whole->count = CODE_LENGTH;
    return worst < MEANINGLESS;
}

void mintmark_clean(const char *text, size_t length, mintmark_cleaned *cleaned) {
    const uint8_t *bytes = (const uint8_t *)text;
    if (is_clean(bytes, length, cleaned)) return;
    clean_any(bytes, bytes + length, cleaned);
}
