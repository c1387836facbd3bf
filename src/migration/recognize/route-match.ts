import type { CodeValue } from '../code.js';
import { filled } from './values.js';

type Calls = readonly (readonly [matcher: string, ...args: string[]])[];

/**
 * What a rule in Traefik's language says, as {@link RouteMatch} of the constructs takes it. Undefined where no host is asked for. What has
 * no property of its own becomes the `condition`.
 */
export function matchProps(match: string): Readonly<Record<string, CodeValue>> | undefined {
  const [first = '', ...rest] = splitTop(match.trim(), '&&');
  const host = valuesOf(first, 'Host');
  if (host === undefined) {
    return undefined;
  }
  const props: Record<string, CodeValue> = { host: oneOrMany(host) };
  const headers: Record<string, string> = {};
  const conditions: string[] = [];
  for (const part of rest) {
    const prefix = valuesOf(part, 'PathPrefix');
    const path = valuesOf(part, 'Path');
    const methods = valuesOf(part, 'Method');
    const [header] = callsOf(part) ?? [];
    if (prefix !== undefined && props.pathPrefix === undefined) {
      props.pathPrefix = oneOrMany(prefix);
    } else if (path?.length === 1 && props.path === undefined) {
      props.path = path[0];
    } else if (methods !== undefined && props.methods === undefined) {
      props.methods = methods;
    } else if (header?.[0] === 'Header' && header[1] !== undefined) {
      headers[header[1]] = header[2] ?? '';
    } else {
      conditions.push(part);
    }
  }
  return {
    ...props,
    headers: Object.keys(headers).length === 0 ? undefined : headers,
    condition: filled(conditions)?.map(withoutParentheses).join(' && '),
  };
}

function oneOrMany(values: readonly string[]): CodeValue {
  return values.length === 1 ? values[0] : values;
}

/** The arguments of a matcher that is there once, or several times with `||` between. */
function valuesOf(part: string, matcher: string): readonly string[] | undefined {
  const calls = callsOf(part);
  return calls?.every(([name, ...args]) => name === matcher && args.length === 1)
    ? calls.map(([, value]) => value ?? '')
    : undefined;
}

function callsOf(part: string): Calls | undefined {
  const calls = splitTop(withoutParentheses(part), '||').map((one) => /^(\w+)\((.*)\)$/.exec(one));
  if (calls.some((call) => call === null || !/^`[^`]*`(, `[^`]*`)*$/.test(call[2] ?? ''))) {
    return undefined;
  }
  return calls.map((call) => [
    call?.[1] ?? '',
    ...[...(call?.[2] ?? '').matchAll(/`([^`]*)`/g)].map(([, text]) => text ?? ''),
  ]);
}

/** The parts between an operator that is in no parentheses and in no text. */
function splitTop(text: string, operator: '&&' | '||'): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    quoted = char === '`' ? !quoted : quoted;
    depth += quoted ? 0 : char === '(' ? 1 : char === ')' ? -1 : 0;
    if (!quoted && depth === 0 && text.startsWith(operator, index)) {
      parts.push(text.slice(start, index).trim());
      start = index + operator.length;
    }
  }
  return [...parts, text.slice(start).trim()];
}

/** A whole expression in one pair of parentheses, without them. */
function withoutParentheses(text: string): string {
  const inner = text.slice(1, -1);
  let depth = 0;
  const closes = [...inner].some((char) => {
    depth += char === '(' ? 1 : char === ')' ? -1 : 0;
    return depth < 0;
  });
  return text.startsWith('(') && text.endsWith(')') && !closes ? inner : text;
}
