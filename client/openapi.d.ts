// Made by test/docs.test.ts from the API's document; for reading and for compilers.

export interface paths {
  "/v1/ingress/{token}": {
    /** Post JSON of any shape; the integration says where number, text and reference are. No key: the token in the address, and a signature where a signing secret is set. */
    post: {
      parameters: {
        path: {
          token: string;
        };
      };
      responses: {
        202: {
          content: {
            "application/json": {
              id: string;
              status: "queued";
              to: string;
              text: string;
              ref?: string;
            };
          };
        };
      };
    };
  };
  "/v1/arrivals": {
    /** What providers handed us, newest first. A page may hold fewer than `limit` entries although there are more: `nextCursor` tells. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          /** Only what was set aside */
          aside?: "true" | "false";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                channelId: string;
                /** message, receipt, ...; unreadable: not understood */
                kind: string;
                door: string;
                client: string | null;
                /** UTC, ISO 8601 with milliseconds */
                receivedAt: string;
                /** How often the provider sent it */
                deliveries: number;
                attempts: number;
                /** Why it was set aside; null = it was not */
                aside: string | null;
                /** As it came; kept for some days */
                body: string | null;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/arrivals/{id}/replay": {
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        202: {
          content: {
            "application/json": {
              arrivals: number;
            };
          };
        };
      };
    };
  };
  "/v1/audit": {
    /** Who changed what, newest first. A page may hold fewer than `limit` entries although there are more: `nextCursor` tells. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          /** `channel.changed`, or `channel.*` for all about channels */
          action?: string;
          /** Id of who did it */
          actor?: string;
          /** Id of what it was done to */
          object?: string;
          since?: string;
          until?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                /** UTC, ISO 8601 with milliseconds */
                at: string;
                actor: {
                  kind: string;
                  id: string;
                  name: string;
                };
                action: string;
                object: string;
                detail: unknown;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/board/kinds": {
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                key: string;
                label: string;
                plural: string;
                hints: (string)[];
                labelUse: "needed" | "always" | "never";
                fields: ({
                  key: string;
                  default: string | null;
                  values: ({
                    key: string;
                    state: string;
                    ask: string;
                    verbs: (string)[];
                  })[];
                })[];
                /** Its state, as the ETag; send it as `If-Match` with a change */
                revision: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
    /** Adds a kind, or replaces the one with this key. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            key: string;
            label: string;
            plural?: string;
            /** Words that narrow a text to this kind */
            hints?: (string)[];
            labelUse?: "needed" | "always" | "never";
            /** The first one is the main one */
            fields: ({
              key: string;
              /** Value of new items; null = not set */
              default?: string | null;
              values: ({
                key: string;
                /** How the state is told: open, on hold; the key if left out */
                state?: string;
                /** How it is asked for: Open, Hold */
                ask?: string;
                /** Words and phrases that set this value */
                verbs?: (string)[];
              })[];
            })[];
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              key: string;
              label: string;
              plural: string;
              hints: (string)[];
              labelUse: "needed" | "always" | "never";
              fields: ({
                key: string;
                default: string | null;
                values: ({
                  key: string;
                  state: string;
                  ask: string;
                  verbs: (string)[];
                })[];
              })[];
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
              warnings: (string)[];
            };
          };
        };
        201: {
          content: {
            "application/json": {
              key: string;
              label: string;
              plural: string;
              hints: (string)[];
              labelUse: "needed" | "always" | "never";
              fields: ({
                key: string;
                default: string | null;
                values: ({
                  key: string;
                  state: string;
                  ask: string;
                  verbs: (string)[];
                })[];
              })[];
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
              warnings: (string)[];
            };
          };
        };
      };
    };
  };
  "/v1/board/items": {
    /** In the owner's order. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          kind?: string;
          archived?: "true" | "false";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                kind: string;
                name: string;
                aliases: (string)[];
                number: number | null;
                area: string | null;
                fields: { [key: string]: string | null };
                archived: boolean;
                position: number;
                revision: number;
                /** UTC, ISO 8601 with milliseconds */
                updatedAt: string;
                updatedBy: {
                  kind: string;
                  id: string;
                  name: string;
                } | null;
                warnings?: (string)[];
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
    /** Adds one item, or up to 1,000 as `{items: [...]}`: all of them or none. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /** Key of its kind */
            kind: string;
            name: string;
            aliases?: (string)[];
            number?: number | null;
            area?: string | null;
            /** Value key by field key, e.g. {status: 'closed'}; null = not set */
            fields?: { [key: string]: string | null };
            /** Archived items are neither shown nor matched */
            archived?: boolean;
            /** Place on the board; the end if left out */
            position?: number;
          } | {
            items: ({
              /** Key of its kind */
              kind: string;
              name: string;
              aliases?: (string)[];
              number?: number | null;
              area?: string | null;
              /** Value key by field key, e.g. {status: 'closed'}; null = not set */
              fields?: { [key: string]: string | null };
              /** Archived items are neither shown nor matched */
              archived?: boolean;
              /** Place on the board; the end if left out */
              position?: number;
            })[];
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              kind: string;
              name: string;
              aliases: (string)[];
              number: number | null;
              area: string | null;
              fields: { [key: string]: string | null };
              archived: boolean;
              position: number;
              revision: number;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              updatedBy: {
                kind: string;
                id: string;
                name: string;
              } | null;
              warnings?: (string)[];
            } | {
              items: ({
                id: string;
                kind: string;
                name: string;
                aliases: (string)[];
                number: number | null;
                area: string | null;
                fields: { [key: string]: string | null };
                archived: boolean;
                position: number;
                revision: number;
                /** UTC, ISO 8601 with milliseconds */
                updatedAt: string;
                updatedBy: {
                  kind: string;
                  id: string;
                  name: string;
                } | null;
                warnings?: (string)[];
              })[];
            };
          };
        };
      };
    };
  };
  "/v1/board/items/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              kind: string;
              name: string;
              aliases: (string)[];
              number: number | null;
              area: string | null;
              fields: { [key: string]: string | null };
              archived: boolean;
              position: number;
              revision: number;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              updatedBy: {
                kind: string;
                id: string;
                name: string;
              } | null;
              warnings?: (string)[];
            };
          };
        };
      };
    };
    /** Fields that are given are set and logged; the others stay. */
    patch: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            /** Key of its kind */
            kind?: string;
            name?: string;
            aliases?: (string)[];
            number?: number | null;
            area?: string | null;
            /** Value key by field key, e.g. {status: 'closed'}; null = not set */
            fields?: { [key: string]: string | null };
            /** Archived items are neither shown nor matched */
            archived?: boolean;
            /** Place on the board; the end if left out */
            position?: number;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              kind: string;
              name: string;
              aliases: (string)[];
              number: number | null;
              area: string | null;
              fields: { [key: string]: string | null };
              archived: boolean;
              position: number;
              revision: number;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              updatedBy: {
                kind: string;
                id: string;
                name: string;
              } | null;
              warnings?: (string)[];
            };
          };
        };
      };
    };
    delete: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
    };
  };
  "/v1/board/changes": {
    /** What changed on the board, by text and otherwise, newest first. A page may hold fewer than `limit` entries although there are more: `nextCursor` tells. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          item?: string;
          field?: string;
          since?: string;
          until?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                itemId: string;
                /** The item's name today */
                item: string | null;
                kind: string;
                field: string;
                from: string | null;
                to: string | null;
                by: {
                  kind: string;
                  id: string;
                  name: string;
                };
                commandId: string | null;
                /** The change this one took back */
                reverses: string | null;
                /** UTC, ISO 8601 with milliseconds */
                at: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/providers": {
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                provider: string;
                title: string;
                settings: ({
                  key: string;
                  label: string;
                  help: string;
                  type: "text" | "url" | "address-list" | "choice" | "boolean";
                  required: boolean;
                  secret: boolean;
                  /** Requests are proven with it */
                  proves?: boolean;
                  example: string;
                  placeholder?: string;
                  choices?: (string)[];
                  advanced?: boolean;
                })[];
                doors: ({
                  kind: string;
                  help: string;
                })[];
                maxSegments: number;
                /** Files one text may carry */
                sendsMedia: number;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/channels": {
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                provider: string;
                name: string;
                address: string;
                /** Secrets are shown as •••• */
                settings: { [key: string]: unknown };
                /** Requests signed with the secret before the last change are believed until then */
                previousSecretUntil: string | null;
                isDefault: boolean;
                rate: number | null;
                /** The channel that takes over its texts while it is down; null: they wait */
                fallbackChannelId: string | null;
                /** Give it to the provider. Null: nothing comes in over HTTP */
                inboundUrl: string | null;
                /** One address for each kind of request */
                inboundUrls: { [key: string]: string };
                health: {
                  /** In words: "throttled since 14:02, 31 waiting, oldest 4 min" */
                  summary: string;
                  lastInboundAt: string | null;
                  /** When the provider last told how a text ended */
                  lastReceiptAt: string | null;
                  /** When the provider last took a text */
                  lastAcceptedAt: string | null;
                  /** Texts that have not left yet */
                  waiting: number;
                  oldestAt: string | null;
                  paused: {
                    /** UTC, ISO 8601 with milliseconds */
                    since: string;
                    /** Null: until somebody acts */
                    until: string | null;
                    cause: "database" | "disk" | "worker_stopped" | "no_channel" | "credentials" | "unreachable" | "registration" | "rate_limited" | "budget" | "loop_guard" | "paused_by_user" | "quiet_hours" | null;
                    reason: string;
                  } | null;
                  /** Requests to its address that were not believed, as far as samples are kept */
                  refusedRequests: number;
                };
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                /** UTC, ISO 8601 with milliseconds */
                updatedAt: string;
                /** Its state, as the ETag; send it as `If-Match` with a change */
                revision: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            provider: string;
            name: string;
            /** The number or short code it answers on */
            address: string;
            /** As `GET /v1/providers` declares them */
            settings?: { [key: string]: unknown };
            /** Texts without a channel leave from it; the first one is it anyway */
            isDefault?: boolean;
            /** Texts a second; null: as the provider allows */
            rate?: number | null;
            /** The channel that takes over its texts while it is down; null: they wait */
            fallbackChannelId?: string | null;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              provider: string;
              name: string;
              address: string;
              /** Secrets are shown as •••• */
              settings: { [key: string]: unknown };
              /** Requests signed with the secret before the last change are believed until then */
              previousSecretUntil: string | null;
              isDefault: boolean;
              rate: number | null;
              /** The channel that takes over its texts while it is down; null: they wait */
              fallbackChannelId: string | null;
              /** Give it to the provider. Null: nothing comes in over HTTP */
              inboundUrl: string | null;
              /** One address for each kind of request */
              inboundUrls: { [key: string]: string };
              health: {
                /** In words: "throttled since 14:02, 31 waiting, oldest 4 min" */
                summary: string;
                lastInboundAt: string | null;
                /** When the provider last told how a text ended */
                lastReceiptAt: string | null;
                /** When the provider last took a text */
                lastAcceptedAt: string | null;
                /** Texts that have not left yet */
                waiting: number;
                oldestAt: string | null;
                paused: {
                  /** UTC, ISO 8601 with milliseconds */
                  since: string;
                  /** Null: until somebody acts */
                  until: string | null;
                  cause: "database" | "disk" | "worker_stopped" | "no_channel" | "credentials" | "unreachable" | "registration" | "rate_limited" | "budget" | "loop_guard" | "paused_by_user" | "quiet_hours" | null;
                  reason: string;
                } | null;
                /** Requests to its address that were not believed, as far as samples are kept */
                refusedRequests: number;
              };
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
  };
  "/v1/channels/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              provider: string;
              name: string;
              address: string;
              /** Secrets are shown as •••• */
              settings: { [key: string]: unknown };
              /** Requests signed with the secret before the last change are believed until then */
              previousSecretUntil: string | null;
              isDefault: boolean;
              rate: number | null;
              /** The channel that takes over its texts while it is down; null: they wait */
              fallbackChannelId: string | null;
              /** Give it to the provider. Null: nothing comes in over HTTP */
              inboundUrl: string | null;
              /** One address for each kind of request */
              inboundUrls: { [key: string]: string };
              health: {
                /** In words: "throttled since 14:02, 31 waiting, oldest 4 min" */
                summary: string;
                lastInboundAt: string | null;
                /** When the provider last told how a text ended */
                lastReceiptAt: string | null;
                /** When the provider last took a text */
                lastAcceptedAt: string | null;
                /** Texts that have not left yet */
                waiting: number;
                oldestAt: string | null;
                paused: {
                  /** UTC, ISO 8601 with milliseconds */
                  since: string;
                  /** Null: until somebody acts */
                  until: string | null;
                  cause: "database" | "disk" | "worker_stopped" | "no_channel" | "credentials" | "unreachable" | "registration" | "rate_limited" | "budget" | "loop_guard" | "paused_by_user" | "quiet_hours" | null;
                  reason: string;
                } | null;
                /** Requests to its address that were not believed, as far as samples are kept */
                refusedRequests: number;
              };
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
    patch: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            /** Cannot be changed */
            provider?: string;
            name?: string;
            address?: string;
            /** Merged: what is missing stays, null removes, •••• leaves a secret as it is */
            settings?: { [key: string]: unknown };
            isDefault?: boolean;
            /** Texts a second; null: as the provider allows */
            rate?: number | null;
            /** The channel that takes over its texts while it is down; null: they wait */
            fallbackChannelId?: string | null;
            /** How long requests signed with the secret before are believed too, when one that proves requests is changed (default 24); 0 ends it at once, also by itself */
            keepPreviousSecretHours?: number;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              provider: string;
              name: string;
              address: string;
              /** Secrets are shown as •••• */
              settings: { [key: string]: unknown };
              /** Requests signed with the secret before the last change are believed until then */
              previousSecretUntil: string | null;
              isDefault: boolean;
              rate: number | null;
              /** The channel that takes over its texts while it is down; null: they wait */
              fallbackChannelId: string | null;
              /** Give it to the provider. Null: nothing comes in over HTTP */
              inboundUrl: string | null;
              /** One address for each kind of request */
              inboundUrls: { [key: string]: string };
              health: {
                /** In words: "throttled since 14:02, 31 waiting, oldest 4 min" */
                summary: string;
                lastInboundAt: string | null;
                /** When the provider last told how a text ended */
                lastReceiptAt: string | null;
                /** When the provider last took a text */
                lastAcceptedAt: string | null;
                /** Texts that have not left yet */
                waiting: number;
                oldestAt: string | null;
                paused: {
                  /** UTC, ISO 8601 with milliseconds */
                  since: string;
                  /** Null: until somebody acts */
                  until: string | null;
                  cause: "database" | "disk" | "worker_stopped" | "no_channel" | "credentials" | "unreachable" | "registration" | "rate_limited" | "budget" | "loop_guard" | "paused_by_user" | "quiet_hours" | null;
                  reason: string;
                } | null;
                /** Requests to its address that were not believed, as far as samples are kept */
                refusedRequests: number;
              };
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
    delete: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
    };
  };
  "/v1/channels/{id}/rotate-token": {
    /** The old address is dead at once. */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              provider: string;
              name: string;
              address: string;
              /** Secrets are shown as •••• */
              settings: { [key: string]: unknown };
              /** Requests signed with the secret before the last change are believed until then */
              previousSecretUntil: string | null;
              isDefault: boolean;
              rate: number | null;
              /** The channel that takes over its texts while it is down; null: they wait */
              fallbackChannelId: string | null;
              /** Give it to the provider. Null: nothing comes in over HTTP */
              inboundUrl: string | null;
              /** One address for each kind of request */
              inboundUrls: { [key: string]: string };
              health: {
                /** In words: "throttled since 14:02, 31 waiting, oldest 4 min" */
                summary: string;
                lastInboundAt: string | null;
                /** When the provider last told how a text ended */
                lastReceiptAt: string | null;
                /** When the provider last took a text */
                lastAcceptedAt: string | null;
                /** Texts that have not left yet */
                waiting: number;
                oldestAt: string | null;
                paused: {
                  /** UTC, ISO 8601 with milliseconds */
                  since: string;
                  /** Null: until somebody acts */
                  until: string | null;
                  cause: "database" | "disk" | "worker_stopped" | "no_channel" | "credentials" | "unreachable" | "registration" | "rate_limited" | "budget" | "loop_guard" | "paused_by_user" | "quiet_hours" | null;
                  reason: string;
                } | null;
                /** Requests to its address that were not believed, as far as samples are kept */
                refusedRequests: number;
              };
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
  };
  "/v1/channels/{id}/test": {
    /** Asks the provider whether the credentials are good; sends nothing unless `to` is given. */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            /** Also sends a test text to this number */
            to?: string;
          } | null;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              ok: boolean;
              outcome: string;
              message: string;
              /** The test text, once it is queued */
              messageId?: string;
            };
          };
        };
      };
    };
  };
  "/v1/consent/reviews": {
    /** Wordings that a person should judge, newest first. A page may hold fewer than `limit` entries although there are more: `nextCursor` tells. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          state?: "open" | "kept" | "reversed";
          /** E.164, e.g. +14155550101 */
          phone?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                phone: string;
                channelId: string;
                /** opt_out: it was honoured at once. review_only: it was not */
                kind: "opt_out" | "review_only";
                scope: "all" | "address" | "topic";
                text: string;
                /** The entry of the phrase list that matched */
                phrase: string;
                /** Of the phrase list */
                version: string;
                messageId: string;
                pausesBroadcasts: boolean;
                state: "open" | "kept" | "reversed";
                decidedBy: {
                  kind: string;
                  id: string;
                  name: string;
                } | null;
                decidedAt: string | null;
                reason: string | null;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                /** UTC, ISO 8601 with milliseconds */
                reversibleUntil: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/consent/reviews/{id}": {
    /** Within 14 days. `not_an_opt_out` gives back what the wording took; an exact word like STOP is never reversed. */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            decision: "keep" | "not_an_opt_out";
            reason: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              phone: string;
              channelId: string;
              /** opt_out: it was honoured at once. review_only: it was not */
              kind: "opt_out" | "review_only";
              scope: "all" | "address" | "topic";
              text: string;
              /** The entry of the phrase list that matched */
              phrase: string;
              /** Of the phrase list */
              version: string;
              messageId: string;
              pausesBroadcasts: boolean;
              state: "open" | "kept" | "reversed";
              decidedBy: {
                kind: string;
                id: string;
                name: string;
              } | null;
              decidedAt: string | null;
              reason: string | null;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              reversibleUntil: string;
            };
          };
        };
      };
    };
  };
  "/v1/consent": {
    /** Why a person may, or may not, be texted: both layers, and the evidence behind them. */
    get: {
      parameters: {
        query: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          /** E.164, e.g. +14155550101 */
          phone: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              phone: string;
              contactId: string | null;
              optedOut: ({
                scope: "all" | "address" | "topic";
                address: string | null;
                /** Key of the topic */
                topic: string | null;
                method: string;
                word: string | null;
                messageId: string | null;
                /** UTC, ISO 8601 with milliseconds */
                since: string;
              })[];
              /** Until a person has looked at what was written: see reviews */
              broadcastsPaused: boolean;
              /** What providers refuse to carry, whatever consent says */
              blocks: ({
                channelId: string;
                channel: string | null;
                address: string | null;
                state: "blocked" | "lifted";
                code: string;
                messageId: string | null;
                /** UTC, ISO 8601 with milliseconds */
                since: string;
                /** UTC, ISO 8601 with milliseconds */
                lastSeenAt: string;
                liftedAt: string | null;
                remedy: string | null;
              })[];
              /** The evidence, newest first. Nothing is ever taken out */
              events: ({
                scope: "all" | "address" | "topic";
                address: string | null;
                /** Key of the topic */
                topic: string | null;
                id: number;
                /** revoke, restore: consent. block, lift: the route of a channel */
                action: string;
                method: string;
                /** The word or wording, or the provider's code */
                word: string | null;
                text: string | null;
                messageId: string | null;
                channelId: string | null;
                actor: {
                  kind: string;
                  id: string;
                  name: string;
                } | null;
                note: string | null;
                evidence: unknown;
                /** UTC, ISO 8601 with milliseconds */
                receivedAt: string;
                /** UTC, ISO 8601 with milliseconds */
                recordedAt: string;
              })[];
              /** Of `events` */
              nextCursor: string | null;
            };
          };
        };
      };
    };
    /** Records what a person said by another way than a text. A block of a provider stays: only the person can lift it. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /** E.164, e.g. +14155550101 */
            phone: string;
            action: "revoke" | "restore";
            scope?: "all" | "address" | "topic";
            /** With the scope address: a number of ours */
            address?: string | null;
            /** With the scope topic: its key */
            topic?: string | null;
            method: "staff" | "paper" | "web_form";
            /** Who said so and where it is written down; a restore needs it */
            note?: string | null;
            evidence?: {
              /** Address of the form */
              page?: string | null;
              formVersion?: string | null;
              /** The words that were shown */
              wording?: string | null;
              /** Where the form was sent from */
              clientAddress?: string | null;
            } | null;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              phone: string;
              contactId: string | null;
              optedOut: ({
                scope: "all" | "address" | "topic";
                address: string | null;
                /** Key of the topic */
                topic: string | null;
                method: string;
                word: string | null;
                messageId: string | null;
                /** UTC, ISO 8601 with milliseconds */
                since: string;
              })[];
              /** Until a person has looked at what was written: see reviews */
              broadcastsPaused: boolean;
              /** What providers refuse to carry, whatever consent says */
              blocks: ({
                channelId: string;
                channel: string | null;
                address: string | null;
                state: "blocked" | "lifted";
                code: string;
                messageId: string | null;
                /** UTC, ISO 8601 with milliseconds */
                since: string;
                /** UTC, ISO 8601 with milliseconds */
                lastSeenAt: string;
                liftedAt: string | null;
                remedy: string | null;
              })[];
              /** The evidence, newest first. Nothing is ever taken out */
              events: ({
                scope: "all" | "address" | "topic";
                address: string | null;
                /** Key of the topic */
                topic: string | null;
                id: number;
                /** revoke, restore: consent. block, lift: the route of a channel */
                action: string;
                method: string;
                /** The word or wording, or the provider's code */
                word: string | null;
                text: string | null;
                messageId: string | null;
                channelId: string | null;
                actor: {
                  kind: string;
                  id: string;
                  name: string;
                } | null;
                note: string | null;
                evidence: unknown;
                /** UTC, ISO 8601 with milliseconds */
                receivedAt: string;
                /** UTC, ISO 8601 with milliseconds */
                recordedAt: string;
              })[];
              /** Of `events` */
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/conversations": {
    /** One entry for each phone that sent or was sent a text, the newest first. A page may hold fewer than `limit` entries although there are more: `nextCursor` tells. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          /** Part of a text, or of a number */
          q?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                /** The person's number */
                phone: string;
                reporter: {
                  id: string;
                  name: string;
                } | null;
                /** The newest message; with `q` the newest one that holds it */
                last: {
                  id: string;
                  direction: "in" | "out";
                  channelId: string;
                  from: string;
                  to: string;
                  text: string;
                  media: ({
                    /** Null: not kept by us */
                    id: string | null;
                    /** Of a text that came in: here, with your API key */
                    url: string;
                    contentType: string | null;
                    bytes: number | null;
                    state: "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";
                    /** Why it was refused or failed */
                    reason: string | null;
                  })[];
                  /** UTC, ISO 8601 with milliseconds */
                  createdAt: string;
                  segments: number;
                  /** As the provider counted them, where it says so */
                  providerSegments: number | null;
                  encoding: string;
                  status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                  /** `uncertain`: no clear answer came. `unconfirmed`: no receipt in time */
                  flags: (string)[];
                  statusHistory: ({
                    status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                    /** UTC, ISO 8601 with milliseconds */
                    at: string;
                    /** Queued for then */
                    sendAt?: string;
                    /** The provider's own code */
                    code?: string;
                    /** In words */
                    text?: string;
                    /** Of a long text: "2/3" */
                    part?: string;
                    /** It came too late to change the status */
                    ignored?: true;
                  })[];
                  /** One line for each try to send it */
                  attempts: ({ [key: string]: unknown })[];
                  error: {
                    code: string;
                    providerCode: string | null;
                    text: string;
                    fault: string;
                  } | null;
                  ref: string | null;
                  contactId: string | null;
                  commandId: string | null;
                  ruleId: string | null;
                  /** Of a reaction such as "Liked …": the message that it quotes */
                  reactionTo?: string;
                };
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/channels/{id}/pause": {
    /** Nothing leaves by this channel until it is resumed. A fallback channel takes its texts over. */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              name: string;
              health: {
                /** In words: "throttled since 14:02, 31 waiting, oldest 4 min" */
                summary: string;
                lastInboundAt: string | null;
                /** When the provider last told how a text ended */
                lastReceiptAt: string | null;
                /** When the provider last took a text */
                lastAcceptedAt: string | null;
                /** Texts that have not left yet */
                waiting: number;
                oldestAt: string | null;
                paused: {
                  /** UTC, ISO 8601 with milliseconds */
                  since: string;
                  /** Null: until somebody acts */
                  until: string | null;
                  cause: "database" | "disk" | "worker_stopped" | "no_channel" | "credentials" | "unreachable" | "registration" | "rate_limited" | "budget" | "loop_guard" | "paused_by_user" | "quiet_hours" | null;
                  reason: string;
                } | null;
                /** Requests to its address that were not believed, as far as samples are kept */
                refusedRequests: number;
              };
            };
          };
        };
      };
    };
  };
  "/v1/channels/{id}/resume": {
    /** What waits may leave again, whatever had paused the channel. */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              name: string;
              health: {
                /** In words: "throttled since 14:02, 31 waiting, oldest 4 min" */
                summary: string;
                lastInboundAt: string | null;
                /** When the provider last told how a text ended */
                lastReceiptAt: string | null;
                /** When the provider last took a text */
                lastAcceptedAt: string | null;
                /** Texts that have not left yet */
                waiting: number;
                oldestAt: string | null;
                paused: {
                  /** UTC, ISO 8601 with milliseconds */
                  since: string;
                  /** Null: until somebody acts */
                  until: string | null;
                  cause: "database" | "disk" | "worker_stopped" | "no_channel" | "credentials" | "unreachable" | "registration" | "rate_limited" | "budget" | "loop_guard" | "paused_by_user" | "quiet_hours" | null;
                  reason: string;
                } | null;
                /** Requests to its address that were not believed, as far as samples are kept */
                refusedRequests: number;
              };
            };
          };
        };
      };
    };
  };
  "/v1/channels/{id}/refusals": {
    /** Requests to the channel's addresses that were not believed, newest first; a hundred are kept. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
        };
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                /** UTC, ISO 8601 with milliseconds */
                at: string;
                door: string;
                /** Address it came from */
                client: string;
                /** Why it was not believed, as the caller was told */
                reason: string;
                bytes: number;
                contentType: string | null;
                userAgent: string | null;
                /** Its beginning, with all values taken out */
                body: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/commands": {
    /** The log: one row for each text that came in, newest first. A page may hold fewer than `limit` entries although there are more: `nextCursor` tells. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          kind?: string;
          /** Id of an item that was changed */
          item?: string;
          field?: string;
          /** The new value */
          value?: string;
          /** Id of a reporter */
          reporter?: string;
          /** Id of a channel */
          channel?: string;
          outcome?: string;
          /** Status of the reply, or `withheld` */
          replyStatus?: string;
          since?: string;
          until?: string;
          /** Part of the text */
          q?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                /** UTC, ISO 8601 with milliseconds */
                receivedAt: string;
                /** UTC, ISO 8601 with milliseconds */
                savedAt: string;
                text: string;
                from: string;
                reporter: {
                  id: string;
                  name: string;
                } | null;
                reporterTags: (string)[];
                messageId: string;
                channelId: string;
                channelName: string | null;
                channelTags: (string)[];
                provider: string | null;
                providerMessageId: string | null;
                /** How often the provider handed it over */
                deliveries: number;
                keyword: string | null;
                meaning: {
                  keyword: string | null;
                  parts: ({
                    text: string;
                    verb: string | null;
                    hint: string | null;
                    row: number | null;
                    items: (string)[];
                  })[];
                };
                outcome: string;
                changes: ({
                  id: string | null;
                  itemId: string;
                  item: string;
                  kind: string;
                  field: string;
                  from: string | null;
                  to: string | null;
                  reverses: string | null;
                })[];
                undoOf: string | null;
                reply: {
                  messageId: string | null;
                  key: string | null;
                  text: string;
                  segments: number;
                  status: string;
                  statusHistory: ({
                    status: string;
                    at: string;
                  } & { [key: string]: unknown })[];
                  error: unknown | null;
                  attempts: (unknown)[];
                  withheld: string | null;
                } | null;
                timing: {
                  receivedToSavedMs: number;
                  receivedToAcceptedMs: number | null;
                };
                trace: (string)[];
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/commands/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              /** UTC, ISO 8601 with milliseconds */
              receivedAt: string;
              /** UTC, ISO 8601 with milliseconds */
              savedAt: string;
              text: string;
              from: string;
              reporter: {
                id: string;
                name: string;
              } | null;
              reporterTags: (string)[];
              messageId: string;
              channelId: string;
              channelName: string | null;
              channelTags: (string)[];
              provider: string | null;
              providerMessageId: string | null;
              /** How often the provider handed it over */
              deliveries: number;
              keyword: string | null;
              meaning: {
                keyword: string | null;
                parts: ({
                  text: string;
                  verb: string | null;
                  hint: string | null;
                  row: number | null;
                  items: (string)[];
                })[];
              };
              outcome: string;
              changes: ({
                id: string | null;
                itemId: string;
                item: string;
                kind: string;
                field: string;
                from: string | null;
                to: string | null;
                reverses: string | null;
              })[];
              undoOf: string | null;
              reply: {
                messageId: string | null;
                key: string | null;
                text: string;
                segments: number;
                status: string;
                statusHistory: ({
                  status: string;
                  at: string;
                } & { [key: string]: unknown })[];
                error: unknown | null;
                attempts: (unknown)[];
                withheld: string | null;
              } | null;
              timing: {
                receivedToSavedMs: number;
                receivedToAcceptedMs: number | null;
              };
              trace: (string)[];
            };
          };
        };
      };
    };
  };
  "/v1/commands.csv": {
    /** The log as a file, however long. */
    get: {
      parameters: {
        query?: {
          kind?: string;
          /** Id of an item that was changed */
          item?: string;
          field?: string;
          /** The new value */
          value?: string;
          /** Id of a reporter */
          reporter?: string;
          /** Id of a channel */
          channel?: string;
          outcome?: string;
          /** Status of the reply, or `withheld` */
          replyStatus?: string;
          since?: string;
          until?: string;
          /** Part of the text */
          q?: string;
          /** true = cells as they are; else formulas are made harmless */
          raw?: "true" | "false";
        };
      };
      responses: {
        200: {
          content: {
            "text/csv": unknown;
          };
        };
      };
    };
  };
  "/v1/commands/preview": {
    /** What a text would do and why; changes nothing. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /** E.164, e.g. +14155550101 */
            from: string;
            text: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              outcome: string;
              class: string;
              reporter: {
                id: string;
                name: string;
              } | null;
              meaning: { [key: string]: unknown };
              changes: ({
                itemId: string;
                item: string;
                field: string;
                from: string | null;
                to: string | null;
              })[];
              replies: ({
                key: string;
                text: string;
                withheld: string | null;
              })[];
              trace: (string)[];
            };
          };
        };
      };
    };
  };
  "/v1/deliveries": {
    /** Newest first by their events. A page may hold fewer than `limit` although there are more: `nextCursor` tells. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          endpoint?: string;
          state?: "waiting" | "sending" | "held" | "exhausted" | "expired" | "delivered" | "cancelled";
          /** A type, or a beginning such as `message.*` */
          type?: string;
          /** Id of a message */
          message?: string;
          /** When the event came about */
          since?: string;
          /** Before this time */
          until?: string;
          /** What the last try came to, e.g. `timeout_total` */
          code?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                endpointId: string;
                url: string | null;
                eventId: string;
                type: string;
                messageId: string | null;
                /** live, test, or the id of a replay */
                origin: string;
                state: "waiting" | "sending" | "held" | "exhausted" | "expired" | "delivered" | "cancelled";
                tries: number;
                lastAttempt: {
                  number: number | null;
                  /** first, retry, probe, manual, replay, test */
                  kind: string | null;
                  at: string | null;
                  ms: number | null;
                  /** ok, or what went wrong: docs/webhooks.md */
                  code: string | null;
                  /** theirs or ours */
                  fault: string | null;
                  /** HTTP status; null: no answer */
                  status: number | null;
                  text: string | null;
                  /** What followed from it */
                  decision: string | null;
                  /** It ended when somebody else had taken it over */
                  late: boolean;
                  /** Secrets are shown as •••• */
                  request: {
                    url: string;
                    headers: { [key: string]: string };
                  } | null;
                  response: {
                    status: number;
                    headers: { [key: string]: string };
                    body: string;
                  } | null;
                } | null;
                nextTryAt: string | null;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                endedAt: string | null;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/deliveries/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              endpointId: string;
              url: string | null;
              eventId: string;
              type: string;
              messageId: string | null;
              /** live, test, or the id of a replay */
              origin: string;
              state: "waiting" | "sending" | "held" | "exhausted" | "expired" | "delivered" | "cancelled";
              tries: number;
              lastAttempt: {
                number: number | null;
                /** first, retry, probe, manual, replay, test */
                kind: string | null;
                at: string | null;
                ms: number | null;
                /** ok, or what went wrong: docs/webhooks.md */
                code: string | null;
                /** theirs or ours */
                fault: string | null;
                /** HTTP status; null: no answer */
                status: number | null;
                text: string | null;
                /** What followed from it */
                decision: string | null;
                /** It ended when somebody else had taken it over */
                late: boolean;
                /** Secrets are shown as •••• */
                request: {
                  url: string;
                  headers: { [key: string]: string };
                } | null;
                response: {
                  status: number;
                  headers: { [key: string]: string };
                  body: string;
                } | null;
              } | null;
              nextTryAt: string | null;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              endedAt: string | null;
              attempts: ({
                number: number | null;
                /** first, retry, probe, manual, replay, test */
                kind: string | null;
                at: string | null;
                ms: number | null;
                /** ok, or what went wrong: docs/webhooks.md */
                code: string | null;
                /** theirs or ours */
                fault: string | null;
                /** HTTP status; null: no answer */
                status: number | null;
                text: string | null;
                /** What followed from it */
                decision: string | null;
                /** It ended when somebody else had taken it over */
                late: boolean;
                /** Secrets are shown as •••• */
                request: {
                  url: string;
                  headers: { [key: string]: string };
                } | null;
                response: {
                  status: number;
                  headers: { [key: string]: string };
                  body: string;
                } | null;
              })[];
              /** As it was sent last; null body: not known yet, or no longer kept */
              request: {
                url: string | null;
                headers: { [key: string]: string };
                body: string | null;
              };
              /** Where the endpoint keeps order */
              sequence: number | null;
              event: {
                id: string;
                type: string;
                /** UTC, ISO 8601 with milliseconds */
                timestamp: string;
                data: unknown;
              } | null;
            };
          };
        };
      };
    };
  };
  "/v1/deliveries/{id}/retry": {
    /** Tries it once more at once, past its schedule and a pause of the endpoint. As often as wanted. */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              endpointId: string;
              url: string | null;
              eventId: string;
              type: string;
              messageId: string | null;
              /** live, test, or the id of a replay */
              origin: string;
              state: "waiting" | "sending" | "held" | "exhausted" | "expired" | "delivered" | "cancelled";
              tries: number;
              lastAttempt: {
                number: number | null;
                /** first, retry, probe, manual, replay, test */
                kind: string | null;
                at: string | null;
                ms: number | null;
                /** ok, or what went wrong: docs/webhooks.md */
                code: string | null;
                /** theirs or ours */
                fault: string | null;
                /** HTTP status; null: no answer */
                status: number | null;
                text: string | null;
                /** What followed from it */
                decision: string | null;
                /** It ended when somebody else had taken it over */
                late: boolean;
                /** Secrets are shown as •••• */
                request: {
                  url: string;
                  headers: { [key: string]: string };
                } | null;
                response: {
                  status: number;
                  headers: { [key: string]: string };
                  body: string;
                } | null;
              } | null;
              nextTryAt: string | null;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              endedAt: string | null;
              attempts: ({
                number: number | null;
                /** first, retry, probe, manual, replay, test */
                kind: string | null;
                at: string | null;
                ms: number | null;
                /** ok, or what went wrong: docs/webhooks.md */
                code: string | null;
                /** theirs or ours */
                fault: string | null;
                /** HTTP status; null: no answer */
                status: number | null;
                text: string | null;
                /** What followed from it */
                decision: string | null;
                /** It ended when somebody else had taken it over */
                late: boolean;
                /** Secrets are shown as •••• */
                request: {
                  url: string;
                  headers: { [key: string]: string };
                } | null;
                response: {
                  status: number;
                  headers: { [key: string]: string };
                  body: string;
                } | null;
              })[];
              /** As it was sent last; null body: not known yet, or no longer kept */
              request: {
                url: string | null;
                headers: { [key: string]: string };
                body: string | null;
              };
              /** Where the endpoint keeps order */
              sequence: number | null;
              event: {
                id: string;
                type: string;
                /** UTC, ISO 8601 with milliseconds */
                timestamp: string;
                data: unknown;
              } | null;
            };
          };
        };
      };
    };
  };
  "/v1/replays": {
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          endpoint?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                kind: "replay";
                endpointId: string;
                /** UTC, ISO 8601 with milliseconds */
                since: string;
                /** UTC, ISO 8601 with milliseconds */
                until: string;
                types: (string)[];
                states: "exhausted" | "all" | "missing";
                rate: number;
                /** done: all of it is queued */
                state: "running" | "done" | "cancelled" | "failed";
                /** Events it is about; null: not counted yet */
                matched: number | null;
                queued: number;
                delivered: number;
                waiting: number;
                /** Given up after all tries */
                failed: number;
                skipped: number;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                finishedAt: string | null;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/replays/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              kind: "replay";
              endpointId: string;
              /** UTC, ISO 8601 with milliseconds */
              since: string;
              /** UTC, ISO 8601 with milliseconds */
              until: string;
              types: (string)[];
              states: "exhausted" | "all" | "missing";
              rate: number;
              /** done: all of it is queued */
              state: "running" | "done" | "cancelled" | "failed";
              /** Events it is about; null: not counted yet */
              matched: number | null;
              queued: number;
              delivered: number;
              waiting: number;
              /** Given up after all tries */
              failed: number;
              skipped: number;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              finishedAt: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/replays/{id}/cancel": {
    /** Queues nothing more and cancels what still waits of it. */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              kind: "replay";
              endpointId: string;
              /** UTC, ISO 8601 with milliseconds */
              since: string;
              /** UTC, ISO 8601 with milliseconds */
              until: string;
              types: (string)[];
              states: "exhausted" | "all" | "missing";
              rate: number;
              /** done: all of it is queued */
              state: "running" | "done" | "cancelled" | "failed";
              /** Events it is about; null: not counted yet */
              matched: number | null;
              queued: number;
              delivered: number;
              waiting: number;
              /** Given up after all tries */
              failed: number;
              skipped: number;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              finishedAt: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/jobs/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              kind: "replay";
              endpointId: string;
              /** UTC, ISO 8601 with milliseconds */
              since: string;
              /** UTC, ISO 8601 with milliseconds */
              until: string;
              types: (string)[];
              states: "exhausted" | "all" | "missing";
              rate: number;
              /** done: all of it is queued */
              state: "running" | "done" | "cancelled" | "failed";
              /** Events it is about; null: not counted yet */
              matched: number | null;
              queued: number;
              delivered: number;
              waiting: number;
              /** Given up after all tries */
              failed: number;
              skipped: number;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              finishedAt: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/endpoints": {
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          source?: "endpoint" | "forward_all" | "rule" | "integration" | "callback";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                /** endpoint: made by a person; the others belong to what they are named after */
                source: "endpoint" | "forward_all" | "rule" | "integration" | "callback";
                sourceId: string | null;
                url: string;
                types: (string)[];
                channelIds: (string)[];
                format: string;
                formatOptions: { [key: string]: unknown };
                enabled: boolean;
                /** by_user, gone, failing_5_days */
                disabledReason: string | null;
                rate: number | null;
                concurrency: number;
                timeoutMs: number;
                schedule: (number)[] | null;
                ordering: "none" | "key" | "endpoint";
                onExhausted: "hold" | "skip";
                signing: "v1" | "v1a" | "both";
                /** Values are shown as •••• */
                headers: { [key: string]: string };
                secretSet: boolean;
                /** `whpk_…`: what `v1a` is checked with */
                publicKey: string | null;
                /** Those that sign now, newest first */
                secrets: ({
                  id: string;
                  kind: string;
                  /** UTC, ISO 8601 with milliseconds */
                  createdAt: string;
                  validUntil: string | null;
                })[];
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                /** UTC, ISO 8601 with milliseconds */
                updatedAt: string;
                /** Its state, as the ETag; send it as `If-Match` with a change */
                revision: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
    /** The secret is in this answer and nowhere else. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            url: string;
            /** Types of events, beginnings such as `message.*`, or `*`. With format "mobiniti": one kind */
            types?: (string)[];
            /** Only what came by these channels; empty: by any */
            channelIds?: (string)[];
            /** How events are written down; `signalbox` is our own */
            format?: string;
            /** What only some formats know */
            formatOptions?: {
              /** mobiniti, inbound: only texts that nothing else answered */
              unknownOnly?: boolean;
              /** mobiniti, bounce: from so many bounces on */
              threshold?: number;
            };
            enabled?: boolean;
            /** Requests a second; null: no limit */
            rate?: number | null;
            /** Requests at once */
            concurrency?: number;
            /** Longest wait for an answer; over 30 s only with format mobiniti */
            timeoutMs?: number;
            /** Waits before the second and later tries, seconds; null: the usual */
            schedule?: (number)[] | null;
            /** key: one after the other for each contact or item; endpoint: all of them */
            ordering?: "none" | "key" | "endpoint";
            /** In order: what becomes of the rest when one is given up */
            onExhausted?: "hold" | "skip";
            /** v1: HMAC; v1a: Ed25519 */
            signing?: "v1" | "v1a" | "both";
            /** Headers of your own, shown as ••••; null takes one away */
            headers?: { [key: string]: string | null };
            /** One of your own (`whsec_` and Base64, `whsk_` and Base64, or any text); null: sign nothing */
            secret?: string | null;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              /** endpoint: made by a person; the others belong to what they are named after */
              source: "endpoint" | "forward_all" | "rule" | "integration" | "callback";
              sourceId: string | null;
              url: string;
              types: (string)[];
              channelIds: (string)[];
              format: string;
              formatOptions: { [key: string]: unknown };
              enabled: boolean;
              /** by_user, gone, failing_5_days */
              disabledReason: string | null;
              rate: number | null;
              concurrency: number;
              timeoutMs: number;
              schedule: (number)[] | null;
              ordering: "none" | "key" | "endpoint";
              onExhausted: "hold" | "skip";
              signing: "v1" | "v1a" | "both";
              /** Values are shown as •••• */
              headers: { [key: string]: string };
              secretSet: boolean;
              /** `whpk_…`: what `v1a` is checked with */
              publicKey: string | null;
              /** Those that sign now, newest first */
              secrets: ({
                id: string;
                kind: string;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                validUntil: string | null;
              })[];
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
              /** `whsec_…`, shown this once; null: there is none */
              secret: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/endpoints/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              /** endpoint: made by a person; the others belong to what they are named after */
              source: "endpoint" | "forward_all" | "rule" | "integration" | "callback";
              sourceId: string | null;
              url: string;
              types: (string)[];
              channelIds: (string)[];
              format: string;
              formatOptions: { [key: string]: unknown };
              enabled: boolean;
              /** by_user, gone, failing_5_days */
              disabledReason: string | null;
              rate: number | null;
              concurrency: number;
              timeoutMs: number;
              schedule: (number)[] | null;
              ordering: "none" | "key" | "endpoint";
              onExhausted: "hold" | "skip";
              signing: "v1" | "v1a" | "both";
              /** Values are shown as •••• */
              headers: { [key: string]: string };
              secretSet: boolean;
              /** `whpk_…`: what `v1a` is checked with */
              publicKey: string | null;
              /** Those that sign now, newest first */
              secrets: ({
                id: string;
                kind: string;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                validUntil: string | null;
              })[];
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
    /** A corrected address serves at once what waits. Disabled, deliveries are held; enabled again, they leave or are discarded as `release` says. `secret` replaces the old one at once. */
    patch: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            url?: string;
            /** Types of events, beginnings such as `message.*`, or `*`. With format "mobiniti": one kind */
            types?: (string)[];
            /** Only what came by these channels; empty: by any */
            channelIds?: (string)[];
            /** How events are written down; `signalbox` is our own */
            format?: string;
            /** What only some formats know */
            formatOptions?: {
              /** mobiniti, inbound: only texts that nothing else answered */
              unknownOnly?: boolean;
              /** mobiniti, bounce: from so many bounces on */
              threshold?: number;
            };
            enabled?: boolean;
            /** Requests a second; null: no limit */
            rate?: number | null;
            /** Requests at once */
            concurrency?: number;
            /** Longest wait for an answer; over 30 s only with format mobiniti */
            timeoutMs?: number;
            /** Waits before the second and later tries, seconds; null: the usual */
            schedule?: (number)[] | null;
            /** key: one after the other for each contact or item; endpoint: all of them */
            ordering?: "none" | "key" | "endpoint";
            /** In order: what becomes of the rest when one is given up */
            onExhausted?: "hold" | "skip";
            /** v1: HMAC; v1a: Ed25519 */
            signing?: "v1" | "v1a" | "both";
            /** Headers of your own, shown as ••••; null takes one away */
            headers?: { [key: string]: string | null };
            /** One of your own (`whsec_` and Base64, `whsk_` and Base64, or any text); null: sign nothing */
            secret?: string | null;
            /** On enabling: what becomes of what was held meanwhile; send is the usual */
            release?: "send" | "discard";
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              /** endpoint: made by a person; the others belong to what they are named after */
              source: "endpoint" | "forward_all" | "rule" | "integration" | "callback";
              sourceId: string | null;
              url: string;
              types: (string)[];
              channelIds: (string)[];
              format: string;
              formatOptions: { [key: string]: unknown };
              enabled: boolean;
              /** by_user, gone, failing_5_days */
              disabledReason: string | null;
              rate: number | null;
              concurrency: number;
              timeoutMs: number;
              schedule: (number)[] | null;
              ordering: "none" | "key" | "endpoint";
              onExhausted: "hold" | "skip";
              signing: "v1" | "v1a" | "both";
              /** Values are shown as •••• */
              headers: { [key: string]: string };
              secretSet: boolean;
              /** `whpk_…`: what `v1a` is checked with */
              publicKey: string | null;
              /** Those that sign now, newest first */
              secrets: ({
                id: string;
                kind: string;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                validUntil: string | null;
              })[];
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
              secret?: string | null;
            };
          };
        };
      };
    };
    /** Cancels what has not left. */
    delete: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
    };
  };
  "/v1/endpoints/{id}/rotate-secret": {
    /** Makes a new secret; the old one signs too until the overlap ends. `X-MAC-Signature`, which holds one signature, stays with the old one until then, or until `switchNow`. Callbacks share one secret. */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            /** How long the old secret signs too; 0: not at all */
            overlapHours?: number;
            /** Your own instead of a made one */
            secret?: string;
            /** Makes no new one: ends the old ones now */
            switchNow?: boolean;
          } | null;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** `whsec_…`, shown this once */
              secret: string | null;
              /** `whpk_…`, where `v1a` signs */
              publicKey: string | null;
              secretId: string | null;
              /** Until then the old secret signs too; null: it ended */
              oldValidUntil: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/endpoints/{id}/test": {
    /** Sends `webhook.test` to this endpoint alone and answers how the try went. */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              deliveryId: string;
              ok: boolean;
              /** Null: it was not tried in time; look at the delivery later */
              attempt: {
                number: number | null;
                /** first, retry, probe, manual, replay, test */
                kind: string | null;
                at: string | null;
                ms: number | null;
                /** ok, or what went wrong: docs/webhooks.md */
                code: string | null;
                /** theirs or ours */
                fault: string | null;
                /** HTTP status; null: no answer */
                status: number | null;
                text: string | null;
                /** What followed from it */
                decision: string | null;
                /** It ended when somebody else had taken it over */
                late: boolean;
                /** Secrets are shown as •••• */
                request: {
                  url: string;
                  headers: { [key: string]: string };
                } | null;
                response: {
                  status: number;
                  headers: { [key: string]: string };
                  body: string;
                } | null;
              } | null;
            };
          };
        };
      };
    };
  };
  "/v1/endpoints/{id}/replay": {
    /** Sends old events again, at its own pace, beside what is new. */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            since: string;
            /** Left out: now */
            until?: string | null;
            /** Left out: the endpoint's own */
            types?: (string)[];
            /** exhausted: given up; missing: those that never had a delivery here */
            states?: "exhausted" | "all" | "missing";
            /** Deliveries a second */
            rate?: number;
          };
        };
      };
      responses: {
        202: {
          content: {
            "application/json": {
              id: string;
              kind: "replay";
              endpointId: string;
              /** UTC, ISO 8601 with milliseconds */
              since: string;
              /** UTC, ISO 8601 with milliseconds */
              until: string;
              types: (string)[];
              states: "exhausted" | "all" | "missing";
              rate: number;
              /** done: all of it is queued */
              state: "running" | "done" | "cancelled" | "failed";
              /** Events it is about; null: not counted yet */
              matched: number | null;
              queued: number;
              delivered: number;
              waiting: number;
              /** Given up after all tries */
              failed: number;
              skipped: number;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              finishedAt: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/endpoints/{id}/health": {
    /** How it is doing, and what keeps deliveries from leaving, in words. */
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              endpointId: string;
              state: "disabled" | "paused" | "blocked" | "failing" | "working" | "idle";
              /** In words: "paused since 14:02: 5 failures in a row (connection refused), 31 waiting, next try 14:07" */
              summary: string;
              /** Not sent yet, counted up to 10,000; the same for the next four */
              waiting: number;
              sending: number;
              /** Kept until the endpoint is enabled */
              held: number;
              /** Given up after all tries; to be retried or replayed */
              exhausted: number;
              expired: number;
              oldestAt: string | null;
              nextTryAt: string | null;
              paused: {
                /** UTC, ISO 8601 with milliseconds */
                since: string;
                /** UTC, ISO 8601 with milliseconds */
                until: string;
                reason: string;
              } | null;
              /** In a row */
              failures: number;
              /** Nothing but failure since */
              failingSince: string | null;
              lastSuccessAt: string | null;
              lastFailedAt: string | null;
              lastError: {
                code: string;
                status: number | null;
                text: string;
                /** UTC, ISO 8601 with milliseconds */
                at: string;
              } | null;
              /** How long its answers usually take */
              typicalMs: number | null;
            };
          };
        };
      };
    };
  };
  "/v1/events": {
    /** Newest first. A page may hold fewer than `limit` entries although there are more: `nextCursor` tells. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          /** One or more types, with commas between: exact, or a beginning such as `message.*` */
          type?: string;
          since?: string;
          until?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                type: string;
                /** UTC, ISO 8601 with milliseconds */
                timestamp: string;
                tenantId: string;
                data: unknown;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/events/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              type: string;
              /** UTC, ISO 8601 with milliseconds */
              timestamp: string;
              tenantId: string;
              data: unknown;
            };
          };
        };
      };
    };
  };
  "/v1/events/stream": {
    /** Server-sent events: each has the id, the type as its name and the event as its data. `Last-Event-ID` (header, or `lastEventId`) replays what came after that event, in the order of commits. */
    get: {
      parameters: {
        query?: {
          /** One or more types, with commas between: exact, or a beginning such as `message.*` */
          type?: string;
          lastEventId?: string;
        };
      };
      responses: {
        200: {
          content: {
            "text/event-stream": string;
          };
        };
      };
    };
  };
  "/v1/guards/trips": {
    /** What the guards held back, newest first. A page may hold fewer than `limit` entries although there are more: `nextCursor` tells. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          /** E.164, e.g. +14155550101 */
          phone?: string;
          rule?: "L1" | "L2" | "L3" | "L4" | "L5" | "L9" | "L10";
          /** true = those that still hold something back */
          open?: "true" | "false";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                /** UTC, ISO 8601 with milliseconds */
                at: string;
                /** When it held something back last */
                lastAt: string;
                /** As in docs/guards.md */
                rule: "L1" | "L2" | "L3" | "L4" | "L5" | "L9" | "L10";
                channelId: string | null;
                /** Our address; `*` is all of them together; `rule:` and its id, a rule */
                address: string;
                /** Null for a budget */
                phone: string | null;
                counter: number;
                limit: number;
                /** Fingerprint of the text */
                textHash: number | null;
                /** text = it was recorded and not processed */
                withheld: "reply" | "text";
                /** How often it held something back */
                times: number;
                /** Whether an `alert` event told of it */
                told: boolean;
                /** When it ends by itself */
                endsAt: string;
                releasedAt: string | null;
                open: boolean;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/guards/budgets": {
    /** What left today, and how far each budget is used. */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              /** Today in the board's time zone */
              day: string;
              timeZone: string;
              data: ({
                /** `*` is all of them together; `rule:` and its id, what a rule sent */
                address: string;
                /** Of the rule; null for addresses */
                name: string | null;
                /** What left today; up to a second late */
                segments: number;
                money: number;
                /** Of the budget that is nearer to its end; null = none */
                limit: number | null;
                unit: "segments" | "money" | null;
                percent: number | null;
                /** Lifted for today */
                released: boolean;
              })[];
            };
          };
        };
      };
    };
  };
  "/v1/guards/trips/{id}/release": {
    /** Lets go: all counters of this conversation begin anew; a budget is lifted for the day. */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
              /** When it held something back last */
              lastAt: string;
              /** As in docs/guards.md */
              rule: "L1" | "L2" | "L3" | "L4" | "L5" | "L9" | "L10";
              channelId: string | null;
              /** Our address; `*` is all of them together; `rule:` and its id, a rule */
              address: string;
              /** Null for a budget */
              phone: string | null;
              counter: number;
              limit: number;
              /** Fingerprint of the text */
              textHash: number | null;
              /** text = it was recorded and not processed */
              withheld: "reply" | "text";
              /** How often it held something back */
              times: number;
              /** Whether an `alert` event told of it */
              told: boolean;
              /** When it ends by itself */
              endsAt: string;
              releasedAt: string | null;
              open: boolean;
            };
          };
        };
      };
    };
  };
  "/v1/health": {
    /** What keeps texts and webhooks from moving, worst first. Empty: nothing does. */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                cause: "database" | "disk" | "worker_stopped" | "no_channel" | "credentials" | "unreachable" | "registration" | "rate_limited" | "budget" | "loop_guard" | "paused_by_user" | "quiet_hours";
                object: {
                  kind: "channel" | "receipts" | "door" | "address" | "endpoint" | "account" | "inbox" | "program";
                  id: string;
                  name: string;
                };
                since: string | null;
                /** Texts it keeps from leaving */
                waiting: number;
                oldestAt: string | null;
                /** Null: it does not go away by itself */
                nextTryAt: string | null;
                /** "channel Telnyx: throttled since 14:02, 31 waiting, oldest 4 min. Next try 14:07." */
                text: string;
                /** What to do */
                step: string;
                /** `POST /v1/channels/{id}/{action}` of the object may help */
                action: "test" | "resume" | null;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/ingress": {
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                name: string;
                preset: string;
                toPath: string;
                textPath: string;
                refPath: string;
                signingHeader: string;
                /** false: whoever knows the address may post */
                signingSecretSet: boolean;
                outboundUrl: string | null;
                outboundEndpointId: string | null;
                mirror: "all" | "replies";
                refIsKey: boolean;
                channelId: string | null;
                country: string | null;
                enabled: boolean;
                /** The last four characters of its address */
                tokenHint: string;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                /** UTC, ISO 8601 with milliseconds */
                updatedAt: string;
                /** Its state, as the ETag; send it as `If-Match` with a change */
                revision: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
    /** The address to post to, and the secret of `outboundUrl`, are in this answer only. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            name: string;
            preset?: "generic";
            /** Where the number is; left out: as the preset says */
            toPath?: string | null;
            /** Where the text is */
            textPath?: string | null;
            /** Where a reference of yours is */
            refPath?: string | null;
            /** Posts must then be signed: HMAC-SHA256 of the raw body; null removes it */
            signingSecret?: string | null;
            /** Where `sha256=<hex>` stands; usually X-Webhook-Signature */
            signingHeader?: string | null;
            /** Texts that come in are sent there; null: nowhere */
            outboundUrl?: string | null;
            /** replies: only answers to its own texts */
            mirror?: "all" | "replies";
            /** A reference is sent once a day, however often it is posted */
            refIsKey?: boolean;
            /** The channel to send from; else we choose */
            channelId?: string | null;
            /** Numbers may then be written as in this country */
            country?: string | null;
            enabled?: boolean;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              name: string;
              preset: string;
              toPath: string;
              textPath: string;
              refPath: string;
              signingHeader: string;
              /** false: whoever knows the address may post */
              signingSecretSet: boolean;
              outboundUrl: string | null;
              outboundEndpointId: string | null;
              mirror: "all" | "replies";
              refIsKey: boolean;
              channelId: string | null;
              country: string | null;
              enabled: boolean;
              /** The last four characters of its address */
              tokenHint: string;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
              /** `ig_…` */
              token?: string;
              /** Post there */
              url?: string;
              /** What is sent to `outboundUrl` is signed with it */
              outboundSecret?: string;
            };
          };
        };
      };
    };
  };
  "/v1/ingress/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              name: string;
              preset: string;
              toPath: string;
              textPath: string;
              refPath: string;
              signingHeader: string;
              /** false: whoever knows the address may post */
              signingSecretSet: boolean;
              outboundUrl: string | null;
              outboundEndpointId: string | null;
              mirror: "all" | "replies";
              refIsKey: boolean;
              channelId: string | null;
              country: string | null;
              enabled: boolean;
              /** The last four characters of its address */
              tokenHint: string;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
    /** Paths that are left out go back to what the preset says; everything else stays. */
    put: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            /** A label, e.g. "Order system" */
            name?: string;
            preset?: "generic";
            /** Where the number is; left out: as the preset says */
            toPath?: string | null;
            /** Where the text is */
            textPath?: string | null;
            /** Where a reference of yours is */
            refPath?: string | null;
            /** Posts must then be signed: HMAC-SHA256 of the raw body; null removes it */
            signingSecret?: string | null;
            /** Where `sha256=<hex>` stands; usually X-Webhook-Signature */
            signingHeader?: string | null;
            /** Texts that come in are sent there; null: nowhere */
            outboundUrl?: string | null;
            /** replies: only answers to its own texts */
            mirror?: "all" | "replies";
            /** A reference is sent once a day, however often it is posted */
            refIsKey?: boolean;
            /** The channel to send from; else we choose */
            channelId?: string | null;
            /** Numbers may then be written as in this country */
            country?: string | null;
            enabled?: boolean;
            /** Makes a new address; the old one is dead at once */
            rotateToken?: boolean;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              name: string;
              preset: string;
              toPath: string;
              textPath: string;
              refPath: string;
              signingHeader: string;
              /** false: whoever knows the address may post */
              signingSecretSet: boolean;
              outboundUrl: string | null;
              outboundEndpointId: string | null;
              mirror: "all" | "replies";
              refIsKey: boolean;
              channelId: string | null;
              country: string | null;
              enabled: boolean;
              /** The last four characters of its address */
              tokenHint: string;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
              /** `ig_…` */
              token?: string;
              /** Post there */
              url?: string;
              /** What is sent to `outboundUrl` is signed with it */
              outboundSecret?: string;
            };
          };
        };
      };
    };
    delete: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
    };
  };
  "/v1/ingress/{id}/posts": {
    /** The last 20 posts, newest first, with the values found. */
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                /** UTC, ISO 8601 with milliseconds */
                at: string;
                status: number;
                error: string | null;
                /** What was found at the paths */
                found: { [key: string]: string | null };
                messageId: string | null;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/team/invitations": {
    /** Those that nobody has taken up yet, newest first. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                email: string;
                role: "owner" | "admin" | "operator" | "viewer";
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                /** UTC, ISO 8601 with milliseconds */
                expiresAt: string;
                expired: boolean;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
    /** A link that makes somebody a member, once, within 7 days. A new one to the same address replaces the one before. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            email: string;
            role: "owner" | "admin" | "operator" | "viewer";
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              email: string;
              role: "owner" | "admin" | "operator" | "viewer";
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              expiresAt: string;
              expired: boolean;
              /** Shown this once; whoever opens it joins */
              link: string;
              /** Whether it goes out by mail as well */
              mailed: boolean;
            };
          };
        };
      };
    };
  };
  "/v1/team/invitations/{id}": {
    delete: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
    };
  };
  "/v1/keys": {
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                name: string;
                /** owner and admin: all; operator: no set-up; viewer: reads, but no people's texts */
                role: "owner" | "admin" | "operator" | "viewer";
                /** The last four characters */
                hint: string;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                lastUsedAt: string | null;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            name: string;
            role?: "owner" | "admin" | "operator" | "viewer";
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              name: string;
              /** owner and admin: all; operator: no set-up; viewer: reads, but no people's texts */
              role: "owner" | "admin" | "operator" | "viewer";
              /** The last four characters */
              hint: string;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              lastUsedAt: string | null;
              /** Shown this once */
              key: string;
            };
          };
        };
      };
    };
  };
  "/v1/keys/{id}": {
    delete: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
    };
  };
  "/v1/me": {
    /** Who is calling, and where. */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              /** A person who is signed in, or an API key */
              kind: "user" | "key";
              id: string;
              name: string;
              /** null for a key */
              email: string | null;
              role: "owner" | "admin" | "operator" | "viewer";
              /** Whether this person's sign-in asks for a second factor */
              twoFactor: boolean;
              tenant: {
                id: string;
                name: string;
                slug: string;
                /** null = nobody has chosen one, and UTC is used */
                timeZone: string | null;
              };
              /** Of Signalbox */
              version: string;
              /** Base of the addresses that providers call */
              publicUrl: string;
            };
          };
        };
      };
    };
  };
  "/v1/media/{id}": {
    /** The file itself, with its own content type. `not_found` with the reason in words while it is being fetched, and when it was refused, could not be had, or is no longer kept. */
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "/v1/mails": {
    /** Mails that rules and notices asked for, with every attempt to hand them over; newest first. A page may hold fewer than `limit` entries although there are more: `nextCursor` tells. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          state?: "waiting" | "sent" | "failed";
          /** Id of a rule */
          rule?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                to: string;
                subject: string;
                body: string;
                state: "waiting" | "sent" | "failed";
                attempts: ({
                  /** UTC, ISO 8601 with milliseconds */
                  at: string;
                  outcome: "accepted" | "refused" | "unreachable" | "not_set_up";
                  /** Of the mail server; null = none was heard */
                  code: number | null;
                  text: string;
                })[];
                /** When it is tried next; null = it is over */
                nextAt: string | null;
                /** What caused it: `rule`, or the type of an event */
                event: string;
                ruleId: string | null;
                messageId: string | null;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/messages": {
    /** To somebody who has opted out a person who is signed in is answered 409 `opted_out`. A program is answered 202; the text fails when it is about to leave. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /** E.164, e.g. +14155550101 */
            to: string;
            text: string;
            /** Your own reference; comes back in answers and webhooks */
            ref?: string | null;
            /** Hears what becomes of this text; signed like every webhook */
            callback?: string | null;
            channel?: "sms" | null;
            /** The channel to send from; else we choose */
            channelId?: string | null;
            /** Replace typographic characters that make a text cost double, but not in links or codes. `false` leaves the text as it is; left out, the settings `texts` decide. Accents follow `texts.dropAccents` */
            substitute?: boolean | null;
            /** Files that go with the text (MMS), where the channel can; the provider fetches them from there */
            mediaUrls?: (string)[];
            /** Not before this time, at most 30 days ahead */
            sendAt?: string | null;
            /** How long it may wait when no channel can take it now; left out, the settings say */
            queueSeconds?: number | null;
          };
        };
      };
      responses: {
        202: {
          content: {
            "application/json": {
              id: string;
              status: "queued";
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              channelId: string;
              ref?: string;
              /** When it may leave, where a time was asked for */
              sendAt?: string;
              /** What callbacks of this account are signed with: shown by the first message that has one */
              callbackSecret?: string;
            };
          };
        };
      };
    };
    /** Newest first. A page may hold fewer than `limit` messages although there are more: `nextCursor` tells. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          direction?: "in" | "out";
          status?: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
          /** Id of a channel */
          channel?: string;
          /** Id of a contact */
          contact?: string;
          /** The person's number, whoever sent the text */
          phone?: string;
          /** E.164, e.g. +14155550101 */
          from?: string;
          /** E.164, e.g. +14155550101 */
          to?: string;
          /** Part of the text, whatever its case */
          text?: string;
          since?: string;
          /** Before this time */
          until?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                direction: "in" | "out";
                channelId: string;
                from: string;
                to: string;
                text: string;
                media: ({
                  /** Null: not kept by us */
                  id: string | null;
                  /** Of a text that came in: here, with your API key */
                  url: string;
                  contentType: string | null;
                  bytes: number | null;
                  state: "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";
                  /** Why it was refused or failed */
                  reason: string | null;
                })[];
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                segments: number;
                /** As the provider counted them, where it says so */
                providerSegments: number | null;
                encoding: string;
                status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                /** `uncertain`: no clear answer came. `unconfirmed`: no receipt in time */
                flags: (string)[];
                statusHistory: ({
                  status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                  /** UTC, ISO 8601 with milliseconds */
                  at: string;
                  /** Queued for then */
                  sendAt?: string;
                  /** The provider's own code */
                  code?: string;
                  /** In words */
                  text?: string;
                  /** Of a long text: "2/3" */
                  part?: string;
                  /** It came too late to change the status */
                  ignored?: true;
                })[];
                /** One line for each try to send it */
                attempts: ({ [key: string]: unknown })[];
                error: {
                  code: string;
                  providerCode: string | null;
                  text: string;
                  fault: string;
                } | null;
                ref: string | null;
                contactId: string | null;
                commandId: string | null;
                ruleId: string | null;
                /** Of a reaction such as "Liked …": the message that it quotes */
                reactionTo?: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/messages/preview": {
    /** What a text would be when it leaves, and its segments. Changes nothing. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /** May be empty */
            text: string;
            /** The channel it would leave by; else the default one */
            channelId?: string | null;
            /** Replace typographic characters that make a text cost double, but not in links or codes. `false` leaves the text as it is; left out, the settings `texts` decide. Accents follow `texts.dropAccents` */
            substitute?: boolean | null;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** As it would be sent */
              text: string;
              encoding: "GSM-7" | "UCS-2";
              segments: number;
              /** Septets (GSM-7) or UTF-16 units (UCS-2) */
              units: number;
              /** What still fits into the last segment */
              unitsLeft: number;
              changed: ({
                /** Where `to` begins in the answered `text`, in UTF-16 units from 0 */
                at: number;
                from: string;
                /** Empty: it was left out */
                to: string;
              })[];
              /** The first character that makes the text UCS-2 */
              forcedBy: {
                character: string;
                /** Where it is in the answered `text`, in UTF-16 units from 0 */
                at: number;
              } | null;
              maxSegments: number;
              tooLong: boolean;
            };
          };
        };
      };
    };
  };
  "/v1/messages/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              direction: "in" | "out";
              channelId: string;
              from: string;
              to: string;
              text: string;
              media: ({
                /** Null: not kept by us */
                id: string | null;
                /** Of a text that came in: here, with your API key */
                url: string;
                contentType: string | null;
                bytes: number | null;
                state: "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";
                /** Why it was refused or failed */
                reason: string | null;
              })[];
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              segments: number;
              /** As the provider counted them, where it says so */
              providerSegments: number | null;
              encoding: string;
              status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
              /** `uncertain`: no clear answer came. `unconfirmed`: no receipt in time */
              flags: (string)[];
              statusHistory: ({
                status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                /** UTC, ISO 8601 with milliseconds */
                at: string;
                /** Queued for then */
                sendAt?: string;
                /** The provider's own code */
                code?: string;
                /** In words */
                text?: string;
                /** Of a long text: "2/3" */
                part?: string;
                /** It came too late to change the status */
                ignored?: true;
              })[];
              /** One line for each try to send it */
              attempts: ({ [key: string]: unknown })[];
              error: {
                code: string;
                providerCode: string | null;
                text: string;
                fault: string;
              } | null;
              ref: string | null;
              contactId: string | null;
              commandId: string | null;
              ruleId: string | null;
              /** Of a reaction such as "Liked …": the message that it quotes */
              reactionTo?: string;
            };
          };
        };
      };
    };
  };
  "/v1/messages/{id}/cancel": {
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              direction: "in" | "out";
              channelId: string;
              from: string;
              to: string;
              text: string;
              media: ({
                /** Null: not kept by us */
                id: string | null;
                /** Of a text that came in: here, with your API key */
                url: string;
                contentType: string | null;
                bytes: number | null;
                state: "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";
                /** Why it was refused or failed */
                reason: string | null;
              })[];
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              segments: number;
              /** As the provider counted them, where it says so */
              providerSegments: number | null;
              encoding: string;
              status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
              /** `uncertain`: no clear answer came. `unconfirmed`: no receipt in time */
              flags: (string)[];
              statusHistory: ({
                status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                /** UTC, ISO 8601 with milliseconds */
                at: string;
                /** Queued for then */
                sendAt?: string;
                /** The provider's own code */
                code?: string;
                /** In words */
                text?: string;
                /** Of a long text: "2/3" */
                part?: string;
                /** It came too late to change the status */
                ignored?: true;
              })[];
              /** One line for each try to send it */
              attempts: ({ [key: string]: unknown })[];
              error: {
                code: string;
                providerCode: string | null;
                text: string;
                fault: string;
              } | null;
              ref: string | null;
              contactId: string | null;
              commandId: string | null;
              ruleId: string | null;
              /** Of a reaction such as "Liked …": the message that it quotes */
              reactionTo?: string;
            };
          };
        };
      };
    };
  };
  "/v1/reporters": {
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          active?: "true" | "false";
          /** E.164, e.g. +14155550101 */
          phone?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                name: string;
                phones: (string)[];
                permissions: (string)[];
                confirmation: "immediate" | "two_step" | null;
                undoWindowSeconds: number | null;
                active: boolean;
                tags: (string)[];
                pinSet: boolean;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                /** UTC, ISO 8601 with milliseconds */
                updatedAt: string;
                /** Its state, as the ETag; send it as `If-Match` with a change */
                revision: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            name: string;
            phones: (string)[];
            /** The union counts; an empty list means no changes */
            permissions?: (string)[];
            /** null = as the settings say */
            confirmation?: "immediate" | "two_step" | null;
            /** null = as the settings say */
            undoWindowSeconds?: number | null;
            active?: boolean;
            tags?: (string)[];
            /** Never shown again; null takes it away */
            pin?: string | null;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              name: string;
              phones: (string)[];
              permissions: (string)[];
              confirmation: "immediate" | "two_step" | null;
              undoWindowSeconds: number | null;
              active: boolean;
              tags: (string)[];
              pinSet: boolean;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
  };
  "/v1/reporters/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              name: string;
              phones: (string)[];
              permissions: (string)[];
              confirmation: "immediate" | "two_step" | null;
              undoWindowSeconds: number | null;
              active: boolean;
              tags: (string)[];
              pinSet: boolean;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
    patch: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            name?: string;
            phones?: (string)[];
            /** The union counts; an empty list means no changes */
            permissions?: (string)[];
            /** null = as the settings say */
            confirmation?: "immediate" | "two_step" | null;
            /** null = as the settings say */
            undoWindowSeconds?: number | null;
            active?: boolean;
            tags?: (string)[];
            /** Never shown again; null takes it away */
            pin?: string | null;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              name: string;
              phones: (string)[];
              permissions: (string)[];
              confirmation: "immediate" | "two_step" | null;
              undoWindowSeconds: number | null;
              active: boolean;
              tags: (string)[];
              pinSet: boolean;
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
    delete: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
    };
  };
  "/v1/rules": {
    /** In the order in which they are asked. */
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                name: string;
                priority: number;
                enabled: boolean;
                match: {
                  type: "contains" | "exact" | "regex" | "any";
                  pattern: string;
                  wholeWord: boolean;
                };
                from: string | null;
                channelId: string | null;
                cooldownSeconds: number;
                shortCodes: boolean;
                actions: ({
                  type: string;
                  /** Of actions that call an address: its endpoint */
                  endpointId?: string;
                  /** Shown in the answer that made it, then only as •••• */
                  secret?: string | null;
                  secretSet?: boolean;
                } & { [key: string]: unknown })[];
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                /** UTC, ISO 8601 with milliseconds */
                updatedAt: string;
                /** Its state, as the ETag; send it as `If-Match` with a change */
                revision: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            name: string;
            /** The lowest comes first; of two alike the older one */
            priority?: number;
            enabled?: boolean;
            match: {
              type: "contains" | "exact" | "regex" | "any";
              /** Empty for `any`. Regular expressions are RE2 and ignore case */
              pattern?: string;
              /** Of `contains`: only between edges of words */
              wholeWord?: boolean;
            };
            /** Digits = part of the number, `*` and `?`, `/regex/`; several with commas. null = everybody */
            from?: string | null;
            /** Only texts to this channel; null = to any */
            channelId?: string | null;
            /** One sender gets no second reply or mail within this time */
            cooldownSeconds?: number;
            /** Short codes get replies and cause mails, too */
            shortCodes?: boolean;
            actions: ({
              type: "email";
              /** One address, or several with commas between. */
              to: string;
              /** Variables are filled in; line breaks are taken out. */
              subject: string;
              /** Variables are filled in. */
              body: string;
            } | {
              type: "reply";
              /** Goes back to the sender. Variables such as {{from}} are filled in. */
              text: string;
            } | {
              type: "webhook";
              /** As it was answered: the endpoint takes the new address, with its secret and all that waits */
              endpointId?: string;
              /** Gets the message as JSON, signed, for every text that the rule takes. */
              url: string;
              secret?: string | null;
            })[];
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              name: string;
              priority: number;
              enabled: boolean;
              match: {
                type: "contains" | "exact" | "regex" | "any";
                pattern: string;
                wholeWord: boolean;
              };
              from: string | null;
              channelId: string | null;
              cooldownSeconds: number;
              shortCodes: boolean;
              actions: ({
                type: string;
                /** Of actions that call an address: its endpoint */
                endpointId?: string;
                /** Shown in the answer that made it, then only as •••• */
                secret?: string | null;
                secretSet?: boolean;
              } & { [key: string]: unknown })[];
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
              /** What is allowed but may not be meant */
              warnings: (string)[];
            };
          };
        };
      };
    };
  };
  "/v1/rules/{id}": {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              name: string;
              priority: number;
              enabled: boolean;
              match: {
                type: "contains" | "exact" | "regex" | "any";
                pattern: string;
                wholeWord: boolean;
              };
              from: string | null;
              channelId: string | null;
              cooldownSeconds: number;
              shortCodes: boolean;
              actions: ({
                type: string;
                /** Of actions that call an address: its endpoint */
                endpointId?: string;
                /** Shown in the answer that made it, then only as •••• */
                secret?: string | null;
                secretSet?: boolean;
              } & { [key: string]: unknown })[];
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
    patch: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            name?: string;
            /** The lowest comes first; of two alike the older one */
            priority?: number;
            enabled?: boolean;
            match?: {
              type: "contains" | "exact" | "regex" | "any";
              /** Empty for `any`. Regular expressions are RE2 and ignore case */
              pattern?: string;
              /** Of `contains`: only between edges of words */
              wholeWord?: boolean;
            };
            /** Digits = part of the number, `*` and `?`, `/regex/`; several with commas. null = everybody */
            from?: string | null;
            /** Only texts to this channel; null = to any */
            channelId?: string | null;
            /** One sender gets no second reply or mail within this time */
            cooldownSeconds?: number;
            /** Short codes get replies and cause mails, too */
            shortCodes?: boolean;
            actions?: ({
              type: "email";
              /** One address, or several with commas between. */
              to: string;
              /** Variables are filled in; line breaks are taken out. */
              subject: string;
              /** Variables are filled in. */
              body: string;
            } | {
              type: "reply";
              /** Goes back to the sender. Variables such as {{from}} are filled in. */
              text: string;
            } | {
              type: "webhook";
              /** As it was answered: the endpoint takes the new address, with its secret and all that waits */
              endpointId?: string;
              /** Gets the message as JSON, signed, for every text that the rule takes. */
              url: string;
              secret?: string | null;
            })[];
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              name: string;
              priority: number;
              enabled: boolean;
              match: {
                type: "contains" | "exact" | "regex" | "any";
                pattern: string;
                wholeWord: boolean;
              };
              from: string | null;
              channelId: string | null;
              cooldownSeconds: number;
              shortCodes: boolean;
              actions: ({
                type: string;
                /** Of actions that call an address: its endpoint */
                endpointId?: string;
                /** Shown in the answer that made it, then only as •••• */
                secret?: string | null;
                secretSet?: boolean;
              } & { [key: string]: unknown })[];
              /** UTC, ISO 8601 with milliseconds */
              createdAt: string;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
              /** What is allowed but may not be meant */
              warnings: (string)[];
            };
          };
        };
      };
    };
    delete: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
    };
  };
  "/v1/rules/order": {
    /** The rules named come first, in this order. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /** Get the priorities 10, 20 ...; all others follow behind them in their order */
            ids: (string)[];
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                priority: number;
              })[];
            };
          };
        };
      };
    };
  };
  "/v1/rules/test": {
    /** Which rule would take a text, what would be sent, and why no other rule does. Changes nothing. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /** E.164, e.g. +14155550101 */
            from: string;
            /** The number of one of your channels; left out: the default channel */
            to?: string;
            text: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** The master switch */
              enabled: boolean;
              /** Who answers the text, in the order in which they are asked */
              takenBy: "consent" | "guard" | "command" | "keyword" | "rule" | "default" | "nobody";
              outcome: string;
              /** The first rule that fits, also where it does not come to its turn */
              matched: {
                id: string;
                name: string;
                priority: number;
              } | null;
              actions: ({
                type: string;
                text?: string;
                segments?: number;
                to?: string;
                subject?: string;
                body?: string;
                url?: string;
                /** Why it would not leave; null = it would */
                withheld: string | null;
              })[];
              /** The first hundred rules that do not take it, and why */
              others: ({
                id: string;
                name: string;
                priority: number;
                /** disabled, channel, from, pattern or later */
                reason: string;
              })[];
              /** All of them by reason */
              counts: { [key: string]: number };
              trace: (string)[];
            };
          };
        };
      };
    };
  };
  "/v1/rules/actions": {
    /** Which actions a rule may have, with the fields of each, and the variables of templates. */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              actions: ({
                type: string;
                title: string;
                fields: ({
                  key: string;
                  label: string;
                  help: string;
                  /** template, line: Liquid; a line has no line breaks. secret: never answered again */
                  kind: "template" | "line" | "addresses" | "url" | "secret";
                  required: boolean;
                  /** Characters at most */
                  most: number;
                  /** It is sent by SMS: its segments count */
                  isText: boolean;
                  example: string;
                })[];
              })[];
              /** What templates may use; `contact` and `match` have parts */
              variables: (string)[];
            };
          };
        };
      };
    };
  };
  "/v1/rules/preview": {
    /** What a template of an action comes to, filled in with a sample. Changes nothing. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            template: string;
            /** The rule is a regular expression: {{match.1}} is filled in */
            groups?: boolean;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** With a sample text filled in */
              text: string;
              /** Why the template is no good; null = it is */
              fault: string | null;
              warnings: (string)[];
              /** Of the sample, as it would be sent */
              segments: number;
              encoding: "GSM-7" | "UCS-2";
              /** Longer replies are cut there */
              maxSegments: number;
            };
          };
        };
      };
    };
  };
  "/v1/settings": {
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              board: {
                name: string;
                timeZone: string;
                contact: string;
                public: boolean;
                statusFooter: string;
              };
              commands: {
                confirmation: "immediate" | "two_step";
                confirmationRules: ({
                  kind: string;
                  field: string | null;
                  value: string | null;
                  mode: "two_step" | "pin";
                })[];
                undoWindowSeconds: number;
                promptSeconds: number;
                segmentsPerReply: number;
                linesPerPage: number;
                choicesPerMenu: number;
                alphabet: "gsm7" | "automatic";
                namesInReplies: boolean;
                clock: "24h" | "12h";
                itemsPerText: number;
                allAllowed: boolean;
                resemblance: "off" | "ask" | "act";
                distinguishingWords: (string)[];
                strangerReply: boolean;
                strangerRepeatHours: number;
                fruitlessReplies: number;
                textsPerTenMinutes: number;
                optedOutCommands: "run" | "hold";
                pinTries: number;
                pinLockMinutes: number;
                replyGivesUpMinutes: number;
                wording: { [key: string]: string };
              };
              consent: {
                brand: string;
                purpose: string;
                support: string;
                extraStopWords: (string)[];
                languages: ("en" | "es" | "fr" | "pt" | "de")[];
                stopScope: "all" | "address";
                topics: ({
                  key: string;
                  name: string;
                  words: (string)[];
                })[];
              };
              rules: {
                enabled: boolean;
                defaultReply: string | null;
              };
              guards: {
                answeredShortCodes: (string)[];
              };
              budgets: {
                perDay: {
                  segments: number | null;
                  money: number | null;
                };
                perAddress: {
                  segments: number | null;
                  money: number | null;
                };
                perRule: {
                  segments: number | null;
                  money: number | null;
                };
                addresses: { [key: string]: {
                  segments: number | null;
                  money: number | null;
                  pricePerSegment: number | null;
                } };
                pricePerSegment: number | null;
                commandReplies: "pause" | "leave";
              };
              retention: {
                commandLogDays: number | null;
                redactAfterDays: number | null;
                rawDays: number;
                messageDays: number;
                mediaDays: number;
              };
              messages: {
                queueSeconds: number;
              };
              alerts: {
                email: string | null;
              };
              texts: {
                substitute: boolean;
                dropAccents: boolean;
              };
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
    patch: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            board?: {
              name?: string;
              /** IANA zone in which replies and the board tell the time */
              timeZone?: string;
              /** Whom a person should ask: goes into replies as it stands */
              contact?: string;
              public?: boolean;
              /** A line put under STATUS; empty = none */
              statusFooter?: string;
            };
            commands?: {
              confirmation?: "immediate" | "two_step";
              confirmationRules?: ({
                kind: string;
                /** null = every change of the kind */
                field?: string | null;
                value?: string | null;
                mode: "two_step" | "pin";
              })[];
              undoWindowSeconds?: number;
              promptSeconds?: number;
              segmentsPerReply?: number;
              linesPerPage?: number;
              choicesPerMenu?: number;
              alphabet?: "gsm7" | "automatic";
              namesInReplies?: boolean;
              clock?: "24h" | "12h";
              itemsPerText?: number;
              allAllowed?: boolean;
              resemblance?: "off" | "ask" | "act";
              distinguishingWords?: (string)[];
              strangerReply?: boolean;
              strangerRepeatHours?: number;
              fruitlessReplies?: number;
              textsPerTenMinutes?: number;
              optedOutCommands?: "run" | "hold";
              pinTries?: number;
              pinLockMinutes?: number;
              replyGivesUpMinutes?: number;
              /** Overrides of reply texts by key; null takes one away */
              wording?: { [key: string]: string | null };
            };
            consent?: {
              brand?: string;
              purpose?: string;
              support?: string;
              extraStopWords?: (string)[];
              /** Languages whose words of consent are understood; English always is */
              languages?: ("en" | "es" | "fr" | "pt" | "de")[];
              /** What a bare STOP covers. `address`: only the number that was texted; in the US the waiver of the rule that one opt-out ends every kind of text runs out on 31 January 2027 */
              stopScope?: "all" | "address";
              /** Subjects that people may leave one by one: STOP SNOW */
              topics?: ({
                key: string;
                /** As it stands in replies */
                name: string;
                /** Other words by which people call it */
                words?: (string)[];
              })[];
            };
            rules?: {
              enabled?: boolean;
              defaultReply?: string | null;
            };
            guards?: {
              /** Short codes that automatic replies may go to; they go to no others */
              answeredShortCodes?: (string)[];
            };
            budgets?: {
              /** All addresses together, in a day of the board's time zone */
              perDay?: {
                /** null = no limit */
                segments?: number | null;
                /** null = no limit */
                money?: number | null;
              };
              /** Each address for itself */
              perAddress?: {
                /** null = no limit */
                segments?: number | null;
                /** null = no limit */
                money?: number | null;
              };
              /** What each rule sends, whatever the address */
              perRule?: {
                /** null = no limit */
                segments?: number | null;
                /** null = no limit */
                money?: number | null;
              };
              /** Addresses with figures of their own, by address; given, it replaces the whole list */
              addresses?: { [key: string]: {
                /** null = no limit */
                segments?: number | null;
                /** null = no limit */
                money?: number | null;
                pricePerSegment?: number | null;
              } };
              /** What a segment costs; null = budgets in money do not hold */
              pricePerSegment?: number | null;
              /** Replies to commands once a budget is used up */
              commandReplies?: "pause" | "leave";
            };
            retention?: {
              /** null = for ever */
              commandLogDays?: number | null;
              /** null = never */
              redactAfterDays?: number | null;
              rawDays?: number;
              messageDays?: number;
              /** Files of texts; never longer than the texts themselves */
              mediaDays?: number;
            };
            alerts?: {
              /** Told by mail: a channel that does not send, an endpoint that fails, what a person should see */
              email?: string | null;
            };
            messages?: {
              /** How long a text may wait when no channel can take it; 0 = it is refused with 503 */
              queueSeconds?: number;
            };
            texts?: {
              /** Replace typographic characters that make a text cost double: curly quotes, long dashes, odd blanks ... */
              substitute?: boolean;
              /** Take accents off letters that the cheap alphabet lacks (á í ó ú ç ê ã õ ...); é à ñ ü and the like stay */
              dropAccents?: boolean;
            };
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              board: {
                name: string;
                timeZone: string;
                contact: string;
                public: boolean;
                statusFooter: string;
              };
              commands: {
                confirmation: "immediate" | "two_step";
                confirmationRules: ({
                  kind: string;
                  field: string | null;
                  value: string | null;
                  mode: "two_step" | "pin";
                })[];
                undoWindowSeconds: number;
                promptSeconds: number;
                segmentsPerReply: number;
                linesPerPage: number;
                choicesPerMenu: number;
                alphabet: "gsm7" | "automatic";
                namesInReplies: boolean;
                clock: "24h" | "12h";
                itemsPerText: number;
                allAllowed: boolean;
                resemblance: "off" | "ask" | "act";
                distinguishingWords: (string)[];
                strangerReply: boolean;
                strangerRepeatHours: number;
                fruitlessReplies: number;
                textsPerTenMinutes: number;
                optedOutCommands: "run" | "hold";
                pinTries: number;
                pinLockMinutes: number;
                replyGivesUpMinutes: number;
                wording: { [key: string]: string };
              };
              consent: {
                brand: string;
                purpose: string;
                support: string;
                extraStopWords: (string)[];
                languages: ("en" | "es" | "fr" | "pt" | "de")[];
                stopScope: "all" | "address";
                topics: ({
                  key: string;
                  name: string;
                  words: (string)[];
                })[];
              };
              rules: {
                enabled: boolean;
                defaultReply: string | null;
              };
              guards: {
                answeredShortCodes: (string)[];
              };
              budgets: {
                perDay: {
                  segments: number | null;
                  money: number | null;
                };
                perAddress: {
                  segments: number | null;
                  money: number | null;
                };
                perRule: {
                  segments: number | null;
                  money: number | null;
                };
                addresses: { [key: string]: {
                  segments: number | null;
                  money: number | null;
                  pricePerSegment: number | null;
                } };
                pricePerSegment: number | null;
                commandReplies: "pause" | "leave";
              };
              retention: {
                commandLogDays: number | null;
                redactAfterDays: number | null;
                rawDays: number;
                messageDays: number;
                mediaDays: number;
              };
              messages: {
                queueSeconds: number;
              };
              alerts: {
                email: string | null;
              };
              texts: {
                substitute: boolean;
                dropAccents: boolean;
              };
              /** Its state, as the ETag; send it as `If-Match` with a change */
              revision: string;
            };
          };
        };
      };
    };
  };
  "/v1/settings/wording": {
    /** Every text that commands are answered with. Override them in `commands.wording`. */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                key: string;
                /** As it comes */
                text: string;
                /** The owner's text that stands for it */
                own: string | null;
                /** What an own text may name, in braces */
                variables: (string)[];
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/simulator/messages": {
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /** The phone that texts */
            from: string;
            /** May be empty */
            text: string;
            /** Address of the simulator channel; else the first one */
            to?: string | null;
            media?: ({
              url: string;
              contentType?: string | null;
              bytes?: number | null;
            })[];
            /** The carrier's id of this text; the same id again is a repeat and does nothing */
            providerMessageId?: string | null;
          };
        };
      };
      responses: {
        202: {
          content: {
            "application/json": {
              accepted: true;
              duplicate: boolean;
            };
          };
        };
      };
    };
    /** What a phone sent and what is on its way to it or has arrived, oldest first: the newest page, or with `after` what came later. `nextCursor` leads on in the same direction. */
    get: {
      parameters: {
        query: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
          /** E.164, e.g. +14155550101 */
          phone: string;
          /** Id of a message: only later ones. Poll with the last id you have */
          after?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                direction: "in" | "out";
                channelId: string;
                from: string;
                to: string;
                text: string;
                media: ({
                  /** Null: not kept by us */
                  id: string | null;
                  /** Of a text that came in: here, with your API key */
                  url: string;
                  contentType: string | null;
                  bytes: number | null;
                  state: "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";
                  /** Why it was refused or failed */
                  reason: string | null;
                })[];
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
                segments: number;
                /** As the provider counted them, where it says so */
                providerSegments: number | null;
                encoding: string;
                status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                /** `uncertain`: no clear answer came. `unconfirmed`: no receipt in time */
                flags: (string)[];
                statusHistory: ({
                  status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                  /** UTC, ISO 8601 with milliseconds */
                  at: string;
                  /** Queued for then */
                  sendAt?: string;
                  /** The provider's own code */
                  code?: string;
                  /** In words */
                  text?: string;
                  /** Of a long text: "2/3" */
                  part?: string;
                  /** It came too late to change the status */
                  ignored?: true;
                })[];
                /** One line for each try to send it */
                attempts: ({ [key: string]: unknown })[];
                error: {
                  code: string;
                  providerCode: string | null;
                  text: string;
                  fault: string;
                } | null;
                ref: string | null;
                contactId: string | null;
                commandId: string | null;
                ruleId: string | null;
                /** Of a reaction such as "Liked …": the message that it quotes */
                reactionTo?: string;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/stats": {
    /** The last 24 hours in figures. */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              /** The figures cover what happened since then; later than a day ago in a flood */
              since: string;
              received: number;
              /** Texts that were to leave, whatever became of them */
              sent: number;
              delivered: number;
              failed: number;
              /** Of the texts that have come to an end, the share that arrived, 0 to 1; null: none has */
              deliveryRate: number | null;
              /** From a text's arrival until the provider took the reply */
              reply: {
                count: number;
                p50Ms: number | null;
                p95Ms: number | null;
              };
              /** The last 24, the oldest first */
              hours: ({
                /** UTC, ISO 8601 with milliseconds */
                at: string;
                received: number;
                /** Texts that were to leave, whatever became of them */
                sent: number;
                delivered: number;
                failed: number;
              })[];
            };
          };
        };
      };
    };
  };
  "/v1/team": {
    get: {
      parameters: {
        query?: {
          /** How many, 1 to 100 */
          limit?: number;
          /** `nextCursor` of the page before */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              data: ({
                id: string;
                name: string;
                email: string;
                role: "owner" | "admin" | "operator" | "viewer";
                twoFactor: boolean;
                /** When they joined */
                createdAt: string;
                /** To the day; null = signed out everywhere */
                lastSeenAt: string | null;
              })[];
              nextCursor: string | null;
            };
          };
        };
      };
    };
  };
  "/v1/team/{userId}": {
    /** Gives somebody another role. The last owner stays one; only owners make and unmake owners. */
    patch: {
      parameters: {
        path: {
          userId: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            role: "owner" | "admin" | "operator" | "viewer";
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              name: string;
              email: string;
              role: "owner" | "admin" | "operator" | "viewer";
              twoFactor: boolean;
              /** When they joined */
              createdAt: string;
              /** To the day; null = signed out everywhere */
              lastSeenAt: string | null;
            };
          };
        };
      };
    };
    /** Takes somebody out of the team and ends their sessions. The last owner stays. */
    delete: {
      parameters: {
        path: {
          userId: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
    };
  };
  "/v1/team/{userId}/password-link": {
    /** A link by which somebody chooses a new password, once, within a day. Their second factor stays. For owners only owners make one; nobody makes one for themselves. */
    post: {
      parameters: {
        path: {
          userId: string;
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              /** Shown this once; whoever opens it chooses the person's new password */
              link: string;
              /** UTC, ISO 8601 with milliseconds */
              expiresAt: string;
            };
          };
        };
      };
    };
  };
  "/v1/team/{userId}/two-factor": {
    /** Takes away the second factor of somebody who lost it, and signs them out everywhere. For owners only owners do; nobody does it for themselves. */
    delete: {
      parameters: {
        path: {
          userId: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
    };
  };
  "/v1/webhooks": {
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              url: string;
              enabled: boolean;
              secretSet: boolean;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Every text that comes in is sent there. The first time the secret is in the answer. */
    put: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            url: string;
            enabled?: boolean;
            /** One of your own (`whsec_` and Base64, `whsk_` and Base64, or any text); null: sign nothing */
            secret?: string | null;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              url: string;
              enabled: boolean;
              secretSet: boolean;
              /** UTC, ISO 8601 with milliseconds */
              updatedAt: string;
              secret?: string;
            };
          };
        };
      };
    };
    delete: {
      parameters: {};
      responses: {
        204: {
          content?: never;
        };
      };
    };
  };
  "/board/{slug}.json": {
    /** Needs no key. 404 where the board is not public. */
    get: {
      parameters: {
        path: {
          /** Short name of the account */
          slug: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              name: string;
              timeZone: string;
              updatedAt: string | null;
              revision: number;
              kinds: ({
                key: string;
                label: string;
                plural: string;
                fields: ({
                  key: string;
                  values: ({
                    key: string;
                    state: string;
                  })[];
                })[];
              })[];
              items: ({
                id: string;
                kind: string;
                name: string;
                number: number | null;
                area: string | null;
                fields: { [key: string]: string | null };
                /** The fields in words; null = not set */
                states: { [key: string]: string | null };
                /** UTC, ISO 8601 with milliseconds */
                updatedAt: string;
              })[];
            };
          };
        };
      };
    };
  };
  "/board/{slug}/events": {
    /** Server-sent events `board.item.changed`, without people. `Last-Event-ID` replays up to 1,000 changes; `board.reload` says that there were more, and the board should be read anew. */
    get: {
      parameters: {
        query?: {
          lastEventId?: string;
        };
        path: {
          /** Short name of the account */
          slug: string;
        };
      };
      responses: {
        200: {
          content: {
            "text/event-stream": string;
          };
        };
      };
    };
  };
  "/portal/forgotten-password": {
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              /** false: no mail server is set up; ask an owner */
              mailed: boolean;
            };
          };
        };
      };
    };
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            email: string;
          };
        };
      };
      responses: {
        202: {
          content: {
            "application/json": {
              asked: true;
            };
          };
        };
      };
    };
  };
  "/portal/new-password": {
    get: {
      parameters: {
        query: {
          token: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** false: not ours, used or expired */
              valid: boolean;
              name: string | null;
              email: string | null;
            };
          };
        };
      };
    };
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            token: string;
            password: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              changed: true;
            };
          };
        };
      };
    };
  };
  "/portal/invitation": {
    get: {
      parameters: {
        query: {
          token: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** false: not ours, taken up, taken back or expired */
              valid: boolean;
              email: string | null;
              role: "owner" | "admin" | "operator" | "viewer" | null;
              workspace: string | null;
            };
          };
        };
      };
    };
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            token: string;
            name: string;
            password: string;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              /** false: please sign in */
              signedIn: boolean;
            };
          };
        };
      };
    };
  };
  "/portal/setup": {
    get: {
      parameters: {
        query: {
          token: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** false: not ours, or used */
              valid: boolean;
              /** How it is called so far */
              workspace: string | null;
              /** null = nobody has chosen one */
              timeZone: string | null;
            };
          };
        };
      };
    };
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            token: string;
            name: string;
            email: string;
            password: string;
            /** How it is called from now on */
            workspace?: string;
            /** IANA zone in which replies and the board tell the time */
            timeZone?: string;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              /** false: please sign in */
              signedIn: boolean;
            };
          };
        };
      };
    };
  };
}

