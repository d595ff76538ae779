// The form talks to the server in its own words: what a button would send, and, instead of the
// whole page, only the parts that changed. So a script has no rule and no sentence of its own.

export class Lost extends Error {}

const EXPECTED = new Set([200, 201, 409, 422, 429])

/**
 * Post the form as if the button `action` had been pressed. `here` in the answer is the address under
 * which the form is now kept, `goal` that of the report's thanks.
 * Throws Lost when no proper answer came; rejects with AbortError when `signal` says so.
 */
export async function ask(form, { action, parts, to, more = {}, uploads = [], signal, timeout = 20000 }) {
  // By attribute: the form's buttons are called "action" and hide the property.
  const url = new URL(to ?? form.getAttribute("action"), location.href)
  url.searchParams.set("teil", parts.join(","))
  const stop = new AbortController()
  const clock = setTimeout(() => stop.abort(), timeout)
  signal?.addEventListener("abort", () => stop.abort(), { once: true })
  try {
    const response = await fetch(url, {
      method: "POST",
      body: bodyOf(new FormData(form), { action, more, uploads }),
      credentials: "omit",
      signal: stop.signal,
    })
    if (!EXPECTED.has(response.status)) throw new Lost(`status ${response.status}`)
    const html = await response.text()
    signal?.throwIfAborted()
    const [goal, here] = ["Location", "Content-Location"].map((name) => response.headers.get(name))
    if (!html && !goal) throw new Lost("cut off within the headers")
    return { status: response.status, goal, here, html }
  } catch (error) {
    if (signal?.aborted) throw new DOMException("", "AbortError")
    throw error instanceof Lost ? error : new Lost(error.message)
  } finally {
    clearTimeout(clock)
  }
}

/** Photos travel on their own; those that could not (`uploads`) go along with their ids. */
export function bodyOf(data, { action, more = {}, uploads = [] }) {
  data.delete("photo")
  data.set("action", action)
  for (const [name, value] of Object.entries(more)) data.set(name, value)
  for (const { id, blob } of uploads) {
    data.append("photo_id", id)
    data.append("photo", blob, "foto")
  }
  return data
}

/** Put the parts of `html` (elements called `part-…`) in the place of those that stand here. */
export function patch(root, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html")
  const changed = []
  for (const part of fresh.querySelectorAll("[id^='part-']")) {
    const old = root.querySelector(`#${part.id}`)
    if (!old || old.isEqualNode(part) || isBeingTypedIn(old)) continue
    const focus = focusIn(old)
    const next = document.adoptNode(part)
    for (const script of next.querySelectorAll("[data-js]")) script.hidden = false
    old.replaceWith(next)
    changed.push(next)
    if (focus) next.querySelector(focus)?.focus({ preventScroll: true })
  }
  return changed
}

function isBeingTypedIn(part) {
  const active = document.activeElement
  return part.contains(active) && active.matches("textarea, input:not([type=radio], [type=checkbox], [type=file])")
}

/** How to find again in the new part what has the focus in the old one. */
function focusIn(part) {
  const active = document.activeElement
  if (!part.contains(active)) return ""
  if (active.matches("a[href]")) return `a[href="${CSS.escape(active.getAttribute("href"))}"]`
  if (!active.name) return ""
  const value = active.type === "radio" ? `[value="${CSS.escape(active.value)}"]` : ""
  return `[name="${CSS.escape(active.name)}"]${value}`
}
