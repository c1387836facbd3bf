import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NEWS_EVENTS } from '../../src/driver/core/conditions.js';

const TEXT = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'monitoring.md'), 'utf8');

describe('docs/monitoring', () => {
  it('names every event of notifications, and no other', () => {
    const section = /\| event .*?\n\n/s.exec(TEXT)?.[0] ?? '';
    const named = [...section.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name);
    expect(named).toEqual([...NEWS_EVENTS]);
  });
});
