const REPLACEMENT = '<redacted>';

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/([a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi, `$1${REPLACEMENT}@`],
  [/\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}/gi, `$1 ${REPLACEMENT}`],
  [/\b(gh[pousr]_|github_pat_|glpat-)[A-Za-z0-9_-]{10,}/g, REPLACEMENT],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, REPLACEMENT],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, REPLACEMENT],
  [/\b(password|passwd|token|secret|client-key-data)("?\s*[:=]\s*"?)[^\s"',;}&]{3,}/gi, `$1$2${REPLACEMENT}`],
  [/([?&](?:access_token|token|sig|signature|x-amz-signature)=)[^&\s]+/gi, `$1${REPLACEMENT}`],
];

/** Removes what looks like a credential from text that people will read: URL user info, headers, tokens, keys. */
export function redact(text: string): string {
  return PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/** Also removes the given secret values, and their base64 and URL-encoded forms. Values under 4 characters are left. */
export function redactValues(text: string, values: Iterable<string>): string {
  let result = redact(text);
  for (const value of values) {
    if (value.length < 4) {
      continue;
    }
    for (const form of [value, Buffer.from(value).toString('base64'), encodeURIComponent(value)]) {
      result = result.replaceAll(form, REPLACEMENT);
    }
  }
  return result;
}
