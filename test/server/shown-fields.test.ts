import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/driver/core/summarize.js';
import { application, DEGRADED, DRIFTED, FAILING, IMAGE, Scenario } from '../driver/core/scenario.js';

/** Every field that the status may have. A new one is added here after a look at what it can hold: it is shown to whoever can connect. */
const SHOWN = [
  'apps',
  'apps.automated',
  'apps.badImages',
  'apps.badImages.at',
  'apps.badImages.image',
  'apps.badImages.reason',
  'apps.badImages.restored',
  'apps.badImages.tag',
  'apps.differences',
  'apps.differences.drift',
  'apps.differences.driftManager',
  'apps.differences.health',
  'apps.differences.health.failing',
  'apps.differences.health.message',
  'apps.differences.health.status',
  'apps.differences.problem',
  'apps.differences.ref',
  'apps.differences.ref.apiVersion',
  'apps.differences.ref.kind',
  'apps.differences.ref.name',
  'apps.differences.ref.namespace',
  'apps.differences.state',
  'apps.health',
  'apps.health.failing',
  'apps.health.message',
  'apps.health.status',
  'apps.images',
  `apps.images.${IMAGE}`,
  'apps.message',
  'apps.name',
  'apps.namespace',
  'apps.operation',
  'apps.operation.kind',
  'apps.operation.startedAt',
  'apps.paused',
  'apps.paused.at',
  'apps.paused.by',
  'apps.paused.reason',
  'apps.paused.until',
  'apps.problems',
  'apps.problems.code',
  'apps.problems.message',
  'apps.retryAt',
  'apps.revision',
  'apps.sync',
  'clusterReachable',
  'engineProblem',
  'engineProblem.code',
  'engineProblem.message',
  'findings',
  'findings.app',
  'findings.field',
  'findings.file',
  'findings.message',
  'findings.object',
  'findings.object.apiVersion',
  'findings.object.kind',
  'findings.object.name',
  'findings.object.namespace',
  'findings.rule',
  'findings.severity',
  'paused',
  'paused.at',
  'paused.by',
  'paused.reason',
  'paused.until',
  'rejected',
  'rejected.commit',
  'rejected.problem',
  'rejected.problem.code',
  'rejected.problem.message',
  'revision',
  'revision.author',
  'revision.commit',
  'revision.committedAt',
  'revision.subject',
  'sources',
  'sources.lastSuccessAt',
  'sources.name',
  'sources.nextPollAt',
  'sources.problem',
  'sources.problem.code',
  'sources.problem.message',
];

const WEB = application('web', { follows: true });
const DB = application('db');
const PROBLEM = { code: 'git/unreachable', message: 'no route' } as const;
const RICH: readonly Scenario[] = [
  new Scenario().settled(DB).sync('db'),
  new Scenario().settled(DB).observe('db', DRIFTED),
  new Scenario().settled(DB).observe('db', DEGRADED),
  new Scenario().settled(WEB).builds('web', ['master-1', 2]).finish().observe('web', FAILING).wait(120_000).finish(),
  new Scenario().start().commit('c1', [DB]).finishBut('db'),
  new Scenario().settled(DB).sync('db').fail(),
  new Scenario().settled(DB).send({ type: 'gitFailed', problem: PROBLEM }),
  new Scenario()
    .settled(DB)
    .send({ type: 'headSeen', commit: 'c2' })
    .send({ type: 'revisionRejected', commit: 'c2', transient: false, problem: PROBLEM }),
];

describe('server/shown-fields', () => {
  it('the status has no field that was not looked at', () => {
    const fields = RICH.flatMap(({ state }) => fieldsOf(summarize(state)));
    expect(fields.length).toBeGreaterThan(100);
    expect([...new Set(fields)].filter((field) => !SHOWN.includes(field)).sort()).toEqual([]);
  });

  it('neither desired objects nor overrides nor what a restart needs are shown', () => {
    const text = RICH.map(({ state }) => JSON.stringify(summarize(state))).join();
    for (const name of ['definition', 'objects', 'overrides', 'fingerprint', 'secretDigest', 'spec', 'data']) {
      expect(text).not.toContain(`"${name}"`);
    }
  });
});

function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => fieldsOf(item, path));
  }
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return [here, ...fieldsOf(inner, here)];
  });
}
