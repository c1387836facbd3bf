import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { Middleware } from './middleware.js';

/** Which other sites may call from a browser (CORS). */
export interface CorsProps {
  /** Such as `https://app.example.com`. */
  readonly origins: readonly string[];
  /** @default [GET, HEAD, POST] */
  readonly methods?: readonly string[];
  /** Request headers that are allowed. @default - those that browsers always allow */
  readonly headers?: readonly string[];
  /** Whether cookies are sent along. @default - Traefik's: false */
  readonly credentials?: boolean;
  /** For how many seconds a browser remembers the answer. @default - Traefik's: 0 */
  readonly maxAgeSeconds?: number;
}

/** Properties of {@link Headers}. */
export interface HeadersProps {
  readonly name: string;
  /** Set on requests; an empty text takes a header away. @default - none */
  readonly request?: Readonly<Record<string, string>>;
  /** Set on responses; an empty text takes a header away. @default - none */
  readonly response?: Readonly<Record<string, string>>;
  /** For how many seconds browsers must use https (HSTS). @default - not said */
  readonly stsSeconds?: number;
  /** Whether that holds for subdomains too. @default - Traefik's: false */
  readonly stsIncludeSubdomains?: boolean;
  /** Refuses to be shown in frames. @default - Traefik's: false */
  readonly frameDeny?: boolean;
  /** Keeps browsers from guessing content types. @default - Traefik's: false */
  readonly contentTypeNosniff?: boolean;
  /** Such as `same-origin`. @default - not said */
  readonly referrerPolicy?: string;
  /** Such as `default-src 'self'`. @default - not said */
  readonly contentSecurityPolicy?: string;
  /** @default - browsers allow only the site itself */
  readonly cors?: CorsProps;
}

/** A Traefik middleware that sets headers of requests and responses. */
export class Headers extends Middleware {
  constructor(scope: Construct, id: string, props: HeadersProps) {
    const { name, request, response, cors, ...security } = props;
    super(scope, id, name, {
      headers: defined({
        customRequestHeaders: request && { ...request },
        customResponseHeaders: response && { ...response },
        ...security,
        ...(cors === undefined ? {} : renderCors(cors)),
      }),
    });
  }
}

function renderCors({ origins, methods = ['GET', 'HEAD', 'POST'], headers, credentials, maxAgeSeconds }: CorsProps) {
  return {
    accessControlAllowOriginList: [...origins],
    accessControlAllowMethods: [...methods],
    accessControlAllowHeaders: headers && [...headers],
    accessControlAllowCredentials: credentials,
    accessControlMaxAge: maxAgeSeconds,
    addVaryHeader: true,
  };
}
