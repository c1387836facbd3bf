import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CONFIG_OPTIONS, flagOf, loadDriverConfig, variableOf } from './driver-config.js';
import { steadyClock, systemClock } from '../base/clock.js';
import { tellingDiskErrors } from '../base/disk-error.js';
import type { Logger } from '../base/logger.js';
import type { DaemonView } from '../server/daemon-view.js';
import type { Metrics } from '../server/metrics/metrics.js';
import type { Listening } from '../server/listen.js';
import type { DriverConfig } from './driver-config.js';
import { readVersion } from './version.js';
import { startRunning, whileLeading } from './running-daemon.js';
import type { WebhookSecrets } from './webhook-secrets.js';

/** The file name of the daemon's API socket in its state directory. */
export const SOCKET_NAME = 'api.sock';

/** Adds `prodesk driver`. */
export function registerDriverCommand(program: Command): void {
  const command = program
    .command('driver')
    .description('run the daemon that keeps the cluster equal to Git and to the registry')
    .option('--config <file>', 'YAML file with the settings below by their names, such as gitUrl');
  for (const { key, description, defaultValue } of CONFIG_OPTIONS) {
    const shown = defaultValue === undefined ? '' : `, default ${defaultValue}`;
    command.option(`${flagOf(key)} <value>`, `${description} [${variableOf(key)}${shown}]`);
  }
  command.action(async ({ config: file, ...flags }: Record<string, string>) => {
    await runDriver(loadDriverConfig(flags, process.env, file ?? process.env['PRODESK_CONFIG']), process.env);
  });
}

/** Runs the daemon until SIGTERM or SIGINT; a second signal stops at once. */
async function runDriver(config: DriverConfig, env: NodeJS.ProcessEnv): Promise<void> {
  const [
    { createLogger },
    { composeLeadership },
    { standbyView, switchingView },
    { webhookSecrets },
    { createMetrics },
  ] = await Promise.all([
    import('./logger.js'),
    import('./compose-driver.js'),
    import('../server/standby-view.js'),
    import('./webhook-secrets.js'),
    import('../server/metrics/metrics.js'),
  ]);
  const logger = createLogger({ level: config.logLevel, pretty: config.logPretty });
  const secrets = webhookSecrets(config, env);
  const stopAsked = stopSignal(() => process.exit(1));
  const socket = join(config.stateDirectory, SOCKET_NAME);
  const leadership = await composeLeadership(config, env, logger);
  const standby = standbyView(() => leadership.status());
  let current = standby;
  const view = switchingView(
    () => current,
    () => leadership.status(),
  );
  const metrics = createMetrics(readVersion());
  const servers: Listening[] = [];
  try {
    servers.push(...(await serve({ config, socket, secrets, view, metrics, logger })));
    await useOwnTemporaryFolder(config.stateDirectory, env);
    await whileLeading({ leadership, stopAsked }, async (ended) => {
      const running = await startRunning(config, env, { logger, leadership, metrics });
      current = running.view;
      logger.info('daemon started', { git: config.gitUrl, branch: config.gitBranch, stack: config.stack, socket });
      const signal = await ended;
      logger.info('stopping', { signal: signal ?? 'another daemon may lead' });
      current = standby;
      await Promise.all(signal === undefined ? [] : servers.map((one) => one.close()));
      await running.stop(signal === undefined ? 0 : config.stopGrace);
      logger.info('stopped');
    });
  } finally {
    await Promise.all(servers.map((one) => one.close()));
    await leadership.stop();
  }
}

/** Where the daemon and all that it starts keep what they need for a moment: what a kill leaves there goes with the next start. */
async function useOwnTemporaryFolder(stateDirectory: string, env: NodeJS.ProcessEnv): Promise<void> {
  const folder = join(stateDirectory, 'tmp');
  await tellingDiskErrors(`use ${folder}`, async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    env['TMPDIR'] = await realpath(folder);
  });
}

/** For all that read over the network together. */
const READ_LIMIT = { perSecond: 50, burst: 100 };

interface Serving {
  readonly config: DriverConfig;
  readonly socket: string;
  readonly secrets: WebhookSecrets;
  readonly view: DaemonView;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Everything on the daemon's own socket; reading and webhooks on the address. */
async function serve({ config, socket, secrets, view, metrics, logger }: Serving): Promise<Listening[]> {
  const [
    { listenOnAddress, listenOnSocket },
    { createRoutes },
    { createWebhookRoutes },
    { limitRate },
    { createPages },
  ] = await Promise.all([
    import('../server/listen.js'),
    import('../server/routes.js'),
    import('../server/webhooks/routes.js'),
    import('../server/rate-limit.js'),
    import('../ui/pages.js'),
  ]);
  const pages = createPages(view, systemClock);
  const servers = [await listenOnSocket(createRoutes(view, { mayAct: true, pages, metrics }), socket)];
  if (config.listen !== 'off') {
    const webhooks = createWebhookRoutes({ secrets, poll: (source) => view.poll(source), clock: steadyClock, logger });
    const limit = limitRate(READ_LIMIT, steadyClock);
    const routes = createRoutes(view, { mayAct: false, webhooks, pages, metrics, limit });
    servers.push(await listenOnAddress(routes, config.listen));
  }
  return servers;
}

function stopSignal(onSecond: () => void): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let count = 0;
    const onSignal = (signal: NodeJS.Signals): void => {
      count += 1;
      if (count > 1) {
        onSecond();
      }
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
