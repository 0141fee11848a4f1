/*
 * A JSON reader for the runner alone. The usual libraries take no lone surrogate and no U+0000 in a string, and the
 * cases have both: here a lone surrogate becomes three bytes that are not UTF-8, and strings carry their length.
 */
#ifndef MINTMARK_JSON_H
#define MINTMARK_JSON_H

#include <stdbool.h>
#include <stddef.h>

typedef enum { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT } json_type;

typedef struct json {
    json_type type;
    char *name; /* in an object */
    char *text; /* of a string, with a 0 byte after its length */
    size_t length;
    double number;
    struct json *first, *next;
} json;

/* NULL for what is no JSON. To be given to json_free. */
json *json_parse(const char *text, size_t length);
void json_free(json *value);

/* The member of that name; a null value if there is none. */
const json *json_get(const json *object, const char *name);
/* The text of a member that is a string; NULL otherwise. */
const char *json_text(const json *object, const char *name);
double json_number(const json *object, const char *name);
bool json_true(const json *object, const char *name);

#endif
