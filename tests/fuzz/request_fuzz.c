/* request_fuzz.c - bodies of POST /api/runs of any bytes: read or refused with
 * faults, and nothing left allocated either way. */
#include "fuzz.h"

#include "handshake/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run_request req = {0};
    struct json_faults faults = {0};
    int r = json_run_request((const char *)data, size, &req, &faults);
    if (r < 0)
        FUZZ_CHECK(faults.count > 0 && faults.count <= JSON_MAX_FAULTS);
    else
        FUZZ_CHECK(req.scenario && req.options.ip <= 6);
    run_request_done(&req);
    run_request_done(&req); /* again is fine, as the header promises */
    return 0;
}
