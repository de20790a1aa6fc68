/* rooms.c - the rooms of voting classes: a small table in memory. */
#include "handshake/room.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct rooms {
    struct room *list[ROOMS_MAX]; /* (owned) NULL = free */
};

static const uint64_t idle_ns = (uint64_t)ROOM_IDLE_SECONDS * 1000000000u;

struct rooms *rooms_new(void)
{
    return calloc(1, sizeof(struct rooms));
}

void rooms_free(struct rooms *rooms)
{
    for (size_t i = 0; rooms && i < ROOMS_MAX; i++)
        free(rooms->list[i]);
    free(rooms);
}

static bool is_idle(const struct room *room, uint64_t now_ns)
{
    return now_ns - room->used_ns > idle_ns;
}

/* A free place, or that of a room which nobody uses; ROOMS_MAX when every one
 * is in use. */
static size_t place_for(struct rooms *rooms, uint64_t now_ns)
{
    for (size_t i = 0; i < ROOMS_MAX; i++)
        if (!rooms->list[i])
            return i;
    for (size_t i = 0; i < ROOMS_MAX; i++)
        if (is_idle(rooms->list[i], now_ns)) {
            rooms_close(rooms, rooms->list[i]);
            return i;
        }
    return ROOMS_MAX;
}

/* Letters that nobody takes for another when they are read out. */
static void make_id(const uint8_t *random, char *ret_id)
{
    static const char letters[] = "abcdefghkmnpqrstuvwxyz23456789";
    size_t i = 0;
    for (; i < 5; i++)
        ret_id[i] = letters[random[i] % (sizeof(letters) - 1)];
    ret_id[i] = '\0';
}

static bool make_names(struct room *room)
{
    uint8_t random[8];
    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return false;
    make_id(random, room->id);
    return secret_make(room->key);
}

struct room *rooms_open(struct rooms *rooms, uint64_t now_ns)
{
    size_t place = place_for(rooms, now_ns);
    struct room *room = place < ROOMS_MAX ? calloc(1, sizeof(*room)) : NULL;
    if (!room)
        return NULL;
    if (!make_names(room) || rooms_find(rooms, room->id, now_ns)) {
        free(room); /* one in twenty million: asking again helps */
        return NULL;
    }
    room->used_ns = now_ns;
    rooms->list[place] = room;
    return room;
}

struct room *rooms_find(struct rooms *rooms, const char *id, uint64_t now_ns)
{
    for (size_t i = 0; i < ROOMS_MAX; i++) {
        struct room *room = rooms->list[i];
        if (!room || strcmp(room->id, id) != 0)
            continue;
        if (is_idle(room, now_ns)) {
            rooms_close(rooms, room);
            return NULL;
        }
        room->used_ns = now_ns;
        return room;
    }
    return NULL;
}

void rooms_close(struct rooms *rooms, struct room *room)
{
    for (size_t i = 0; i < ROOMS_MAX; i++)
        if (rooms->list[i] == room)
            rooms->list[i] = NULL;
    free(room);
}

size_t rooms_count(const struct rooms *rooms)
{
    size_t count = 0;
    for (size_t i = 0; i < ROOMS_MAX; i++)
        count += rooms->list[i] != NULL;
    return count;
}

bool room_key_fits(const struct room *room, const char *key)
{
    return secret_fits(room->key, key);
}

void room_ask(struct room *room, const struct question *question)
{
    room->question = *question;
    room->n++;
    room->open = true;
    room->closing = (struct closing){0};
    room->vote_count = 0;
    room->change++;
}

int room_close(struct room *room, const struct closing *closing)
{
    if (room->n == 0)
        return -ENOENT;
    if (closing->set_answer && closing->answer >= room->question.choice_count)
        return -ERANGE;
    room->open = false;
    room->closing = *closing;
    room->change++;
    return 0;
}

/* The vote of the same voter, or a new one; NULL when there is no room. */
static struct vote *vote_of(struct room *room, const char *voter)
{
    for (size_t i = 0; i < room->vote_count; i++)
        if (strcmp(room->votes[i].voter, voter) == 0)
            return &room->votes[i];
    if (room->vote_count == ROOM_MAX_VOTERS)
        return NULL;
    return &room->votes[room->vote_count++];
}

int room_vote(struct room *room, const struct vote *vote)
{
    if (vote->n != room->n || room->n == 0)
        return -ESTALE;
    if (!room->open)
        return -EBUSY;
    if (vote->choice >= room->question.choice_count)
        return -ERANGE;
    struct vote *place = vote_of(room, vote->voter);
    if (!place)
        return -ENOSPC;
    *place = *vote;
    room->change++;
    return 0;
}

void room_count(const struct room *room, uint32_t *ret_counts)
{
    memset(ret_counts, 0, ROOM_MAX_CHOICES * sizeof(*ret_counts));
    for (size_t i = 0; i < room->vote_count; i++)
        ret_counts[room->votes[i].choice]++;
}

size_t room_votes_from(const struct room *room, const struct vote *vote)
{
    size_t count = 0;
    for (size_t i = 0; i < room->vote_count; i++)
        count +=
            memcmp(room->votes[i].from, vote->from, sizeof(vote->from)) == 0 &&
            strcmp(room->votes[i].voter, vote->voter) != 0;
    return count;
}

bool room_knows(const struct room *room, const uint8_t address[16])
{
    for (size_t i = 0; i < room->known_count; i++)
        if (memcmp(room->known[i], address, 16) == 0)
            return true;
    return memcmp(room->opener, address, 16) == 0;
}

void room_found(struct room *room, const uint8_t address[16])
{
    if (!room_knows(room, address) && room->known_count < ROOM_MAX_KNOWN)
        memcpy(room->known[room->known_count++], address, 16);
}

size_t rooms_opened_by(const struct rooms *rooms, const uint8_t address[16])
{
    size_t count = 0;
    for (size_t i = 0; i < ROOMS_MAX; i++)
        count +=
            rooms->list[i] && memcmp(rooms->list[i]->opener, address, 16) == 0;
    return count;
}
