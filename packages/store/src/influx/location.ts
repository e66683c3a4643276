/** An InfluxDB database and how to sign in. */
export type InfluxLocation = Readonly<{
  protocol: 'http' | 'https';
  host: string;
  port: number;
  /** Where a proxy has put it, such as `/influx`; empty mostly. */
  prefix: string;
  database: string;
  /** The Authorization header. Never to be logged. */
  authorization?: string;
}>;

/**
 * Reads `http(s)://user:password@host:8086/database` or `http(s)://host:8086/database?token=…`: name and password
 * serve InfluxDB 1.x (and 2.x where they were made with `influx v1 auth`), a token InfluxDB 2.x and 3.
 * @throws with what is wrong, the secrets left out
 */
export function parseInfluxLocation(text: string): InfluxLocation {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new Error('store: want http(s)://user:password@host:8086/database');
  const shown = `${url.protocol}//${url.host}/…`;
  if (/%(?![0-9a-fA-F]{2})/.test(url.href))
    throw new Error(`store: ${shown} has a % that is not written as %25`);
  const parts = url.pathname.split('/').map(decodeURIComponent);
  const database = parts.pop() ?? '';
  if (database === '') throw new Error(`store: ${shown} names no database`);
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  const authorization = authorizationOf(url);
  return {
    protocol,
    host: url.hostname,
    port: Number(url.port || (protocol === 'https' ? 443 : 80)),
    prefix: parts.join('/'),
    database,
    ...(authorization !== undefined && { authorization }),
  };
}

/** The location for people and logs, without secrets. */
export function showLocation({ protocol, host, port, prefix, database }: InfluxLocation): string {
  return `${protocol}://${host}:${port}${prefix}/${database}`;
}

function authorizationOf({ username, password, searchParams }: URL): string | undefined {
  const token = searchParams.get('token');
  if (token !== null) return `Token ${token}`;
  if (username === '') return undefined;
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(plain).toString('base64')}`;
}
