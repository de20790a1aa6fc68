/* diagram_style.c - how the diagram looks: the page's palette, in classes that
 * every SVG viewer knows (no variables). */
#include "diagram_internal.h"

#include <assert.h>

#define MONO                                                                   \
    "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, "              \
    "'DejaVu Sans Mono', monospace"
#define SANS                                                                   \
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', "              \
    "'DejaVu Sans', sans-serif"

/* clang-format off */
const char diagram_style[] =
    "text { font-family: " MONO "; font-size: 11px; fill: #18202c; }\n"
    ".end { text-anchor: end; }\n"
    ".mid { text-anchor: middle; }\n"
    ".title { font: 600 20px " SANS "; }\n"
    ".sub { font: 13px " SANS "; fill: #586273; }\n"
    ".who { font: 600 15px " SANS "; }\n"
    ".foot { font: 13px " SANS "; }\n"
    ".verdict { font-weight: 600; }\n"
    ".paper { fill: #fffefc; }\n"
    ".time { fill: #586273; }\n"
    ".later { font-style: italic; }\n"
    ".life { stroke: #b9b7ae; stroke-width: 2; }\n"
    ".gap { fill: #fffefc; }\n"
    ".gapline { stroke: #b9b7ae; stroke-width: 2; stroke-dasharray: 2 4; }\n"
    ".box { fill: #f7f6f2; stroke: #dedcd4; }\n"
    ".box.c { fill: #e6effc; stroke: #1a5cc0; }\n"
    ".box.s { fill: #fcefe2; stroke: #a84a08; }\n"
    ".arrow { stroke-width: 1.8; fill: none; }\n"
    ".under { stroke-dasharray: 6 4; }\n"
    ".arrow.c { stroke: #1a5cc0; }\n"
    ".arrow.s { stroke: #a84a08; }\n"
    ".arrow.icmp { stroke: #7d5200; }\n"
    ".head.c, .made.c, .seg.c .flags, .who.c { fill: #1a5cc0; }\n"
    ".head.s, .made.s, .seg.s .flags, .who.s { fill: #a84a08; }\n"
    ".head.i, .made.i, .icmptext { fill: #7d5200; }\n"
    ".waits { stroke: #586273; stroke-width: 1.8; stroke-dasharray: 1 4; }\n"
    ".hold { fill: #586273; }\n"
    ".cross { stroke: #bf1f37; stroke-width: 2.6; stroke-linecap: round; }\n"
    ".seg { font-size: 12px; }\n"
    ".flags { font-weight: 700; }\n"
    ".seg, .fate, .icmptext { paint-order: stroke; stroke: #fffefc; stroke-width: 4px; }\n"
    ".fate { fill: #586273; }\n"
    ".fate.lost, .call.failed { fill: #bf1f37; }\n"
    ".note { font-style: italic; fill: #586273; }\n"
    ".span { fill: #b9b7ae; }\n"
    ".span.failed { fill: #bf1f37; }\n"
    ".state { font-weight: 600; }\n"
    ".met { fill: #16713c; }\n"
    ".unmet { fill: #bf1f37; }\n"
    ".pill.listen, .band.listen { fill: #e4e9f3; } .on-listen { fill: #37455f; }\n"
    ".pill.opening, .band.opening { fill: #fbe9b1; } .on-opening { fill: #5e4100; }\n"
    ".pill.open, .band.open { fill: #c4ebd2; } .on-open { fill: #0b4f29; }\n"
    ".pill.closing, .band.closing { fill: #e7dcf9; } .on-closing { fill: #4f2b91; }\n"
    ".pill.waiting, .band.waiting { fill: #e5e2e9; } .on-waiting { fill: #524a60; }\n"
    ".pill.closed { fill: none; stroke: #b9b7ae; } .on-closed { fill: #586273; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "text { fill: #e8ecf2; }\n"
    ".sub, .time, .fate, .note { fill: #9ca9b9; }\n"
    ".paper, .gap { fill: #161d27; }\n"
    ".life, .gapline { stroke: #46556a; }\n"
    ".box { fill: #111821; stroke: #2b3645; }\n"
    ".box.c { fill: #16283f; stroke: #7fb8ff; }\n"
    ".box.s { fill: #38260f; stroke: #ffb26b; }\n"
    ".arrow.c { stroke: #7fb8ff; }\n"
    ".arrow.s { stroke: #ffb26b; }\n"
    ".arrow.icmp { stroke: #f2c14e; }\n"
    ".head.c, .made.c, .seg.c .flags, .who.c { fill: #7fb8ff; }\n"
    ".head.s, .made.s, .seg.s .flags, .who.s { fill: #ffb26b; }\n"
    ".head.i, .made.i, .icmptext { fill: #f2c14e; }\n"
    ".waits { stroke: #9ca9b9; }\n"
    ".hold { fill: #9ca9b9; }\n"
    ".cross { stroke: #ff8090; }\n"
    ".seg, .fate, .icmptext { stroke: #161d27; }\n"
    ".fate.lost, .call.failed, .unmet { fill: #ff8090; }\n"
    ".met { fill: #63d495; }\n"
    ".span { fill: #46556a; }\n"
    ".span.failed { fill: #ff8090; }\n"
    ".pill.listen, .band.listen { fill: #243047; } .on-listen { fill: #c3d1ea; }\n"
    ".pill.opening, .band.opening { fill: #4a3a0e; } .on-opening { fill: #ffdf8c; }\n"
    ".pill.open, .band.open { fill: #14452b; } .on-open { fill: #a5efc4; }\n"
    ".pill.closing, .band.closing { fill: #38285a; } .on-closing { fill: #d9c6ff; }\n"
    ".pill.waiting, .band.waiting { fill: #302c3b; } .on-waiting { fill: #cbc3da; }\n"
    ".pill.closed { stroke: #46556a; } .on-closed { fill: #9ca9b9; }\n"
    "}\n";
/* clang-format on */

static const char *const classes[] = {
    [TCP_STATE_CLOSED] = "closed",      [TCP_STATE_LISTEN] = "listen",
    [TCP_STATE_SYN_SENT] = "opening",   [TCP_STATE_SYN_RECEIVED] = "opening",
    [TCP_STATE_ESTABLISHED] = "open",   [TCP_STATE_FIN_WAIT_1] = "closing",
    [TCP_STATE_FIN_WAIT_2] = "closing", [TCP_STATE_CLOSE_WAIT] = "closing",
    [TCP_STATE_CLOSING] = "closing",    [TCP_STATE_LAST_ACK] = "closing",
    [TCP_STATE_TIME_WAIT] = "waiting",
};
static_assert(sizeof(classes) / sizeof(*classes) == TCP_STATE_COUNT,
              "colours for each state");

const char *state_class(enum tcp_state state)
{
    return classes[state];
}
