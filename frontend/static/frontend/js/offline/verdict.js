// What an answer means for a report that waits on this device. Pure.

const SOON_S = 30
const PROBLEM = "application/problem+json"

/**
 * `answer`: { status, type (of its content), wait (seconds of Retry-After or null), body }.
 *
 * "sent": the server has it. "refused": as it is it will never be taken; `sentences` say why.
 * "photos": a photo that it names is not there (any more). "later": not before `wait` seconds.
 * "lost": no answer of ours, so nobody knows whether it arrived; the same may be sent again.
 */
export function verdictOf({ status, type, wait, body }) {
  if ((status === 200 || status === 201) && body?.code) return { kind: "sent", receipt: body }
  if (status === 429 || (status === 503 && wait)) return { kind: "later", wait: wait ?? SOON_S }
  if (status < 400 || status >= 500 || type !== PROBLEM) return { kind: "lost" }
  if (body?.errors?.photos) return { kind: "photos", sentences: sentencesOf(body) }
  return { kind: "refused", status, sentences: sentencesOf(body) }
}

/** The same for a photo that was sent ahead. */
export function photoVerdictOf(answer) {
  const isThere = (answer.status === 200 || answer.status === 201) && answer.body?.id
  return isThere ? { kind: "sent" } : verdictOf({ ...answer, body: { ...answer.body, code: null } })
}

/** Every sentence of a problem document once. */
export function sentencesOf(problem) {
  const found = Object.values(problem?.errors ?? {}).flat().map(String)
  return [...new Set(found.length ? found : [problem?.detail].filter(Boolean))]
}

/** Seconds in a Retry-After header, which may also name a moment; null where there is none. */
export function waitOf(header, now) {
  if (!header) return null
  if (/^\d+$/.test(header)) return Number(header)
  const moment = Date.parse(header)
  return Number.isNaN(moment) ? null : Math.max(1, Math.ceil((moment - now) / 1000))
}
