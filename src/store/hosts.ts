import pg from "pg";

/**
 * `DATABASE_URL` may name several hosts, as libpq allows: `postgres://u:p@a:5432,b:5432/db`. A host that does
 * not answer, or only reads (a standby), is passed over. Each new connection starts with the host that worked
 * last, so after a failover the pool moves as a whole.
 */
export interface Hosts {
  /** How to reach the host that worked last. */
  current(): pg.ClientConfig;
  /** Takes the next host for the connections to come, if `failed` is still the one they would take. */
  moveOn(failed: pg.ClientConfig): void;
  readonly count: number;
}

export function createHosts(configs: pg.ClientConfig[]): Hosts {
  let index = 0;
  return {
    current: () => configs[index] ?? {},
    moveOn(failed) {
      // Several connections fail at once; only the first of them moves.
      if (failed !== configs[index]) return;
      index = (index + 1) % Math.max(1, configs.length);
    },
    count: configs.length,
  };
}

/** One connection setting per host of the address, everything else equal. */
export function connectionsOf(url: string): pg.ClientConfig[] {
  const match = /^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)([^/?]*)(.*)$/.exec(url);
  if (!match) return [{ connectionString: url }];
  const [, head = "", list = "", tail = ""] = match;
  const rest = withoutTarget(tail);
  return list.split(",").map((host) => ({ connectionString: head + host + rest }));
}

/** libpq's parameter, which `pg` would hand to the server as a setting. */
function withoutTarget(tail: string): string {
  const [path = "", query = ""] = tail.split("?");
  const parameters = new URLSearchParams(query);
  parameters.delete("target_session_attrs");
  const rest = parameters.toString();
  return rest ? `${path}?${rest}` : path;
}

/** Connects to a host that may write, trying each once. */
export async function connectTo(hosts: Hosts, extra: pg.ClientConfig): Promise<pg.Client> {
  let fault: unknown = new Error("no database host is named");
  for (let i = 0; i < hosts.count; i++) {
    const host = hosts.current();
    const client = new pg.Client({ ...host, ...extra });
    try {
      await client.connect();
      if (hosts.count === 1 || (await mayWrite(client))) return client;
      fault = new Error("the database only reads");
    } catch (error) {
      fault = error;
    }
    await client.end().catch(() => undefined);
    hosts.moveOn(host);
  }
  throw fault;
}

/** Whether a connection may write; one to a standby may not. */
export async function mayWrite(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ transaction_read_only: string }>("show transaction_read_only");
  return rows[0]?.transaction_read_only === "off";
}
