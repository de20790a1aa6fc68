/* observer.c - leads each segment from its connection to its sentences.
 *
 * A segment is first given to the connection it fits (numbers decide where the
 * same endpoints had several), then judged against what that connection knew
 * before, then explained, and only then remembered. Segments come in the order
 * they were sent; whether they arrived shows only in what is sent back, so a
 * sentence never claims an arrival that no acknowledgement proves.
 *
 * What cannot be known from segments alone is not said: why a host stayed
 * silent, whether an application has read its data, or the state in a kernel.
 * Where a sentence speaks of what the receiver will do, it quotes the RFC's
 * rule for a receiver that knows what was seen here.
 *
 * Two connections of the same endpoints may overlap: a host that crashed asks
 * anew while the other still holds the old connection (RFC 9293 3.5.1). The SYN
 * begins a new one, the challenge ACK and the RST that follow belong to the
 * old one, and the repeated SYN to the new one again. */
#include "observer_internal.h"

#include <assert.h>
#include <string.h>

/* Kept for connections yet to come as well as for those known. */
void observer_name_server(struct observer *obs, const struct endpoint *server)
{
    obs->server_named = true;
    obs->server = *server;
}

/* Decide once for each connection which side is called what. */
static void name_sides(const struct observer *obs, struct connection *conn)
{
    conn->roles_known |= conn->side[0].syn_seen;
    if (!obs->server_named)
        return;
    if (endpoint_equal(&conn->side[0].end, &obs->server)) {
        conn->roles_known = true;
        conn->swapped = !conn->self;
    } else if (endpoint_equal(&conn->side[1].end, &obs->server)) {
        conn->roles_known = true;
        conn->swapped = false;
    }
}

/* Capital letters are say()'s business. Roles stay open where neither a SYN
 * nor the caller has told them. */
static const char *side_name(const struct connection *conn, unsigned index,
                             bool is_sender)
{
    if (conn->self)
        return "the socket";
    if (!conn->roles_known)
        return is_sender ? "the sender" : "the other side";
    return (index == 0) != conn->swapped ? "the client" : "the server";
}

/* A SYN into a living connection is only an attempt: while the old one goes on
 * sending, it stays the one whose outcome counts. */
static void choose_subject(struct observer *obs, struct connection *conn,
                           const struct segment *seg)
{
    bool tells = seg->flags & (SEG_SYN | SEG_FIN) || seg->payload_len;
    if (!obs->subject || tells)
        obs->subject = conn;
}

/* Judging reads the connection as it was before the segment; hence the order:
 * learn initial numbers, judge, explain, remember. */
void observer_see(struct observer *obs, uint32_t n, uint64_t t_ns,
                  const struct segment *seg, struct observation *ret_obs)
{
    memset(ret_obs, 0, sizeof(*ret_obs));
    struct connection *conn = connection_pick(obs, seg);
    table_touch(obs, conn);
    choose_subject(obs, conn, seg);
    connection_learn(conn, seg);
    name_sides(obs, conn);

    unsigned me = connection_side(conn, seg);
    struct sight s = {
        .conn = conn,
        .me = &conn->side[me],
        .peer = &conn->side[conn->self ? me : 1 - me],
        .seg = seg,
        .my = side_name(conn, me, true),
        .other = side_name(conn, 1 - me, false),
        .n = n,
        .t_ns = t_ns,
        .obs = ret_obs,
    };
    connection_judge(conn, &s);
    says_all(&s);
    connection_update(conn, &s);
}

/* Of the connection that began last, unless an older one has shown life since.
 */
enum observer_outcome observer_outcome(const struct observer *obs)
{
    return obs->subject ? connection_outcome(obs->subject) : OUTCOME_NOTHING;
}

const char *observer_outcome_name(enum observer_outcome outcome)
{
    static const char *const names[] = {
        [OUTCOME_NOTHING] = "nothing",
        [OUTCOME_UNANSWERED] = "unanswered",
        [OUTCOME_HALF_OPEN] = "half-open",
        [OUTCOME_ESTABLISHED] = "established",
        [OUTCOME_REFUSED] = "refused",
        [OUTCOME_RESET] = "reset",
        [OUTCOME_CLOSED] = "closed",
    };
    static_assert(sizeof(names) / sizeof(names[0]) == OUTCOME_COUNT,
                  "every outcome has a name");
    return (size_t)outcome < OUTCOME_COUNT ? names[outcome] : "unknown";
}
