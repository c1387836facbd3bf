export type { AccessMode } from './access-mode.js';
export type { AccessRule, ResourceRule, UrlRule } from './access-rule.js';
export { ApiObject, type ApiObjectProps } from './api-object.js';
export { BasicAuth, type BasicAuthProps } from './basic-auth.js';
export { Chain, type ChainProps } from './chain.js';
export { Claim, type ClaimProps } from './claim.js';
export { Compress, type CompressProps } from './compress.js';
export { ConfigMap, type ConfigMapProps } from './config-map.js';
export type { ContainerOptions, ContainerPort, ContainerProps, MainPort } from './container.js';
export { CronJob, type CronJobProps, type CronOptions } from './cron-job.js';
export { DaemonSet, type DaemonSetProps } from './daemon-set.js';
export { Database, type DatabaseProps, type DatabaseStorage } from './database.js';
export { Deployment, type DeploymentOptions, type DeploymentProps } from './deployment.js';
export {
  type EnvironmentSource,
  fromConfigMap,
  fromConfigMapKey,
  fromField,
  fromResource,
  fromSecret,
  fromSecretKey,
  type KeyOptions,
  values,
  type WholeOptions,
} from './environment.js';
export { ExternalName, type ExternalNameProps } from './external-name.js';
export { type ExternalPort, ExternalService, type ExternalServiceProps } from './external-service.js';
export { ForwardAuth, type ForwardAuthProps } from './forward-auth.js';
export { type CorsProps, Headers, type HeadersProps } from './headers.js';
export { HelmChart, type HelmChartProps, type ValuesSecret } from './helm-chart.js';
export { HelmChartConfig, type HelmChartConfigProps, type HelmValues } from './helm-chart-config.js';
export {
  HorizontalPodAutoscaler,
  type HorizontalPodAutoscalerProps,
  type ScalingRules,
} from './horizontal-pod-autoscaler.js';
export { HttpCronJob, type HttpCronJobProps } from './http-cron-job.js';
export { Ingress, type IngressBackend, type IngressProps, type IngressRule } from './ingress.js';
export {
  type Backend,
  IngressRoute,
  type IngressRouteOptions,
  type IngressRouteProps,
  type RouteRule,
  type RouteTls,
  type StickyCookie,
} from './ingress-route.js';
export { IpAllowList, type IpAllowListProps } from './ip-allow-list.js';
export { type JavaOptions, javaOptions } from './java-options.js';
export { Job, type JobOptions, type JobProps } from './job.js';
export type { HasObject, JsonPatchOperation, KubeObject } from './kube-object.js';
export type { AppOrLabels, Labels } from './labels.js';
export type { LifecycleAction } from './lifecycle-action.js';
export { inWave, keep, mayPrune } from './lifecycle.js';
export { LocalClaim, type LocalClaimProps } from './local-claim.js';
export { LocalVolume, type LocalVolumeProps } from './local-volume.js';
export { Manifests, type ManifestsOptions, type ManifestsProps } from './manifests.js';
export type { JsonForm, MergePatch } from './merge-patch.js';
export type { MetricsProps, Relabeling, SecretKey } from './metrics.js';
export { Middleware, type MiddlewareForm, type MiddlewareOptions, type MiddlewareProps } from './middleware.js';
export type { MiddlewareReference } from './middleware-reference.js';
export { Namespace, type NamespaceProps } from './namespace.js';
export type { NameOrConstruct } from './named.js';
export {
  type Connections,
  NetworkPolicy,
  type NetworkPolicyProps,
  type Peer,
  type PolicyPort,
} from './network-policy.js';
export { patch, patchJson } from './patch.js';
export {
  PersistentVolume,
  type PersistentVolumeOptions,
  type PersistentVolumeProps,
  type PersistentVolumeSource,
} from './persistent-volume.js';
export type { DnsConfig, PodOptions, PodProps, Toleration, TopologySpread } from './pod.js';
export { PodDisruptionBudget, type PodDisruptionBudgetProps } from './pod-disruption-budget.js';
export { PodMonitor, type PodMonitorProps } from './pod-monitor.js';
export type { CommandProbe, GrpcProbe, HttpProbe, ProbeProps, ProbesProps, ProbeTiming, TcpProbe } from './probe.js';
export { type AlertRule, PrometheusRule, type PrometheusRuleProps, type RecordingRule } from './prometheus-rule.js';
export { PriorityClass, type PriorityClassProps } from './priority-class.js';
export { PullSecret, type PullSecretProps } from './pull-secret.js';
export { RateLimit, type RateLimitProps, type RateLimitSource } from './rate-limit.js';
export { RedirectRegex, type RedirectRegexProps } from './redirect-regex.js';
export { RedirectScheme, type RedirectSchemeProps } from './redirect-scheme.js';
export type { ComputeAmounts, ResourcesProps } from './resources.js';
export { ClusterRole, type ClusterRoleProps, Role, type RoleProps } from './role.js';
export {
  ClusterRoleBinding,
  type ClusterRoleBindingProps,
  RoleBinding,
  type RoleBindingProps,
  type RoleReference,
  type Subject,
} from './role-binding.js';
export type { RouteMatch } from './route-match.js';
export { Secret, type SecretProps } from './secret.js';
export { type ContainerSecurity, type PodSecurity, restricted, type SeccompProfile, type SeLinux } from './security.js';
export { ServersTransport, type ServersTransportProps } from './servers-transport.js';
export { Service, type ServiceOptions, type ServicePort, type ServiceProps } from './service.js';
export { ServiceAccount, type ServiceAccountProps } from './service-account.js';
export { type MonitoredPort, ServiceMonitor, type ServiceMonitorProps } from './service-monitor.js';
export { type ClaimTemplate, StatefulSet, type StatefulSetProps } from './stateful-set.js';
export { StripPrefix, type StripPrefixProps } from './strip-prefix.js';
export { type PlainBackend, TcpRoute, type TcpRouteProps } from './tcp-route.js';
export { TlsOption, type TlsOptionProps } from './tls-option.js';
export { TlsStore, type TlsStoreProps } from './tls-store.js';
export { type AcmeProps, TraefikConfig, type TraefikConfigProps, type TraefikExposure } from './traefik-config.js';
export { UdpRoute, type UdpRouteProps } from './udp-route.js';
export { parsePort } from './validation.js';
export {
  type EphemeralClaim,
  type HostPathType,
  type Mount,
  type MountOptions,
  type OtherVolumeSource,
  Volume,
} from './volume.js';
export type { FileOptions, ProjectedSource } from './volume-files.js';
export { WebApp, type WebAppMetrics, type WebAppProps, type WebAppRoute } from './web-app.js';
export { Worker, type WorkerProps } from './worker.js';
export type { MetadataOptions, NamedWorkload, TemplateOptions, WorkloadOptions } from './workload.js';
export type { HookPhase } from '../app/stages.js';
export { YamlFile, type YamlFileProps } from './yaml-file.js';
