/**
 * Characters that a terminal may take as orders, or that make a text look like another one: control characters of both tables, and those that
 * format, such as the marks that turn the direction of writing. A joiner is part of many an emoji.
 */
const ORDERS = /(?![\n\t\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with what a terminal could take as orders written out, as JSON writes it: `\u001b`. Line breaks and tabs stay. */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(ORDERS, escapesOf);
}

/** As {@link visible}, on one line. */
export function oneLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return visible(lines.filter((line) => line !== '').join(' ')).replaceAll('\t', ' ');
}

/** As {@link visible}, with further lines set in, so that none of them looks like one of ours. */
export function indented(text: string): string {
  return visible(text).replaceAll('\n', '\n    ');
}

function escapesOf(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
    return String.raw`\u${unit}`;
  }).join('');
}
