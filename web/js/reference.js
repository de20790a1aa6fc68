/* reference.js - what may stand in a scenario, told by its JSON Schema: the same
 * tables that read one make it. */
import { ask } from './api.js';
import { h } from './dom.js';
import { texts } from './texts.js';

const t = texts.editor;

/** The parts of the reference as elements. */
export async function referenceOf() {
  const schema = await ask('/api/scenarios/schema.json');
  const { step } = schema.$defs;
  return [
    part(t.members, members(schema.properties, Object.keys(schema.properties), schema.required)),
    part(t.steps, h('div', {}, ...step.oneOf.map((each) => stepOf(each, step.properties)))),
    part(t.rules, rules(schema.$defs['rule-object'])),
  ];
}

function part(title, content) {
  return h('details', { className: 'reference' }, h('summary', {}, title), content);
}

/* Names with what they mean. */
function members(properties, names, required = []) {
  return h('dl', { className: 'reference__list' }, ...names.flatMap((name) => [
    h('dt', {}, h('code', {}, name), required.includes(name) ? ' *' : ''),
    h('dd', {}, properties[name]?.description ?? ''),
  ]));
}

/* One kind of step: its name, and what it takes. */
function stepOf({ properties, propertyNames, required }, all) {
  const name = properties.call.const;
  const takes = propertyNames.enum.filter((each) => each !== 'call');
  return h('details', { className: 'reference__step' }, h('summary', {}, h('code', {}, name)),
    members(all, takes, required));
}

function rules(rule) {
  const names = Object.keys(rule?.properties ?? {});
  return h('div', {}, h('p', {}, t.ruleWords),
    h('ul', { className: 'reference__rules' }, ...t.ruleExamples.map((each) =>
      h('li', {}, h('code', {}, each)))),
    members(rule?.properties ?? {}, names));
}
