export { ApiObject, type ApiObjectProps } from './api-object.js';
export { BasicAuth, type BasicAuthProps } from './basic-auth.js';
export { Chain, type ChainProps } from './chain.js';
export { Claim, type ClaimProps } from './claim.js';
export { Compress, type CompressProps } from './compress.js';
export { ConfigMap, type ConfigMapProps } from './config-map.js';
export type { ContainerOptions, ContainerPort, ContainerProps } from './container.js';
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
export { ExternalService, type ExternalServiceProps } from './external-service.js';
export { ForwardAuth, type ForwardAuthProps } from './forward-auth.js';
export { type CorsProps, Headers, type HeadersProps } from './headers.js';
export { HelmChart, type HelmChartProps, type ValuesSecret } from './helm-chart.js';
export { HelmChartConfig, type HelmChartConfigProps, type HelmValues } from './helm-chart-config.js';
export { HorizontalPodAutoscaler, type HorizontalPodAutoscalerProps } from './horizontal-pod-autoscaler.js';
export { HttpCronJob, type HttpCronJobProps, type SecretKey } from './http-cron-job.js';
export { Ingress, type IngressProps, type IngressRule } from './ingress.js';
export {
  type Backend,
  IngressRoute,
  type IngressRouteOptions,
  type IngressRouteProps,
  type RouteRule,
  type RouteTls,
} from './ingress-route.js';
export { IpAllowList, type IpAllowListProps } from './ip-allow-list.js';
export { type JavaOptions, javaOptions } from './java-options.js';
export { Job, type JobOptions, type JobProps } from './job.js';
export type { HasObject, JsonPatchOperation, KubeObject } from './kube-object.js';
export { inWave, keep, mayPrune } from './lifecycle.js';
export { LocalClaim, type LocalClaimProps } from './local-claim.js';
export { LocalVolume, type LocalVolumeProps } from './local-volume.js';
export { Manifests, type ManifestsOptions, type ManifestsProps } from './manifests.js';
export type { JsonForm, MergePatch } from './merge-patch.js';
export { Middleware } from './middleware.js';
export type { NameOrConstruct } from './named.js';
export { type Connections, NetworkPolicy, type NetworkPolicyProps, type Peer } from './network-policy.js';
export { patch, patchJson } from './patch.js';
export type { PodOptions, PodProps, Toleration } from './pod.js';
export { PodDisruptionBudget, type PodDisruptionBudgetProps } from './pod-disruption-budget.js';
export { PodMonitor, type PodMonitorProps } from './pod-monitor.js';
export type { CommandProbe, GrpcProbe, HttpProbe, ProbeProps, ProbesProps, ProbeTiming, TcpProbe } from './probe.js';
export { type AlertRule, PrometheusRule, type PrometheusRuleProps, type RecordingRule } from './prometheus-rule.js';
export { PullSecret, type PullSecretProps } from './pull-secret.js';
export { RateLimit, type RateLimitProps } from './rate-limit.js';
export { RedirectRegex, type RedirectRegexProps } from './redirect-regex.js';
export { RedirectScheme, type RedirectSchemeProps } from './redirect-scheme.js';
export type { ComputeAmounts, ResourcesProps } from './resources.js';
export type { RouteMatch } from './route-match.js';
export { Secret, type SecretProps } from './secret.js';
export { type ContainerSecurity, type PodSecurity, restricted, type SeccompProfile } from './security.js';
export { Service, type ServiceOptions, type ServicePort, type ServiceProps } from './service.js';
export { type AccessRule, ServiceAccount, type ServiceAccountProps } from './service-account.js';
export { type MetricsProps, ServiceMonitor, type ServiceMonitorProps } from './service-monitor.js';
export { type ClaimTemplate, StatefulSet, type StatefulSetProps } from './stateful-set.js';
export { StripPrefix, type StripPrefixProps } from './strip-prefix.js';
export { TlsOption, type TlsOptionProps } from './tls-option.js';
export { TlsStore, type TlsStoreProps } from './tls-store.js';
export { type AcmeProps, TraefikConfig, type TraefikConfigProps, type TraefikExposure } from './traefik-config.js';
export { parsePort } from './validation.js';
export { type HostPathType, type Mount, type MountOptions, Volume } from './volume.js';
export type { FileOptions, ProjectedSource } from './volume-files.js';
export { WebApp, type WebAppProps, type WebAppRoute } from './web-app.js';
export { Worker, type WorkerProps } from './worker.js';
export type { MetadataOptions, NamedWorkload, TemplateOptions, WorkloadOptions } from './workload.js';
export type { HookPhase } from '../app/stages.js';
export { YamlFile, type YamlFileProps } from './yaml-file.js';
