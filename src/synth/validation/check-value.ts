import { type FieldPath, formatPath } from './field-path.js';
import { findBelow } from './find-below.js';
import { findRepetitions } from './list-keys.js';
import { nearestName } from './nearest-name.js';
import { type Fields, type FindDefinition, isFields, type Problem, type Schema } from './open-api.js';
import { scalarProblem, typeProblem } from './scalar-limits.js';

/** How much of an object is told; more would not be read. */
const MOST_PROBLEMS = 20;
const OBJECT_META = 'meta.v1.ObjectMeta';

/** Whose rules hold: a built-in kind takes null for "not set" and "" for "the default"; a custom resource does not. */
export type Rules = 'built-in' | 'custom';

/** A schema, and what it needs to be applied. */
export interface Definition {
  readonly schema: Schema;
  readonly rules: Rules;
  readonly find: FindDefinition;
}

/** Everything that is wrong in an object, in its own order. */
export function checkObject({ schema, rules, find }: Definition, object: Fields): Problem[] {
  const check = new Check(find);
  check.value(rules === 'custom' ? { ...schema, 'x-kubernetes-embedded-resource': true } : schema, object, rules);
  return check.problems;
}

class Check {
  readonly problems: Problem[] = [];
  readonly #find: FindDefinition;
  readonly #path: (string | number)[];
  /** Only whether there is a problem counts, and a form among others does not name all fields. */
  readonly #isForm: boolean;

  constructor(find: FindDefinition, path: FieldPath = [], isForm = false) {
    this.#find = find;
    this.#path = [...path];
    this.#isForm = isForm;
  }

  value(written: Schema, value: unknown, rules: Rules): void {
    const schema = this.#resolve(written);
    if (value === undefined || (value === null && isNullAllowed(schema, rules))) {
      return;
    }
    const problem = typeProblem(schema, value);
    if (problem !== undefined) {
      this.#add(problem);
      return;
    }
    if (Array.isArray(value)) {
      this.#list(schema, value, rules);
    } else if (isFields(value)) {
      this.#fields(schema, value, rules);
    } else if (rules === 'custom' || value !== '') {
      const wrong = scalarProblem(schema, value);
      if (wrong !== undefined) {
        this.#add(wrong);
      }
    }
    this.#forms(schema, value, rules);
  }

  #resolve(schema: Schema): Schema {
    return schema.$ref === undefined ? schema : (this.#find(schema.$ref) ?? {});
  }

  #list(schema: Schema, values: readonly unknown[], rules: Rules): void {
    const { items, minItems = 0, maxItems = Infinity } = schema;
    this.#size(values.length, minItems, maxItems, 'items');
    const item = items === undefined ? undefined : this.#resolve(items);
    for (const { index, message } of findRepetitions(schema, item, values)) {
      this.#at(index, () => this.#add(message));
    }
    if (item !== undefined) {
      values.forEach((value, index) => this.#at(index, () => this.value(item, value, rules)));
    }
  }

  #fields(schema: Schema, fields: Fields, rules: Rules): void {
    const { required = [], minProperties = 0, maxProperties = Infinity } = schema;
    const names = Object.keys(fields);
    this.#size(names.length, minProperties, maxProperties, 'fields');
    const others = isFields(schema.additionalProperties) ? schema.additionalProperties : undefined;
    const isObject = schema['x-kubernetes-embedded-resource'] === true;
    for (const name of names) {
      this.#at(name, () => {
        if (isObject && isOwnOfObjects(name)) {
          this.value(OBJECT_FIELDS[name], fields[name], 'built-in');
          return;
        }
        const known = ownOf(schema.properties, name) ?? others;
        if (known !== undefined) {
          this.value(known, fields[name], rules);
        } else if (!this.#isForm && isClosed(schema)) {
          this.#add(`unknown field${this.#hint(name, schema, fields)}`);
        }
      });
    }
    for (const name of required.filter((one) => isUnset(fields[one], rules))) {
      this.#at(name, () => this.#add('is required'));
    }
  }

  /** The alternatives of a custom resource's schema: each looks at the whole value. */
  #forms(schema: Schema, value: unknown, rules: Rules): void {
    const { allOf = [], anyOf = [], oneOf = [], not } = schema;
    for (const form of allOf) {
      this.problems.push(...this.#try(form, value, rules));
    }
    const fitting = (forms: readonly Schema[]) => forms.filter((form) => this.#try(form, value, rules).length === 0);
    if (anyOf.length > 0 && fitting(anyOf).length === 0) {
      this.#add(`has none of the allowed forms${this.#firstOf(anyOf, value, rules)}`);
    }
    if (oneOf.length > 0) {
      const { length } = fitting(oneOf);
      if (length !== 1) {
        const how = length === 0 ? `none of the allowed forms${this.#firstOf(oneOf, value, rules)}` : `${length} forms`;
        this.#add(`must have exactly one of ${oneOf.length} forms, and has ${how}`);
      }
    }
    if (not !== undefined && this.#try(not, value, rules).length === 0) {
      this.#add('has a form that is not allowed');
    }
  }

  #try(form: Schema, value: unknown, rules: Rules): readonly Problem[] {
    const check = new Check(this.#find, this.#path, true);
    check.value(form, value, rules);
    return check.problems;
  }

  #firstOf(forms: readonly Schema[], value: unknown, rules: Rules): string {
    const [problem] = forms[0] === undefined ? [] : this.#try(forms[0], value, rules);
    return problem === undefined ? '' : `; the first: ${problem.path} ${problem.message}`;
  }

  #hint(name: string, schema: Schema, fields: Fields): string {
    const unset = Object.keys(schema.properties ?? {}).filter((known) => fields[known] === undefined);
    const nearest = nearestName(name, unset);
    if (nearest !== undefined) {
      return `, did you mean "${nearest}"?`;
    }
    const below = findBelow(schema, name, (one) => this.#resolve(one));
    const place = [formatPath(this.#path.slice(0, -1)), below].filter((part) => part !== '').join('.');
    return below === undefined ? '' : ` here, but known in ${place}`;
  }

  #size(size: number, least: number, most: number, what: string): void {
    if (size < least) {
      this.#add(`must have at least ${least} ${what}, and has ${size}`);
    } else if (size > most) {
      this.#add(`must have at most ${most} ${what}, and has ${size}`);
    }
  }

  #at(part: string | number, inner: () => void): void {
    this.#path.push(part);
    inner();
    this.#path.pop();
  }

  #add(message: string): void {
    if (this.problems.length < MOST_PROBLEMS) {
      this.problems.push({ path: formatPath(this.#path), message });
    }
  }
}

/** What each object has beside what its schema says. */
const OBJECT_FIELDS = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { $ref: OBJECT_META } };

function isOwnOfObjects(name: string): name is keyof typeof OBJECT_FIELDS {
  return Object.hasOwn(OBJECT_FIELDS, name);
}

function ownOf(properties: Readonly<Record<string, Schema>> = {}, name: string): Schema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** Whether fields that it does not name are refused. Without a type it says nothing about them. */
function isClosed(schema: Schema): boolean {
  const { type, properties, additionalProperties: others } = schema;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || others === true || isFields(others);
  return !isOpen && (type === 'object' || properties !== undefined);
}

function isNullAllowed(schema: Schema, rules: Rules): boolean {
  return rules === 'built-in' || schema.nullable === true || schema.default !== undefined || schema.type === undefined;
}

function isUnset(value: unknown, rules: Rules): boolean {
  return value === undefined || (rules === 'built-in' && value === null);
}
