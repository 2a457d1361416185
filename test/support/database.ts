import { randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** A fresh database in the server of the test run; dropped with it. */
export async function createDatabase(): Promise<string> {
  const server = inject("postgres");
  const name = `t_${randomUUID().replaceAll("-", "")}`;
  const client = new pg.Client(server);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const { user, password, host, port } = server;
  return `postgres://${user}:${password}@${encodeURIComponent(host)}:${port}/${name}`;
}

declare module "vitest" {
  interface ProvidedContext {
    postgres: { host: string; port: number; user: string; password: string; database: string };
    dataDir: string;
  }
}
