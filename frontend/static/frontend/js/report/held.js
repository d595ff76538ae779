// What the device remembers of „Betrifft mich auch“: one random id per report, on the device alone.
// Nobody can tell from two of them that they belong together.

const keyOf = (code) => `augenmerk:voice:${code}`

/** What this device said of a report: { id } once pressed, with `token` once it was counted. */
export function held(code, storage = globalThis.localStorage) {
  try {
    return JSON.parse(storage.getItem(keyOf(code)) ?? "null")
  } catch {
    return null
  }
}

/** False where nothing can be kept: then there is no way back, so the plain page has to do. */
export function hold(code, voice, storage = globalThis.localStorage) {
  try {
    if (voice) storage.setItem(keyOf(code), JSON.stringify(voice))
    else storage.removeItem(keyOf(code))
    return true
  } catch {
    return false
  }
}
