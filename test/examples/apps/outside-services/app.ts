import { defineApp } from '../../../../src/app/index.js';
import { ApiObject, ExternalName, ExternalService } from '../../../../src/constructs/index.js';

/** Names for what runs elsewhere: by addresses, by another name, and with a slice that is written out. */
export const app = defineApp({
  namespace: 'web',
  build(scope) {
    new ExternalService(scope, 'nas', {
      name: 'nas',
      address: ['192.168.0.20', '192.168.0.21'],
      portName: 'http',
      port: 80,
      targetPort: 5000,
      morePorts: [{ name: 'https', port: 443, targetPort: 5001 }],
    });
    new ExternalName(scope, 'smtp', { name: 'smtp', host: 'smtp.example.com' });
    new ApiObject(scope, 'printer', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'printer' },
      spec: { clusterIP: 'None', ports: [{ port: 631, protocol: 'TCP', targetPort: 631 }] },
    });
    new ApiObject(scope, 'slice', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'printer-1', labels: { 'kubernetes.io/service-name': 'printer' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.168.0.30'], conditions: { ready: true } }],
      ports: [{ name: '', port: 631, protocol: 'TCP' }],
    });
  },
});
