/* later.js - a component whose code is asked for when it is first needed: when
 * its panel is opened, or when `wanted` says so of the page's state. */

/** The component of a panel; load() resolves to its module. */
export function later(panel, load) {
  return laterWhen((state) => state.panel === panel, load);
}

/** The same, from when wanted(state) is true for the first time. */
export function laterWhen(wanted, load) {
  return { mount: (el) => mountLater(el, wanted, load) };
}

function mountLater(el, wanted, load) {
  let component = null;
  let newest = null;
  let asked = false;
  const begin = async () => {
    asked = true;
    component = (await load()).mount(el);
    component.update(newest);
  };
  return {
    update(state) {
      newest = state;
      if (component) component.update(state);
      else if (!asked && wanted(state)) begin();
    },
  };
}
