// The two doors that a waiting report knocks at. No cookie goes along: whoever is signed in to the
// town hall in this browser reports like everybody else.

import { waitOf } from "#js/offline/verdict.js"

const PATIENCE_MS = 45_000
const SLOWEST = 4 // bytes each millisecond: a photo may take this long on top

/** The filled form; `fields` are pairs of name and value. */
export function postReport(url, { fields, language }) {
  return ask(url, { body: new URLSearchParams(fields), language, size: 0 })
}

/** A photo ahead of its report, under an id of its own. */
export function postPhoto(url, { id, blob, language }) {
  const body = new FormData()
  body.set("id", id)
  body.set("photo", blob, "foto")
  return ask(url, { body, language, size: blob.size })
}

/** The answer for verdict.js. Status 0: none came. */
async function ask(url, { body, language, size }) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      body,
      credentials: "omit",
      redirect: "manual", // a hotel's sign-in page is no answer of ours
      headers: { Accept: "application/json", "Accept-Language": language },
      signal: AbortSignal.timeout(PATIENCE_MS + size / SLOWEST),
    })
    const type = (answer.headers.get("Content-Type") ?? "").split(";")[0]
    const wait = waitOf(answer.headers.get("Retry-After"), Date.now())
    return { status: answer.status, type, wait, body: await bodyOf(answer, type) }
  } catch {
    return { status: 0, type: "", wait: null, body: null }
  }
}

/** Cut off in its middle, it throws as if nothing had come. */
async function bodyOf(answer, type) {
  const text = await answer.text()
  return type.endsWith("json") ? JSON.parse(text) : null
}
