import type { KubeClient, ListOptions, ListPage, WatchEvent, WatchOptions } from '../../src/cluster/client.js';

/** What a scripted watch does next. */
export type WatchStep = WatchEvent | Error | 'end';

/** A client whose lists and watches follow a script. What is not scripted waits until it is cancelled. */
export class FakeClient implements KubeClient {
  /** What was asked, in order: `list`, `list after <token>`, `watch from <version>`, `read <path>`. */
  readonly asked: string[] = [];
  readonly lists: (ListPage | Promise<ListPage> | Error)[] = [];
  readonly watches: (readonly WatchStep[])[] = [];
  readonly documents = new Map<string, unknown>();
  /** When set, every `read` fails with it. */
  failure: Error | undefined;

  read(path: string): Promise<unknown> {
    this.asked.push(`read ${path}`);
    return this.failure === undefined ? Promise.resolve(this.documents.get(path)) : Promise.reject(this.failure);
  }

  get(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  list(_path: string, options: ListOptions = {}): Promise<ListPage> {
    this.asked.push(options.continueToken === undefined ? 'list' : `list after ${options.continueToken}`);
    const next = this.lists.shift();
    if (next === undefined) {
      return untilAborted(options.signal);
    }
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }

  async *watch(_path: string, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    this.asked.push(`watch from ${options.resourceVersion}`);
    const steps = this.watches.shift();
    if (!(steps?.[0] instanceof Error)) {
      options.onOpen?.();
    }
    for (const step of steps ?? []) {
      if (step === 'end') {
        return;
      }
      if (step instanceof Error) {
        throw step;
      }
      yield step;
    }
    await untilAborted(options.signal);
  }

  apply(): Promise<never> {
    return Promise.reject(new Error('not scripted'));
  }

  create(): Promise<never> {
    return Promise.reject(new Error('not scripted'));
  }

  replace(): Promise<never> {
    return Promise.reject(new Error('not scripted'));
  }

  delete(): Promise<boolean> {
    return Promise.resolve(false);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}
