import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { webhookSecrets } from '../../src/cli/webhook-secrets.js';

const folder = mkdtempSync(join(tmpdir(), 'prodesk-secrets-'));
const file = join(folder, 'secret');
afterAll(() => rmSync(folder, { recursive: true }));

describe('cli/webhook-secrets', () => {
  it('without a secret there are no webhooks', () => {
    expect(webhookSecrets({}, {})).toEqual({ git: [], registry: [] });
  });

  it('each line of the file is a secret, and the file goes before the environment', () => {
    writeFileSync(file, 'the-new-secret-of-git\n\n  the-old-secret-of-git  \n');
    const env = {
      PRODESK_GIT_WEBHOOK_SECRET: 'from-the-environment',
      PRODESK_REGISTRY_WEBHOOK_SECRET: 'of-the-registry-x',
    };
    expect(webhookSecrets({ gitWebhookSecretFile: file }, env)).toEqual({
      git: ['the-new-secret-of-git', 'the-old-secret-of-git'],
      registry: ['of-the-registry-x'],
    });
  });

  it.each([
    ['', /gitWebhookSecretFile.*empty/],
    ['hunter2-hunter2', /at least 16 characters/],
  ])('a file with %j is refused without repeating it', (text, message) => {
    writeFileSync(file, text);
    const load = () => webhookSecrets({ gitWebhookSecretFile: file }, {});
    expect(load).toThrow(message);
    expect(load).not.toThrow(/hunter2/);
  });

  it('a file that is not there is named by its setting', () => {
    expect(() => webhookSecrets({ registryWebhookSecretFile: join(folder, 'no') }, {})).toThrow(
      /registryWebhookSecretFile: the file cannot be read/,
    );
  });
});
