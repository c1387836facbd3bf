import { type Fields, fieldsOf, listOf, mapAt, normalQuantities, withoutDefaults } from './normal-fields.js';

const POD_DEFAULTS: Fields = {
  restartPolicy: 'Always',
  dnsPolicy: 'ClusterFirst',
  schedulerName: 'default-scheduler',
  terminationGracePeriodSeconds: 30,
  enableServiceLinks: true,
  securityContext: {},
};

const PROBE_DEFAULTS: Fields = {
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
};

/** A pod's specification without the API's defaults. Volumes have no order. */
export function normalizePod(spec: unknown): Fields {
  let pod = withoutDefaults(fieldsOf(spec), POD_DEFAULTS);
  for (const list of ['containers', 'initContainers']) {
    pod = mapAt(pod, [list], (containers) => listOf(containers).map(normalizeContainer));
  }
  return mapAt(pod, ['volumes'], (volumes) =>
    Object.fromEntries(listOf(volumes).map((volume) => [String(fieldsOf(volume).name), normalizeVolume(volume)])),
  );
}

function normalizeContainer(container: unknown): Fields {
  const fields = fieldsOf(container);
  let normal = withoutDefaults(fields, {
    imagePullPolicy: defaultPullPolicy(String(fields.image)),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  });
  normal = mapAt(normal, ['ports'], (ports) =>
    listOf(ports).map((port) => withoutDefaults(fieldsOf(port), { protocol: 'TCP' })),
  );
  normal = mapAt(normal, ['env'], (variables) => listOf(variables).map(normalizeVariable));
  for (const kind of ['requests', 'limits']) {
    normal = mapAt(normal, ['resources', kind], normalQuantities);
  }
  for (const probe of ['readinessProbe', 'livenessProbe', 'startupProbe']) {
    normal = mapAt(normal, [probe], normalizeProbe);
  }
  return mapAt(normal, ['volumeMounts'], (mounts) =>
    listOf(mounts).map((mount) => withoutDefaults(fieldsOf(mount), { readOnly: false })),
  );
}

function defaultPullPolicy(image: string): string {
  const name = image.slice(image.lastIndexOf('/') + 1);
  return name.includes('@') || (name.includes(':') && !name.endsWith(':latest')) ? 'IfNotPresent' : 'Always';
}

function normalizeVariable(variable: unknown): Fields {
  const fields = withoutDefaults(fieldsOf(variable), { value: '' });
  return mapAt(fields, ['valueFrom', 'fieldRef'], (reference) =>
    withoutDefaults(fieldsOf(reference), { apiVersion: 'v1' }),
  );
}

function normalizeProbe(probe: unknown): Fields {
  return mapAt(withoutDefaults(fieldsOf(probe), PROBE_DEFAULTS), ['httpGet'], (request) =>
    withoutDefaults(fieldsOf(request), { scheme: 'HTTP' }),
  );
}

function normalizeVolume(volume: unknown): Fields {
  let normal = fieldsOf(volume);
  for (const kind of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    normal = mapAt(normal, [kind], (source) =>
      withoutDefaults(fieldsOf(source), { defaultMode: 0o644, optional: false }),
    );
  }
  normal = mapAt(normal, ['emptyDir', 'sizeLimit'], (size) => normalQuantities({ size }).size);
  return mapAt(normal, ['hostPath'], (path) => withoutDefaults(fieldsOf(path), { type: '' }));
}
