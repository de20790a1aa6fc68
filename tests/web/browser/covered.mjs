// covered.mjs - words that something else lies over. What is meant to lie over the
// page, and moves away, does not count: dialogs, the player, menus, notes, sheets.

const OVER = 'dialog, .sheet, .player, .presenter, .menu, .side.has-card, .expect, .picker__box, .drop, .diagram__heads';

/** Words on the screen of which a part is covered: ["words under element", ...]. */
export function covered(page) {
  return page.evaluate((over) => {
    const inView = ({ x, y }) => x >= 0 && y >= 0 && x < window.innerWidth && y < window.innerHeight;
    const clips = (el) => {
      const { overflowX, overflowY } = getComputedStyle(el);
      return overflowX !== 'visible' || overflowY !== 'visible';
    };
    const isClipped = (el, { x, y }) => {
      for (let at = el; at; at = at.parentElement) {
        const { left, right, top, bottom } = at.getBoundingClientRect();
        if (clips(at) && (x < left || x > right || y < top || y > bottom)) return true;
      }
      return false;
    };
    const isOwn = (el, top) => top.contains(el) || el.contains(top)
      || (el.closest('label') ?? el).contains(top);
    const pointsOf = ({ left, right, top, bottom }) => [left + 2, (left + right) / 2, right - 2]
      .map((x) => ({ x, y: (top + bottom) / 2 }));
    const under = (el, point) => {
      if (!inView(point) || isClipped(el, point)) return null;
      const top = document.elementFromPoint(point.x, point.y);
      return top && !isOwn(el, top) && !top.closest(over) ? top : null;
    };
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const el = node.parentElement;
      const isSeen = node.textContent.trim() && el.checkVisibility({ visibilityProperty: true, opacityProperty: true });
      if (!isSeen || el.closest('svg, .visually-hidden, .skip, option')) continue;
      if (getComputedStyle(el).pointerEvents === 'none') continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const points = [...range.getClientRects()].flatMap(pointsOf);
      const top = points.map((point) => under(el, point)).find(Boolean);
      if (top) found.push(`"${node.textContent.trim().slice(0, 40)}" under ${top.outerHTML.slice(0, 80)}`);
    }
    return found;
  }, OVER);
}
