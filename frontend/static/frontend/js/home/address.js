// The page's address holds place, zoom and filters, so that a link shows the same view.

/** What the form chooses: `{group, status}`. */
export function filtersOf(form) {
  return { group: form.elements.group.value, status: form.elements.status.value }
}

/** `{group: "x", status: ""}` → "group=x"; what is empty is left out. */
export function queryOf(parts) {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parts)) if (value) query.set(name, value)
  return query.toString()
}

/** The address with these changes. Pure. */
export function changed(address, { at, zoom, group, status }) {
  const next = new URL(address)
  const set = (name, value) => {
    if (value === undefined) return
    if (value === "") next.searchParams.delete(name)
    else next.searchParams.set(name, value)
  }
  set("group", group)
  set("status", status)
  if (at) {
    set("lon", at[0].toFixed(5))
    set("lat", at[1].toFixed(5))
    set("z", String(zoom))
  }
  next.searchParams.delete("after")
  return next.href
}

export function remember(changes) {
  history.replaceState(history.state, "", changed(location.href, changes))
}
