import assert from "node:assert/strict"
import { test } from "node:test"

import { base64url, bytes, credentialAsJson, forBrowser } from "#js/staff/passkey-json.js"

test("bytes survive the way through base64url", () => {
  const some = Uint8Array.from([0, 62, 63, 250, 255, 1])
  assert.deepEqual(bytes(base64url(some)), some)
  assert.match(base64url(some), /^[\w-]+$/)
})

test("options get bytes where the browser wants them", () => {
  const { publicKey } = forBrowser({
    publicKey: { challenge: "AQI", user: { id: "Aw", name: "a" }, excludeCredentials: [{ id: "BA", type: "public-key" }] },
  })
  assert.deepEqual([...publicKey.challenge], [1, 2])
  assert.deepEqual([...publicKey.user.id], [3])
  assert.deepEqual([...publicKey.excludeCredentials[0].id], [4])
  assert.equal("allowCredentials" in publicKey, false)
})

test("a credential leaves out what it does not have", () => {
  const made = credentialAsJson({
    id: "x",
    rawId: Uint8Array.from([1]).buffer,
    type: "public-key",
    response: { clientDataJSON: Uint8Array.from([2]).buffer, userHandle: null },
    getClientExtensionResults: () => ({}),
  })
  assert.deepEqual(made.response, { clientDataJSON: "Ag" })
})
