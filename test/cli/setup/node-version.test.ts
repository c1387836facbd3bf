import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OLDEST_NODE, nodeVersionProblem } from '../../../src/cli/setup/node-version.mjs';

describe('cli/setup/node-version', () => {
  it.each(['20.18.1', '20.18.2', '20.19.0', '21.0.0', '22.0.0-pre', '100.0.0'])('%s will do', (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });

  it.each(['20.18.0', '20.9.9', '19.99.99', '8.0.0', '20'])(
    '%s is too old, and the message says what is needed',
    (version) => {
      expect(nodeVersionProblem(version)).toContain(`needs Node.js 20.18.1 or newer, and this is ${version}.`);
    },
  );

  it('the oldest version is the one that package.json declares', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      engines: { node: string };
    };

    expect(manifest.engines.node).toBe(`>=${OLDEST_NODE}`);
  });
});
