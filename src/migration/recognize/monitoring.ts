import type { CodeValue } from '../code.js';
import { type Fields, fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { amountOf, appOf, at, filled, flagOf, metadataProps, someOf, textOf, unless, wholeOf } from './values.js';
import { pieceOf } from './workloads.js';

/** A ServiceMonitor. */
export function recognizeServiceMonitor(object: SourceObject): Piece | undefined {
  return monitorOf(object, 'ServiceMonitor', 'endpoints');
}

/** A PodMonitor. */
export function recognizePodMonitor(object: SourceObject): Piece | undefined {
  return monitorOf(object, 'PodMonitor', 'podMetricsEndpoints');
}

function monitorOf(object: SourceObject, construct: string, field: string): Piece | undefined {
  const spec = fieldsOf(object.manifest.spec);
  const app = appOf(at(spec.selector, 'matchLabels'));
  const [main, ...more] = listOf(spec[field]).map((endpoint) => ({
    portName: textOf(at(endpoint, 'port')),
    ...metricsOf(endpoint),
  }));
  if (app === undefined || main?.portName === undefined) {
    return undefined;
  }
  const props = {
    name: object.manifest.metadata.name,
    app,
    ...main,
    morePorts: filled(more),
    namespaces:
      at(spec, 'namespaceSelector', 'any') === true ? 'any' : wholeOf(at(spec, 'namespaceSelector', 'matchNames')),
    jobLabel: textOf(spec.jobLabel),
    targetLabels: wholeOf(spec.targetLabels),
    podTargetLabels: wholeOf(spec.podTargetLabels),
    ...metadataProps(object.manifest),
  };
  return pieceOf(construct, object, { props, uses: [] });
}

/** How Prometheus scrapes, where it is not as usual. */
export function metricsOf(endpoint: unknown): Record<string, CodeValue> {
  const { path, interval, scrapeTimeout, scheme, params, honorLabels, relabelings, metricRelabelings, basicAuth } =
    fieldsOf(endpoint);
  const login = someOf({
    username: secretKeyOf(at(basicAuth, 'username')),
    password: secretKeyOf(at(basicAuth, 'password')),
  });
  return {
    path: path === undefined ? null : unless('/metrics', path),
    interval: interval === undefined ? null : unless('30s', interval),
    scrapeTimeout: textOf(scrapeTimeout),
    scheme: textOf(scheme),
    params: wholeOf(params),
    honorLabels: flagOf(honorLabels),
    relabelings: wholeOf(relabelings),
    metricRelabelings: wholeOf(metricRelabelings),
    insecureSkipVerify: flagOf(at(endpoint, 'tlsConfig', 'insecureSkipVerify')),
    basicAuth: login,
    bearer: secretKeyOf(at(endpoint, 'authorization', 'credentials')),
  };
}

function secretKeyOf(reference: unknown): CodeValue {
  const { name, key } = fieldsOf(reference);
  return someOf({ secret: textOf(name), key: textOf(key) });
}

/** Alerts and recorded series, by the names of their groups. */
export function recognizeRules(object: SourceObject): Piece {
  const groups = listOf(at(object.manifest, 'spec', 'groups')).map(
    (group) => [String(at(group, 'name')), listOf(at(group, 'rules')).map((rule) => ruleOf(fieldsOf(rule)))] as const,
  );
  const props = {
    name: object.manifest.metadata.name,
    groups: Object.fromEntries(groups),
    ...metadataProps(object.manifest),
  };
  return pieceOf('PrometheusRule', object, { props, uses: [] });
}

function ruleOf({ alert, record, expr, for: duration, labels, annotations }: Fields): CodeValue {
  return {
    alert: textOf(alert),
    record: textOf(record),
    expr: amountOf(expr),
    for: textOf(duration),
    labels: wholeOf(labels),
    annotations: wholeOf(annotations),
  };
}
