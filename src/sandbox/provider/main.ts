import { startProvider } from './provider.js';

/** How often to look whether the engine still lives, in milliseconds. */
const WATCH_MS = 1000;

const provider = await startProvider();
process.stdout.write(`${provider.port}\n`);

const engine = process.ppid;
const stop = (): void => {
  void provider.stop().finally(() => process.exit(0));
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
setInterval(() => {
  if (process.ppid !== engine) {
    stop();
  }
}, WATCH_MS);
