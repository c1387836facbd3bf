import { Construct } from 'constructs';
import {
  PrometheusRule as PrometheusRuleObject,
  type PrometheusRuleProps as PrometheusRuleBody,
  type PrometheusRuleSpecGroupsRules,
  PrometheusRuleSpecGroupsRulesExpr,
} from '../imports/monitoring.coreos.com.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { checkDuration, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Fires while its expression has a result. */
export interface AlertRule {
  readonly alert: string;
  /** In PromQL. */
  readonly expr: string;
  /** How long it must hold before it fires, such as `5m`. @default - at once */
  readonly for?: string;
  /** Such as `{ severity: 'warning' }`. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Such as `{ summary: '...' }`. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Stores the result of an expression as a series of its own. */
export interface RecordingRule {
  readonly record: string;
  /** In PromQL. */
  readonly expr: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Properties of a {@link PrometheusRule}. */
export interface PrometheusRuleProps extends MetadataOptions {
  readonly name: string;
  /** Rules by the name of their group. */
  readonly groups: Readonly<Record<string, readonly (AlertRule | RecordingRule)[]>>;
}

/** Alerts and recorded series. Prometheus reads those that its `ruleSelector` names; kube-prometheus-stack wants the label `release`. */
export class PrometheusRule extends Construct {
  readonly name: string;
  readonly object: KubeObject<PrometheusRuleBody>;

  constructor(scope: Construct, id: string, props: PrometheusRuleProps) {
    super(scope, id);
    this.name = checkSubdomain('prometheus rule name', props.name);
    this.object = new KubeObject(this, 'prometheus-rule', PrometheusRuleObject, {
      metadata: renderMetadata(this.name, props),
      spec: {
        groups: Object.entries(props.groups).map(([name, rules]) => ({ name, rules: rules.map(renderRule) })),
      },
    });
  }
}

function renderRule(rule: AlertRule | RecordingRule): PrometheusRuleSpecGroupsRules {
  const common = {
    expr: PrometheusRuleSpecGroupsRulesExpr.fromString(rule.expr),
    labels: rule.labels && { ...rule.labels },
  };
  if ('record' in rule) {
    return defined({ record: rule.record, ...common });
  }
  return defined({
    alert: rule.alert,
    ...common,
    for: rule.for === undefined ? undefined : checkDuration(`duration of alert ${rule.alert}`, rule.for),
    annotations: rule.annotations && { ...rule.annotations },
  });
}
