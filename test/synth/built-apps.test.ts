import { describe, expect, it } from 'vitest';
import { BuiltApps, tellsSeparateApps } from '../../src/synth/built-apps.js';
import type { ChildMessage } from '../../src/synth/schema.js';

const SETTINGS = { settings: { domain: 'example.org' }, secretKeys: ['b.TOKEN', 'a.TOKEN'] };
const IDS = { src: 's1', 'package.json': 'p1', docs: 'd1', 'README.md': 'r1', 'apps/a': 'a1', 'apps/b': 'b1' };
const MADE = { objectIds: IDS, settings: SETTINGS };
const STARTED: ChildMessage = { type: 'started', protocol: 1, tellsReach: true };

function built(app: string): ChildMessage {
  return { type: 'built', app, namespace: 'home', objects: [] };
}

function after(messages: readonly ChildMessage[]): BuiltApps {
  const apps = new BuiltApps();
  apps.keep(['a', 'b'], MADE, [STARTED, ...messages]);
  return apps;
}

describe('synth/built-apps', () => {
  describe('what is known of applications that were built before', () => {
    it.each([
      ['nothing changed', {}, {}, ['a', 'b']],
      ['another folder changed', { 'apps/b': 'b2' }, {}, ['a']],
      ['only documents changed', { docs: 'd2', 'README.md': 'r2' }, {}, ['a', 'b']],
      ['the program changed', { src: 's2' }, {}, []],
      ['a file beside the folders changed', { 'apps/shared.ts': 'x2' }, {}, []],
      ['a file at the top came', { 'lib.ts': 'l1' }, {}, []],
      ['a setting changed', {}, { settings: { domain: 'example.com' } }, []],
      ['a secret was set for the first time', {}, { secretKeys: ['a.TOKEN', 'b.TOKEN', 'b.KEY'] }, []],
      ['secrets are listed in another order', {}, { secretKeys: ['a.TOKEN', 'b.TOKEN'] }, ['a', 'b']],
    ])('%s', (_case, ids, settings, expected) => {
      const made = { objectIds: { ...IDS, ...ids }, settings: { ...SETTINGS, ...settings } };
      expect([
        ...after([built('a'), built('b')])
          .find(['a', 'b'], made)
          .keys(),
      ]).toEqual(expected);
    });

    it('is the message itself, and what was found wrong', () => {
      const checked: ChildMessage = { type: 'checked', app: 'b', problems: [], unchecked: [] };
      const found = after([built('a'), built('b'), checked]).find(['a', 'b'], MADE);
      expect(found.get('a')).toEqual([built('a')]);
      expect(found.get('b')).toEqual([built('b'), checked]);
    });

    it('is nothing where object ids are not given', () => {
      expect(after([built('a')]).find(['a'], { settings: SETTINGS }).size).toBe(0);
    });

    it('does not hold for one that failed or misses a value', () => {
      const missing: ChildMessage = { type: 'missing', app: 'a', kind: 'secret', key: 'a.TOKEN' };
      const failed: ChildMessage = { type: 'failed', app: 'b', message: 'no', stack: '' };
      expect(after([missing, built('a'), failed]).find(['a', 'b'], MADE).size).toBe(0);
    });

    it('ends when the application is gone, and when another run saw one read what is not its own', () => {
      const gone = after([built('a'), built('b')]);
      gone.keep(['a'], MADE, []);
      expect([...gone.find(['a', 'b'], MADE).keys()]).toEqual(['a']);
      const reached = after([built('a'), built('b')]);
      reached.keep(['a', 'b'], MADE, [STARTED, built('a'), { type: 'reached', path: 'apps/b/data.json' }]);
      expect(reached.find(['a', 'b'], MADE).size).toBe(0);
    });
  });

  it('applications count as separate only where the child looked', () => {
    expect(tellsSeparateApps([STARTED, built('a')])).toBe(true);
    expect(tellsSeparateApps([{ type: 'started', protocol: 1 }, built('a')])).toBe(false);
    expect(tellsSeparateApps([STARTED, { type: 'reached', path: 'docs/x' }])).toBe(false);
  });
});
