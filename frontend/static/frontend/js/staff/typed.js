// What somebody typed into the forms of a pane: kept while the pane around it is exchanged.

const fields = (root) => root.querySelectorAll(".deed-form textarea, .deed-form input:not([type=hidden]), .deed-form select")

/** Whether the field holds something else than what the server had put there. */
export function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked
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

/** Take down changed fields by id, and which forms stand open. */
export function takeDown(root) {
  return {
    open: [...root.querySelectorAll("details[open][id]")].map(({ id }) => id),
    values: [...fields(root)].filter(isChanged).map(({ id, value, checked }) => ({ id, value, checked })),
  }
}

/** Write it into the pane that has come instead, as far as the fields are still there. */
export function putBack(root, { open, values }) {
  const find = (id) => root.querySelector(`#${CSS.escape(id)}`)
  for (const id of open) find(id)?.setAttribute("open", "")
  for (const { id, value, checked } of values) {
    const field = find(id)
    if (!field || field.type === "file") continue // only people may choose files
    if (field.type === "checkbox" || field.type === "radio") field.checked = checked
    else field.value = value
  }
}
