const REPLACEMENT = '<redacted>';
/** Shorter lines of a value are ordinary words. */
const SHORTEST_LINE = 8;

/** What a setting with a secret value is called, at the end of its name. */
const SECRET_NAME = String.raw`(password|passwd|passphrase|token|secret|api[-_]?key|access[-_]?key|client-key-data|\bauth(?=\\?"))`;
/** Between such a name and its value, in JSON (also inside a JSON text), YAML and environment files. */
const SEPARATOR = String.raw`(?:\\?["'])?\s*[:=]\s*(?:[|>][-+]?\s+)?`;

/**
 * No pattern may take quadratic time on a long line: each begins at a fixed text, and either succeeds from there, or is bounded, or cannot
 * cross the text that it begins with.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/:\/\/[^\s/?#"]*@/g, `://${REPLACEMENT}@`],
  [/:\/\/[^\s/@:]{1,300}:(?!\d+\/)[^\s"]{1,300}@/g, `://${REPLACEMENT}@`],
  [/\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}/gi, `$1 ${REPLACEMENT}`],
  [/\b(gh[pousr]_|github_pat_|glpat-|gsk_|xox[abprs]-|pul-|dckr_pat_)[A-Za-z0-9_-]{10,}/g, REPLACEMENT],
  [/(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, REPLACEMENT],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, REPLACEMENT],
  [
    new RegExp(String.raw`${SECRET_NAME}(${SEPARATOR}(\\?["']))(?:''|(?!\3)(?:\\.|[^\n\\]))+`, 'gi'),
    `$1$2${REPLACEMENT}`,
  ],
  [new RegExp(String.raw`${SECRET_NAME}(${SEPARATOR})[^\s"',;}&\\]{3,}`, 'gi'), `$1$2${REPLACEMENT}`],
  [/([?&](?:sig|signature|x-amz-signature|x-goog-signature)=)[^&\s]+/gi, `$1${REPLACEMENT}`],
];

/** Removes what looks like a credential from text that people will read: URL user info, headers, tokens, keys. */
export function redact(text: string): string {
  return PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/**
 * Also removes the given secret values, and their base64, URL-encoded and JSON forms. Values under 4 characters are left. Of a value with several
 * lines, such as a configuration file, each longer line counts, too: who refuses one quotes a line.
 */
export function redactValues(text: string, values: Iterable<string>): string {
  const whole = [...values].filter((value) => value.length >= 4);
  const forms = [...whole, ...whole.flatMap(linesOf)].flatMap(formsOf);
  // The longest first: a value that is part of another one must not leave the rest of it.
  forms.sort((a, b) => b.length - a.length);
  return forms.reduce((result, form) => result.replaceAll(form, REPLACEMENT), redact(text));
}

function linesOf(value: string): string[] {
  const lines = value.split('\n').map((line) => line.trim());
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= SHORTEST_LINE);
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  // From the bytes, because a text with half a surrogate pair cannot be URL-encoded.
  return [value, bytes.toString('base64'), encodeURIComponent(bytes.toString()), JSON.stringify(value).slice(1, -1)];
}
