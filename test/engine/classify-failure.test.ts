import { describe, expect, it } from 'vitest';
import { classifyFailure } from '../../src/engine/classify-failure.js';

const COMMAND =
  'code: -2\n stdout: \n stderr: Command failed with exit code 255: pulumi up --yes --skip-preview --target urn:pulumi:prodesk::prodesk::prodesk:index:Application::a --stack prodesk --non-interactive\n';

/** What pulumi v3.259.0 wrote. */
const SAMPLES: readonly (readonly [string, string, string, string, RegExp])[] = [
  [
    'a lock of another process',
    'error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///data/.pulumi/locks/organization/prodesk/prodesk/aa.json?no_tmp_dir=true: created by root@laptop (pid 41) at 2026-11-24T09:00:00Z',
    'engine/busy',
    'retry',
    /root@laptop, process 41, since 2026-11-24T09:00:00Z/,
  ],
  [
    'another update in Pulumi Cloud',
    'error: [409] Conflict: Another update is currently in progress.',
    'engine/busy',
    'retry',
    /another process holds/,
  ],
  [
    'a wrong passphrase',
    'error: getting stack configuration: get stack secrets manager: incorrect passphrase',
    'engine/passphrase',
    'stalled',
    /PULUMI_CONFIG_PASSPHRASE/,
  ],
  [
    'no passphrase',
    'error: getting stack configuration: get stack secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables',
    'engine/passphrase',
    'stalled',
    /needs a passphrase/,
  ],
  [
    'half a state file',
    'error: failed to load checkpoint: place 1: unexpected end of JSON input',
    'engine/crashed',
    'retry',
    /last good copy/,
  ],
  ['half a lock', 'error: unexpected end of JSON input', 'engine/crashed', 'retry', /recovery removes/],
  [
    'a full disk',
    'error: 1 error occurred:\n\t1) write /data/.pulumi/locks/organization/prodesk/prodesk/a.json.18eb.tmp: no space left on device',
    'disk/full',
    'retry',
    /\(write \/data\/.*no space left on device\).*free some space/,
  ],
  [
    'a read-only disk',
    'error: open /data/.pulumi/locks/organization/prodesk/prodesk/a.json.18eb.tmp: read-only file system',
    'disk/read-only',
    'retry',
    /\/data\/.*mount it for writing/,
  ],
  [
    'a backend that needs a login',
    'error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions',
    'engine/failed',
    'stalled',
    /PULUMI_BACKEND_URL/,
  ],
  [
    'a backend folder that is not there',
    'error: unable to open state directory "file:///nowhere/x": stat /nowhere/x: no such file or directory',
    'engine/failed',
    'stalled',
    /\/nowhere\/x.*PULUMI_BACKEND_URL/,
  ],
  [
    'no pulumi program',
    'Command failed with ENOENT: pulumi version\nspawn pulumi ENOENT',
    'engine/failed',
    'stalled',
    /was not found/,
  ],
  [
    'anything else',
    "error: no stack named 'x' found",
    'engine/failed',
    'stalled',
    /^pulumi failed: no stack named 'x' found$/,
  ],
];

describe('engine/classify-failure', () => {
  it.each(SAMPLES)('%s', (_name, stderr, code, disposition, message) => {
    const error = classifyFailure({ text: COMMAND + stderr, failures: [], progressed: false });
    expect(error).toMatchObject({ code, disposition });
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('--target');
  });

  it('missing secrets are listed with their commands', () => {
    const text =
      'missing configuration:\n  secret prodesk:a is not set; set it with: pulumi config set --secret prodesk:a\n  secret prodesk:b is not set; set it with: pulumi config set --secret prodesk:b';
    const error = classifyFailure({ text: COMMAND, failures: [{ message: text }], progressed: false });
    expect(error?.code).toBe('config/missing');
    expect(error?.message.split('\n')).toEqual([
      'secret prodesk:a is not set; set it with: pulumi config set --secret prodesk:a',
      'secret prodesk:b is not set; set it with: pulumi config set --secret prodesk:b',
    ]);
  });

  const refused = {
    urn: 'urn:1',
    app: 'a',
    message: 'Deployment "d" is invalid: spec.template.spec.containers[0].image: Required value',
  };
  it.each([
    'connect ECONNREFUSED 127.0.0.1:6443',
    'the Kubernetes API server https://127.0.0.1:45359 cannot be reached: Client network socket disconnected before secure TLS connection was established; check that it runs',
    'configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get "https://10.0.0.1:6443/openapi/v2": dial tcp 10.0.0.1:6443: i/o timeout',
    'failed to read resource: Get "https://x:6443/api": dial tcp: lookup x: no such host',
  ])('a resource that fails with "%s" means that the cluster is unreachable', (message) => {
    const failures = [{ urn: 'urn:1', app: 'a', message }];
    expect(classifyFailure({ text: COMMAND, failures, progressed: false })).toMatchObject({
      code: 'cluster/unreachable',
      disposition: 'retry',
    });
  });

  const unreachable = { urn: 'urn:2', app: 'b', message: 'connect ECONNREFUSED 127.0.0.1:6443' };

  it.each([
    ['an object that the API server refuses is a failure of its own', [refused], false, undefined],
    [
      'resources that cannot be reached while others were done are failures of their own',
      [unreachable],
      true,
      undefined,
    ],
    ['a mixture is reported one by one', [refused, unreachable], false, undefined],
    [
      'nothing done and no resource reached means that the cluster is unreachable',
      [unreachable],
      false,
      'cluster/unreachable',
    ],
  ])('%s', (_rule, failures, progressed, code) => {
    expect(classifyFailure({ text: COMMAND, failures, progressed })?.code).toBe(code);
  });
});
