/* viewport.js - what of the picture is in sight, and how large: size, stretch,
 * scrolling. It knows no shapes; diagram.js draws what it says.
 *
 * As long as a picture is of its usual size and not too long, it stands on the
 * page like everything else and the page scrolls. One that is enlarged, stretched
 * or long has a frame of its own that scrolls, so that the page stays a page.
 * In the true scale a picture is not enlarged but stretched: time grows, letters
 * do not. */

export const ABOVE_PLAYER = 0.72; // of the window: what the player does not cover
export const STEP = 1.25; // one press of a button

const LEAST = 0.08; // sizes
const MOST = 4;
const TALLEST = 30e6; // px: taller than that no browser draws
const LONG = 2.4; // windows: a longer picture has a frame of its own
const FRAME = 0.86; // of the window: as css/diagram.css
const OTHERS = 190; // px of that frame that are not the run's time: heads, what ends below
const ALL = 12e3; // px: a picture that is not taller is drawn whole
const AROUND = 1; // windows above and below that are drawn, too
const STEPS = 0.5; // windows from one part that is drawn to the next

export class Viewport {
  size = 1;
  stretch = 1;
  heads = 0; // px of the picture that stay in sight at its top
  #isTrue = false;
  #isPrinting = false;
  #height = 0;
  #drawn = null;
  #seen = null;
  #room = null;

