/** Public test vectors of Standard Webhooks and GitHub, and some of our own with the keys of the first. */

export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const OTHER_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
export const PRIVATE_KEY =
  "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
export const PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";

interface Vector {
  name: string;
  secret: string;
  id: string;
  timestamp: string;
  body: string | Uint8Array;
  signature: string;
}

const FIRST = {
  secret: SECRET,
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: "1614265330",
  body: '{"test": 2432232314}',
};

export const V1 = {
  ...FIRST,
  name: "V1",
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};

/** V1's content, signed with the other secret. */
export const ROTATED = "v1,78nXHjpFP0tVJQW5D0SBwmVyyW87BV/rL6MgfM/Bw44=";

export const V7 = {
  ...FIRST,
  name: "V7, Ed25519",
  secret: PUBLIC_KEY,
  signature: "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
};

export const STANDARD: Vector[] = [
  V1,
  {
    name: "V2",
    secret: OTHER_SECRET,
    id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
    timestamp: "1649367553",
    body: '{"email":"test@example.com","username":"test_user"}',
    signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
  },
  {
    name: "V3, a short key",
    secret: "whsec_plJ3nmyCDGBKInavdOK15jsl",
    id: "msg_loFOjxBNrRLzqYUf",
    timestamp: "1731705121",
    body: '{"event_type":"ping","data":{"success":true}}',
    signature: "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
  },
  {
    ...FIRST,
    name: "V4, 262,143 bytes",
    body: "a".repeat(262_143),
    signature: "v1,NTItnqyWMoFhk2Bbe5V/BMdcFRWgcSQaTgqLHX7FC7c=",
  },
  {
    ...FIRST,
    name: "V5, 262,144 bytes",
    body: "a".repeat(262_144),
    signature: "v1,Mw4Pe2WgApuT7NSqnSq0PQPV9gbLdggCl9B865x5Xh0=",
  },
  {
    ...FIRST,
    name: "V6, 1,048,576 bytes",
    body: "a".repeat(1_048_576),
    signature: "v1,txpEUxqWZJ5nteTnymUVa+7C4NHpBeXJ6CsBAW0c3/A=",
  },
  V7,
  {
    ...FIRST,
    name: "an empty body",
    body: "",
    signature: "v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A=",
  },
  {
    ...FIRST,
    name: "bytes that are no text",
    body: new Uint8Array([0xff, 0x00, 0xfe]),
    signature: "v1,Hpm+Yu5hvZmVRErTZ3JGp/RT64YviODP3R7ixUqkLnc=",
  },
];

const RECEIVED =
  '{"event":"message.received","from":"919876543210","to":"911234500000","text":"balance","ref":null,' +
  '"receivedAt":"2026-06-12T14:32:00.000Z","deviceId":"dev_1","tenantId":"ten_1","tenantName":"Acme Corp"';

export const MAC = [
  {
    name: "V8, any text as secret",
    secret: "It's a Secret to Everybody",
    body: "Hello, World!",
    signature: "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
  },
  {
    name: "a text that a rule matched",
    secret: SECRET,
    body: `${RECEIVED},"matchedRuleId":"rule_1"}`,
    signature: "sha256=9f2007a9da0ea76b698cb2ac1b1f438cf949c3a0608687c4d32ec4251f5a1d31",
  },
  {
    name: "a text forwarded as it is",
    secret: SECRET,
    body: `${RECEIVED}}`,
    signature: "sha256=9187776e1eb6d7e7328bb64b5713ba66237206846ea60817383657bedca42a6c",
  },
];
