import { defineApp } from '../../../../src/app/index.js';
import { Claim, fromSecretKey, values, Volume, Worker } from '../../../../src/constructs/index.js';

/** Devices and the node's own network, and a DNS server on ports of the node. */
export const app = defineApp({
  namespace: 'home',
  outside: [{ kind: 'Secret', name: 'pihole', keys: ['password'] }],
  build(scope, context) {
    new Worker(scope, 'home-assistant', {
      name: 'home-assistant',
      revisionHistoryLimit: 0,
      strategy: 'Recreate',
      hostNetwork: true,
      dnsPolicy: 'ClusterFirstWithHostNet',
      hostAliases: { '192.168.0.20': ['nas.lan'] },
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['prodesk'] }] },
            ],
          },
        },
      },
      image: 'ghcr.io/home-assistant/home-assistant:2024.11',
      port: { name: 'http', port: 8123, hostPort: 8123 },
      security: { privileged: true },
      mounts: [
        Volume.hostPath('config', '/srv/home-assistant', 'DirectoryOrCreate').mountAt('/config'),
        Volume.hostPath('dbus', '/run/dbus', 'Directory').mountAt('/run/dbus', { readOnly: true }),
        Volume.hostPath('zigbee', '/dev/serial/by-id/usb-zigbee', 'CharDevice').mountAt('/dev/ttyUSB0'),
      ],
    });
    const address = context.setting('nodeAddress');
    const claim = Volume.claim('data', 'pihole');
    new Worker(scope, 'pihole', {
      name: 'pihole',
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['127.0.0.1', '1.1.1.1'], options: { ndots: '1' } },
      image: 'pihole/pihole:2024.07.0',
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', hostPort: 53, hostIp: address },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', hostPort: 53, hostIp: address },
        { name: 'http', port: 80 },
      ],
      environment: [values({ FTLCONF_LOCAL_IPV4: address }), fromSecretKey('WEBPASSWORD', 'pihole', 'password')],
      security: { addCapabilities: ['NET_ADMIN'] },
      mounts: [
        claim.mountAt('/etc/pihole', { subPath: 'pihole' }),
        claim.mountAt('/etc/dnsmasq.d', { subPath: 'dnsmasq' }),
      ],
    });
    new Claim(scope, 'claim', { name: 'pihole', size: '1Gi' });
  },
});
