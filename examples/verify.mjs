// Verifies a signed revision with Node.js alone: node examples/verify.mjs revision.json jwks.json
//
// revision.json: what GET /cases/{case_id}/revisions/{revision} answered, jwks.json: what GET /.well-known/jwks.json did.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const [revision, jwks] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')))
const sha256 = (text, encoding) => createHash('sha256').update(text).digest(encoding)
let valid = true
const check = (what, holds) => {
  console.log(holds ? 'passed' : 'FAILED', what)
  valid &&= holds
}

const signed = JSON.parse(revision.signed)
check('the hash', sha256(revision.signed, 'hex') === revision.sha256)
check('case and revision', signed.case_id === revision.case_id && signed.revision === revision.revision)
check('there is a signature', revision.signatures.length > 0)

for (const { number, kid, statement, jws } of revision.signatures) {
  // RFC 7797: the payload itself is signed, not its base64url.
  const [header, none, signature] = jws.split('.')
  const { alg, b64 } = JSON.parse(Buffer.from(header, 'base64url'))
  const jwk = jwks.keys.find((key) => key.kid === kid)
  const input = Buffer.from(`${header}.${statement ?? revision.signed}`)
  check(
    `signature ${number}`,
    alg === 'Ed25519' && b64 === false && none === '' && jwk !== undefined &&
      verify(null, input, createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(signature, 'base64url')),
  )
  if (statement !== null) {
    check(`statement ${number} is of this revision`, JSON.parse(statement).revision_sha256 === revision.sha256)
  }
}

for (const [name, digest] of Object.entries(signed.disclosure_digests)) {
  const disclosure = revision.disclosures[name]
  if (disclosure === null) console.log('erased', name)
  else check(`disclosure ${name}`, sha256(disclosure, 'base64url') === digest)
}

console.log(valid ? 'VALID' : 'NOT VALID')
process.exitCode = valid ? 0 : 1
