import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { HistoryEntry } from '../../driver/core/effects.js';
import { ProdeskError } from '../../base/errors.js';
import type { DaemonStatus } from '../daemon-view.js';

/** What is waiting and done for one receiver of notifications. */
export interface ReceiverCounts {
  readonly waiting: number;
  readonly sent: number;
  readonly dropped: number;
}

/** What is read at the moment that somebody asks. */
export interface MetricSources {
  readonly status: () => DaemonStatus;
  readonly receivers: () => Readonly<Record<string, ReceiverCounts>>;
}

/** What the daemon counts and measures. Labels are of closed sets, or of the configuration: no name of a commit, tag or application. */
export interface Metrics {
  /** Where to read what is as it is at the moment; undefined where this daemon does not lead. */
  readFrom(sources: MetricSources | undefined): void;
  /** Counts what a call comes to, and gives it on. */
  counted<T>(target: CountedCall, call: Promise<T>): Promise<T>;
  /** An entry of history was written. */
  recorded(entry: HistoryEntry): void;
  /** In Prometheus' text format. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** A call to the outside. */
export interface CountedCall {
  readonly target: 'git' | 'registry' | 'engine' | 'synthesis';
  readonly operation: string;
}

/** From a no-op to a first sync of many applications; seconds. */
const DURATION_BUCKETS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];

/** Metrics of one process. */
export function createMetrics(version: string): Metrics {
  const register = new Registry();
  let sources: MetricSources | undefined;
  collectDefaultMetrics({ register });
  new Gauge({
    name: 'prodesk_build_info',
    help: 'The version of the daemon; always 1.',
    labelNames: ['version'],
    registers: [register],
  }).set({ version }, 1);
  addStateMetrics(register, () => sources?.status());
  addReceiverMetrics(register, () => sources?.receivers() ?? {});
  const calls = callMetrics(register);
  const operations = operationMetrics(register);
  return {
    contentType: register.contentType,
    readFrom(next) {
      sources = next;
    },
    counted: calls,
    recorded: operations,
    render: () => register.metrics(),
  };
}

function addStateMetrics(register: Registry, read: () => DaemonStatus | undefined): void {
  const gauge = (name: string, help: string, labelNames: string[], fill: (to: Gauge, status: DaemonStatus) => void) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [register],
      collect() {
        const status = read();
        this.reset();
        if (status !== undefined) {
          fill(this, status);
        }
      },
    });
  gauge('prodesk_applications', 'Applications by sync and health.', ['sync', 'health'], (to, { apps }) => {
    apps.forEach(({ sync, health }) => to.inc({ sync, health: health.status }));
  });
  gauge('prodesk_operations_running', 'Applications that are being updated now.', [], (to, { apps }) => {
    to.set(apps.filter(({ operation }) => operation !== undefined).length);
  });
  gauge(
    'prodesk_applications_waiting',
    'Automated applications that are OutOfSync and not being updated.',
    [],
    (to, { apps }) => {
      const waiting = apps.filter((app) => app.automated && app.sync === 'OutOfSync' && app.operation === undefined);
      to.set(waiting.length);
    },
  );
  gauge('prodesk_cluster_reachable', 'Whether the API server answers.', [], (to, { clusterReachable }) => {
    to.set(clusterReachable ? 1 : 0);
  });
  gauge('prodesk_revision_rejected', 'Whether the newest commit could not be taken.', [], (to, { rejected }) => {
    to.set(rejected === undefined ? 0 : 1);
  });
  gauge('prodesk_sources_failing', 'Sources whose last poll failed.', ['source'], (to, status) => {
    byKind(status).forEach(([source, all]) => to.set({ source }, all.filter(({ problem }) => problem).length));
  });
  gauge(
    'prodesk_source_success_timestamp_seconds',
    'When each source answered last; of images the one longest ago.',
    ['source'],
    (to, status) => {
      byKind(status).forEach(([source, all]) => {
        const oldest = Math.min(...all.map(({ lastSuccessAt = 0 }) => lastSuccessAt));
        to.set({ source }, Number.isFinite(oldest) ? oldest / 1000 : 0);
      });
    },
  );
}

function byKind({ sources }: DaemonStatus): (readonly ['git' | 'registry', DaemonStatus['sources']])[] {
  const isGit = ({ name }: { readonly name: string }): boolean => name === 'git';
  return [
    ['git', sources.filter(isGit)],
    ['registry', sources.filter((source) => !isGit(source))],
  ];
}

function addReceiverMetrics(register: Registry, read: () => Readonly<Record<string, ReceiverCounts>>): void {
  const gauge = (name: string, help: string, value: (counts: ReceiverCounts) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['receiver'],
      registers: [register],
      collect() {
        Object.entries(read()).forEach(([receiver, counts]) => this.set({ receiver }, value(counts)));
      },
    });
  gauge('prodesk_notifications_waiting', 'Notifications that wait for a receiver.', ({ waiting }) => waiting);
  gauge('prodesk_notifications_sent', 'Notifications that a receiver took since the daemon leads.', ({ sent }) => sent);
  gauge('prodesk_notifications_dropped', 'Notifications that a receiver did not get.', ({ dropped }) => dropped);
}

function callMetrics(register: Registry): Metrics['counted'] {
  const labelNames = ['target', 'operation', 'outcome'];
  const seconds = new Histogram({
    name: 'prodesk_call_seconds',
    help: 'Calls to Git, registries, the engine and the synthesis, by what they came to: ok, or the code of the error.',
    labelNames,
    buckets: DURATION_BUCKETS,
    registers: [register],
  });
  const waits = new Counter({
    name: 'prodesk_asked_wait_seconds_total',
    help: 'How long others asked to wait, such as by Retry-After.',
    labelNames: ['target'],
    registers: [register],
  });
  return async (labels, call) => {
    const end = seconds.startTimer({ ...labels });
    try {
      const result = await call;
      end({ outcome: 'ok' });
      return result;
    } catch (error) {
      const known = error instanceof ProdeskError ? error : undefined;
      end({ outcome: known?.code ?? 'unknown' });
      waits.inc({ target: labels.target }, (known?.retryAfterMs ?? 0) / 1000);
      throw error;
    }
  };
}

function operationMetrics(register: Registry): Metrics['recorded'] {
  const labelNames = ['kind', 'outcome'];
  const count = new Counter({
    name: 'prodesk_operations_total',
    help: 'Entries of history.',
    labelNames,
    registers: [register],
  });
  const seconds = new Histogram({
    name: 'prodesk_operation_seconds',
    help: 'From the start of an operation to its entry in history.',
    labelNames,
    buckets: DURATION_BUCKETS,
    registers: [register],
  });
  return ({ kind, outcome, durationMs }) => {
    count.inc({ kind, outcome });
    if (durationMs !== undefined) {
      seconds.observe({ kind, outcome }, durationMs / 1000);
    }
  };
}
