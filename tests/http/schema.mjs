/* schema.mjs - a validator for the JSON Schema (2020-12) keywords our schema
 * uses; any other keyword is an error, so that none is passed over. */

const kinds = {
  object: (v) => v !== null && typeof v === 'object' && !Array.isArray(v),
  array: Array.isArray,
  string: (v) => typeof v === 'string',
  number: (v) => typeof v === 'number',
  integer: Number.isInteger,
  boolean: (v) => typeof v === 'boolean',
  null: (v) => v === null,
};

const length = (text) => [...text].length;

/* Each: (its value, the value checked, check, schema) -> faults as [place, sentence]. */
const keywords = {
  $schema: () => [], title: () => [], description: () => [], $defs: () => [],
  $ref: (ref, value, { check, root }) => check(root.$defs[ref.replace('#/$defs/', '')], value),
  type: (type, value) => ([type].flat().some((name) => kinds[name](value)) ? [] : [['', `is no ${type}`]]),
  enum: (list, value) => (list.includes(value) ? [] : [['', `is none of ${list}`]]),
  const: (one, value) => (one === value ? [] : [['', `is not ${one}`]]),
  minimum: (least, value) => (kinds.number(value) && value < least ? [['', `is less than ${least}`]] : []),
  maximum: (most, value) => (kinds.number(value) && value > most ? [['', `is more than ${most}`]] : []),
  minLength: (n, value) => (kinds.string(value) && length(value) < n ? [['', `is shorter than ${n}`]] : []),
  maxLength: (n, value) => (kinds.string(value) && length(value) > n ? [['', `is longer than ${n}`]] : []),
  pattern: (text, value) =>
    (kinds.string(value) && !new RegExp(text, 'u').test(value) ? [['', `does not look like ${text}`]] : []),
  minItems: (n, value) => (kinds.array(value) && value.length < n ? [['', `has fewer than ${n}`]] : []),
  maxItems: (n, value) => (kinds.array(value) && value.length > n ? [['', `has more than ${n}`]] : []),
  items: (schema, value, { check, whole }) => (kinds.array(value) ? value.flatMap((item, i) =>
    (i < (whole.prefixItems?.length ?? 0) ? [] : at(i, check(schema, item)))) : []),
  prefixItems: (schemas, value, { check }) => (kinds.array(value)
    ? schemas.flatMap((schema, i) => (i < value.length ? at(i, check(schema, value[i])) : [])) : []),
  required: (names, value) => (kinds.object(value)
    ? names.filter((name) => !Object.hasOwn(value, name)).map((name) => ['', `lacks ${name}`]) : []),
  properties: (schemas, value, { check }) => (kinds.object(value) ? Object.keys(value).flatMap((name) =>
    (Object.hasOwn(schemas, name) ? at(name, check(schemas[name], value[name])) : [])) : []),
  additionalProperties: (schema, value, { check, whole }) => (kinds.object(value)
    ? Object.keys(value).filter((name) => !Object.hasOwn(whole.properties ?? {}, name)).flatMap((name) =>
      at(name, schema === false ? [['', 'is not known']] : check(schema, value[name]))) : []),
  propertyNames: (schema, value, { check }) => (kinds.object(value)
    ? Object.keys(value).flatMap((name) => at(name, check(schema, name))) : []),
  oneOf: (schemas, value, { check }) => {
    const fits = schemas.filter((schema) => check(schema, value).length === 0).length;
    return fits === 1 ? [] : [['', `fits ${fits} of ${schemas.length} forms`]];
  },
};

const at = (name, faults) => faults.map(([place, what]) => [`/${name}${place}`, what]);

/** Every fault of value as [JSON pointer, what is wrong]; none: []. */
export function faults(root, value) {
  const check = (schema, part) => Object.entries(schema).flatMap(([keyword, given]) => {
    if (!keywords[keyword]) throw new Error(`the validator does not know ${keyword}`);
    return keywords[keyword](given, part, { check, root, whole: schema });
  });
  return check(root, value);
}
