/* kept.js - choices of a person that this browser keeps. Storage may be refused;
 * then a choice lasts as long as the page. */

/** The kept value of a choice, the first one where none of them was kept. */
export function recall(key, choices) {
  try {
    const value = localStorage.getItem(key);
    return choices.includes(value) ? value : choices[0];
  } catch {
    return choices[0];
  }
}

/** Keep a value until it is chosen anew. */
export function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // nothing to keep it in
  }
}
