import { describe, expect, it } from 'vitest';
import { EventCollector } from '../../src/engine/engine-events.js';

const URN =
  'urn:pulumi:prodesk::prodesk::prodesk:index:Application$kubernetes:apps/v1:Deployment::a/Deployment/prodesk/d';
const ROOT = 'urn:pulumi:prodesk::prodesk::pulumi:pulumi:Stack::prodesk-prodesk';

function collect(...events: unknown[]): EventCollector {
  const collector = new EventCollector();
  events.forEach((event) => collector.add(event));
  return collector;
}

function ended(op: string, extra: object = {}, urn = URN) {
  return { sequence: 1, resOutputsEvent: { metadata: { op, urn, old: {}, new: {}, ...extra } } };
}

function said(message: string, urn: string | undefined = URN, severity = 'error') {
  return { diagnosticEvent: { severity, message, color: 'never', ...(urn === '' ? {} : { urn }) } };
}

describe('engine/engine-events', () => {
  it.each([
    ['create', 'create'],
    ['update', 'update'],
    ['delete', 'delete'],
    ['create-replacement', 'replace'],
  ])('a finished %s is the change %s', (op, operation) => {
    expect(collect(ended(op)).changes(new Set())).toEqual([{ urn: URN, operation, diff: [] }]);
  });

  it('a resource that stayed the same counts only where it was asked for', () => {
    const collector = collect(ended('same'));
    expect(collector.changes(new Set())).toEqual([]);
    expect(collector.changes(new Set([URN]))).toHaveLength(1);
  });

  it.each(['refresh', 'read', 'delete-replaced', 'replace'])('the step %s is no change of its own', (op) => {
    expect(collect(ended(op)).changes(new Set([URN]))).toEqual([]);
  });

  it('the diff names fields, as exactly as the engine tells', () => {
    expect(collect(ended('update', { diffs: ['spec'] })).changes(new Set())[0]?.diff).toEqual(['/spec']);
    const detailedDiff = { 'spec.containers[0].image': {}, 'metadata.labels["app/x.\\"y~"]': {} };
    const told = collect(ended('update', { diffs: ['spec', 'metadata'], detailedDiff })).changes(new Set());
    expect(told[0]?.diff).toEqual(['/spec/containers/0/image', '/metadata/labels/app~1x."y~0']);
  });

  it('a failure has its resource, application and message, once', () => {
    const collector = collect(
      { resourcePreEvent: { metadata: { op: 'update', urn: URN } } },
      said('<{%reset%}>error: spec.x: Invalid value<{%reset%}>\n'),
      said('spec.x: Invalid value'),
      { resOpFailedEvent: { metadata: { op: 'update', urn: URN }, status: 1, steps: 0 } },
      said('update failed', ROOT),
    );
    expect(collector.failures()).toEqual([{ urn: URN, app: 'a', message: 'spec.x: Invalid value' }]);
    expect(collector.changes(new Set([URN]))).toEqual([]);
  });

  it('a failure that the engine does not explain is still one', () => {
    const collector = collect({ resOpFailedEvent: { metadata: { op: 'create', urn: URN } } });
    expect(collector.failures()[0]?.message).toMatch(/gave no reason/);
  });

  const consequence =
    'Unhandled exception: Error: resource a/ConfigMap/prodesk/c [kubernetes:core/v1:ConfigMap] failed to register\n    at <anonymous> (x.ts:795:40)';
  const notFound = `Target '${URN}' could not be found in the stack. Did you forget to escape $ in your shell?`;

  it('what follows from a failed resource is not told again', () => {
    const collector = collect(said('Invalid value'), said(consequence, ROOT), said(notFound, ''));
    expect(collector.failures()).toEqual([{ urn: URN, app: 'a', message: 'Invalid value' }]);
  });

  it.each([consequence, notFound])('the same text without a failed resource is told: %s', (text) => {
    expect(collect(said(text, ROOT)).failures()).toHaveLength(1);
  });

  it.each([ROOT, ''])('an error of the stack %j belongs to no resource', (urn) => {
    expect(collect(said('secret prodesk:x is not set', urn)).failures()).toEqual([
      { message: 'secret prodesk:x is not set' },
    ]);
  });

  it.each(['debug', 'info', 'info#err', 'warning'])('a message of severity %s is no failure', (severity) => {
    expect(collect(said('RegisterResource RPC finished', URN, severity)).failures()).toEqual([]);
  });

  it.each([[undefined], [{}], [{ diagnosticEvent: 7 }], [{ futureEvent: {} }]])('the event %j is skipped', (event) => {
    expect(collect(event).failures()).toEqual([]);
  });
});
