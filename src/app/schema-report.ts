/** Something in an object that the schema of its kind does not allow. */
export interface SchemaProblem {
  /** The object's position in its application. */
  readonly index: number;
  /** Such as `spec.template.spec.containers[0].resource`. */
  readonly path: string;
  /** What is wrong; it tells no value that could be a secret. */
  readonly message: string;
}

/** Objects that were not checked, because nothing is known about their kind. */
export interface UncheckedKind {
  /** Such as `example.com/v1 Thing`. */
  readonly kind: string;
  /** The position of the first of them in its application. */
  readonly index: number;
  readonly objects: number;
}

/** What was found out about an application's objects by the schemas of their kinds. */
export interface SchemaReport {
  readonly problems: readonly SchemaProblem[];
  readonly unchecked: readonly UncheckedKind[];
}
