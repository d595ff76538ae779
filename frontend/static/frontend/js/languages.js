// Links to this page in other languages lead to where it has moved on to without a new page: the
// form's step, the map's view.

/** The address of `location` in another language; `here` and `there` are the languages' folders. */
export function sameIn({ pathname, search, hash }, { here, there }) {
  const rest = pathname.startsWith(here) ? pathname.slice(here.length).replace(/^\/+/, "") : ""
  return there + rest + search + hash
}

function follow({ target }) {
  const link = target.closest?.("a[data-there]")
  if (link && location.href !== cameTo) link.href = sameIn(location, link.dataset)
}

const cameTo = globalThis.location?.href

if (globalThis.document) {
  // The first for the mouse and its middle button, the second for the keyboard.
  for (const type of ["pointerdown", "click"]) document.addEventListener(type, follow, { capture: true })
}
