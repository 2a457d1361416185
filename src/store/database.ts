import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Hosts } from "./hosts.ts";
import { connectTo, createHosts, mayWrite } from "./hosts.ts";
import type { Tables } from "./tables.ts";

/** Something that can answer queries: the pool, or a transaction. */
export interface Reader {
  /** Runs a hot statement as a prepared one; `name` must be unique to its text. */
  run<Row>(name: string, text: string, values?: unknown[]): Promise<Row[]>;
  /** Ordinary queries, typed. */
  readonly q: Kysely<Tables>;
}

declare const transaction: unique symbol;

/** A reader inside a transaction. Writers take this type, so none can write outside of one. */
export interface Tx extends Reader {
  readonly [transaction]: true;
}

export interface Database extends Reader {
  /** Runs `work` in one transaction: commits when it resolves, rolls back when it throws. */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A connection of its own outside the pool, for locks and LISTEN that live as long as it does. */
  connect(): Promise<pg.Client>;
  /** Whether a write was refused within the last minute since the server's disk is full: reading goes on all the while. */
  isFull(): boolean;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** One per host. */
  connections: pg.ClientConfig[];
  maxConnections: number;
  /** For the statements of doors and workers, which run thousands of times a second. */
  hot?: boolean;
  onError: (error: Error) => void;
}

/** Firewalls forget connections that stay silent; the one that holds a process's name mostly does. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 30_000 };

const FULL_DISK = "53100";
const FULL_TOLD_MS = 60_000;

// int8 as number: sequence values stay far below 2^53.
pg.types.setTypeParser(20, (value) => Number(value));

/** Opens a pool. Connections are made when first needed; faults of idle ones go to `onError`. */
export function openDatabase(options: DatabaseOptions): Database {
  const hosts = createHosts(options.connections);
  let closing = false;
  let fullAt: number | null = null;
  const noteFault = (error: unknown) => {
    if ((error as { code?: unknown } | null)?.code === FULL_DISK) fullAt = performance.now();
  };
  // A server that stops while we say goodbye is no fault.
  const onError = (error: Error) => {
    if (!closing) options.onError(error);
  };
  const pool = createPool(hosts, { ...options, onError });
  const q = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    q,
    run: (name, text, values) => passingOver(hosts, () => runOn(pool, name, text, values), noteFault),
    async transact(work) {
      const client = await passingOver(hosts, () => pool.connect(), noteFault);
      let broken: Error | undefined;
      try {
        await client.query("begin");
        const result = await work(asTransaction(client));
        await client.query("commit");
        return result;
      } catch (error) {
        noteFault(error);
        await client.query("rollback").catch((rollbackError: Error) => {
          broken = rollbackError;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async connect() {
      const client = await connectTo(hosts, { application_name: "signalbox", ...KEEP_ALIVE });
      client.on("error", onError);
      return client;
    },
    isFull: () => fullAt !== null && performance.now() - fullAt < FULL_TOLD_MS,
    close() {
      closing = true;
      return pool.end();
    },
  };
}

/** A pool for a library that brings its own statements. Connections are made when first needed. */
export function openPool(options: DatabaseOptions): pg.Pool {
  return createPool(createHosts(options.connections), options);
}

/** A host that cannot be reached is passed over by whatever comes next. */
async function passingOver<T>(
  hosts: Hosts,
  work: () => Promise<T>,
  noteFault: (error: unknown) => void,
): Promise<T> {
  const host = hosts.current();
  try {
    return await work();
  } catch (error) {
    noteFault(error);
    if (hosts.count > 1 && !isStatementFault(error) && !isDeadlock(error)) hosts.moveOn(host);
    throw error;
  }
}

/**
 * The hot statements find rows by their indexes, a few at a time. A plan that was made while a table was empty,
 * and kept with the prepared statement, would read the whole table for each batch long after it has grown; and
 * none of them is worth planning anew for each batch. Without bitmaps a work list is read in the order of its index
 * up to the limit, not collected and sorted as a whole.
 */
const HOT_PLANNER = `set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
  set enable_bitmapscan = off; set plan_cache_mode = force_generic_plan`;

function createPool(hosts: Hosts, options: DatabaseOptions): pg.Pool {
  // The pool makes its own clients: each takes the host that is current when it is made.
  class HostClient extends pg.Client {
    constructor(config: pg.ClientConfig) {
      super({ ...config, ...hosts.current() });
    }
  }
  const pool = new pg.Pool({
    Client: HostClient,
    max: options.maxConnections,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 5_000,
    ...KEEP_ALIVE,
    application_name: "signalbox",
    // Asked once for each new connection, before it is used.
    async verify(client: pg.PoolClient, done: (error?: Error) => void) {
      try {
        if (options.hot) await client.query(HOT_PLANNER);
        const usable = hosts.count === 1 || (await mayWrite(client));
        done(usable ? undefined : new Error("the database only reads"));
      } catch (error) {
        done(error as Error);
      }
    },
  } as unknown as pg.PoolConfig);
  // The pool listens to idle clients only: a server that stops while a transaction thinks would end the program.
  // The transaction's next statement fails, and tells.
  pool.on("connect", (client) => void client.on("error", () => undefined));
  pool.on("error", options.onError);
  return pool;
}

function asTransaction(client: pg.PoolClient): Tx {
  let q: Kysely<Tables> | undefined;
  const tx = {
    run: (name: string, text: string, values?: unknown[]) => runOn(client, name, text, values),
    // Made when first asked for: the hot statements never do.
    get q() {
      q ??= kyselyOn(client);
      return q;
    },
  };
  return tx as unknown as Tx;
}

/** Kysely speaking through one connection that somebody else opened and will give back. */
function kyselyOn(client: pg.PoolClient): Kysely<Tables> {
  const connection = { query: client.query.bind(client) as never, release: () => undefined };
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect: async () => connection, end: async () => undefined } }),
  });
}

async function runOn<Row>(
  on: pg.Pool | pg.PoolClient,
  name: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const result = await on.query({ name, text, values });
  return result.rows as Row[];
}

/** SQLSTATE classes that blame the statement or its data: the same again would fail the same way. */
const STATEMENT_FAULTS = new Set(["0A", "21", "22", "23", "42", "54", "P0"]);

/** Whether the database refused what was asked, as opposed to being away, busy or restarting. */
export function isStatementFault(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && code.length === 5 && STATEMENT_FAULTS.has(code.slice(0, 2));
}

/** Whether two statements waited for each other; the one that is told so did nothing and may try again. */
export function isDeadlock(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "40P01";
}
