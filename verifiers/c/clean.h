/* For mintmark.c alone. */
#ifndef MINTMARK_CLEAN_H
#define MINTMARK_CLEAN_H

#include <stddef.h>
#include <stdint.h>

enum { MINTMARK_CODE_LENGTH = 160 };

/* What a text is cleaned to, as far as it matters. */
typedef struct {
    uint8_t values[2 * MINTMARK_CODE_LENGTH]; /* 0 to 31 each, while `bad` is 0 */
    size_t count;                             /* of all characters, also beyond those in `values` */
    size_t bad;                               /* position of the first foreign character, from 1; 0 for none */
} mintmark_cleaned;

/* The code, if the text is one, once or twice, or exactly one of its lines or words is; otherwise all of it. */
void mintmark_clean(const char *text, size_t length, mintmark_cleaned *cleaned);

#endif
