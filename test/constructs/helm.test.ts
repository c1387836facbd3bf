import { describe, expect, it } from 'vitest';
import { HelmChart, HelmChartConfig, TraefikConfig, type TraefikConfigProps } from '../../src/constructs/index.js';
import { traefikValues } from '../../src/constructs/traefik-config.js';
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

  it.each(['82.*', '^82.1.0', '>=82.0.0 <83.0.0', 'v1.2.3'])('%s is a version', (version) => {
    const [chart] = synthesize((scope) => new HelmChart(scope, 'h', { ...props, version }));
    expect(chart?.spec).toMatchObject({ version });
  });

  it('something else than a version is refused', () => {
    expect(building((scope) => new HelmChart(scope, 'h', { ...props, version: 'latest' }))).toThrow('"latest"');
  });
});

describe('constructs/helm-chart with everything', () => {
  it('values may come from Secrets, and the rest has its field', () => {
    const [chart] = synthesize(
      (scope) =>
        new HelmChart(scope, 'h', {
          name: 'airflow',
          chart: 'oci://registry.example.com/airflow',
          version: '1.*',
          targetNamespace: 'airflow',
          createNamespace: true,
          valuesSecrets: [{ secret: 'airflow-values', keys: ['values.yaml'] }],
          timeout: '10m',
          failurePolicy: 'retry',
          registrySecret: 'pull',
        }),
    );
    expect(chart?.spec).toEqual({
      chart: 'oci://registry.example.com/airflow',
      version: '1.*',
      targetNamespace: 'airflow',
      createNamespace: true,
      valuesSecrets: [{ name: 'airflow-values', keys: ['values.yaml'] }],
      timeout: '10m',
      failurePolicy: 'retry',
      dockerRegistrySecret: { name: 'pull' },
    });
  });
});

describe('constructs/traefik-config', () => {
  const valuesOf = (props: Partial<TraefikConfigProps>) => traefikValues({ ...PROPS, ...props });

  it.each([
    ['tls', ['--certificatesresolvers.letsencrypt.acme.tlschallenge=true']],
    [
      { dnsProvider: 'cloudflare' },
      [
        '--certificatesresolvers.letsencrypt.acme.dnschallenge=true',
        '--certificatesresolvers.letsencrypt.acme.dnschallenge.provider=cloudflare',
      ],
    ],
  ] as const)('the challenge %j has its flags', (challenge, flags) => {
    expect(valuesOf({ acme: { ...PROPS.acme, challenge } }).additionalArguments).toEqual([
      '--certificatesresolvers.letsencrypt.acme.email=a@example.com',
      '--certificatesresolvers.letsencrypt.acme.storage=/data/acme.json',
      ...flags,
    ]);
  });

  it('more arguments and values are laid over its own', () => {
    const values = valuesOf({
      acme: { ...PROPS.acme, server: 'https://acme.example.com' },
      arguments: ['--log.level=DEBUG'],
      values: { ports: { web: { port: 8000 } }, providers: { kubernetesCRD: { allowCrossNamespace: true } } },
    });
    expect((values.additionalArguments as string[]).slice(-2)).toEqual([
      '--certificatesresolvers.letsencrypt.acme.caserver=https://acme.example.com',
      '--log.level=DEBUG',
    ]);
    expect(values).toMatchObject({
      ports: { web: { port: 8000, redirectTo: { port: 'websecure' } }, websecure: { port: 443 } },
      providers: { kubernetesCRD: { allowCrossNamespace: true } },
    });
  });
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
