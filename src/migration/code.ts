/** An expression of the generated program that is written as it is, such as `context.secret('KEY')`. */
export class Expression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value of the generated program: JSON whose leaves may be expressions. `undefined` properties are left out. */
export type CodeValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | Expression
  | readonly CodeValue[]
  | { readonly [key: string]: CodeValue };

/** The value as a TypeScript expression. Layout is left to the formatter. */
export function renderCode(value: CodeValue): string {
  if (value instanceof Expression) {
    return value.text;
  }
  if (typeof value === 'string') {
    return renderText(value);
  }
  if (Array.isArray(value)) {
    return `[${(value as readonly CodeValue[]).map(renderCode).join(', ')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, item]) => item !== undefined);
    return fields.length === 0 ? '{}' : `{ ${fields.map(renderField).join(', ')} }`;
  }
  return String(value);
}

/** Permissions of files are read as octal numbers. */
function renderField([key, value]: readonly [string, CodeValue]): string {
  const isMode = (key === 'defaultMode' || key === 'mode') && typeof value === 'number' && value >= 0;
  return `${renderKey(key)}: ${isMode ? `0o${value.toString(8)}` : renderCode(value)}`;
}

/** A call such as `newestBuild('image', { ... })`. */
export function call(name: string, ...args: readonly CodeValue[]): Expression {
  return new Expression(`${name}(${args.map(renderCode).join(', ')})`);
}

/** Text of several lines keeps its lines; all other text is on one. */
export function renderText(text: string): string {
  const hasLines = text.trimEnd().includes('\n');
  // What would not be seen, or would be read back changed, is escaped.
  if (!hasLines || /[\u0000-\u0008\u000b-\u001f\u007f\u0085\u2028\u2029]/.test(text)) {
    return JSON.stringify(text);
  }
  return `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``;
}

/** `__proto__: x` would set the prototype; `['__proto__']: x` does not. */
function renderKey(key: string): string {
  return key === '__proto__' ? "['__proto__']" : JSON.stringify(key);
}
