import type { CodeValue } from '../code.js';
import { type Fields, fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { amountOf, at, flagOf, numberOf, someOf, textOf, wholeOf } from './values.js';
import { pieceOf } from './workloads.js';

/** The construct of a middleware, and its properties beside the name. */
interface Reading {
  readonly construct: string;
  readonly props: (options: Fields) => Readonly<Record<string, CodeValue>>;
}

/** One of the Traefik middlewares that have a construct, by what its specification holds. */
export function recognizeMiddleware(object: SourceObject): Piece | undefined {
  const [kind, ...others] = Object.entries(fieldsOf(object.manifest.spec));
  const reading = kind && READINGS[kind[0]];
  if (reading === undefined || others.length > 0) {
    return undefined;
  }
  const props = { name: object.manifest.metadata.name, ...reading.props(fieldsOf(kind?.[1])) };
  return pieceOf(reading.construct, object, { props, uses: [] });
}

const READINGS: Readonly<Record<string, Reading>> = {
  basicAuth: {
    construct: 'BasicAuth',
    props: ({ secret, realm, removeHeader }) => ({
      secret: textOf(secret),
      realm: textOf(realm),
      removeHeader: flagOf(removeHeader),
    }),
  },
  chain: {
    construct: 'Chain',
    props: ({ middlewares }) => ({ middlewares: listOf(middlewares).map((one) => String(at(one, 'name'))) }),
  },
  compress: {
    construct: 'Compress',
    props: ({ excludedContentTypes, minResponseBodyBytes }) => ({
      excludedContentTypes: wholeOf(excludedContentTypes),
      minResponseBodyBytes: numberOf(minResponseBodyBytes),
    }),
  },
  forwardAuth: {
    construct: 'ForwardAuth',
    props: ({ address, authResponseHeaders, authRequestHeaders, trustForwardHeader }) => ({
      address: textOf(address),
      responseHeaders: wholeOf(authResponseHeaders),
      requestHeaders: wholeOf(authRequestHeaders),
      trustForwardHeader: flagOf(trustForwardHeader),
    }),
  },
  headers: { construct: 'Headers', props: headersOf },
  ipAllowList: {
    construct: 'IpAllowList',
    props: ({ sourceRange, ipStrategy }) => ({
      sourceRange: wholeOf(sourceRange),
      forwardedDepth: numberOf(at(ipStrategy, 'depth')),
    }),
  },
  rateLimit: {
    construct: 'RateLimit',
    props: ({ average, burst, period }) => ({
      average: numberOf(average),
      burst: numberOf(burst),
      period: textOf(period),
    }),
  },
  redirectRegex: {
    construct: 'RedirectRegex',
    props: ({ regex, replacement, permanent }) => ({
      regex: textOf(regex),
      replacement: textOf(replacement),
      permanent: usual(permanent),
    }),
  },
  redirectScheme: {
    construct: 'RedirectScheme',
    props: ({ scheme, port, permanent }) => ({
      scheme: scheme === 'https' ? undefined : textOf(scheme),
      port: port === undefined ? undefined : Number(amountOf(port)),
      permanent: usual(permanent),
    }),
  },
  stripPrefix: { construct: 'StripPrefix', props: ({ prefixes }) => ({ prefixes: wholeOf(prefixes) }) },
};

/** Permanent is what the constructs make where nothing is said. */
function usual(permanent: unknown): boolean | undefined {
  return permanent === true ? undefined : (flagOf(permanent) ?? false);
}

function headersOf(options: Fields): Readonly<Record<string, CodeValue>> {
  const { customRequestHeaders, customResponseHeaders, stsSeconds, referrerPolicy, contentSecurityPolicy } = options;
  return {
    request: wholeOf(customRequestHeaders),
    response: wholeOf(customResponseHeaders),
    stsSeconds: numberOf(stsSeconds),
    stsIncludeSubdomains: flagOf(options.stsIncludeSubdomains),
    frameDeny: flagOf(options.frameDeny),
    contentTypeNosniff: flagOf(options.contentTypeNosniff),
    referrerPolicy: textOf(referrerPolicy),
    contentSecurityPolicy: textOf(contentSecurityPolicy),
    cors: corsOf(options),
  };
}

function corsOf(options: Fields): CodeValue {
  return options.accessControlAllowOriginList === undefined
    ? undefined
    : someOf({
        origins: wholeOf(options.accessControlAllowOriginList),
        methods: wholeOf(options.accessControlAllowMethods),
        headers: wholeOf(options.accessControlAllowHeaders),
        credentials: flagOf(options.accessControlAllowCredentials),
        maxAgeSeconds: numberOf(options.accessControlMaxAge),
      });
}
