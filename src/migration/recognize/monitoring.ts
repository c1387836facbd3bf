import type { CodeValue } from '../code.js';
import { type Fields, fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { amountOf, at, metadataProps, textOf, wholeOf } from './values.js';
import { pieceOf } from './workloads.js';

/** A ServiceMonitor of one port. */
export function recognizeServiceMonitor(object: SourceObject): Piece | undefined {
  return monitorOf(object, 'ServiceMonitor', 'endpoints');
}

/** A PodMonitor of one port. */
export function recognizePodMonitor(object: SourceObject): Piece | undefined {
  return monitorOf(object, 'PodMonitor', 'podMetricsEndpoints');
}

function monitorOf(object: SourceObject, construct: string, field: string): Piece | undefined {
  const app = textOf(at(object.manifest, 'spec', 'selector', 'matchLabels', 'app'));
  const [endpoint] = listOf(at(object.manifest, 'spec', field));
  const portName = textOf(at(endpoint, 'port'));
  if (app === undefined || portName === undefined) {
    return undefined;
  }
  const props = { name: object.manifest.metadata.name, app, portName, ...metricsOf(endpoint) };
  return pieceOf(construct, object, { props, uses: [] });
}

/** How Prometheus scrapes, where it is not as usual. */
export function metricsOf(endpoint: unknown): Record<string, CodeValue> {
  const { path, interval } = fieldsOf(endpoint);
  return {
    path: path === '/metrics' ? undefined : textOf(path),
    interval: interval === '30s' ? undefined : textOf(interval),
  };
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
