import { defineApp } from '../../../src/app/index.js';
import { HelmChart } from '../../../src/constructs/index.js';

interface PodinfoValues {
  readonly replicaCount?: number;
  readonly ui?: { readonly message: string };
}

export const app = defineApp({
  namespace: 'podinfo',
  build(scope) {
    new HelmChart<PodinfoValues>(scope, 'chart', {
      name: 'podinfo',
      chart: 'podinfo',
      repository: 'https://stefanprodan.github.io/podinfo',
      version: '6.7.1',
      targetNamespace: 'podinfo',
      values: { replicaCount: 2, ui: { message: 'hello' } },
    });
  },
});
