// One photo on its way to the server, under an id of its own, so that it may be sent again.

export class Refused extends Error {}

/**
 * Send the photo. `onProgress` gets 0…100. Resolves to where the server found it was taken ([lon,
 * lat] or null). Rejects with Refused (its message is the server's
 * sentence) or with a plain Error when the connection was lost: then the same may be tried again.
 */
export function upload(url, { id, blob, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open("POST", url)
    request.setRequestHeader("Accept", "application/json")
    request.setRequestHeader("Accept-Language", document.documentElement.lang)
    request.timeout = 90_000
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(Math.round((event.loaded / event.total) * 100))
    }
    request.onload = () => settle(request, { resolve, reject })
    request.onerror = request.ontimeout = () => reject(new Error("lost"))
    request.onabort = () => reject(new DOMException("", "AbortError"))
    signal?.addEventListener("abort", () => request.abort(), { once: true })
    const body = new FormData()
    body.set("id", id)
    body.set("photo", blob, "foto")
    request.send(body)
  })
}

function settle(request, { resolve, reject }) {
  if (request.status === 200 || request.status === 201) resolve(positionOf(request.responseText))
  else if (request.status >= 500 || request.status === 429) reject(new Error("busy"))
  else reject(new Refused(sentenceOf(request.responseText)))
}

/** The position in the answer to an upload; null where there is none. */
export function positionOf(text) {
  try {
    const { lon, lat } = JSON.parse(text).position
    return [lon, lat]
  } catch {
    return null
  }
}

/** The sentence about the photo in a problem+json answer; "" where there is none. */
export function sentenceOf(text) {
  let problem
  try {
    problem = JSON.parse(text)
  } catch {
    return ""
  }
  const about = problem?.errors?.photo ?? problem?.photo ?? problem?.detail ?? ""
  return String(Array.isArray(about) ? (about[0]?.message ?? about[0] ?? "") : about)
}

/** A version 4 UUID, also where the page is not a secure context. */
export function newId() {
  if (globalThis.crypto.randomUUID) return globalThis.crypto.randomUUID()
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}
