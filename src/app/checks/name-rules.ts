/** What Kubernetes takes for a name, and how to say so. */
export interface NameRule {
  readonly pattern: RegExp;
  readonly maxLength: number;
  readonly words: string;
}

/** RFC 1123 label: Namespaces, containers, volumes. */
export const DNS_LABEL: NameRule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 63,
  words: 'a DNS label (a-z, 0-9, -; a letter or digit at both ends; at most 63 characters)',
};

/** RFC 1035 label: Services. */
export const SERVICE_NAME: NameRule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 63,
  words: 'the name of a Service (a-z, 0-9, -; a letter at the beginning; at most 63 characters)',
};

/** RFC 1123 subdomain: most objects. */
export const DNS_SUBDOMAIN: NameRule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  maxLength: 253,
  words: 'a DNS name (a-z, 0-9, -, .; a letter or digit at both ends; at most 253 characters)',
};

/** Named ports of containers: RFC 6335. */
export const PORT_NAME: NameRule = {
  pattern: /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/,
  maxLength: 15,
  words: 'the name of a port (a-z, 0-9, single -; at least one letter; at most 15 characters)',
};

/** Keys of ConfigMaps and Secrets. */
export const CONFIG_KEY: NameRule = {
  pattern: /^(?!\.\.?$)(?!\.\.)[-._a-zA-Z0-9]+$/,
  maxLength: 253,
  words: 'a key (letters, digits, -, _, .; at most 253 characters)',
};

/** The part of a label's key after the `/`. */
export const LABEL_NAME: NameRule = {
  pattern: /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
  maxLength: 63,
  words: 'a name (letters, digits, -, _, .; a letter or digit at both ends; at most 63 characters)',
};

/** The value of a label; it may be empty. */
export const LABEL_VALUE: NameRule = {
  pattern: /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
  maxLength: 63,
  words: 'the value of a label (letters, digits, -, _, .; a letter or digit at both ends; at most 63 characters)',
};

/** A rule with another limit, because Kubernetes adds to such names. */
export function shortened(rule: NameRule, maxLength: number): NameRule {
  return { ...rule, maxLength, words: rule.words.replace(/at most \d+/, `at most ${maxLength}`) };
}

/** Whether a text keeps to a rule. */
export function keepsTo({ pattern, maxLength }: NameRule, text: string): boolean {
  return text.length <= maxLength && pattern.test(text);
}
