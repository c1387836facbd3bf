/** Who may use a volume: pods of one node, one pod, or pods of many nodes. */
export type AccessMode = 'ReadWriteOnce' | 'ReadWriteOncePod' | 'ReadWriteMany' | 'ReadOnlyMany';
