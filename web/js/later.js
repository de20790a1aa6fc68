/* later.js - a component whose code is asked for when its panel is first opened. */

/** The component of a panel; load() resolves to its module. */
export function later(panel, load) {
  return { mount: (el) => mountLater(el, panel, load) };
}

function mountLater(el, panel, load) {
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
      else if (!asked && state.panel === panel) begin();
    },
  };
}
