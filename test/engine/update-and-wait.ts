import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/logger.js';
import { createEngine } from '../../src/engine/engine.js';
import type { UpdateRequest } from '../../src/engine/port.js';
import type { WorkerSettings } from '../../src/engine/protocol.js';

/** A daemon for tests that want to kill one: runs the update that is given as JSON in its only argument. */
const { settings, module, program, environment, request } = JSON.parse(process.argv[2] ?? '{}') as {
  settings: WorkerSettings;
  module: string;
  program: string;
  environment: Record<string, string>;
  request: UpdateRequest;
};
const engine = createEngine({
  settings,
  worker: { module, execArgv: ['--import', 'tsx'] },
  provider: 'embedded',
  program,
  inherited: environment,
  clock: systemClock,
  logger: silentLogger,
});
await engine.update(request);
await engine.close();
