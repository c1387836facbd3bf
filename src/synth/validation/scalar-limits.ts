import { hasSecretMarker } from '../../app/secret-marker.js';
import { integerFormatProblem, textFormatProblem } from './formats.js';
import { suggestion } from './nearest-name.js';
import { isFields, type Schema } from './open-api.js';
import { matchesPattern } from './patterns.js';

/** The name of a value's JSON type, with its article. */
export function typeNameOf(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** What is wrong with the type of a value that is not null; undefined when nothing is. */
export function typeProblem(schema: Schema, value: unknown): string | undefined {
  const expected = expectedType(schema);
  if (expected === undefined || expected.accepts(value)) {
    return undefined;
  }
  return `must be ${expected.name}, not ${typeof value === 'number' && !Number.isInteger(value) ? 'a fraction' : typeNameOf(value)}`;
}

/** What is wrong with a text, number or truth value of the right type: format, limits, pattern, allowed values. */
export function scalarProblem(schema: Schema, value: unknown): string | undefined {
  if (typeof value === 'string' && hasSecretMarker(value)) {
    return undefined;
  }
  return choiceProblem(schema, value) ?? textProblem(schema, value) ?? numberProblem(schema, value);
}

interface ExpectedType {
  readonly name: string;
  readonly accepts: (value: unknown) => boolean;
}

const TYPES: ReadonlyMap<string, ExpectedType> = new Map(
  Object.entries({
    string: { name: 'a string', accepts: (value) => typeof value === 'string' },
    integer: { name: 'a whole number', accepts: Number.isInteger },
    number: { name: 'a number', accepts: (value) => typeof value === 'number' },
    boolean: { name: 'true or false', accepts: (value) => typeof value === 'boolean' },
    array: { name: 'a list', accepts: Array.isArray },
    object: { name: 'an object', accepts: isFields },
  }),
);
const INTEGER_OR_STRING: ExpectedType = {
  name: 'a whole number or a string',
  accepts: (value) => typeof value === 'string' || Number.isInteger(value),
};
const QUANTITY: ExpectedType = {
  name: 'a quantity such as "500m"',
  accepts: (value) => typeof value === 'string' || typeof value === 'number',
};

function expectedType(schema: Schema): ExpectedType | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) {
    return INTEGER_OR_STRING;
  }
  return schema.type === undefined && schema.format === 'quantity' ? QUANTITY : TYPES.get(schema.type ?? '');
}

function choiceProblem({ enum: choices }: Schema, value: unknown): string | undefined {
  if (choices === undefined || choices.includes(value) || isFields(value) || Array.isArray(value)) {
    return undefined;
  }
  const shown = choices.map((choice) => String(choice)).join(', ');
  const text = String(value);
  const hint = suggestion(
    text,
    choices.filter((choice) => typeof choice === 'string'),
  );
  return `must be one of ${shown}${text.length > 40 ? '' : `, not "${text}"`}${hint}`;
}

function textProblem(schema: Schema, value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  const { format, minLength = 0, maxLength = Infinity, pattern } = schema;
  const length = minLength > 0 || maxLength < Infinity ? [...value].length : 0;
  if (length < minLength) {
    return minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`;
  }
  if (length > maxLength) {
    return `must have at most ${maxLength} characters, and has ${length}`;
  }
  if (pattern !== undefined && !matchesPattern(pattern, value)) {
    return `must match ${pattern}`;
  }
  return format === undefined ? undefined : textFormatProblem(format, value);
}

function numberProblem(schema: Schema, value: unknown): string | undefined {
  if (typeof value !== 'number') {
    return undefined;
  }
  const { minimum, maximum, multipleOf } = schema;
  if (minimum !== undefined && (schema.exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    return `must be ${schema.exclusiveMinimum === true ? 'more than' : 'at least'} ${minimum}`;
  }
  if (maximum !== undefined && (schema.exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    return `must be ${schema.exclusiveMaximum === true ? 'less than' : 'at most'} ${maximum}`;
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    return `must be a multiple of ${multipleOf}`;
  }
  return schema.type === 'integer' ? integerFormatProblem(schema.format, value) : undefined;
}
