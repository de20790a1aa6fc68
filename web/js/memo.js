/* memo.js - what is worked out of an object that never changes, worked out once,
 * for as long as somebody has the object. Pure. */

/** work(of), remembered.
 * @template {object} Of
 * @template Found
 * @param {(of: Of) => Found} work
 * @returns {(of: Of) => Found} */
export function once(work) {
  /** @type {WeakMap<Of, Found>} */
  const known = new WeakMap();
  return (of) => {
    if (!known.has(of)) known.set(of, work(of));
    return /** @type {Found} */ (known.get(of));
  };
}
