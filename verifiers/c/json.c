/* See json.h. */
#include "json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64 };

typedef struct {
    const char *at, *end;
    int depth;
} source;

static void skip_space(source *s) {
    while (s->at < s->end && strchr(" \t\r\n", *s->at) != NULL && *s->at != '\0') s->at++;
}

static bool take(source *s, const char *word) {
    const size_t length = strlen(word);
    if ((size_t)(s->end - s->at) < length || memcmp(s->at, word, length) != 0) return false;
    s->at += length;
    return true;
}

/* The four hex digits of an escape; -1 if they are not there. */
static int32_t hex4(source *s) {
    int32_t unit = 0;
    if (s->end - s->at < 4) return -1;
    for (int i = 0; i < 4; i++) {
        const char *digit = strchr("0123456789abcdefABCDEF", *s->at);
        if (digit == NULL || *s->at++ == '\0') return -1;
        const int32_t value = (int32_t)strtol((char[]){*digit, 0}, NULL, 16);
        unit = unit * 16 + value;
    }
    return unit;
}

static char *put_utf8(char *to, uint32_t point) {
    if (point < 0x80) {
        *to++ = (char)point;
        return to;
    }
    const int more = point > 0xFFFF ? 3 : point > 0x7FF ? 2 : 1;
    const uint32_t lead = more == 3 ? 0xF0 : more == 2 ? 0xE0 : 0xC0;
    *to++ = (char)(lead | point >> (6 * more));
    for (int i = more - 1; i >= 0; i--) *to++ = (char)(0x80 | (point >> (6 * i) & 0x3F));
    return to;
}

static char *parse_escape(source *s, char *to) {
    static const char LETTERS[] = "\"\\/bfnrt", MEANT[] = "\"\\/\b\f\n\r\t";
    if (s->at == s->end) return NULL;
    const char letter = *s->at++;
    if (letter != 'u') {
        const char *found = letter == '\0' ? NULL : strchr(LETTERS, letter);
        if (found != NULL) *to++ = MEANT[found - LETTERS];
        return found == NULL ? NULL : to;
    }
    int32_t unit = hex4(s);
    if (unit >= 0xD800 && unit < 0xDC00) {
        const source before = *s;
        const int32_t low = take(s, "\\u") ? hex4(s) : -1;
        if (low >= 0xDC00 && low < 0xE000) unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        else *s = before;
    }
    return unit < 0 ? NULL : put_utf8(to, (uint32_t)unit);
}

/* What follows a quotation mark. No escape is shorter than what it stands for. */
static char *parse_string(source *s, size_t *length) {
    const char *quote = s->at;
    while (quote < s->end && *quote != '"') quote += *quote == '\\' ? 2 : 1;
    if (quote >= s->end) return NULL;
    char *text = malloc((size_t)(quote - s->at) + 1), *to = text;
    while (to != NULL && s->at < quote) {
        if (*s->at == '\\') s->at++, to = parse_escape(s, to);
        else *to++ = *s->at++;
    }
    if (to == NULL) {
        free(text);
        return NULL;
    }
    *to = '\0';
    *length = (size_t)(to - text);
    s->at = quote + 1;
    return text;
}

static bool parse_value(source *s, json *value);

static bool parse_members(source *s, json *parent, char close) {
    json **link = &parent->first;
    skip_space(s);
    if (take(s, (char[]){close, 0})) return true;
    do {
        *link = calloc(1, sizeof(json));
        size_t length;
        skip_space(s);
        if (close == '}') {
            if (!take(s, "\"") || ((*link)->name = parse_string(s, &length)) == NULL) return false;
            skip_space(s);
            if (!take(s, ":")) return false;
        }
        if (!parse_value(s, *link)) return false;
        link = &(*link)->next;
        skip_space(s);
    } while (take(s, ","));
    return take(s, (char[]){close, 0});
}

static bool parse_value(source *s, json *value) {
    skip_space(s);
    if (take(s, "null")) return true;
    if (take(s, "false")) return value->type = JSON_FALSE, true;
    if (take(s, "true")) return value->type = JSON_TRUE, true;
    if (take(s, "\"")) {
        value->type = JSON_STRING;
        return (value->text = parse_string(s, &value->length)) != NULL;
    }
    const bool object = take(s, "{");
    if (object || take(s, "[")) {
        value->type = object ? JSON_OBJECT : JSON_ARRAY;
        const bool done = ++s->depth <= DEEPEST && parse_members(s, value, object ? '}' : ']');
        s->depth--;
        return done;
    }
    char digits[40] = "";
    const size_t length = strspn(s->at, "+-.0123456789eE");
    if (length == 0 || length >= sizeof digits) return false;
    memcpy(digits, s->at, length);
    s->at += length;
    value->type = JSON_NUMBER;
    value->number = strtod(digits, NULL);
    return true;
}

json *json_parse(const char *text, size_t length) {
    source s = {text, text + length, 0};
    json *value = calloc(1, sizeof *value);
    const bool parsed = parse_value(&s, value);
    skip_space(&s);
    if (parsed && s.at == s.end) return value;
    json_free(value);
    return NULL;
}

void json_free(json *value) {
    while (value != NULL) {
        json *next = value->next;
        json_free(value->first);
        free(value->name);
        free(value->text);
        free(value);
        value = next;
    }
}

const json *json_get(const json *object, const char *name) {
    static const json NOTHING;
    const json *member = object->type == JSON_OBJECT ? object->first : NULL;
    while (member != NULL && strcmp(member->name, name) != 0) member = member->next;
    return member == NULL ? &NOTHING : member;
}

const char *json_text(const json *object, const char *name) { return json_get(object, name)->text; }
double json_number(const json *object, const char *name) { return json_get(object, name)->number; }
bool json_true(const json *object, const char *name) { return json_get(object, name)->type == JSON_TRUE; }
