import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../../src/cluster/port.js';
import { condition, judge } from './judge.js';

type Row = [rule: string, kind: string, fields: object, expected: HealthStatus];

const CRD = 'apiextensions.k8s.io/v1/CustomResourceDefinition';
const API_SERVICE = 'apiregistration.k8s.io/v1/APIService';
const CHART = 'helm.cattle.io/v1/HelmChart';
describe('cluster/health/extension', () => {
  const status = (...conditions: object[]) => ({ status: { conditions } });
  it.each<Row>([
    [
      'an established definition is Healthy',
      CRD,
      status(condition('NamesAccepted', 'True'), condition('Established', 'True')),
      'Healthy',
    ],
    ['a new definition is Progressing', CRD, {}, 'Progressing'],
    ['refused names are Degraded', CRD, status(condition('NamesAccepted', 'False')), 'Degraded'],
    [
      'a schema that is not structural is Degraded',
      CRD,
      status(condition('Established', 'True'), condition('NonStructuralSchema', 'True')),
      'Degraded',
    ],
    [
      'a definition that goes away is Progressing',
      CRD,
      status(condition('Established', 'True'), condition('Terminating', 'True')),
      'Progressing',
    ],
    ['an available API is Healthy', API_SERVICE, status(condition('Available', 'True')), 'Healthy'],
    ['an unavailable API is Progressing', API_SERVICE, status(condition('Available', 'False')), 'Progressing'],
    ['an active namespace is Healthy', 'v1/Namespace', { status: { phase: 'Active' } }, 'Healthy'],
    ['a namespace that goes away is Progressing', 'v1/Namespace', { status: { phase: 'Terminating' } }, 'Progressing'],
    [
      'a chart with its job is Healthy',
      CHART,
      status(condition('JobCreated', 'True'), condition('Failed', 'False')),
      'Healthy',
    ],
    [
      'a chart of an old controller with its job is Healthy',
      CHART,
      { status: { jobName: 'helm-install-x' } },
      'Healthy',
    ],
    ['a chart without a job is Progressing', CHART, {}, 'Progressing'],
    [
      'a failed chart is Degraded',
      CHART,
      status(condition('JobCreated', 'True'), condition('Failed', 'True')),
      'Degraded',
    ],
    ['a chart config is Healthy', 'helm.cattle.io/v1/HelmChartConfig', {}, 'Healthy'],
  ])('%s', (_rule, id, fields, expected) => expect(judge(id, fields)).toBe(expected));
});
