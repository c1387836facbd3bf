import { APP_LABEL } from '../tracking.js';
import type { Check, Mistake } from './check.js';
import { itemsAt, textAt, valueAt } from './fields.js';
import { LabelIndex } from './labels.js';
import type { Subject } from './program.js';

/** A ServiceMonitor that fits no Service, or asks for a port that none of them has: Prometheus would scrape nothing. */
export const monitorSelectsNothing: Check = {
  rule: 'monitor-selects-nothing',
  severity: 'warning',
  find(program) {
    const services = new LabelIndex(program.existing('core/Service'), ({ app, object }) => ({
      ...object.metadata.labels,
      [APP_LABEL]: app,
    }));
    return program.ofKind('monitoring.coreos.com/ServiceMonitor').flatMap((monitor) => {
      const isNear = namespaceFilter(monitor);
      const selected = [...services.select(valueAt(monitor.object, 'spec', 'selector'))].filter(({ object }) =>
        isNear(object.metadata.namespace),
      );
      return selected.length === 0 ? [noService(monitor)] : missingPorts(monitor, selected);
    });
  },
};

function namespaceFilter({ object }: Subject): (namespace: string | undefined) => boolean {
  if (valueAt(object, 'spec', 'namespaceSelector', 'any') === true) {
    return () => true;
  }
  const names = itemsAt(object, 'spec', 'namespaceSelector', 'matchNames').map(([, name]) => name);
  const near = new Set(names.length > 0 ? names : [object.metadata.namespace]);
  return (namespace) => near.has(namespace);
}

function noService({ app, object }: Subject): Mistake {
  const message =
    'no Service of its namespaces has these labels (the labels of the Service itself count, not its selector); correct one of them';
  return { app, object, field: 'spec.selector', message };
}

function missingPorts({ app, object }: Subject, services: readonly Subject[]): Mistake[] {
  const names = new Set(
    services.flatMap((service) => itemsAt(service.object, 'spec', 'ports').map(([, port]) => textAt(port, 'name'))),
  );
  return itemsAt(object, 'spec', 'endpoints').flatMap(([field, endpoint]) => {
    const port = textAt(endpoint, 'port');
    const known = [...names].filter((name) => name !== undefined).join(', ') || 'none with a name';
    const message = `no selected Service has a port named "${port ?? ''}"; there are: ${known}`;
    return port === undefined || names.has(port) ? [] : [{ app, object, field: `${field}.port`, message }];
  });
}
