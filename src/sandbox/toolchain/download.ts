import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TransientError, StalledError } from '../../base/errors.js';
import { sumIn, type Release } from './release.js';

/** The part of `fetch` that downloads need. */
export type Fetch = (url: string, options: { readonly signal: AbortSignal }) => Promise<Response>;

const CONNECT_TIMEOUT_MS = 4_000;
const STALL_TIMEOUT_MS = 30_000;

/** Downloads from publishers. A host that did not answer once is not asked again, so a machine without network loses seconds only. */
export class Downloader {
  readonly #fetch: Fetch;
  readonly #connectTimeoutMs: number;
  readonly #unreachable = new Set<string>();

  constructor(fetch: Fetch, connectTimeoutMs = CONNECT_TIMEOUT_MS) {
    this.#fetch = fetch;
    this.#connectTimeoutMs = connectTimeoutMs;
  }

  /** Whether it is worth trying: none of the release's hosts failed before. */
  canTry(release: Release): boolean {
    const urls = release.sumsUrl === undefined ? [release.url] : [release.url, release.sumsUrl];
    return urls.every((url) => !this.#unreachable.has(new URL(url).host));
  }

  /**
   * Downloads a release to a file and verifies its published sum.
   * @throws TransientError `sandbox/toolchain` when the publisher cannot be reached or does not have it
   * @throws StalledError `sandbox/toolchain` when the sum differs or is not in the published list
   */
  async download(release: Release, target: string): Promise<void> {
    const name = basename(new URL(release.url).pathname);
    const expected = release.sumsUrl === undefined ? undefined : sumIn(await this.#text(release.sumsUrl), name);
    if (release.sumsUrl !== undefined && expected === undefined) {
      throw new StalledError('sandbox/toolchain', `${release.sumsUrl} does not list ${name}`);
    }
    await this.#request(release.url, (response, beat) => saveBody(response, target, beat));
    if (expected !== undefined && (await sha256Of(target)) !== expected) {
      throw new StalledError(
        'sandbox/toolchain',
        `${release.url} does not have the SHA-256 sum that its publisher lists`,
      );
    }
  }

  async #text(url: string): Promise<string> {
    let text = '';
    await this.#request(url, async (response) => {
      text = await response.text();
    });
    return text;
  }

  async #request(url: string, use: (response: Response, beat: () => void) => Promise<void>): Promise<void> {
    const { host } = new URL(url);
    const abort = new AbortController();
    let timer = setTimeout(() => abort.abort(), this.#connectTimeoutMs);
    const beat = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), STALL_TIMEOUT_MS);
    };
    let answered = false;
    try {
      const response = await this.#fetch(url, { signal: abort.signal });
      answered = true;
      beat();
      if (!response.ok) {
        throw new TransientError('sandbox/toolchain', `${url} answers ${response.status}`);
      }
      await use(response, beat);
    } catch (thrown) {
      if (!answered) {
        this.#unreachable.add(host);
        throw new TransientError('sandbox/toolchain', `${host} cannot be reached`, { cause: thrown });
      }
      throw thrown;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function saveBody(response: Response, target: string, beat: () => void): Promise<void> {
  if (response.body === null) {
    throw new TransientError('sandbox/toolchain', `${response.url} answers nothing`);
  }
  const body = Readable.from(response.body);
  body.on('data', beat);
  await pipeline(body, createWriteStream(target, { mode: 0o755 }));
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
