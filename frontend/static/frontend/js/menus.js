// An open header menu lies over the page. It goes away when the focus or a finger goes elsewhere,
// and by Esc. Without scripts it is a plain <details>; the sheet keeps it from covering the focus.

/** Of the open `menus` those that `target` is not in. */
export const left = (menus, target) => menus.filter((menu) => menu.open && !menu.contains(target))

const all = () => [...document.querySelectorAll("details.site-menu")]

function closeOthers({ target }) {
  for (const menu of left(all(), target)) menu.open = false
}

function closeByKey(event) {
  const menu = event.key === "Escape" && all().find(({ open }) => open)
  if (!menu) return
  menu.open = false
  menu.querySelector("summary").focus()
}

if (globalThis.document) {
  document.addEventListener("focusin", closeOthers)
  document.addEventListener("pointerdown", closeOthers)
  document.addEventListener("keydown", closeByKey)
}
