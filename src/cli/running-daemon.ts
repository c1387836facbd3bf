import { join } from 'node:path';
import { tellingDiskErrors } from '../base/disk-error.js';
import { CancelledError } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import type { Notice } from '../driver/core/news.js';
import type { DriverPorts } from '../driver/ports.js';
import { measuredPorts } from '../server/metrics/measured-ports.js';
import type { Metrics } from '../server/metrics/metrics.js';
import type { DaemonView } from '../server/daemon-view.js';
import type { DriverConfig } from './driver-config.js';
import type { Leadership } from './leadership.js';

/** A daemon that runs, and what is looked at beside it. */
export interface RunningDaemon {
  readonly view: DaemonView;
  /** Lets what runs end for at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** What a daemon needs beside its configuration. */
export interface RunningOptions {
  readonly logger: Logger;
  readonly leadership: Pick<Leadership, 'isLeader'>;
  readonly metrics: Metrics;
}

/** What is left to be told when the daemon stops has so long. */
const NOTIFY_GRACE_MS = 5_000;

/** Puts a daemon together and starts it. */
export async function startRunning(
  config: DriverConfig,
  env: NodeJS.ProcessEnv,
  { logger, leadership, metrics }: RunningOptions,
): Promise<RunningDaemon> {
  const [
    { composeDriver, composeNotifier },
    { startDaemon },
    { createOrphanFinder },
    { viewOf },
    { tellingHistory, watchNews },
  ] = await Promise.all([
    import('./compose-driver.js'),
    import('../driver/daemon.js'),
    import('../driver/orphans.js'),
    import('../server/view.js'),
    import('../driver/news-watch.js'),
  ]);
  const composed = await tellingDiskErrors(`use ${config.stateDirectory}`, () => composeDriver(config, env, logger));
  const notifier = composeNotifier(config, logger);
  const tell = (notice: Notice): void => notifier.tell(notice);
  const measured = measuredPorts(composed.ports, metrics);
  const ports = {
    ...composed.ports,
    ...measured,
    engine: guardedEngine(measured.engine, leadership),
    history: tellingHistory(measured.history, tell),
  };
  const daemon = await startDaemon({ ...composed, ports });
  const stopNews = await watchNews({
    loop: daemon.loop,
    clock: ports.clock,
    logger,
    file: join(config.stateDirectory, 'notifications.json'),
    tell,
  });
  const orphans = createOrphanFinder({ loop: daemon.loop, ports });
  const view = viewOf(daemon.loop, ports, { orphans, disk: ports.disk, receivers: notifier });
  metrics.readFrom({ status: () => view.status(), receivers: () => notifier.counts() });
  return {
    view,
    async stop(graceMs) {
      metrics.readFrom(undefined);
      orphans.stop();
      ports.disk.stop();
      await daemon.stop(graceMs);
      await stopNews();
      await notifier.stop(NOTIFY_GRACE_MS);
    },
  };
}

/** The engine, which begins no update while another daemon may lead. */
function guardedEngine(engine: DriverPorts['engine'], leadership: Pick<Leadership, 'isLeader'>): DriverPorts['engine'] {
  return {
    update(request, options) {
      return leadership.isLeader()
        ? engine.update(request, options)
        : Promise.reject(new CancelledError('cancelled/superseded', 'another daemon may lead; nothing is written'));
    },
    warm: () => engine.warm(),
    preview: (request, options) => engine.preview(request, options),
    outputs: (options) => engine.outputs(options),
    resources: (options) => engine.resources(options),
    recover: (options) => engine.recover(options),
    close: () => engine.close(),
  };
}

/** What {@link whileLeading} goes by. */
export interface LeadingOptions {
  readonly leadership: Pick<Leadership, 'untilLeader' | 'untilLost'>;
  readonly stopAsked: Promise<NodeJS.Signals>;
}

/**
 * Does something each time that this process leads, until it is asked to stop.
 * @param lead told when it is to end: with the signal that asked, or undefined when this process leads no more
 */
export async function whileLeading(
  { leadership, stopAsked }: LeadingOptions,
  lead: (ended: Promise<NodeJS.Signals | undefined>) => Promise<void>,
): Promise<void> {
  let signal: NodeJS.Signals | undefined;
  void stopAsked.then((asked) => {
    signal = asked;
  });
  for (;;) {
    await Promise.race([leadership.untilLeader(), stopAsked]);
    if (signal !== undefined) {
      return;
    }
    await lead(Promise.race([stopAsked, leadership.untilLost().then(() => undefined)]));
    if (signal !== undefined) {
      return;
    }
  }
}
