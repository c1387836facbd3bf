import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Downloader } from '../../../src/sandbox/toolchain/download.js';

const URLS = { url: 'https://files.example/tool.tar.gz', sumsUrl: 'https://sums.example/SHA256SUMS' };
const SUM = createHash('sha256').update('content').digest('hex');

/** Publishers that answer with what is listed, and not at all otherwise. */
function serving(answers: Readonly<Record<string, Response>>, asked: string[] = []): Downloader {
  return new Downloader((url, { signal }) => {
    asked.push(url);
    const answer = answers[url];
    return answer === undefined
      ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
      : Promise.resolve(answer);
  }, 1);
}

describe('sandbox/toolchain/download', () => {
  let folder: string;
  let target: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prodesk-download-'));
    target = join(folder, 'tool');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('a file with the published sum is saved', async () => {
    const downloader = serving({
      [URLS.url]: new Response('content'),
      [URLS.sumsUrl]: new Response(`${SUM}  tool.tar.gz\n`),
    });
    await downloader.download(URLS, target);

    expect(await readFile(target, 'utf8')).toBe('content');
  });

  it.each([
    ['another sum', `${'0'.repeat(64)}  tool.tar.gz\n`, 'does not have the SHA-256 sum that its publisher lists'],
    ['no sum', `${SUM}  something-else\n`, 'does not list tool.tar.gz'],
  ])('a file with %s is refused', async (_, sums, message) => {
    const downloader = serving({ [URLS.url]: new Response('content'), [URLS.sumsUrl]: new Response(sums) });

    await expect(downloader.download(URLS, target)).rejects.toMatchObject({
      disposition: 'stalled',
      message: expect.stringContaining(message) as string,
    });
  });

  it('a status that is no success is reported', async () => {
    const downloader = serving({ [URLS.url]: new Response('', { status: 404 }) });

    await expect(downloader.download({ url: URLS.url }, target)).rejects.toThrow(`${URLS.url} answers 404`);
    expect(downloader.canTry({ url: URLS.url })).toBe(true);
  });

  it('a host that does not answer is given up and not asked again', async () => {
    const asked: string[] = [];
    const downloader = serving({}, asked);

    await expect(downloader.download({ url: URLS.url }, target)).rejects.toThrow('files.example cannot be reached');
    expect(downloader.canTry({ url: 'https://files.example/other' })).toBe(false);
    expect(downloader.canTry({ url: 'https://other.example/tool' })).toBe(true);
    expect(asked).toEqual([URLS.url]);
  });

  it('a release whose list of sums cannot be reached is not tried', async () => {
    const downloader = serving({ [URLS.url]: new Response('content') });

    await expect(downloader.download(URLS, target)).rejects.toThrow('sums.example cannot be reached');
    expect(downloader.canTry(URLS)).toBe(false);
  });
});
