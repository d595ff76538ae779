// The page's address holds place, zoom and filters, so that a link shows the same view.

export const FILTERS = ["group", "category", "status", "period", "municipality", "locality", "photo", "words"]

/** What the form chooses: `{group, category, status, …}`; "" where nothing is chosen. */
export function filtersOf(form) {
  const said = new FormData(form)
  const value = (name) => String(said.get(name) ?? "")
  const [group, category = ""] = value("kind").split(".")
  return {
    group,
    category,
    status: value("status"),
    period: value("period"),
    municipality: value("municipality"),
    locality: value("locality"),
    photo: value("photo"),
  }
}

/** `{group: "x", status: ""}` → "group=x"; what is empty is left out. */
export function queryOf(parts) {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parts)) if (value) query.set(name, value)
  return query.toString()
}

/**
 * The address with these changes: `at` and `zoom`, and any other part by its name; "" takes a part
 * out, undefined leaves it. Pure.
 */
export function changed(address, { at, zoom, ...parts }) {
  const next = new URL(address)
  for (const [name, value] of Object.entries(parts)) {
    if (value === undefined) continue
    if (value === "") next.searchParams.delete(name)
    else next.searchParams.set(name, value)
  }
  if (at) {
    next.searchParams.set("lon", at[0].toFixed(5))
    next.searchParams.set("lat", at[1].toFixed(5))
    next.searchParams.set("z", String(zoom))
  }
  for (const name of ["after", "kind", "hide", "box"]) next.searchParams.delete(name)
  return next.href
}

export function remember(changes) {
  history.replaceState(history.state, "", changed(location.href, changes))
}
