/* room_json.c - questions and votes of a class <-> JSON. */
#include "schema_internal.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>

static const char *check_text(const char *text)
{
    return text[0] ? NULL : "must not be empty";
}

/* Whatever a browser makes up, as long as it is plain. */
static const char *check_voter(const char *text)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text))
            return "takes letters and digits only";
    return NULL;
}

static const struct member question_members[] = {
    ROW_FIELD(struct question, text, MEMBER_TEXT, .min = 1,
              .check = check_text),
    {.name = "choices",
     .kind = MEMBER_LINES,
     .offset = offsetof(struct question, choices),
     .size = ROOM_CHOICE_BYTES,
     .count_offset = offsetof(struct question, choice_count),
     .max = ROOM_MAX_CHOICES,
     .check = check_text},
};
const struct shape question_shape = {.what = "a question",
                                     .members = question_members,
                                     .count = ROWS_OF(question_members),
                                     .takes = 3,
                                     .needs = 3};

static const struct member vote_members[] = {
    ROW_FIELD(struct vote, n, MEMBER_U32, .min = 1, .max = UINT32_MAX),
    ROW_FIELD(struct vote, choice, MEMBER_U32, .max = ROOM_MAX_CHOICES - 1),
    ROW_FIELD(struct vote, voter, MEMBER_TEXT, .min = 8, .check = check_voter),
};
const struct shape vote_shape = {.what = "a vote",
                                 .members = vote_members,
                                 .count = ROWS_OF(vote_members),
                                 .takes = 7,
                                 .needs = 7};

static const struct member closing_members[] = {
    ROW_MARKED(struct closing, answer, MEMBER_U32, .max = ROOM_MAX_CHOICES - 1),
};
const struct shape closing_shape = {.what = "the end of a question",
                                    .members = closing_members,
                                    .count = ROWS_OF(closing_members),
                                    .takes = 1};

/* The whole body is one object of that shape. */
static int read_body(const char *text, size_t len, const struct shape *shape,
                     void *target, struct json_faults *ret_faults)
{
    struct reader r = reader_to(ret_faults);
    cJSON *doc = reader_parse(&r, text, len);
    if (doc)
        shape_read(&r, shape, doc, target);
    cJSON_Delete(doc);
    return ret_faults->count > 0 ? -EINVAL : 0;
}

int json_question(const char *text, size_t len, struct question *ret_question,
                  struct json_faults *ret_faults)
{
    *ret_question = (struct question){0};
    if (read_body(text, len, &question_shape, ret_question, ret_faults) < 0)
        return -EINVAL;
    if (ret_question->choice_count >= ROOM_MIN_CHOICES)
        return 0;
    struct reader r = reader_to(ret_faults);
    size_t before = reader_enter(&r, "choices");
    reader_fault(&r, "a question has at least %d choices", ROOM_MIN_CHOICES);
    reader_leave(&r, before);
    return -EINVAL;
}

int json_vote(const char *text, size_t len, struct vote *ret_vote,
              struct json_faults *ret_faults)
{
    *ret_vote = (struct vote){0};
    return read_body(text, len, &vote_shape, ret_vote, ret_faults);
}

int json_closing(const char *text, size_t len, struct closing *ret_closing,
                 struct json_faults *ret_faults)
{
    *ret_closing = (struct closing){0};
    return read_body(text, len, &closing_shape, ret_closing, ret_faults);
}

static void put_question(const struct room *room, struct jsonw *w)
{
    const struct question *q = &room->question;
    if (room->n == 0) {
        jsonw_null(w, "question");
        return;
    }
    jsonw_open(w, "question", '{');
    jsonw_uint(w, "n", room->n);
    jsonw_str(w, "text", q->text);
    jsonw_open(w, "choices", '[');
    for (size_t i = 0; i < q->choice_count; i++)
        jsonw_str(w, NULL, q->choices[i]);
    jsonw_close(w, ']');
    jsonw_bool(w, "open", room->open);
    if (room->closing.set_answer)
        jsonw_uint(w, "answer", room->closing.answer);
    else
        jsonw_null(w, "answer");
    jsonw_close(w, '}');
}

void json_room(const struct room *room, const uint32_t *counts, struct buf *out)
{
    struct jsonw w = jsonw_to(out);
    jsonw_open(&w, NULL, '{');
    jsonw_str(&w, "id", room->id);
    put_question(room, &w);
    jsonw_uint(&w, "voters", room->vote_count);
    if (counts) {
        jsonw_open(&w, "counts", '[');
        for (size_t i = 0; i < room->question.choice_count; i++)
            jsonw_uint(&w, NULL, counts[i]);
        jsonw_close(&w, ']');
    } else {
        jsonw_null(&w, "counts");
    }
    jsonw_close(&w, '}');
}
