/* scenario_fuzz.c - scenario documents of any bytes: refused with faults, or
 * read, written and read again to the same. */
#include "fuzz.h"

#include "handshake/json.h"

#include <string.h>

enum { DOCUMENT_BYTES = 1 << 20 };

/* Each fault has words, and all texts end. */
static void check_faults(const struct json_faults *faults)
{
    FUZZ_CHECK(faults->count > 0 && faults->count <= JSON_MAX_FAULTS);
    for (size_t i = 0; i < faults->count; i++) {
        const struct json_fault *f = &faults->list[i];
        FUZZ_CHECK(memchr(f->pointer, 0, sizeof(f->pointer)));
        FUZZ_CHECK(memchr(f->text, 0, sizeof(f->text)) && f->text[0]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct scenario sc; /* too large for a stack with a sanitizer */
    struct json_faults faults = {0};
    struct buf first, second;
    if (json_scenario_read((const char *)data, size, &sc, &faults) < 0) {
        check_faults(&faults);
        return 0;
    }
    buf_init(&first, DOCUMENT_BYTES);
    buf_init(&second, DOCUMENT_BYTES);
    json_scenario_write(&sc, &first);
    FUZZ_CHECK(!first.failed);
    FUZZ_CHECK(json_scenario_read(first.data, first.len, &sc, &faults) == 0);
    json_scenario_write(&sc, &second);
    FUZZ_CHECK(strcmp(buf_text(&first), buf_text(&second)) == 0);
    buf_done(&first);
    buf_done(&second);
    return 0;
}
