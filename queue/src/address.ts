import { isIP } from "node:net";
import { Redis } from "ioredis";

/** Where a Redis is, and who we are there. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

/**
 * Reads redis://[user[:password]@]host[:port][/database]; rediss:// is the same over TLS. A password in a command line can
 * be read by everybody on the machine, so it may come from UNROLLED_QUEUE_PASSWORD.
 * @throws TypeError that does not show the password
 */
export function readAddress(text: string, env: NodeJS.ProcessEnv = process.env): Address {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TypeError("--queue must be redis://host:port or rediss://host:port");
  }
  const { protocol, hostname, port, pathname, username } = url;
  if (protocol !== "redis:" && protocol !== "rediss:")
    throw new TypeError(`--queue must begin with redis:// or rediss://, got ${protocol}//`);
  if (!/^\/?\d{0,4}$/.test(pathname)) throw new TypeError(`--queue: a database is a number, got ${pathname.slice(1)}`);
  const password = decodeURIComponent(url.password) || env.UNROLLED_QUEUE_PASSWORD;
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1") || "127.0.0.1",
    port: Number(port) || 6379,
    db: Number(pathname.slice(1)),
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password }),
    tls: protocol === "rediss:",
  };
}

/** For messages: without the password. */
export const shown = ({ host, port, db, tls }: Address): string =>
  `${tls ? "rediss" : "redis"}://${host}:${port}${db ? `/${db}` : ""}`;

/** What a stranger on the way could read or do, in words; undefined where nobody can. */
export function exposure({ host, tls, password }: Address): string | undefined {
  if (/^(localhost|127\..*|::1)$/.test(host)) return undefined;
  if (!password) return "without a password, everybody who reaches this Redis can read submissions and forge results";
  return tls
    ? undefined
    : "without TLS (rediss://), everybody on the way can read submissions, results and the password";
}

const optionsOf = ({ host, port, db, username, password, tls }: Address) => ({
  host,
  port,
  db,
  username,
  password,
  ...(tls && { tls: isIP(host) ? {} : { servername: host } }),
  connectTimeout: 5000,
  keepAlive: 5000,
  maxRetriesPerRequest: null, // commands wait while Redis is away
});

/**
 * A connection that comes back by itself after it has once stood.
 * @throws Error that says why it never stood: nobody there, wrong password, a certificate not to be trusted
 */
export async function connect(address: Address): Promise<Redis> {
  let reason: Error | undefined;
  const first = new Redis({ ...optionsOf(address), lazyConnect: true, retryStrategy: () => null });
  first.on("error", (error: Error) => {
    reason ??= error;
  });
  try {
    await first.connect();
    await first.ping();
  } catch (error) {
    const { message, code } = (reason ?? error) as NodeJS.ErrnoException;
    throw new Error(`${shown(address)} cannot be used: ${message || code}`);
  } finally {
    first.disconnect();
  }
  const redis = new Redis({ ...optionsOf(address), retryStrategy: (tries) => Math.min(100 * 2 ** tries, 2000) });
  redis.on("error", () => {}); // it tries again, and who waits is told by what does not come
  return redis;
}
