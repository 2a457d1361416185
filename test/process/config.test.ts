import { describe, expect, test } from "vitest";
import { type Config, publicUrlAt, readConfig } from "../../src/config.ts";

const KEY = `sk_live_${"a1B2".repeat(10)}`;
const DEFAULTS: Config = {
  port: 8080,
  host: "127.0.0.1",
  dataDir: "/srv/data",
  databaseUrl: null,
  publicUrl: null,
  secret: null,
  apiKey: null,
  role: "all",
  template: "resort",
  trustedProxies: [],
  allowPrivateTargets: [],
  smtpUrl: null,
  mailFrom: "Signalbox <signalbox@localhost>",
  isDevelopment: false,
  logLevel: "info",
  prettyLogs: process.stdout.isTTY === true,
};

function read(env: Record<string, string>) {
  return readConfig(env, "/srv");
}

const GOOD: [string, string, Partial<Config>][] = [
  ["PORT", "0", { port: 0 }],
  ["PORT", "65535", { port: 65_535 }],
  ["PORT", "", {}],
  ["HOST", "0.0.0.0", { host: "0.0.0.0" }],
  ["HOST", "::", { host: "::" }],
  ["HOST", "localhost", { host: "localhost" }],
  ["DATA_DIR", "./elsewhere", { dataDir: "/srv/elsewhere" }],
  ["DATA_DIR", "/var/lib/signalbox", { dataDir: "/var/lib/signalbox" }],
  ["DATABASE_URL", "postgres://u:p%40@db:5432/sms", { databaseUrl: "postgres://u:p%40@db:5432/sms" }],
  ["DATABASE_URL", "postgresql:///sms?host=/run/pg", { databaseUrl: "postgresql:///sms?host=/run/pg" }],
  [
    "DATABASE_URL",
    "postgres://u:p@one:5432,two:5433/sms?target_session_attrs=read-write",
    { databaseUrl: "postgres://u:p@one:5432,two:5433/sms?target_session_attrs=read-write" },
  ],
  ["DATABASE_URL", "postgres://u@[::1]:5432/sms", { databaseUrl: "postgres://u@[::1]:5432/sms" }],
  [
    "PUBLIC_URL",
    "https://sms.example.com/",
    { publicUrl: "https://sms.example.com", mailFrom: "Signalbox <signalbox@sms.example.com>" },
  ],
  ["PUBLIC_URL", "http://10.0.0.9:8080/hub", { publicUrl: "http://10.0.0.9:8080/hub" }],
  ["SIGNALBOX_SECRET", "0123456789abcdef", { secret: "0123456789abcdef" }],
  ["SIGNALBOX_API_KEY", KEY, { apiKey: KEY }],
  ["SIGNALBOX_ROLE", "worker", { role: "worker" }],
  ["SIGNALBOX_TEMPLATE", "empty", { template: "empty" }],
  ["TRUSTED_PROXIES", "10.0.0.0/8, 192.168.1.7", { trustedProxies: ["10.0.0.0/8", "192.168.1.7/32"] }],
  ["ALLOW_PRIVATE_TARGETS", "127.0.0.0/8,::1/128", { allowPrivateTargets: ["127.0.0.0/8", "::1/128"] }],
  ["ALLOW_PRIVATE_TARGETS", "fd00::1", { allowPrivateTargets: ["fd00::1/128"] }],
  ["SMTP_URL", "smtps://u:p@mail.example.com", { smtpUrl: "smtps://u:p@mail.example.com" }],
  ["MAIL_FROM", "hub@example.com", { mailFrom: "hub@example.com" }],
  ["MAIL_FROM", "The Hub <hub@example.com>", { mailFrom: "The Hub <hub@example.com>" }],
  ["NODE_ENV", "development", { isDevelopment: true }],
  ["NODE_ENV", "test", { isDevelopment: false }],
  ["LOG_LEVEL", "debug", { logLevel: "debug" }],
];

const BAD: [string, string, string][] = [
  ["PORT", "abc", 'PORT: "abc" is not a port; use a whole number from 1 to 65535'],
  ["PORT", "65536", "a whole number from 1 to 65535"],
  ["PORT", "-1", "a whole number"],
  ["PORT", "80.5", "a whole number"],
  ["HOST", "300.1.1.1", "use one such as 127.0.0.1"],
  ["HOST", "http://x", "use one such as"],
  ["DATABASE_URL", "mysql://root:hush@db/sms", "use postgres://"],
  ["DATABASE_URL", "postgres://u:hush@one:port/sms", "use postgres://"],
  ["DATABASE_URL", "hush", "use postgres://"],
  ["PUBLIC_URL", "sms.example.com", "is not an http or https address; use"],
  ["PUBLIC_URL", "ftp://sms.example.com", "is not an http or https address"],
  ["PUBLIC_URL", "https://sms.example.com?a=1", "has a ? or # part"],
  ["PUBLIC_URL", "https://me:hush@sms.example.com", "holds a user name"],
  ["SIGNALBOX_SECRET", "hush", "at least 16 characters"],
  ["SIGNALBOX_API_KEY", "sk_live_hush", "sk_live_ followed by 40"],
  ["SIGNALBOX_API_KEY", `${KEY}hush`, "sk_live_ followed by 40"],
  ["SIGNALBOX_ROLE", "boss", '"boss" is not known; use all, web, worker'],
  ["SIGNALBOX_TEMPLATE", "hotel", "use resort, empty"],
  ["TRUSTED_PROXIES", "10.0.0.0/33", '"10.0.0.0/33" is not a network; use'],
  ["TRUSTED_PROXIES", "10.0.0.0/8,proxy", '"proxy" is not a network'],
  ["ALLOW_PRIVATE_TARGETS", "::1/129", "is not a network"],
  ["ALLOW_PRIVATE_TARGETS", "10.0.0.0/", "is not a network"],
  ["SMTP_URL", "https://u:hush@mail", "use smtp://"],
  ["MAIL_FROM", "nobody", "use one such as Signalbox <"],
  ["NODE_ENV", "staging", "use production, development, test"],
  ["LOG_LEVEL", "loud", "use trace, debug, info"],
];

describe("readConfig", () => {
  test("nothing set gives the defaults", () => {
    expect(read({})).toEqual({ ok: true, config: DEFAULTS });
  });

  test.each(GOOD)("%s=%s", (name, value, expected) => {
    expect(read({ [name]: value })).toEqual({ ok: true, config: { ...DEFAULTS, ...expected } });
  });

  test.each(BAD)("%s=%s is refused in one line", (name, value, expected) => {
    const result = read({ [name]: value });
    if (result.ok) throw new Error("accepted");
    expect(result.faults).toHaveLength(1);
    expect(result.faults[0]).toMatch(new RegExp(`^${name}: `));
    expect(result.faults[0]).toContain(expected);
    expect(result.faults[0]).not.toMatch(/\n|hush/);
  });

  test("every fault is told at once", () => {
    const result = read({ PORT: "x", SIGNALBOX_ROLE: "x", LOG_LEVEL: "x" });
    expect(result.ok ? [] : result.faults.map((fault) => fault.split(":")[0])).toEqual([
      "PORT",
      "SIGNALBOX_ROLE",
      "LOG_LEVEL",
    ]);
  });

  test("the public address follows the port unless it is set", () => {
    expect(publicUrlAt(DEFAULTS, 4321)).toBe("http://localhost:4321");
    expect(publicUrlAt({ ...DEFAULTS, publicUrl: "https://x.example" }, 4321)).toBe("https://x.example");
  });
});
