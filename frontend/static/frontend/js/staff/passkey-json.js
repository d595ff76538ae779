// Between WebAuthn's bytes and JSON (https://www.w3.org/TR/webauthn-3/#sctn-parseCreationOptionsFromJSON).
// Browsers have had their own functions for it since 2024 only; offices have older ones.

/** Options of the server, with bytes where the browser wants them. */
export function forBrowser({ publicKey }) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) }
  if (publicKey.user) options.user = { ...publicKey.user, id: bytes(publicKey.user.id) }
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (publicKey[list]) {
      options[list] = publicKey[list].map((each) => ({ ...each, id: bytes(each.id) }))
    }
  }
  return { publicKey: options }
}

/** What the browser made, with base64url where JSON has no bytes. */
export function credentialAsJson(credential) {
  const response = {}
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = base64url(credential.response[name])
  }
  return {
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  }
}

export function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"))
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0))
}

export function base64url(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)))
  return plain.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")
}
