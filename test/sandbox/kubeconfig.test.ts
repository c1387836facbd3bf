import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kubeconfigOf, tokenFileOf, type Identity } from '../../src/sandbox/kubeconfig.js';

const ADMIN: Identity = { user: 'admin', groups: ['system:masters', 'people'], token: 't0ken' };

describe('sandbox/kubeconfig', () => {
  it('the current context leads to the server, its authority and the token', () => {
    expect(parse(kubeconfigOf('https://127.0.0.1:1', 'PEM', ADMIN))).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'prodesk-sandbox', cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': 'UEVN' } },
      ],
      users: [{ name: 'admin', user: { token: 't0ken' } }],
      contexts: [{ name: 'prodesk-sandbox', context: { cluster: 'prodesk-sandbox', user: 'admin' } }],
      'current-context': 'prodesk-sandbox',
    });
  });

  it('the token file has one line for each identity', () => {
    expect(tokenFileOf([ADMIN, { ...ADMIN, user: 'kwok', groups: [], token: 'other' }])).toBe(
      't0ken,admin,admin,"system:masters,people"\nother,kwok,kwok,""\n',
    );
  });
});
