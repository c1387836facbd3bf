import { checkSubdomain } from './validation.js';

/** Which requests a rule of a route takes; everything that is given must fit. */
export interface RouteMatch {
  /** Such as `grafana.example.com`; of several, any. Needed unless `match` says all. */
  readonly host?: string | readonly string[];
  /** The whole rule in Traefik's own words, instead of all others: ``Host(`a.example.com`) && !PathPrefix(`/private`)``. @default - what the others say */
  readonly match?: string;
  /** Takes only paths that start so, such as `/api`; of several, any. @default - every path */
  readonly pathPrefix?: string | readonly string[];
  /** Takes only this path. @default - every path */
  readonly path?: string;
  /** Takes only requests with these headers. @default - any headers */
  readonly headers?: Readonly<Record<string, string>>;
  /** Takes only these methods, such as `GET`. @default - any method */
  readonly methods?: readonly string[];
  /** One more condition in Traefik's own words, such as ``ClientIP(`10.0.0.0/8`)``. @default - none */
  readonly condition?: string;
}

/**
 * A rule in Traefik's language.
 * @throws RangeError when a value cannot be written in it
 */
export function matchOf({ match, ...parts }: RouteMatch): string {
  if (match === undefined) {
    return ruleOf(parts);
  }
  const both = PARTS.find((part) => parts[part] !== undefined);
  if (both !== undefined) {
    throw new RangeError(`route rule has match, which says all, and ${both} as well: "${match}"`);
  }
  return match;
}

const PARTS = ['host', 'pathPrefix', 'path', 'headers', 'methods', 'condition'] as const;

function ruleOf(rule: Omit<RouteMatch, 'match'>): string {
  const { host = [], pathPrefix = [], path, headers = {}, methods = [], condition } = rule;
  const hosts = listOf(host).map((one) => `Host(\`${checkSubdomain('route host', one)}\`)`);
  if (hosts.length === 0) {
    throw new RangeError('route rule has no host; give it host, or the whole rule as match');
  }
  const prefixes = listOf(pathPrefix).map((one) => `PathPrefix(\`${checkPath('path prefix', one)}\`)`);
  const parts = [
    anyOf(hosts),
    anyOf(prefixes),
    path === undefined ? '' : `Path(\`${checkPath('path', path)}\`)`,
    ...Object.entries(headers).map(([name, value]) => `Header(\`${checkText(name)}\`, \`${checkText(value)}\`)`),
    anyOf(methods.map((method) => `Method(\`${checkText(method)}\`)`)),
    condition === undefined ? '' : `(${condition})`,
  ];
  return parts.filter((part) => part !== '').join(' && ');
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length > 1 ? `(${conditions.join(' || ')})` : (conditions[0] ?? '');
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function checkPath(what: string, path: string): string {
  if (!/^\/[^\s`]*$/.test(path)) {
    throw new RangeError(`${what} does not start with "/" or holds a blank or "\`": "${path}"`);
  }
  return path;
}

function checkText(text: string): string {
  if (text.includes('`')) {
    throw new RangeError(`a route cannot match text with "\`": "${text}"`);
  }
  return text;
}
