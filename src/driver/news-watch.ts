import { z } from 'zod';
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import { NEWS_EVENTS } from './core/conditions.js';
import { newsOf, noticeOfEntry, type NewsMemory, type Notice } from './core/news.js';
import type { History } from './history.js';
import { readVersions, writeVersion } from './kept-file.js';
import type { Loop } from './loop.js';

/** What {@link watchNews} needs. */
export interface NewsWatchOptions {
  readonly loop: Pick<Loop, 'state' | 'subscribe'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Remembers across restarts what was told. */
  readonly file: string;
  readonly tell: (notice: Notice) => void;
}

/** What changes within this time is looked at once, however many events it came by. */
const LOOK_DELAY_MS = 1_000;

const schema = z.record(
  z.string(),
  z.object({
    key: z.string(),
    event: z.enum(NEWS_EVENTS),
    app: z.string().exactOptional(),
    message: z.string(),
    holdMs: z.number(),
    since: z.number(),
    told: z.boolean(),
    overSince: z.number().exactOptional(),
  }),
);

/** Looks at the state after it changed, and tells what is news. Resolves to what ends that, when everything is written. */
export async function watchNews({ loop, clock, logger, file, tell }: NewsWatchOptions): Promise<() => Promise<void>> {
  let memory = await readNewsMemory(file);
  let written = Promise.resolve();
  let planned: { readonly at: number; readonly cancel: () => void } | undefined;

  const look = (): void => {
    planned = undefined;
    const before = memory;
    const news = newsOf(before, loop.state(), clock.now());
    memory = news.memory;
    news.notices.forEach(tell);
    if (toldIn(before) !== toldIn(memory)) {
      written = written
        .then(() => writeVersion(file, JSON.stringify(onlyTold(memory))))
        .catch((error: unknown) => logger.warn('cannot remember what was told', { file, reason: messageOf(error) }));
    }
    if (news.wakeAt !== Infinity) {
      plan(news.wakeAt);
    }
  };
  const plan = (at: number): void => {
    if (planned === undefined || at < planned.at) {
      planned?.cancel();
      planned = { at, cancel: clock.after(Math.max(0, at - clock.now()), look) };
    }
  };
  const unsubscribe = loop.subscribe(() => plan(clock.now() + LOOK_DELAY_MS));
  plan(clock.now() + LOOK_DELAY_MS);
  return async () => {
    unsubscribe();
    planned?.cancel();
    await written;
  };
}

/** A history that tells what is news in it. */
export function tellingHistory(history: History, tell: (notice: Notice) => void): History {
  return {
    append(entry) {
      const notice = noticeOfEntry(entry);
      if (notice !== undefined) {
        tell(notice);
      }
      return history.append(entry);
    },
    list: (limit, app) => history.list(limit, app),
  };
}

/** What cannot be read is told once more. */
async function readNewsMemory(file: string): Promise<NewsMemory> {
  for (const text of await readVersions(file)) {
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) {
      return parsed.data;
    }
  }
  return {};
}

function onlyTold(memory: NewsMemory): NewsMemory {
  return Object.fromEntries(Object.entries(memory).filter(([, { told }]) => told));
}

function toldIn(memory: NewsMemory): string {
  return Object.keys(onlyTold(memory)).sort().join('\n');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A file that was torn is as good as none.
    return undefined;
  }
}
