const INT32 = 2 ** 31;
const INT64 = 2 ** 63;
const QUANTITY = /^[+-]?(\d+|\d+\.\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d([.,]\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** What is wrong with a text of this format; undefined when nothing is, or the format is not known. */
export function textFormatProblem(format: string, text: string): string | undefined {
  switch (format) {
    case 'byte':
      return isBase64(text) ? undefined : 'must be base64';
    case 'date-time':
      return DATE_TIME.test(text) ? undefined : 'must be a time such as "2026-01-31T12:00:00Z"';
    case 'quantity':
      return QUANTITY.test(text) ? undefined : 'must be a quantity such as "500m", "0.5" or "1Gi"';
    default:
      return undefined;
  }
}

/** What is wrong with a whole number of this format; undefined when nothing is. */
export function integerFormatProblem(format: string | undefined, value: number): string | undefined {
  const limit = format === 'int32' ? INT32 : INT64;
  return value >= -limit && value < limit ? undefined : `must fit into ${format === 'int32' ? 32 : 64} bits`;
}

function isBase64(text: string): boolean {
  const compact = text.replace(/[\r\n]/g, '');
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
}