  /** Over `frame`, which scrolls, and `sheet` in it, as large as the picture.
   * redraw() is called when what is in sight or its size has changed. */
  constructor(frame, sheet, redraw) {
    this.frame = frame;
    this.sheet = sheet;
    this.redraw = redraw;
    const scrolled = () => {
      if (this.#drawn && !contains(this.#drawn, this.inSight())) redraw();
    };
    frame.addEventListener('scroll', scrolled, { passive: true });
    window.addEventListener('scroll', scrolled, { passive: true });
  }

  /** It is on the page that is seen. */
  get isShown() {
    return this.frame.offsetParent !== null;
  }

  /** It scrolls in a frame of its own. */
  get isBounded() {
    return this.frame.classList.contains('is-bounded');
  }

  /** How much larger than usual it is, or how much it is stretched. */
  get factor() {
    return this.#isTrue ? this.stretch : this.size;
  }

  get limits() {
    if (!this.#isTrue) return { least: LEAST, most: MOST };
    return { least: 1, most: Math.max(1, TALLEST / this.#tall) };
  }

  /** px over which the true scale draws the whole time of the run. */
  get tall() {
    return this.#tall * this.stretch;
  }

  get #tall() {
    return Math.max(320, window.innerHeight * FRAME - OTHERS);
  }

  /* The part of the window that shows the picture, or could. */
  get #view() {
    const { top, bottom, left, right } = this.frame.getBoundingClientRect();
    if (!this.isBounded) return { top: 0, bottom: window.innerHeight, left, right };
    const floor = Math.min(window.innerHeight, bottom);
    return { top: Math.max(0, top), bottom: Math.max(0, top, floor), left, right };
  }

  /** Heights of the picture that are in sight. */
  inSight() {
    const { top } = this.sheet.getBoundingClientRect();
    const view = this.#view;
    return { from: (view.top - top) / this.size, to: (view.bottom - top) / this.size };
  }

  /** Before anything is drawn, in a frame `room` wide: what is in sight now. Who does
   * not look first has the browser lay out half a drawing. */
  look(room) {
    this.#room = room;
    this.#seen = this.#drawn && this.inSight();
  }

  /** Of the picture that is drawn next: says what to draw of it, {from, to}, or
   * null for all. */
  show(width, height) {
    const { frame, sheet, size } = this;
    this.#height = height;
    const own = height * size > window.innerHeight * LONG || size !== 1 || this.#isTrue;
    frame.classList.toggle('is-bounded', own && !this.#isPrinting);
    frame.classList.toggle('is-wide', width * size > (this.#room ?? frame.clientWidth) + 1);
    sheet.style.width = `${width * size}px`;
    sheet.style.height = `${height * size}px`;
    const all = this.#isPrinting || height * size <= ALL;
    this.#drawn = all ? null : this.#around(this.#seen ?? this.inSight());
    return this.#drawn;
  }

  /* In steps, so that a picture that grows and is followed need not be moved in its
   * frame with each event. */
  #around({ from, to }) {
    const high = window.innerHeight / this.size;
    const step = high * STEPS;
    const more = high * AROUND;
    return {
      from: Math.floor((from - more) / step) * step, to: Math.ceil((to + more) / step) * step,
    };
  }

  /** Nothing is shown: the frame is as it was at first. */
  clear() {
    this.frame.classList.remove('is-bounded', 'is-wide');
    this.#drawn = null;
  }

  /** Another scale, another run: back to the usual size. */
  reset(isTrue) {
    this.#isTrue = isTrue;
    this.size = 1;
    this.stretch = 1;
  }

  /** Larger or smaller; the point {x, y} of the window, or what is in the middle
   * of the view, stays where it is. */
  zoomBy(by, at) {
    this.zoomTo(this.factor * by, at);
  }

  zoomTo(wanted, at) {
    const { least, most } = this.limits;
    const old = this.factor;
    const to = Math.min(most, Math.max(least, wanted));
    if (to === old) return;
    const anchor = this.#anchor(at, to / old);
    if (this.#isTrue) this.stretch = to;
    else this.size = to;
    this.redraw();
    const box = this.sheet.getBoundingClientRect();
    this.scrollBy(box.left + anchor.right - anchor.x, box.top + anchor.down - anchor.y);
  }

  /* A point of the window, and where the picture's point there will be. */
  #anchor(at, ratio) {
    const box = this.sheet.getBoundingClientRect();
    const view = this.#view;
    const x = at?.x ?? (view.left + view.right) / 2;
    const y = at?.y ?? (view.top + view.bottom) / 2;
    const across = this.#isTrue ? 1 : ratio;
    return { x, y, right: (x - box.left) * across, down: (y - box.top) * ratio };
  }

  /** The whole picture in one frame. */
  fit() {
    const whole = (window.innerHeight * FRAME - 8) / this.#height;
    this.zoomTo(this.#isTrue ? 1 : Math.min(1, whole));
  }

  /** Grow until heights from..to of the picture fill most of the view. */
  magnify(from, to) {
    const box = this.sheet.getBoundingClientRect();
    const middle = box.top + ((from + to) / 2) * this.size;
    const ratio = (window.innerHeight * 0.5) / Math.max(1, (to - from) * this.size);
    this.zoomBy(Math.max(1.5, ratio), { x: box.left, y: middle });
    const view = this.#view;
    this.scrollBy(0, middle - (view.top + view.bottom) / 2);
  }

  /** Bring heights from..to of the picture into sight, above `part` of the window. */
  reveal(from, to, part = 1) {
    const { top } = this.sheet.getBoundingClientRect();
    const view = this.#view;
    const ceiling = view.top + this.heads * this.size;
    const floor = Math.min(view.bottom, window.innerHeight * part);
    const [a, b] = [top + from * this.size, top + to * this.size];
    const isHidden = a < ceiling || b > floor || floor <= ceiling;
    if (isHidden && this.isBounded) this.#bringFrame(part);
    if (isHidden) this.#bringInto(from, to, part);
  }

  #bringInto(from, to, part) {
    const { top } = this.sheet.getBoundingClientRect();
    const view = this.#view;
    const ceiling = view.top + this.heads * this.size;
    const floor = Math.min(view.bottom, window.innerHeight * part);
    this.scrollBy(0, top + ((from + to) / 2) * this.size - (ceiling + floor) / 2);
  }

  /* A frame of its own must itself be in sight. */
  #bringFrame(part) {
    const { top } = this.frame.getBoundingClientRect();
    const floor = window.innerHeight * part;
    if (top < 0 || top > floor * 0.5) window.scrollBy({ top: top - floor * 0.08 });
  }

  scrollBy(x, y) {
    this.frame.scrollLeft += x;
    if (this.isBounded) this.frame.scrollTop += y;
    else window.scrollBy({ top: y });
  }

  /** The end of the picture is in sight, in a frame of its own. */
  get isAtEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.frame;
    return this.isBounded && scrollTop + clientHeight >= scrollHeight - 24;
  }

  toEnd() {
    this.frame.scrollTop = this.frame.scrollHeight;
  }

  /** Paper shows all of it. */
  forPrint(on) {
    this.#isPrinting = on;
    this.redraw();
  }
}

const contains = (outer, inner) => outer.from <= inner.from && outer.to >= inner.to;
