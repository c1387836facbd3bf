import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHECKS, CLAIM_CHECKS } from '../../../src/app/checks/all-checks.js';

describe('app/checks/all-checks', () => {
  it('docs/checks.md lists every rule with its severity', () => {
    const rows = [...readFileSync('docs/checks.md', 'utf8').matchAll(/^\| `([a-z-]+)`\s*\| (error|warning)\s*\|/gm)];
    const rules = [
      ...CHECKS.map(({ rule, severity }) => [rule, severity]),
      ...CLAIM_CHECKS.map(({ rule }) => [rule, 'error']),
    ];
    expect(rows.map(([, rule, severity]) => [rule, severity]).sort()).toEqual(rules.sort());
  });
});
