import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger.js';
import { openSecretFile } from '../../src/cli/secret-file.js';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'prodesk-secret-file-'));
  path = join(directory, 'token');
});
afterEach(() => rm(directory, { recursive: true }));

describe('cli/secret-file', () => {
  it('a renewed secret is read, and a file that is gone or empty for a moment changes nothing', async () => {
    const warnings: unknown[] = [];
    const logger = { ...silentLogger, warn: (...told: unknown[]) => warnings.push(told) };
    await writeFile(path, 'first\n');
    const read = await openSecretFile(path, 'gitTokenFile', logger);
    expect(await read()).toBe('first');
    await rm(path);
    expect(await read()).toBe('first');
    await writeFile(path, '');
    expect(await read()).toBe('first');
    await writeFile(path, 'second');
    expect(await read()).toBe('second');
    expect(warnings).toHaveLength(2);
    expect(JSON.stringify(warnings)).not.toMatch(/first|second/);
  });

  it.each([
    ['is not there', undefined, 'gitTokenFile: the file cannot be read'],
    ['is empty', '\n', 'is empty'],
  ])('a file that %s at first is a mistake of the configuration', async (_what, text, message) => {
    if (text !== undefined) {
      await writeFile(path, text);
    }
    await expect(openSecretFile(path, 'gitTokenFile', silentLogger)).rejects.toMatchObject({
      code: 'config/invalid',
      message: expect.stringContaining(message) as string,
    });
  });
});
