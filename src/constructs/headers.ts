import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { Middleware, type MiddlewareOptions } from './middleware.js';

/** Which other sites may call from a browser (CORS). */
export interface CorsProps {
  /** Such as `https://app.example.com`. */
  readonly origins: readonly string[];
  /** Regular expressions for more. @default - none */
  readonly originsRegex?: readonly string[];
  /** @default [GET, HEAD, POST] */
  readonly methods?: readonly string[];
  /** Response headers that a page may read. @default - those that browsers always allow */
  readonly exposeHeaders?: readonly string[];
  /** `null` leaves the field out. @default true */
  readonly varyHeader?: boolean | null;
  /** Request headers that are allowed. @default - those that browsers always allow */
  readonly headers?: readonly string[];
  /** Whether cookies are sent along. @default - Traefik's: false */
  readonly credentials?: boolean;
  /** For how many seconds a browser remembers the answer. @default - Traefik's: 0 */
  readonly maxAgeSeconds?: number;
}

/** Properties of {@link Headers}. */
export interface HeadersProps extends MiddlewareOptions {
  /** Set on requests; an empty text takes a header away. @default - none */
  readonly request?: Readonly<Record<string, string>>;
  /** Set on responses; an empty text takes a header away. @default - none */
  readonly response?: Readonly<Record<string, string>>;
  /** For how many seconds browsers must use https (HSTS). @default - not said */
  readonly stsSeconds?: number;
  /** Whether that holds for subdomains too. @default - Traefik's: false */
  readonly stsIncludeSubdomains?: boolean;
  /** Whether browsers may put the host on their lists. @default - Traefik's: false */
  readonly stsPreload?: boolean;
  /** Whether it is said over plain HTTP too. @default - Traefik's: false */
  readonly forceStsHeader?: boolean;
  /** Refuses to be shown in frames. @default - Traefik's: false */
  readonly frameDeny?: boolean;
  /** The whole value of `X-Frame-Options`, such as `SAMEORIGIN`. @default - as `frameDeny` says */
  readonly customFrameOptionsValue?: string;
  /** Switches the filters of old browsers on. @default - Traefik's: false */
  readonly browserXssFilter?: boolean;
  /** Keeps browsers from guessing content types. @default - Traefik's: false */
  readonly contentTypeNosniff?: boolean;
  /** Such as `same-origin`. @default - not said */
  readonly referrerPolicy?: string;
  /** Such as `default-src 'self'`. @default - not said */
  readonly contentSecurityPolicy?: string;
  /** Such as `camera=()`. @default - not said */
  readonly permissionsPolicy?: string;
  /** The only hosts that are answered. @default - all */
  readonly allowedHosts?: readonly string[];
  /** Headers that say the host where a proxy is in front. @default - none */
  readonly hostsProxyHeaders?: readonly string[];
  /** Headers that say https where a proxy is in front. @default - none */
  readonly sslProxyHeaders?: Readonly<Record<string, string>>;
  /** @default - browsers allow only the site itself */
  readonly cors?: CorsProps;
}

/** A Traefik middleware that sets headers of requests and responses. */
export class Headers extends Middleware {
  constructor(scope: Construct, id: string, props: HeadersProps) {
    const { name, namespace, labels, annotations, request, response, cors, forceStsHeader, ...security } = props;
    const headers = defined({
      customRequestHeaders: request,
      customResponseHeaders: response,
      forceSTSHeader: forceStsHeader,
      ...security,
      ...(cors === undefined ? {} : renderCors(cors)),
    });
    super(scope, id, { name, ...defined({ namespace, labels, annotations }), spec: { headers } });
  }
}

function renderCors(cors: CorsProps) {
  const { origins, methods = ['GET', 'HEAD', 'POST'], headers, varyHeader = true } = cors;
  return defined({
    accessControlAllowOriginList: [...origins],
    accessControlAllowMethods: [...methods],
    accessControlAllowOriginListRegex: cors.originsRegex,
    accessControlAllowHeaders: headers,
    accessControlExposeHeaders: cors.exposeHeaders,
    accessControlAllowCredentials: cors.credentials,
    accessControlMaxAge: cors.maxAgeSeconds,
    addVaryHeader: varyHeader ?? undefined,
  });
}
