import { createPrivateKey } from 'node:crypto';

/** An authority that nobody trusts, and what it has signed for `prometheus.test`, both until 2120. Its key is lost. */
export const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBaDCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAiMSAwHgYDVQQDDBdQbGltc29s
bCB0ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAw
MFowIjEgMB4GA1UEAwwXUGxpbXNvbGwgdGVzdCBhdXRob3JpdHkwWTATBgcqhkjO
PQIBBggqhkjOPQMBBwNCAAQdbE+6tGlRBTYtGOpBzgZrtBJEbXPaH6kzsuw0rdc+
r3g2NB3WtLSQOXO4bUBjA7duXOyk74k9FLbxwuEfo9ZqozIwMDAPBgNVHRMBAf8E
BTADAQH/MB0GA1UdDgQWBBRx0sBhIFB7aQF2Dav0Gi7AxR2uVDAKBggqhkjOPQQD
AgNJADBGAiEAn2IH9teX9xkiE0RMVgCY5THbm9GoKHb9/vM3lcxtM1UCIQDOVtRx
ThKgXL15i0NwqwiqaRCM8rHJ5HlhX+d7kTtnRg==
-----END CERTIFICATE-----
`;

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlzCCATygAwIBAgIBAjAKBggqhkjOPQQDAjAiMSAwHgYDVQQDDBdQbGltc29s
bCB0ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAw
MFowGjEYMBYGA1UEAwwPcHJvbWV0aGV1cy50ZXN0MFkwEwYHKoZIzj0CAQYIKoZI
zj0DAQcDQgAESIY6ajttiJUBICKGI15abZivI7mNTBPe2CtTCQ6Xay1LZzs/q5W4
VMA+GS7LhXHEWxQt7ipkiRi3GCCzXLdLpqNpMGcwGgYDVR0RBBMwEYIPcHJvbWV0
aGV1cy50ZXN0MAkGA1UdEwQCMAAwHQYDVR0OBBYEFH5YsP6i3WpqfiptVtHZ4/1q
L9EFMB8GA1UdIwQYMBaAFHHSwGEgUHtpAXYNq/QaLsDFHa5UMAoGCCqGSM49BAMC
A0kAMEYCIQDQN1xa+Mww524zPhrCs67K3bR5tTXdkUd5FMFOtDKABQIhAJql/q0Y
nZfmBvp0b2DxQfbjmAer18e4S5SZh5e80YUd
-----END CERTIFICATE-----
`;

/** Known to everybody who reads this, and good for tests alone. */
const KEY = {
  kty: 'EC',
  x: 'SIY6ajttiJUBICKGI15abZivI7mNTBPe2CtTCQ6Xay0',
  y: 'S2c7P6uVuFTAPhkuy4VxxFsULe4qZIkYtxggs1y3S6Y',
  crv: 'P-256',
  d: 'ZFoQ0r7HbOThBA6zLNy9HmNjoOrTd_8elvON54iWoX0',
};

/** For a server that calls itself `prometheus.test`. */
export const PROMETHEUS_TEST = {
  cert: CERTIFICATE,
  key: createPrivateKey({ key: KEY, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }).toString(),
};
