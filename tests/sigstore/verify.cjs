// Verifies a Sigstore bundle as sigstore-js does: node verify.cjs BUNDLE KEY. Prints the payload; ends with 1 if it does not verify.
const { readFileSync } = require('node:fs');
const { createPublicKey } = require('node:crypto');
const { bundleFromJSON } = require('@sigstore/bundle');
const { Verifier, toSignedEntity } = require('@sigstore/verify');

const [bundleFile, keyFile] = process.argv.slice(2);
const key = createPublicKey(readFileSync(keyFile, 'utf8'));
const trusted = {
  certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [],
  publicKey: () => ({ publicKey: key, validFor: () => true }),
};
const bundle = bundleFromJSON(JSON.parse(readFileSync(bundleFile, 'utf8')));
// A key of our own is in no log and needs no time.
const none = { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 };
try {
  new Verifier(trusted, none).verify(toSignedEntity(bundle));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
process.stdout.write(bundle.content.dsseEnvelope.payload);
