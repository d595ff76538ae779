// What somebody typed into the forms of a pane: kept while the pane around it is exchanged.

const fields = (root) => root.querySelectorAll(".deed-form textarea, .deed-form input:not([type=hidden]), .deed-form select")

/** Whether the field holds something else than what the server had put there. */
export function isChanged(field) {
  if (isChoice(field)) return field.checked !== field.defaultChecked
  if (field.options) return isOtherChoice(field)
  return field.value !== field.defaultValue
}

/** Where the server had selected none, a browser shows the first. */
function isOtherChoice({ options, multiple }) {
  const all = [...options]
  const isFirst = !multiple && all.every((option) => !option.defaultSelected)
  return all.some((option, index) => option.selected !== (isFirst ? index === 0 : option.defaultSelected))
}

export const isTyping = (root) => [...fields(root)].some(isChanged)

/** Take down changed fields, except those of the form `but`, and which parts stand open. */
export function takeDown(root, { but = null } = {}) {
  const taken = [...fields(root)].filter((field) => field.form !== but && isChanged(field))
  return {
    open: [...root.querySelectorAll("details[open][id]")].map(({ id }) => id),
    values: taken.map((field) => ({ way: wayTo(field), value: field.value, checked: field.checked })),
  }
}

/** A selector: the field's own id, else where its form goes, its name and, of a choice, its value. */
export function wayTo(field) {
  if (field.id) return `#${CSS.escape(field.id)}`
  const value = isChoice(field) ? `[value="${CSS.escape(field.value)}"]` : ""
  return `form[action="${CSS.escape(field.form.getAttribute("action"))}"] [name="${CSS.escape(field.name)}"]${value}`
}

const isChoice = ({ type }) => type === "checkbox" || type === "radio"

/**
 * How to find what has the focus in the pane that comes instead; null: it is not in here. By its own id, else by
 * its number within the nearest element with one, else the pane's heading, so that the focus never falls out.
 */
export function placeOf(root, element) {
  if (!root.contains(element)) return null
  const home = element.closest("[id]")
  const id = home && root.contains(home) && home !== root ? home.id : ""
  const at = id && home !== element ? stops(home).indexOf(element) : -1
  return () => {
    const again = id && root.querySelector(`#${CSS.escape(id)}`)
    return (again && (at < 0 ? again : stops(again)[at])) || root.querySelector("[data-focus]")
  }
}

const stops = (root) => [...root.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]")]

/** Write it into the pane that has come instead, as far as the fields are still there. */
export function putBack(root, { open = [], values }) {
  for (const id of open) root.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "")
  for (const { way, value, checked } of values) {
    const field = root.querySelector(way)
    if (!field || field.type === "file") continue // only people may choose files
    if (isChoice(field)) field.checked = checked
    else field.value = value
    if (field.matches("textarea")) field.dispatchEvent(new Event("input", { bubbles: true })) // its preview
  }
}
