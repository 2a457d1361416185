import { betterAuth } from "better-auth";
import { hashPassword } from "better-auth/crypto";
import { twoFactor } from "better-auth/plugins/two-factor";
import type { Pool } from "pg";
import type { Logger } from "../../tools/log.ts";
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from "./newcomer.ts";

/*
 * better-auth, set up for the tables of migration 020. It is loaded with the first request that needs it
 * (`sign-in.ts`), so import nothing of this file but its types anywhere else.
 */

const DAY_SECONDS = 24 * 60 * 60;
/** A session that is used lives on; one that is not ends after this time. */
const SESSION_SECONDS = 7 * DAY_SECONDS;

const TIMES = { createdAt: "created_at", updatedAt: "updated_at" };

interface LibraryOptions {
  pool: Pool;
  secret: string;
  /** Scheme, host and port people open. */
  origin: string;
  cookiePrefix: string;
  log: Logger;
}

export interface UsedSession {
  userId: string;
  /** Set-Cookie lines, when it was prolonged. */
  cookies: string[];
}

export type AuthLibrary = ReturnType<typeof createLibrary>;

export function createLibrary({ pool, secret, origin, cookiePrefix, log }: LibraryOptions) {
  const auth = betterAuth({
    appName: "Signalbox",
    baseURL: origin,
    basePath: "/portal/auth",
    secret,
    database: pool,
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      log(level, message, ...details) {
        const err = details.find((detail) => detail instanceof Error);
        if (level === "error") log.error({ err }, `sign-in: ${message}`);
        else log.debug(`sign-in: ${message}`);
      },
    },
    emailAndPassword: {
      enabled: true,
      // People come in by the setup link or by an invitation.
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: LONGEST_PASSWORD,
    },
    user: { modelName: "auth_user", fields: { emailVerified: "email_verified", ...TIMES } },
    session: {
      modelName: "auth_session",
      fields: {
        userId: "user_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        ...TIMES,
      },
      expiresIn: SESSION_SECONDS,
      updateAge: DAY_SECONDS,
    },
    account: {
      modelName: "auth_account",
      fields: {
        accountId: "account_id",
        providerId: "provider_id",
        userId: "user_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        ...TIMES,
      },
    },
    verification: { modelName: "auth_verification", fields: { expiresAt: "expires_at", ...TIMES } },
    plugins: [
      twoFactor({
        issuer: "Signalbox",
        schema: {
          user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
          twoFactor: {
            modelName: "auth_two_factor",
            fields: {
              userId: "user_id",
              backupCodes: "backup_codes",
              failedVerificationCount: "failed_verification_count",
              lockedUntil: "locked_until",
            },
          },
        },
      }),
    ],
    rateLimit: {
      enabled: true,
      storage: "database",
      modelName: "auth_rate_limit",
      fields: { lastRequest: "last_request" },
      window: 60,
      max: 300,
      // By address. A whole office may share one; wrong passwords are counted by account besides.
      customRules: {
        "/sign-in/email": { window: 60, max: 30 },
        "/two-factor/*": { window: 60, max: 30 },
        "/change-password": { window: 60, max: 10 },
      },
    },
    advanced: {
      cookiePrefix,
      // The prefix of ours says what is secure; theirs would be put in front of it.
      useSecureCookies: false,
      defaultCookieAttributes: {
        httpOnly: true,
        sameSite: "lax",
        path: "/",
        secure: origin.startsWith("https:"),
      },
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: ["x-signalbox-client"] },
    },
  });
  return {
    handle: (request: Request): Promise<Response> => auth.handler(request),

    /** Whose session a cookie is, with the cookies that prolong it; null = nobody's. */
    async sessionOf(headers: Headers, mayProlong: boolean): Promise<UsedSession | null> {
      const query = { disableRefresh: !mayProlong };
      const found = await auth.api.getSession({ headers, query, returnHeaders: true });
      if (!found.response) return null;
      return { userId: found.response.user.id, cookies: found.headers.getSetCookie() };
    },

    /** The cookies of a new session. For people who have just shown a link that nobody else has. */
    async signIn(email: string, password: string, headers: Headers): Promise<string[]> {
      const answer = await auth.api.signInEmail({ body: { email, password }, headers, asResponse: true });
      return answer.headers.getSetCookie();
    },

    hashPassword,
  };
}
