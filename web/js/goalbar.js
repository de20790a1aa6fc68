/* goalbar.js - the goal of the run at hand: what is to be brought about, and
 * whether the kernels say that it was. */
import { h, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { goalOf } from './goals.js';
import { texts } from './texts.js';

const t = texts.practice.goals;

/** Bring the bar in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = {
    text: h('p', { className: 'goal__text' }),
    standing: h('p', { className: 'goal__standing', role: 'status' }),
    hint: h('p', {}),
    moment: h('button', { type: 'button', className: 'plain' }, t.shown),
    again: h('button', { type: 'button', className: 'plain' }, t.again),
    leave: h('button', { type: 'button', className: 'plain' }, t.leave),
  };
  const hint = h('details', { className: 'goal__hint' }, h('summary', {}, t.hint), parts.hint);
  el.append(h('h2', { className: 'goal__title' }, t.goal), parts.text, parts.standing, hint,
    h('p', { className: 'goal__ends' }, parts.moment, parts.again, parts.leave));
  let settled = null; // id of the event that met it
  let goal = null;
  parts.moment.addEventListener('click', () => wish(el, WISH.SELECT, { id: settled }));
  parts.again.addEventListener('click', () => wish(el, WISH.GOAL, { id: goal.id }));
  parts.leave.addEventListener('click', () => wish(el, WISH.GOAL, { id: null }));
  return {
    update(state) {
      goal = goalOf(state.goal?.id);
      const mine = goal && state.run?.id === state.goal.run;
      el.hidden = !mine;
      if (!mine) return;
      settled = goal.met(state.whole ?? state.model);
      if (settled !== null) wish(el, WISH.GOAL_MET, { id: goal.id });
      setText(parts.text, texts.goals[goal.id].text);
      setText(parts.hint, texts.goals[goal.id].hint);
      const over = state.run.phase === 'ended';
      setText(parts.standing, settled !== null ? `✓ ${t.success}` : (over && t.over) || t.open);
      el.classList.toggle('is-met', settled !== null);
      hint.hidden = settled !== null;
      parts.moment.hidden = settled === null;
      parts.again.hidden = !over || settled !== null;
    },
  };
}