export interface webhooks {
  "message.received": {
    /** A text came in and was routed. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "message.received";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              message: {
                id: string;
                channelId: string;
                direction: "in" | "out";
                /** E.164; short codes and names as they are */
                from: string;
                to: string;
                text: string;
                media: ({
                  id: string | null;
                  url: string;
                  contentType: string | null;
                  bytes: number | null;
                  state: "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";
                  reason: string | null;
                })[];
                segments: number;
                encoding: string;
                status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                ref: string | null;
                contactId: string | null;
                commandId: string | null;
                ruleId: string | null;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
              };
              /** stop, start, help, keyword, command, prompt, reaction, other */
              class: string;
              matchedRuleId: string | null;
              deviceId: string | null;
              /** UTC, ISO 8601 with milliseconds */
              receivedAt: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "message.queued": {
    /** A text to be sent was taken. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "message.queued";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              message: {
                id: string;
                channelId: string;
                direction: "in" | "out";
                /** E.164; short codes and names as they are */
                from: string;
                to: string;
                text: string;
                media: ({
                  id: string | null;
                  url: string;
                  contentType: string | null;
                  bytes: number | null;
                  state: "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";
                  reason: string | null;
                })[];
                segments: number;
                encoding: string;
                status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                ref: string | null;
                contactId: string | null;
                commandId: string | null;
                ruleId: string | null;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
              };
              kind: "compliance" | "command_reply" | "auto_reply" | "conversation" | "notification";
              sendAt: string | null;
              expiresAt: string | null;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "message.sent": {
    /** The channel took it. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "message.sent";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              message: {
                id: string;
                channelId: string;
                direction: "in" | "out";
                /** E.164; short codes and names as they are */
                from: string;
                to: string;
                text: string;
                media: ({
                  id: string | null;
                  url: string;
                  contentType: string | null;
                  bytes: number | null;
                  state: "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";
                  reason: string | null;
                })[];
                segments: number;
                encoding: string;
                status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                ref: string | null;
                contactId: string | null;
                commandId: string | null;
                ruleId: string | null;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
              };
              providerMessageId: string | null;
              /** UTC, ISO 8601 with milliseconds */
              sentAt: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "message.delivered": {
    /** The carrier or the phone confirmed it. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "message.delivered";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              message: {
                id: string;
                channelId: string;
                direction: "in" | "out";
                /** E.164; short codes and names as they are */
                from: string;
                to: string;
                text: string;
                media: ({
                  id: string | null;
                  url: string;
                  contentType: string | null;
                  bytes: number | null;
                  state: "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";
                  reason: string | null;
                })[];
                segments: number;
                encoding: string;
                status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                ref: string | null;
                contactId: string | null;
                commandId: string | null;
                ruleId: string | null;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
              };
              /** UTC, ISO 8601 with milliseconds */
              deliveredAt: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "message.failed": {
    /** It was taken and did not arrive, or was given up. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "message.failed";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              message: {
                id: string;
                channelId: string;
                direction: "in" | "out";
                /** E.164; short codes and names as they are */
                from: string;
                to: string;
                text: string;
                media: ({
                  id: string | null;
                  url: string;
                  contentType: string | null;
                  bytes: number | null;
                  state: "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";
                  reason: string | null;
                })[];
                segments: number;
                encoding: string;
                status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                ref: string | null;
                contactId: string | null;
                commandId: string | null;
                ruleId: string | null;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
              };
              error: {
                /** Ours: invalid_number, opted_out, expired, rejected_by_channel ... */
                code: string;
                providerCode: string | null;
                text: string;
                fault: "recipient" | "carrier" | "provider" | "channel" | "sender" | "hub";
              };
              certain: boolean;
              /** UTC, ISO 8601 with milliseconds */
              failedAt: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "message.rejected": {
    /** It never left, or was refused on the spot. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "message.rejected";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              message: {
                id: string;
                channelId: string;
                direction: "in" | "out";
                /** E.164; short codes and names as they are */
                from: string;
                to: string;
                text: string;
                media: ({
                  id: string | null;
                  url: string;
                  contentType: string | null;
                  bytes: number | null;
                  state: "waiting" | "fetched" | "refused" | "failed" | "removed" | "linked";
                  reason: string | null;
                })[];
                segments: number;
                encoding: string;
                status: "held" | "queued" | "handed_over" | "sent" | "undelivered" | "failed" | "expired" | "cancelled" | "delivered" | "read" | "received";
                ref: string | null;
                contactId: string | null;
                commandId: string | null;
                ruleId: string | null;
                /** UTC, ISO 8601 with milliseconds */
                createdAt: string;
              };
              error: {
                /** Ours: invalid_number, opted_out, expired, rejected_by_channel ... */
                code: string;
                providerCode: string | null;
                text: string;
                fault: "recipient" | "carrier" | "provider" | "channel" | "sender" | "hub";
              };
              stage: "validation" | "consent" | "limit" | "budget" | "channel" | "provider";
              /** UTC, ISO 8601 with milliseconds */
              rejectedAt: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "contact.subscribed": {
    /** Somebody came back. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "contact.subscribed";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              phone: string;
              contactId: string | null;
              /** Null: everything */
              topic: string | null;
              /** Our number; `*` is all of them */
              address: string;
              keyword: string | null;
              source: "keyword" | "provider" | "operator";
              messageId: string | null;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "contact.unsubscribed": {
    /** Somebody opted out. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "contact.unsubscribed";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              phone: string;
              contactId: string | null;
              /** Null: everything */
              topic: string | null;
              /** Our number; `*` is all of them */
              address: string;
              keyword: string | null;
              source: "keyword" | "provider" | "operator";
              messageId: string | null;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "contact.bounced": {
    /** A text to them was judged a bounce. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "contact.bounced";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              phone: string;
              contactId: string | null;
              bounces: number;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "contact.status_changed": {
    /** The carrier says that their number was suspended, resumed or moved. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "contact.status_changed";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              phone: string;
              contactId: string | null;
              from: string;
              to: string;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "command.executed": {
    /** A command by text changed the board. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "command.executed";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              commandId: string;
              text: string;
              actor: {
                kind: "reporter" | "user" | "key" | "rule" | "schedule";
                id: string;
                name: string;
              };
              item: {
                id: string;
                kind: string;
                name: string;
                number: number | null;
                area: string | null;
                fields: { [key: string]: string | null };
              };
              change: {
                field: string;
                from: string | null;
                to: string | null;
              };
              changes: ({
                item: {
                  id: string;
                  kind: string;
                  name: string;
                  number: number | null;
                  area: string | null;
                  fields: { [key: string]: string | null };
                };
                change: {
                  field: string;
                  from: string | null;
                  to: string | null;
                };
              })[];
              undoUntil: string | null;
              undoOf: string | null;
              reply: string | null;
              messageId: string;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "command.refused": {
    /** A command by text changed nothing, or not yet. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "command.refused";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              commandId: string;
              text: string;
              actor: {
                kind: "reporter" | "user" | "key" | "rule" | "schedule";
                id: string;
                name: string;
              } | null;
              reason: string;
              candidates: (string)[];
              reply: string | null;
              messageId: string;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "board.item.changed": {
    /** An item of the board changed, by whatever way. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "board.item.changed";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              item: {
                id: string;
                kind: string;
                name: string;
                number: number | null;
                area: string | null;
                fields: { [key: string]: string | null };
              };
              changes: ({
                field: string;
                from: string | null;
                to: string | null;
              })[];
              by: {
                kind: "reporter" | "user" | "key" | "rule" | "schedule";
                id: string;
                name: string;
              };
              commandId: string | null;
              /** Counts up, for each item */
              revision: number;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "channel.down": {
    /** Nothing leaves by a channel until somebody acts. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "channel.down";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              channelId: string;
              cause: string;
              /** UTC, ISO 8601 with milliseconds */
              since: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "channel.up": {
    /** It works again. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "channel.up";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              channelId: string;
              /** UTC, ISO 8601 with milliseconds */
              since: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "channel.rejection": {
    /** A provider told of a request that it rejected. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "channel.rejection";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              channelId: string;
              code: string;
              message: string;
              description: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "endpoint.failing": {
    /** An endpoint has failed for an hour, a day, three days; told to the others. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "endpoint.failing";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              endpointId: string;
              /** Without its query */
              url: string;
              failingSince: string | null;
              lastError: string | null;
              waiting: number;
              held: number;
              reason: "gone" | "failing_5_days" | "by_user" | null;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "endpoint.disabled": {
    /** It takes nothing any more. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "endpoint.disabled";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              endpointId: string;
              /** Without its query */
              url: string;
              failingSince: string | null;
              lastError: string | null;
              waiting: number;
              held: number;
              reason: "gone" | "failing_5_days" | "by_user" | null;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "endpoint.enabled": {
    /** It takes events again. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "endpoint.enabled";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              endpointId: string;
              /** Without its query */
              url: string;
              failingSince: string | null;
              lastError: string | null;
              waiting: number;
              held: number;
              reason: "gone" | "failing_5_days" | "by_user" | null;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "endpoint.secret_rotated": {
    /** It has a new secret. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "endpoint.secret_rotated";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              endpointId: string;
              secretId: string | null;
              oldValidUntil: string | null;
              by: {
                kind: "reporter" | "user" | "key" | "rule" | "schedule";
                id: string;
                name: string;
              };
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "replay.finished": {
    /** A replay is done, was cancelled or failed. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "replay.finished";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              replayId: string;
              endpointId: string;
              state: "done" | "cancelled" | "failed";
              matched: number | null;
              queued: number;
              skipped: number;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  "webhook.test": {
    /** Somebody tried an endpoint out. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "webhook.test";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              endpointId: string;
              note: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
  alert: {
    /** Something that a person should see. */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            id: string;
            type: "alert";
            /** When it happened */
            timestamp: string;
            tenantId: string;
            data: {
              code: string;
              text: string;
              commandId: string | null;
              /** UTC, ISO 8601 with milliseconds */
              at: string;
            };
          };
        };
      };
      responses: {
        200: {
          content?: never;
        };
      };
    };
  };
}

export interface components {
  schemas: {};
}
