import { describe, expect, it } from 'vitest';
import { HelmChart, HelmChartConfig, TraefikConfig, type TraefikConfigProps } from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

const PROPS: TraefikConfigProps = { exposure: { mode: 'hostNetwork' }, acme: { email: 'a@example.com' } };

describe('constructs/helm-chart-config', () => {
  it('values are one text in the order they were written, without a newline at the end', () => {
    const values = { z: 1, a: { list: ['x'], empty: '' } };
    const [config] = synthesize((scope) => new HelmChartConfig(scope, 'h', { name: 'traefik', values }));
    expect(config).toEqual({
      apiVersion: 'helm.cattle.io/v1',
      kind: 'HelmChartConfig',
      metadata: { name: 'traefik' },
      spec: { valuesContent: 'z: 1\na:\n  list:\n    - x\n  empty: ""' },
    });
  });
});

describe('constructs/helm-chart', () => {
  const props = { name: 'monitoring', chart: 'c', repository: 'https://example.com', targetNamespace: 'monitoring' };

  it('states the chart and its version', () => {
    const [chart] = synthesize(
      (scope) => new HelmChart(scope, 'h', { ...props, version: '82.1.0', values: { grafana: { enabled: true } } }),
    );
    expect(chart?.spec).toEqual({
      chart: 'c',
      repo: 'https://example.com',
      version: '82.1.0',
      targetNamespace: 'monitoring',
      valuesContent: 'grafana:\n  enabled: true',
    });
  });

  it('a range of versions is refused', () => {
    expect(building((scope) => new HelmChart(scope, 'h', { ...props, version: '82.*' }))).toThrow('"82.*"');
  });
});

describe('constructs/traefik-config', () => {
  it('another metrics port is taken', () => {
    const [config] = synthesize(
      (scope) => new TraefikConfig(scope, 't', { ...PROPS, exposure: { mode: 'hostNetwork', metricsPort: 9200 } }),
    );
    expect(config?.spec).toMatchObject({
      valuesContent: expect.stringContaining('metrics:\n    port: 9200') as string,
    });
  });

  it.each<[string, Partial<TraefikConfigProps>, string]>([
    ['an e-mail address without @', { acme: { email: 'nobody' } }, '"nobody"'],
    ['an e-mail address with a blank', { acme: { email: 'a@b --flag' } }, '"a@b --flag"'],
    ['a resolver with a dot', { acme: { email: 'a@b.c', resolver: 'a.b' } }, '"a.b"'],
    ['relative storage', { acme: { email: 'a@b.c', storage: 'acme.json' } }, '"acme.json"'],
    ['a storage size without meaning', { storageSize: 'small' }, '"small"'],
  ])('%s is refused and quoted', (_what, props, quoted) => {
    expect(building((scope) => new TraefikConfig(scope, 't', { ...PROPS, ...props }))).toThrow(quoted);
  });
});
