import type { DriverPorts } from '../../driver/ports.js';
import type { Metrics } from './metrics.js';

/** Ports whose calls are counted, and which are otherwise the same. */
type MeasuredPorts = Pick<DriverPorts, 'git' | 'registry' | 'engine' | 'synthesizer' | 'history'>;

/** The ports with what goes through them counted and measured. */
export function measuredPorts(ports: MeasuredPorts, metrics: Metrics): MeasuredPorts {
  const { git, registry, engine, synthesizer, history } = ports;
  const count = metrics.counted.bind(metrics);
  return {
    git: {
      head: (signal) => count({ target: 'git', operation: 'head' }, git.head(signal)),
      checkout: (commit, signal) => count({ target: 'git', operation: 'checkout' }, git.checkout(commit, signal)),
    },
    registry: {
      listTags: (image, options) => count({ target: 'registry', operation: 'tags' }, registry.listTags(image, options)),
      describe: (image, tag, options) =>
        count({ target: 'registry', operation: 'build' }, registry.describe(image, tag, options)),
      verify: (image, digest, options) =>
        count({ target: 'registry', operation: 'signature' }, registry.verify(image, digest, options)),
      close: () => registry.close(),
    },
    engine: {
      update: (request, options) => count({ target: 'engine', operation: 'update' }, engine.update(request, options)),
      preview: (request, options) =>
        count({ target: 'engine', operation: 'preview' }, engine.preview(request, options)),
      recover: (options) => count({ target: 'engine', operation: 'recover' }, engine.recover(options)),
      outputs: (options) => engine.outputs(options),
      resources: (options) => engine.resources(options),
      warm: () => engine.warm(),
      close: () => engine.close(),
    },
    synthesizer: {
      synthesize: (request) => count({ target: 'synthesis', operation: 'synthesize' }, synthesizer.synthesize(request)),
    },
    history: {
      append(entry) {
        metrics.recorded(entry);
        return history.append(entry);
      },
      list: (limit, app) => history.list(limit, app),
    },
  };
}
