// @ts-check
// What of an OpenAPI document or a CustomResourceDefinition is needed to check objects, and nothing else.

/** @typedef {Readonly<Record<string, unknown>>} Node */

const KEPT = [
  '$ref',
  'type',
  'format',
  'nullable',
  'default',
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'required',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-preserve-unknown-fields',
];
const PREFIXES = /^(#\/components\/schemas\/)?(io\.k8s\.)?(api\.|apimachinery\.pkg\.(apis\.)?)?/;

/**
 * The schemas of all kinds of an API server that can be written down as objects, and what they refer to.
 * @param {Readonly<Record<string, any>>} definitions `components.schemas` of all its documents
 * @returns {Map<string, Node>} `apps/v1 Deployment` or a definition's name -> schema
 */
export function builtInSchemas(definitions) {
  /** @type {Map<string, Node>} */
  const schemas = new Map();
  /** @type {string[]} */
  const wanted = [];
  for (const definition of Object.values(definitions)) {
    const kind = kindOf(definition);
    if (kind !== undefined) {
      schemas.set(kind, compact(builtIn(definition), wanted));
    }
  }
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (!schemas.has(shortNameOf(name))) {
      schemas.set(shortNameOf(name), compact(builtIn(definitions[name.replace('#/components/schemas/', '')]), wanted));
    }
  }
  return schemas;
}

/**
 * The schemas of a CustomResourceDefinition's versions.
 * @param {any} definition
 * @returns {[string, Node][]}
 */
export function customSchemas({ spec }) {
  return spec.versions.map((/** @type {any} */ { name, schema }) => [
    `${spec.group}/${name} ${spec.names.kind}`,
    compact(schema.openAPIV3Schema, []),
  ]);
}

/**
 * One schema a line, sorted, so that a reader can find one without parsing the others.
 * @param {Iterable<readonly [string, Node]>} schemas
 */
export function linesOf(schemas) {
  const sorted = [...schemas].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/**
 * The kind that a definition is of, unless it is a list or only ever an answer or a call.
 * @param {any} definition
 */
function kindOf(definition) {
  const [first, ...others] = definition['x-kubernetes-group-version-kind'] ?? [];
  const { metadata } = definition.properties ?? {};
  if (first === undefined || others.length > 0 || !JSON.stringify(metadata ?? '').includes('.ObjectMeta')) {
    return undefined;
  }
  return `${first.group === '' ? '' : `${first.group}/`}${first.version} ${first.kind}`;
}

/**
 * Says in a custom resource's words what only the built-in kinds say otherwise.
 * @param {any} schema
 * @returns {any}
 */
function builtIn(schema) {
  if (schema.allOf?.length === 1) {
    return { ...builtIn(schema.allOf[0]), ...(typeof schema.default === 'string' ? { default: schema.default } : {}) };
  }
  if (schema.format === 'int-or-string') {
    return { 'x-kubernetes-int-or-string': true };
  }
  if (schema.oneOf?.map((/** @type {any} */ one) => one.type).join() === 'string,number') {
    return { format: 'quantity' };
  }
  const { default: value, items, properties, additionalProperties: others, ...rest } = schema;
  const isOpen = schema.type === 'object' && properties === undefined && others === undefined;
  return {
    ...rest,
    ...(typeof value === 'string' && value !== '' ? { default: value } : {}),
    ...(items === undefined ? {} : { items: builtIn(items) }),
    ...(properties === undefined ? {} : { properties: mapValues(properties, builtIn) }),
    ...(typeof others === 'object' ? { additionalProperties: builtIn(others) } : {}),
    ...(isOpen ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
  };
}

/**
 * @param {any} schema
 * @param {string[]} references gets the name of each definition that it refers to
 * @returns {Node}
 */
function compact(schema, references) {
  /** @type {Record<string, unknown>} */
  const node = {};
  const inner = (/** @type {any} */ one) => compact(one, references);
  for (const key of KEPT.filter((one) => schema[one] !== undefined)) {
    node[key] = schema[key];
  }
  if (schema.$ref !== undefined) {
    references.push(schema.$ref);
    node.$ref = shortNameOf(schema.$ref);
  }
  if (schema['x-kubernetes-list-type'] === 'set') {
    node['x-kubernetes-list-type'] = 'set';
  }
  for (const key of ['items', 'not', 'additionalProperties'].filter((one) => schema[one] !== undefined)) {
    node[key] = typeof schema[key] === 'object' ? inner(schema[key]) : schema[key];
  }
  for (const key of ['allOf', 'anyOf', 'oneOf'].filter((one) => schema[one] !== undefined)) {
    node[key] = schema[key].map(inner);
  }
  if (schema.properties !== undefined) {
    node.properties = mapValues(schema.properties, inner);
  }
  return node;
}

/** @param {string} name */
function shortNameOf(name) {
  return name.replace(PREFIXES, '');
}

/**
 * @param {Readonly<Record<string, any>>} from
 * @param {(value: any) => Node} map
 */
function mapValues(from, map) {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, map(value)]));
}
