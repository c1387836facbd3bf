import { describe, expect, it } from 'vitest';
import { Database, type DatabaseProps } from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

const volume = { name: 'mysql-prod-pv', node: 'prodesk', directory: '/data/prod/mysql/db' };
const PROPS: DatabaseProps = {
  name: 'mysql',
  image: 'mysql:8.0.37',
  port: 3306,
  storage: { size: '10Gi', volume, claim: 'mysql-pvc', mountPath: '/var/lib/mysql' },
};
const kinds = (props: DatabaseProps) => synthesize((scope) => new Database(scope, 'db', props)).map(({ kind }) => kind);

describe('constructs/database', () => {
  it('a directory makes a PersistentVolume, and the claim takes it', () => {
    const [pv, claim, deployment] = synthesize((scope) => new Database(scope, 'db', PROPS));
    expect(pv).toMatchObject({ kind: 'PersistentVolume', spec: { local: { path: '/data/prod/mysql/db' } } });
    expect(claim).toMatchObject({ metadata: { name: 'mysql-pvc' }, spec: { volumeName: 'mysql-prod-pv' } });
    expect(deployment).toMatchObject({
      spec: {
        strategy: { type: 'Recreate' },
        template: { spec: { volumes: [{ name: 'mysql-data', persistentVolumeClaim: { claimName: 'mysql-pvc' } }] } },
      },
    });
  });

  it('the name of a volume makes no PersistentVolume', () => {
    expect(kinds({ ...PROPS, storage: { ...PROPS.storage, volume: 'by-hand' } })).toEqual([
      'PersistentVolumeClaim',
      'Deployment',
      'Service',
    ]);
  });

  it.each<[string, Partial<DatabaseProps['storage']>, string]>([
    ['a size without meaning', { size: 'big' }, '"big"'],
    ['a directory with ..', { volume: { ...volume, directory: '/data/../etc' } }, '"/data/../etc"'],
    ['a relative directory', { volume: { ...volume, directory: 'data' } }, '"data"'],
    ['a node with a blank', { volume: { ...volume, node: 'my node' } }, '"my node"'],
  ])('%s is refused and quoted', (_what, storage, quoted) => {
    const props = { ...PROPS, storage: { ...PROPS.storage, ...storage } };
    expect(building((scope) => new Database(scope, 'db', props))).toThrow(quoted);
  });
});
