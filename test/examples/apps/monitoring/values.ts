import type { HelmValues } from '../../../../src/constructs/index.js';

const datasource = [{ name: 'DS_PROMETHEUS', value: 'Prometheus' }];
const off = { enabled: false };

/** Values of kube-prometheus-stack for one node, where k3s runs the control plane in one process. */
export function values(adminSecret: string): HelmValues {
  return {
    grafana: {
      admin: { existingSecret: adminSecret },
      service: { type: 'ClusterIP' },
      persistence: { enabled: true, size: '1Gi', storageClassName: 'local-path' },
      initChownData: off,
      ingress: off,
      dashboardProviders: {
        'dashboardproviders.yaml': {
          apiVersion: 1,
          providers: [
            {
              name: 'grafana-dashboards',
              orgId: 1,
              folder: 'Spring Boot',
              type: 'file',
              disableDeletion: false,
              editable: true,
              options: { path: '/var/lib/grafana/dashboards/grafana-dashboards' },
            },
          ],
        },
      },
      dashboards: {
        'grafana-dashboards': {
          'spring-boot-statistics': { gnetId: 19004, revision: 1, datasource },
          'jvm-micrometer': { gnetId: 4701, revision: 10, datasource },
        },
      },
    },
    prometheus: {
      prometheusSpec: {
        serviceMonitorSelectorNilUsesHelmValues: false,
        serviceMonitorNamespaceSelector: {},
        retention: '15d',
        storageSpec: { volumeClaimTemplate: { spec: claim('10Gi') } },
      },
    },
    alertmanager: {
      enabled: true,
      alertmanagerSpec: { storage: { volumeClaimTemplate: { spec: claim('1Gi') } } },
    },
    kubeControllerManager: off,
    kubeScheduler: off,
    kubeProxy: off,
    kubeEtcd: off,
  };
}

function claim(storage: string): HelmValues {
  return { storageClassName: 'local-path', resources: { requests: { storage } } };
}
