// What the service worker may keep, and what it leaves alone. Pure.

// The form as a stranger sees it, and the page that stands in for all others: reports/views/offline.py
const KEPT = "ohne-netz"
const OF_STAFF = new Set(["amt", "verwaltung", "postkasten", "api", "live"])

/**
 * Address of the kept form that stands in for the page `pathname`; null where it is no page of the
 * form. "/bensheim/en/melden/…/ort" → "/bensheim/en/melden/ohne-netz".
 */
export function formOf(pathname) {
  const parts = pathname.split("/")
  const at = parts.indexOf("melden")
  return at > 0 && at <= 3 ? [...parts.slice(0, at + 1), KEPT].join("/") : null
}

/** Address of the kept page that stands in for pages beside the kept form `form`. */
export function shelterOf(form) {
  return form.replace(`/melden/${KEPT}`, `/${KEPT}`)
}

/** Of the kept addresses the one whose town and language are those of the page `pathname`. */
export function nearestShelter(kept, pathname) {
  const shelters = kept.filter((each) => each.endsWith(`/${KEPT}`) && formOf(each) === null)
  const beside = (each) => pathname.startsWith(each.slice(0, -KEPT.length))
  const nearest = shelters.filter(beside).sort((one, other) => other.length - one.length)
  return nearest[0] ?? shelters[0] ?? null
}

/** Pages of staff: never touched, not even to say that there is no network. */
export function isOfStaff(pathname) {
  return pathname.split("/").slice(1, 4).some((part) => OF_STAFF.has(part))
}

/** Whether it is a crew's day list: its address is a key, and its phone may keep it for the day. */
export function isDay(pathname) {
  return /^(\/[\w-]+){0,2}\/trupp\/[\w-]{43}$/.test(pathname)
}

/** A tile of the map on a day list: marked, so that the tiles of all other maps pass by. */
export function isTileOfDay({ pathname, search }) {
  return search === "?trupp" && pathname.startsWith("/kacheln/")
}

/** The tiles that the map of a day list names. */
export function tileAddresses(html) {
  return [...html.matchAll(/\shref="(\/kacheln\/[\d/]+\?trupp)"/g)].map(([, address]) => address)
}

/** Files that pages are made of, and the boundaries of the towns. */
export function isAsset(pathname) {
  return /^\/(static\/|farbe\/|manifest\.webmanifest$|api\/v1\/areas\/$)/.test(pathname)
}

/** Whether the server says that anybody may keep it. */
export function isPublic(cacheControl) {
  const said = (cacheControl ?? "").toLowerCase().split(/\s*,\s*/)
  return said.includes("public") && !said.includes("no-store") && !said.includes("private")
}

/** Every file of ours that a page names: sheets, scripts, fonts, pictures, boundaries. */
export function fileAddresses(html) {
  const named = [...html.matchAll(/\s(?:href|src|data-areas)="(\/[^"]+)"/g)]
  const addresses = named.map(([, address]) => address.replaceAll("&amp;", "&"))
  return [...new Set(addresses)].filter((each) => isAsset(each.split("?")[0]))
}
