/* paper.js - before it is printed: a picture that nearly fits on a sheet is made
 * to, a longer one goes on over several. */

const MOST_SHRUNK = 1.95; // height by width; a sheet without its margins has 1.2

/** Look after the pictures in root. */
export function mount(root) {
  window.addEventListener('beforeprint', () => {
    for (const svg of root.querySelectorAll('.diagram svg')) {
      const { width, height } = svg.viewBox.baseVal;
      svg.classList.toggle('is-sheet', height <= width * MOST_SHRUNK);
    }
  });
}
