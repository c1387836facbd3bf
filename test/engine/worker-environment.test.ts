import { describe, expect, it } from 'vitest';
import { workerEnvironment } from '../../src/engine/worker-environment.js';

const SETTINGS = { project: 'p', stack: 's', workDirectory: '/w', pulumiHome: '/h', backendUrl: 'file:///b' };

describe('engine/worker-environment', () => {
  it('the folder of the program comes first on PATH, and what the daemon has is inherited', () => {
    const inherited = { PATH: '/usr/bin', KUBECONFIG: '/k', EMPTY: undefined };
    const env = workerEnvironment({ settings: SETTINGS, provider: 'official', program: '/tools/pulumi', inherited });
    expect(env).toEqual({
      PATH: '/tools:/usr/bin',
      KUBECONFIG: '/k',
      PULUMI_LOG_ROTATION_MAX_TOTAL_MB: '20',
      PRODESK_ENGINE_SETTINGS: JSON.stringify(SETTINGS),
    });
  });

  it("Pulumi's own logs are kept small, unless the daemon's environment says how large", () => {
    const inherited = { PULUMI_LOG_ROTATION_MAX_TOTAL_MB: '300' };
    expect(workerEnvironment({ settings: SETTINGS, provider: 'official', inherited })).toMatchObject(inherited);
  });

  it('the embedded provider is asked for by a variable', () => {
    const env = workerEnvironment({ settings: SETTINGS, provider: 'embedded', inherited: { PATH: '/usr/bin' } });
    expect(env).toMatchObject({ PATH: '/usr/bin', PRODESK_ENGINE_EMBEDDED_PROVIDER: 'true' });
  });
});
