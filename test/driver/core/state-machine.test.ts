import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The types that a union of a module has, as they are written. */
function typesIn(file: string, union: string): string[] {
  const source = readFileSync(`src/driver/core/${file}.ts`, 'utf8');
  const start = source.indexOf(`export type ${union} =`);
  const end = source.indexOf('\n\n', start);
  return [...source.slice(start, end).matchAll(/readonly type: '(\w+)'/g)].map(([, type]) => type ?? '').sort();
}

/** The names in the first column of the table below a heading. */
function rowsBelow(heading: string): string[] {
  const text = readFileSync('docs/state-machine.md', 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name ?? '').sort();
}

describe('driver/core/state-machine', () => {
  it.each([
    ['Events', 'events', 'EventBody'],
    ['Effects', 'effects', 'Effect'],
  ])('%s: the document names each that there is, and no other', (heading, file, union) => {
    const types = typesIn(file, union);
    expect(types.length).toBeGreaterThan(9);
    expect(rowsBelow(heading)).toEqual(types);
  });

  it('each effect ends as events that there are', () => {
    const text = readFileSync('docs/state-machine.md', 'utf8').split('## Effects')[1] ?? '';
    const rows = [...text.matchAll(/^\| `\w+`\s*\| ([^|]*)\|/gm)].map(([, ends]) => ends ?? '');
    const named = rows.flatMap((ends) => [...ends.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''));
    expect(named.filter((name) => !rowsBelow('Events').includes(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(9);
  });
});
