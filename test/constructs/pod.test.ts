import { describe, expect, it } from 'vitest';
import {
  fromConfigMap,
  fromConfigMapKey,
  fromField,
  fromResource,
  fromSecret,
  fromSecretKey,
  javaOptions,
  restricted,
  Service,
  type ServiceProps,
  Volume,
  Worker,
  type WorkerProps,
} from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

interface Pod {
  readonly containers: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}

const podOf = (props: Partial<WorkerProps>): Pod => {
  const [deployment] = synthesize((scope) => new Worker(scope, 'w', { name: 'w', image: 'w:1', ...props }));
  return (deployment?.spec as { template: { spec: Pod } }).template.spec;
};
const containerOf = (props: Partial<WorkerProps>) => podOf(props).containers[0];

describe('constructs/environment', () => {
  it('every source has its form', () => {
    const environment = [
      fromConfigMap('settings', { prefix: 'APP_', optional: true }),
      fromSecret('keys', { optional: true }),
      fromConfigMapKey('MODE', 'settings', 'mode'),
      fromSecretKey('TOKEN', 'keys', 'TOKEN', { optional: true }),
      fromField('POD', 'metadata.name'),
      fromResource('MEMORY', 'limits.memory', '1Mi'),
    ];
    expect(containerOf({ environment })).toMatchObject({
      envFrom: [
        { prefix: 'APP_', configMapRef: { name: 'settings', optional: true } },
        { secretRef: { name: 'keys', optional: true } },
      ],
      env: [
        { name: 'MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'keys', key: 'TOKEN', optional: true } } },
        { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
      ],
    });
  });
});

describe('constructs/java-options', () => {
  it('leaves memory beside the heap', () => {
    expect(containerOf({ environment: [javaOptions({ more: ['-Dx=1'] })] })?.env).toEqual([
      { name: 'JAVA_TOOL_OPTIONS', value: '-XX:MaxRAMPercentage=60 -Dx=1' },
    ]);
    expect(() => javaOptions({ heapPercent: 80 })).toThrow('"80"');
  });
});

describe('constructs/security', () => {
  it('restricted is what the standard asks', () => {
    expect(containerOf({ security: { ...restricted, readOnlyRootFilesystem: true } })?.securityContext).toEqual({
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  it('a pod has users, groups and kernel parameters', () => {
    const podSecurity = { runAsUser: 1000, fsGroup: 1000, sysctls: { 'net.core.somaxconn': '1024' } };
    expect(podOf({ podSecurity }).securityContext).toEqual({
      runAsUser: 1000,
      fsGroup: 1000,
      sysctls: [{ name: 'net.core.somaxconn', value: '1024' }],
    });
  });
});

describe('constructs/pod', () => {
  it('sidecars come after init containers, and keep running', () => {
    const prepare = { name: 'prepare', image: 'p:1' };
    expect(podOf({ sidecars: [{ name: 'log', image: 'l:1' }], initContainers: [prepare] }).initContainers).toEqual([
      prepare,
      { name: 'log', image: 'l:1', restartPolicy: 'Always' },
    ]);
  });

  it('everything else has its field', () => {
    const pod = podOf({
      serviceAccount: 'robot',
      mountServiceAccountToken: false,
      nodeSelector: { disk: 'ssd' },
      dnsPolicy: 'Default',
      priorityClass: 'high',
      terminationGracePeriodSeconds: 60,
      preStop: ['sleep', '5'],
      workingDirectory: '/work',
      imagePullPolicy: 'Always',
      ports: [{ name: 'dns', port: 53, protocol: 'UDP', hostPort: 53 }],
    });
    expect(pod).toEqual({
      serviceAccountName: 'robot',
      automountServiceAccountToken: false,
      nodeSelector: { disk: 'ssd' },
      dnsPolicy: 'Default',
      priorityClassName: 'high',
      terminationGracePeriodSeconds: 60,
      containers: [
        {
          name: 'w',
          image: 'w:1',
          imagePullPolicy: 'Always',
          workingDir: '/work',
          ports: [{ name: 'dns', containerPort: 53, protocol: 'UDP', hostPort: 53 }],
          lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
        },
      ],
    });
  });
});

describe('constructs/probe', () => {
  it('an HTTP probe without a port asks the main port', () => {
    const readiness = { httpPath: '/ready', headers: { Accept: 'text/plain' } };
    expect(containerOf({ port: 8080, probes: { readiness, liveness: { grpcPort: 9000 } } })).toMatchObject({
      readinessProbe: {
        httpGet: { path: '/ready', port: 8080, httpHeaders: [{ name: 'Accept', value: 'text/plain' }] },
      },
      livenessProbe: { grpc: { port: 9000 } },
    });
  });

  it.each([
    ['no port at all', '/ready'],
    ['a path without slash', 'ready'],
  ])('%s is refused', (_what, httpPath) => {
    expect(() => podOf({ probes: { readiness: { httpPath } } })).toThrow(`"${httpPath}"`);
  });
});

describe('constructs/volume', () => {
  it('each kind has its form', () => {
    const volumes = [
      Volume.configMap('settings', 'settings', { items: { 'a.conf': 'conf.d/a.conf' }, mode: 0o440 }),
      Volume.secret('keys', 'keys', { optional: true, mode: 0o400 }),
      Volume.empty('scratch', '1Gi'),
      Volume.hostPath('socket', '/run/docker.sock', 'Socket'),
      Volume.nfs('share', 'nas.lan', '/export', true),
      Volume.projected('all', [
        { configMap: 'settings' },
        { secret: 'keys', items: { token: 't' } },
        { fields: { labels: 'metadata.labels' } },
        { tokenPath: 'token', audience: 'vault' },
      ]),
    ];
    expect(podOf({ mounts: volumes.map((volume) => volume.mountAt(`/${volume.name}`)) }).volumes).toEqual([
      {
        name: 'settings',
        configMap: { name: 'settings', defaultMode: 0o440, items: [{ key: 'a.conf', path: 'conf.d/a.conf' }] },
      },
      { name: 'keys', secret: { secretName: 'keys', defaultMode: 0o400, optional: true } },
      { name: 'scratch', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'socket', hostPath: { path: '/run/docker.sock', type: 'Socket' } },
      { name: 'share', nfs: { server: 'nas.lan', path: '/export', readOnly: true } },
      {
        name: 'all',
        projected: {
          sources: [
            { configMap: { name: 'settings' } },
            { secret: { name: 'keys', items: [{ key: 'token', path: 't' }] } },
            { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
            { serviceAccountToken: { path: 'token', audience: 'vault' } },
          ],
        },
      },
    ]);
  });

  it('a mode above 0777 is refused', () => {
    expect(() => Volume.secret('s', 's', { mode: 0o1000 })).toThrow('"512"');
  });
});

describe('constructs/service', () => {
  const specOf = (props: Partial<ServiceProps>) =>
    synthesize((scope) => new Service(scope, 's', { name: 's', port: 80, ...props }))[0]?.spec;

  it('several ports have names', () => {
    const morePorts = [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 1053 }] as const;
    expect(specOf({ portName: 'web', targetPort: 8080, morePorts })).toMatchObject({
      ports: [
        { name: 'web', port: 80, targetPort: 8080 },
        { name: 'dns', protocol: 'UDP', port: 53, targetPort: 1053 },
      ],
    });
  });

  it('a load balancer can keep client addresses', () => {
    expect(specOf({ loadBalancer: true, externalTrafficPolicy: 'Local' })).toMatchObject({
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
    });
  });

  it.each<[string, Partial<ServiceProps>, string]>([
    ['two kinds at once', { nodePort: 30000, headless: true }, 'only one of'],
    ['several ports of which one has no name', { morePorts: [{ name: 'b', port: 81 }] }, 'portName'],
  ])('%s are refused', (_what, props, text) => {
    expect(building((scope) => new Service(scope, 's', { name: 's', port: 80, ...props }))).toThrow(text);
  });
});
