import { describe, expect, it } from 'vitest';
import { missingConfigError } from '../../src/synth/missing-config.js';

describe('synth/missing-config', () => {
  it('each key appears once, with the command that sets it and who needs it', () => {
    const error = missingConfigError([
      { app: 'mysql', kind: 'secret', key: 'mysql.MYSQL_USER' },
      { app: 'gitops', kind: 'setting', key: 'domain' },
      { app: 'friend-app', kind: 'setting', key: 'domain' },
    ]);
    expect(error.code).toBe('config/missing');
    expect(error.disposition).toBe('stalled');
    expect(error.message.split('\n')).toEqual([
      '2 stack-config values are missing; set with:',
      '  pulumi config set --secret prodesk:mysql.MYSQL_USER    # mysql',
      '  pulumi config set prodesk:domain VALUE    # friend-app, gitops',
    ]);
  });

  it('a key whose name speaks of a password is not taken for one', () => {
    const { message } = missingConfigError([{ app: 'a', kind: 'secret', key: 'a.DB_PASSWORD' }]);
    expect(message).toContain('prodesk:a.DB_PASSWORD    # a');
  });
});
