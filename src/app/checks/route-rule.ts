/** Matchers whose arguments are alternatives, as in ``Host(`a`, `b`)``. */
const MATCHER = /^([A-Za-z]+)\((.*)\)$/s;

/**
 * The requests that a Traefik rule takes, one text for each of its alternatives, equal for rules that say the same in another order or spacing.
 * A rule with brackets or `!` is left as one text.
 */
export function alternativesOf(rule: string): string[] {
  const plain = rule.trim();
  if (/[!]|\(\s*\(|(^|[&|\s])\(/.test(withoutTexts(plain))) {
    return [plain.replace(/\s+/g, ' ')];
  }
  return splitOutside(plain, '||').flatMap((alternative) =>
    splitOutside(alternative, '&&')
      .map(matchersOf)
      .reduce<string[][]>((all, some) => all.flatMap((left) => some.map((right) => [...left, right])), [[]])
      .map((parts) => parts.sort().join(' && ')),
  );
}

/** Each argument of a matcher as a matcher of its own. */
function matchersOf(text: string): string[] {
  const [, name, inner = ''] = MATCHER.exec(text.trim()) ?? [];
  if (name === undefined) {
    return [text.trim()];
  }
  const texts = [...inner.matchAll(/`([^`]*)`|"([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? '');
  const isList = name === 'Host' || name === 'Path' || name === 'PathPrefix' || name === 'HostSNI';
  const lower = name.startsWith('Host') ? texts.map((host) => host.toLowerCase()) : texts;
  return isList
    ? lower.map((value) => `${name}(\`${value}\`)`)
    : [`${name}(${texts.map((value) => `\`${value}\``).join(',')})`];
}

/** Splits at an operator that is not within quotes. */
function splitOutside(text: string, operator: '||' | '&&'): string[] {
  const hidden = withoutTexts(text);
  const parts: string[] = [];
  let start = 0;
  for (let at = hidden.indexOf(operator); at >= 0; at = hidden.indexOf(operator, start)) {
    parts.push(text.slice(start, at));
    start = at + operator.length;
  }
  return [...parts, text.slice(start)].map((part) => part.trim());
}

/** The text with what is in quotes blotted out, at the same length. */
function withoutTexts(text: string): string {
  return text.replace(/`[^`]*`|"[^"]*"/g, (quoted) => '_'.repeat(quoted.length));
}
