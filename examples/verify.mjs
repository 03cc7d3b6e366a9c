// Verify a signed revision with only Node.js, without ClinCore.
//
//   node examples/verify.mjs revision.json jwks.json
//
// revision.json is the response of GET /cases/{case_id}/revisions/{revision},
// jwks.json that of GET /.well-known/jwks.json.
// Exit code 0: every check passed; 1: a check failed; 2: a file cannot be read.

import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

const sha256 = (text, encoding) => createHash("sha256").update(text, "utf8").digest(encoding);
const base64url = /^[A-Za-z0-9_-]+$/;

function readFile(file) {
  try {
    const content = readFileSync(file);
    // Windows PowerShell redirects output as UTF-16. The decoder removes a byte order mark.
    const encoding = { fffe: "utf-16le", feff: "utf-16be" }[content.toString("hex", 0, 2)] ?? "utf-8";
    return JSON.parse(new TextDecoder(encoding, { fatal: true }).decode(content));
  } catch (error) {
    console.error(`verify: ${file}: ${error.message}`);
    process.exit(2);
  }
}

// A detached JWS with an unencoded payload: RFC 7515 (appendix F), RFC 7797, RFC 8037.
function isSigned(jws, text, keys) {
  const [header, payload, signature, ...more] = jws.split(".");
  if (payload !== "" || more.length || !base64url.test(header) || !base64url.test(signature)) return false;
  const members = JSON.parse(Buffer.from(header, "base64url"));
  const key = keys.find((one) => one.kid === members.kid);
  if (!key || members.alg !== "Ed25519" || members.b64 !== false || `${members.crit}` !== "b64") return false;
  const publicKey = createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x }, format: "jwk" });
  return verify(null, Buffer.from(`${header}.${text}`, "utf8"), publicKey, Buffer.from(signature, "base64url"));
}

// A signature must be dated before its key was retired or compromised.
function isInLife(jws, text, keys) {
  const { kid } = JSON.parse(Buffer.from(jws.split(".")[0], "base64url"));
  const { retired_at, compromised_at } = keys.find((one) => one.kid === kid) ?? {};
  const signedAt = microseconds(JSON.parse(text).signed_at);
  return [retired_at, compromised_at].every((end) => end == null || signedAt < microseconds(end));
}

// A Date has only milliseconds. An invalid time becomes NaN, which is before no other time.
function microseconds(time) {
  const fraction = /^[^.]*\.(\d+)/.exec(time)?.[1] ?? "";
  return Math.floor(Date.parse(time) / 1000) * 1e6 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

// The value behind a digest (RFC 9901) is base64url of [salt, name, value].
const read = (disclosure) => JSON.parse(Buffer.from(disclosure, "base64url"));
const fits = (disclosure, digest, name) => sha256(disclosure, "base64url") === digest && read(disclosure)[1] === name;

// Format 1 signs the signer in plain text. Format 2 signs the id of the API key, and a digest of everything else, which
// can be erased.
function isSignedBy(signer, disclosure, { profile, signer: signed }) {
  if (profile.endsWith(":1")) return disclosure == null && isDeepStrictEqual(signer, signed);
  if (disclosure == null) return isDeepStrictEqual(signer, { key_id: signed.key_id });
  if (!fits(disclosure, signed.disclosure_digest, "signer")) return false;
  return isDeepStrictEqual(signer, { ...read(disclosure)[2], key_id: signed.key_id });
}

function* checks(revision, keys) {
  const document = JSON.parse(revision.signed);
  yield ["sha256", sha256(revision.signed, "hex") === revision.sha256];
  yield [
    "identity",
    /^urn:clincore:revision:[12]$/.test(document.profile) &&
      document.case_id === revision.case_id.toLowerCase() &&
      ["revision", "status"].every((name) => document[name] === revision[name]),
  ];
  yield ["signatures", revision.signatures.length > 0];
  let previous;
  for (const [index, { jws, statement, signer, disclosure }] of revision.signatures.entries()) {
    const name = `signature ${index + 1}`;
    const text = statement ?? revision.signed;
    yield [name, (index === 0) === (statement === null) && isSigned(jws, text, keys)];
    yield [`key life ${index + 1}`, isInLife(jws, text, keys)];
    if (statement !== null) {
      // Each further signature contains the hashes of the signed text and of the signature before it.
      const said = JSON.parse(statement);
      yield [
        `${name} statement`,
        /^urn:clincore:attestation:[12]$/.test(said.profile) &&
          said.case_id === document.case_id &&
          said.revision === document.revision &&
          said.number === index + 1 &&
          said.revision_sha256 === sha256(revision.signed, "hex") &&
          said.previous_jws_sha256 === sha256(previous, "hex"),
      ];
    }
    yield [`signer ${index + 1}`, isSignedBy(signer, disclosure, JSON.parse(text))];
    previous = jws;
  }
  for (const [name, disclosure] of Object.entries(revision.disclosures)) {
    const digest = document.disclosure_digests[name];
    if (disclosure === null) {
      yield [`disclosure ${name} (erased)`, digest !== undefined];
    } else {
      yield [`disclosure ${name}`, fits(disclosure, digest, name)];
    }
  }
}

if (process.argv.length !== 4) {
  console.error("usage: node verify.mjs revision.json jwks.json");
  process.exit(2);
}
const [revision, jwks] = process.argv.slice(2).map(readFile);
let valid = true;
try {
  for (const [name, passed] of checks(revision, jwks.keys)) {
    console.log(`${passed ? "passed" : "FAILED"}  ${name}`);
    valid &&= passed;
  }
} catch (error) {
  console.log(`FAILED  form: ${error.message}`);
  valid = false;
}
console.log(valid ? "VALID" : "NOT VALID");
process.exitCode = valid ? 0 : 1;
