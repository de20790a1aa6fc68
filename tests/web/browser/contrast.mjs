// contrast.mjs - how well the texts of a page stand out from what is behind them.

/** Contrast of the text of every element found, by WCAG 2: [{text, ratio}]. */
export function contrasts(page, selector) {
  return page.locator(selector).evaluateAll((nodes) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgb = (color, under = [255, 255, 255]) => {
      canvas.fillStyle = `rgb(${under})`;
      canvas.fillRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    };
    const light = (color) => {
      const [r, g, b] = color.map((v) => v / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (node) => {
      const chain = [];
      for (let at = node; at; at = at.parentElement) {
        chain.unshift(getComputedStyle(at).backgroundColor);
      }
      return chain.reduce((under, color) => rgb(color, under), [255, 255, 255]);
    };
    return nodes.filter((node) => node.checkVisibility()).map((node) => {
      const under = behind(node);
      const [a, b] = [light(rgb(getComputedStyle(node).color, under)), light(under)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return { text: node.textContent.trim().slice(0, 30), ratio };
    });
  });
}
