/* scenario_write.c - a scenario as a document again, by the same tables. */
#include "json_internal.h"

void write_step_call(struct jsonw *w, const char *name, const void *target)
{
    const struct step *step = target;
    jsonw_str(w, name, step_call_name(step->call));
}

static void write_steps(struct jsonw *w, const char *name,
                        const struct scenario *sc, enum host_id host)
{
    jsonw_open(w, name, '[');
    for (size_t i = 0; i < sc->step_count[host]; i++) {
        const struct step *step = &sc->steps[host][i];
        jsonw_open(w, NULL, '{');
        shape_write(w, &step_shapes[step->call], step);
        jsonw_close(w, '}');
    }
    jsonw_close(w, ']');
}

void write_client_steps(struct jsonw *w, const char *name, const void *target)
{
    write_steps(w, name, target, HOST_CLIENT);
}

void write_server_steps(struct jsonw *w, const char *name, const void *target)
{
    write_steps(w, name, target, HOST_SERVER);
}

void write_needs(struct jsonw *w, const char *name, const void *target)
{
    const struct scenario *sc = target;
    jsonw_open(w, name, '[');
    if (sc->needs_wire)
        jsonw_str(w, NULL, "wire");
    jsonw_close(w, ']');
}

void write_expect_client(struct jsonw *w, const char *name, const void *target)
{
    jsonw_open(w, name, '{');
    shape_write(w, &expect_client_shape, target);
    jsonw_close(w, '}');
}

void write_expect(struct jsonw *w, const char *name, const void *target)
{
    jsonw_open(w, name, '{');
    shape_write(w, &expect_shape, target);
    jsonw_close(w, '}');
}

void json_scenario_write(const struct scenario *sc, struct buf *out)
{
    struct jsonw w = jsonw_to(out);
    jsonw_open(&w, NULL, '{');
    shape_write(&w, &scenario_shape, sc);
    jsonw_close(&w, '}');
}
