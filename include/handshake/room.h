/* room.h - a class votes: questions that one person asks and many answer.
 *
 * A room lives in memory as long as it is used, knows no names, and forgets the
 * votes of a question with the next one. Pure; one thread at a time. */
#ifndef HANDSHAKE_ROOM_H
#define HANDSHAKE_ROOM_H

#include "handshake/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ROOM_ID_BYTES = 8,     /* five letters, easy to type on a phone */
    ROOM_TEXT_BYTES = 256, /* of a question */
    ROOM_CHOICE_BYTES = 160,
    ROOM_MIN_CHOICES = 2,
    ROOM_MAX_CHOICES = 8,
    ROOM_VOTER_BYTES = 33, /* a number that the voter's browser made up */
    ROOM_MAX_VOTERS = 2000,
    ROOM_MAX_KNOWN = 32, /* addresses that found the room */
    ROOMS_MAX = 32,
    ROOM_IDLE_SECONDS = 2 * 60 * 60
};

/* A question as it is asked. */
struct question {
    char text[ROOM_TEXT_BYTES];
    char choices[ROOM_MAX_CHOICES][ROOM_CHOICE_BYTES];
    size_t choice_count;
};

/* One answer of one voter. */
struct vote {
    uint8_t from[16]; /* whose address it came from, as in struct owner */
    uint32_t n;       /* of the question */
    uint32_t choice;
    char voter[ROOM_VOTER_BYTES];
};

/* How a question ends: with the right answer, or without one. */
struct closing {
    bool set_answer;
    uint32_t answer;
};

struct room {
    char id[ROOM_ID_BYTES]; /* "" = free */
    char key[SECRET_BYTES];
    uint8_t opener[16];                /* the address that opened it */
    uint8_t known[ROOM_MAX_KNOWN][16]; /* addresses that found it */
    size_t known_count;
    uint64_t used_ns; /* when somebody came last */
    uint64_t change;  /* goes up with each change, for caches */
    uint32_t n;       /* questions so far; 0: none is asked */
    bool open;        /* votes are taken */
    struct question question;
    struct closing closing; /* of the question, once it is closed */
    size_t vote_count;
    struct vote votes[ROOM_MAX_VOTERS]; /* one a voter, of this question */
};

struct rooms;

/* No rooms yet. NULL when memory runs out. */
struct rooms *rooms_new(void);

/* Free them all; NULL is fine. */
void rooms_free(struct rooms *rooms);

/* A new room with an id and a key of its own. Where all are taken, the one
 * unused longest goes, if it has been idle for ROOM_IDLE_SECONDS. NULL when
 * every room is in use or memory runs out. */
struct room *rooms_open(struct rooms *rooms, uint64_t now_ns);

/* The room of that id, or NULL. One that has been idle too long is gone. */
struct room *rooms_find(struct rooms *rooms, const char *id, uint64_t now_ns);

/* Forget a room. */
void rooms_close(struct rooms *rooms, struct room *room);

/* How many there are. */
size_t rooms_count(const struct rooms *rooms);

/* Whether key opens the room; takes as long whatever is wrong with it. */
bool room_key_fits(const struct room *room, const char *key);

/* Ask the next question: it is open, and the votes of the last are gone. */
void room_ask(struct room *room, const struct question *question);

/* Take no more votes; again only changes the answer. Returns 0, -ENOENT when
 * nothing was asked, -ERANGE when there is no such choice. */
int room_close(struct room *room, const struct closing *closing);

/* Count a vote; a voter's second one replaces the first. Returns 0; -ESTALE
 * when it is about another question than the one asked; -EBUSY when that is
 * closed; -ERANGE when there is no such choice; -ENOSPC beyond
 * ROOM_MAX_VOTERS. */
int room_vote(struct room *room, const struct vote *vote);

/* How many have voted from an address, not counting this voter. */
size_t room_votes_from(const struct room *room, const struct vote *vote);

/* Whether an address has found the room before; then it need not guess. */
bool room_knows(const struct room *room, const uint8_t address[16]);
/* It has found it. The first ROOM_MAX_KNOWN are remembered. */
void room_found(struct room *room, const uint8_t address[16]);

/* How many rooms were opened from an address. */
size_t rooms_opened_by(const struct rooms *rooms, const uint8_t address[16]);

/* How many voted for each choice; ret_counts has ROOM_MAX_CHOICES. */
void room_count(const struct room *room, uint32_t *ret_counts);

#endif
