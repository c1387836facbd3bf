/** How a registry wants to be asked, from its `WWW-Authenticate` header. */
export type Challenge =
  { readonly scheme: 'bearer'; readonly realm: string; readonly service?: string } | { readonly scheme: 'basic' };

/** The first challenge that we can answer, by RFC 9110 section 11.6.1; undefined when there is none. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  for (const { scheme, parameters } of splitChallenges(header ?? '')) {
    if (scheme === 'basic') {
      return { scheme };
    }
    const { realm, service } = parameters;
    if (scheme === 'bearer' && realm !== undefined) {
      return { scheme, realm, ...(service === undefined ? {} : { service }) };
    }
  }
  return undefined;
}

interface RawChallenge {
  readonly scheme: string;
  readonly parameters: Record<string, string>;
}

const TOKEN_CHARACTERS = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
const PART = new RegExp(
  `(${TOKEN_CHARACTERS})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN_CHARACTERS}))|(${TOKEN_CHARACTERS})`,
  'g',
);

function splitChallenges(header: string): RawChallenge[] {
  const challenges: RawChallenge[] = [];
  for (const [, name, quoted, plain, scheme] of header.slice(0, 8192).matchAll(PART)) {
    if (scheme !== undefined) {
      challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    } else if (name !== undefined) {
      const current = challenges.at(-1);
      if (current !== undefined) {
        current.parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
      }
    }
  }
  return challenges;
}
