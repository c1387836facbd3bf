import { describeRef } from '../app/manifest.js';
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import { orphansOf, type Orphan } from './core/orphans.js';
import type { Loop } from './loop.js';
import type { DriverPorts } from './ports.js';

/** After a start the applications are deployed first. */
const FIRST_MS = 5 * 60_000;
const INTERVAL_MS = 6 * 3_600_000;
const NAMED = 10;

/** What a search for orphans found. */
export interface OrphanReport {
  readonly orphans: readonly Orphan[];
  /** Kinds that the daemon may not list. */
  readonly unseen: readonly string[];
}

/** Looks for objects that nothing defines any more. It only tells: who deletes them is a person. */
export interface OrphanFinder {
  /** Looks now; a search that runs is shared. */
  find(): Promise<OrphanReport>;
  /** What the last search found. */
  latest(): OrphanReport | undefined;
  stop(): void;
}

/** What {@link createOrphanFinder} needs. */
export interface OrphanFinderOptions {
  readonly loop: Pick<Loop, 'state'>;
  readonly ports: {
    readonly labels: DriverPorts['labels'];
    readonly engine: Pick<DriverPorts['engine'], 'resources'>;
    readonly clock: Clock;
    readonly logger: Logger;
  };
}

/** Looks some minutes after the start and a few times a day, and when it is asked. */
export function createOrphanFinder({ loop, ports }: OrphanFinderOptions): OrphanFinder {
  const { labels, engine, clock, logger } = ports;
  const abort = new AbortController();
  let latest: OrphanReport | undefined;
  let running: Promise<OrphanReport> | undefined;
  let cancel: () => void = () => undefined;

  const search = async (): Promise<OrphanReport> => {
    const { objects, unseen } = await labels.findLabelled(abort.signal);
    const urns = await engine.resources({ signal: abort.signal });
    latest = { orphans: orphansOf(loop.state(), objects, urns), unseen };
    return latest;
  };
  const find = (): Promise<OrphanReport> => {
    running ??= search().finally(() => {
      running = undefined;
    });
    return running;
  };
  const lookLater = (ms: number): void => {
    cancel = clock.after(ms, () => {
      find()
        .then((report) => warn(logger, report))
        .catch((error: unknown) => logger.debug('orphans cannot be looked for', { reason: messageOf(error) }))
        .finally(() => lookLater(INTERVAL_MS));
    });
  };
  lookLater(FIRST_MS);
  return {
    find,
    latest: () => latest,
    stop() {
      abort.abort();
      cancel();
    },
  };
}

function warn(logger: Logger, { orphans }: OrphanReport): void {
  const unwanted = orphans.filter(({ isKept }) => !isKept);
  if (unwanted.length > 0) {
    logger.warn('objects in the cluster are defined nowhere any more; see prodesk orphans', {
      count: unwanted.length,
      objects: unwanted.slice(0, NAMED).map(({ app, ref }) => `${app}: ${describeRef(ref)}`),
    });
  }
}
