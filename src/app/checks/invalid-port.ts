import type { Manifest } from '../manifest.js';
import type { Check } from './check.js';
import { entriesAt, itemsAt, valueAt } from './fields.js';
import type { PodTemplate } from './pods.js';
import type { Subject } from './program.js';

/** A port number that no port has, or a node port outside of the range that the API server gives out. */
export const invalidPort: Check = {
  rule: 'invalid-port',
  severity: 'error',
  find: (program) =>
    program.subjects.flatMap((subject) =>
      portsIn(subject)
        .filter(({ port, range }) => !isWithin(port, range))
        .map(({ field, port, range: [min, max, what] }) => {
          const message = `${port} is not ${what} from ${min} to ${max}`;
          return { app: subject.app, object: subject.object, field, message };
        }),
    ),
};

type Range = readonly [min: number, max: number, what: string];

interface Port {
  readonly field: string;
  readonly port: number;
  readonly range: Range;
}

const ANY: Range = [1, 65535, 'a port'];
/** The API server's default range. */
const NODE: Range = [30000, 32767, 'a node port'];

function isWithin(port: number, [min, max]: Range): boolean {
  return Number.isInteger(port) && port >= min && port <= max;
}

function portsIn({ kind, object, pod }: Subject): Port[] {
  return [...portsOfKind(kind, object), ...(pod === undefined ? [] : portsOfPod(pod))];
}

function portsOfKind(kind: string, object: Manifest): Port[] {
  switch (kind) {
    case 'core/Service':
      return itemsAt(object, 'spec', 'ports').flatMap(([field, port]) => [
        ...portAt(port, field, 'port'),
        ...portAt(port, field, 'targetPort'),
        ...portAt(port, field, 'nodePort', NODE).filter(isChosen),
      ]);
    case 'core/Endpoints':
      return itemsAt(object, 'subsets').flatMap(([subset, value]) =>
        itemsAt(value, 'ports').flatMap(([field, port]) => portAt(port, `${subset}.${field}`, 'port')),
      );
    default:
      return [];
  }
}

/** Zero means: any that is free. */
function isChosen({ port }: Port): boolean {
  return port !== 0;
}

function portsOfPod({ containers }: PodTemplate): Port[] {
  return containers.flatMap(({ field, container }) => [
    ...itemsAt(container, 'ports').flatMap(([item, port]) => [
      ...portAt(port, `${field}.${item}`, 'containerPort'),
      ...portAt(port, `${field}.${item}`, 'hostPort'),
    ]),
    ...PROBES.flatMap((probe) =>
      entriesAt(container, probe).flatMap(([handler, value]) => portAt(value, `${field}.${probe}.${handler}`, 'port')),
    ),
  ]);
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** A port that is written as a number; names are another rule. */
function portAt(holder: unknown, field: string, key: string, range = ANY): Port[] {
  const port = valueAt(holder, key);
  return typeof port === 'number' ? [{ field: `${field}.${key}`, port, range }] : [];
}
