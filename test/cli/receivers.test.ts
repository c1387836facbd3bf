import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDriverConfig } from '../../src/cli/driver-config.js';
import { readReceivers } from '../../src/cli/receivers.js';

const folder = mkdtempSync(join(tmpdir(), 'prodesk-receivers-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function load(notifications: unknown) {
  return readReceivers(loadDriverConfig({ gitUrl: '/git', notifications }, {}));
}

describe('cli/receivers', () => {
  it('the configuration file names receivers, and other files hold their credentials', () => {
    const config = fileWith(
      'config.yaml',
      `gitUrl: /git
notifications:
  team:
    type: webhook
    urlFile: ${fileWith('url', 'https://hooks.test/x\n')}
    secretFile: ${fileWith('secret', 'sixteen-letters!\n')}
    apps: [shop-*]
    events: [degraded, recovered]
`,
    );
    expect(readReceivers(loadDriverConfig({}, {}, config))).toEqual([
      {
        name: 'team',
        type: 'webhook',
        url: new URL('https://hooks.test/x'),
        secret: 'sixteen-letters!',
        apps: ['shop-*'],
        events: ['degraded', 'recovered'],
      },
    ]);
  });

  it('without any there is nobody to tell', () => {
    expect(readReceivers(loadDriverConfig({ gitUrl: '/git' }, {}))).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ['another type', { type: 'sms', urlFile: 'x' }, /notifications\.team\.type/],
    ['no file', { type: 'slack' }, /notifications\.team\.urlFile/],
    ['an address in the configuration', { type: 'slack', url: 'https://hooks.test/hunter2' }, /notifications\.team/],
    ['an unknown event', { type: 'slack', urlFile: 'x', events: ['exploded'] }, /notifications\.team\.events\.0/],
    ['a secret for Slack', { type: 'slack', urlFile: 'x', secretFile: 'y' }, /only a receiver of type webhook/],
    ['a token for a webhook', { type: 'webhook', urlFile: 'x', tokenFile: 'y' }, /only a receiver of type ntfy/],
  ])('%s is refused by the name of the setting', (_what, team, message) => {
    expect(() => load({ team })).toThrow(message);
    expect(() => load({ team })).not.toThrow(/hunter2/);
  });

  it.each([
    ['ftp://hunter2.test', /no http or https address/],
    ['hunter2', /no http or https address/],
    ['https://hooks.test/hunter2 and more', /one line of printable characters/],
    ['', /one line of printable characters/],
  ])('a file with %j is refused without repeating it', (text, message) => {
    const notifications = { team: { type: 'slack', urlFile: fileWith('bad', text) } };
    expect(() => load(notifications)).toThrow(message);
    expect(() => load(notifications)).not.toThrow(/hunter2/);
  });

  it('a short secret is refused', () => {
    const files = { urlFile: fileWith('url', 'https://hooks.test/x'), secretFile: fileWith('short', 'hunter2') };
    expect(() => load({ team: { type: 'webhook', ...files } })).toThrow(/at least 16 characters/);
  });
});
