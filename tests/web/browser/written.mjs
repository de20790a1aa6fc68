// written.mjs - what is written in the picture, as it is on the screen.

const INK = 0.6; // of a line's height: where its letters are

/** Every text of the picture that is seen, as {text, box: corners on the screen},
 * and the sheet it stands on. */
export function writtenOn(page) {
  return page.evaluate((ink) => {
    const cornersOf = (node) => {
      const { x, y, width, height } = node.getBBox();
      const [top, bottom] = [y + (height * (1 - ink)) / 2, y + (height * (1 + ink)) / 2];
      const matrix = node.getScreenCTM();
      return [[x, top], [x + width, top], [x + width, bottom], [x, bottom]].map(([left, down]) => {
        const at = new DOMPoint(left, down).matrixTransform(matrix);
        return { x: at.x, y: at.y };
      });
    };
    const seen = (node) => node.textContent.trim() !== '' && !node.closest('.strip, .partner');
    const nodes = [...document.querySelectorAll('.diagram__sheet > svg text')].filter(seen);
    const { left, right, top, bottom } = document.querySelector('.diagram__sheet').getBoundingClientRect();
    const labels = nodes.map((node) => ({ text: node.textContent, box: cornersOf(node) }));
    return { labels, sheet: { left, right, top, bottom } };
  }, INK);
}

/** Two convex shapes are apart if some edge of one separates them; a pixel of each
 * may be over the other. */
export function isApart(a, b) {
  return [a, b].some((shape) => shape.some((p, i) => {
    const q = shape[(i + 1) % shape.length];
    const long = Math.hypot(q.x - p.x, q.y - p.y) || 1;
    const along = ({ x, y }) => ((q.y - p.y) * x - (q.x - p.x) * y) / long;
    const [as, bs] = [a.map(along), b.map(along)];
    return Math.max(...as) <= Math.min(...bs) + 1 || Math.max(...bs) <= Math.min(...as) + 1;
  }));
}
