import type { Check } from './check.js';
import { textAt, valueAt } from './fields.js';
import { findMissing } from './missing.js';
import type { Program } from './program.js';

/** An object in a namespace that nobody makes: the API server would refuse it. One mistake per application and namespace. */
export const missingNamespace: Check = {
  rule: 'missing-namespace',
  severity: 'error',
  find(program) {
    const known = new Set([...BUILT_IN, ...namespacesOf(program)]);
    const told = new Set<string>();
    return program.subjects.flatMap(({ app, object }) => {
      const { namespace } = object.metadata;
      const key = `${app}/${namespace ?? ''}`;
      if (namespace === undefined || known.has(namespace) || told.has(key)) {
        return [];
      }
      told.add(key);
      const target = { kind: 'core/Namespace', name: namespace };
      return findMissing(program, { app, object, field: 'metadata.namespace', target });
    });
  },
};

const BUILT_IN = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Those of applications: they are created, or an application says with `createNamespace: false` that they are there. And those of charts. */
function namespacesOf(program: Program): string[] {
  const ofCharts = program
    .existing('helm.cattle.io/HelmChart')
    .filter(({ object }) => valueAt(object, 'spec', 'createNamespace') === true)
    .flatMap(({ object }) => textAt(object, 'spec', 'targetNamespace') ?? []);
  return [...program.apps.map(({ namespace }) => namespace), ...ofCharts];
}
