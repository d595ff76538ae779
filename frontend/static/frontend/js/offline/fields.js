// What a form holds, as pairs of name and value, and back into its inputs.

// Not what somebody put in: the page's own notes, and photos, which are kept apart.
const NOTES = new Set(["client_id", "step", "place_before", "accuracy", "website"])
const APART = new Set(["action", "photo", "photos"])
const PRESSED = new Set(["submit", "button", "image", "file", "reset"])

export function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => !APART.has(name) && typeof value === "string")
}

/** Whether nobody has put anything in yet. */
export function isBlank(fields) {
  return fields.every(([name, value]) => NOTES.has(name) || value.trim() === "")
}

/** As they go to the server: where a photo says that it was taken is nobody else's business. */
export function toSend(fields) {
  return fields.filter(([name]) => name !== "photo_spot" && name !== "place_before")
}

export function valueOf(fields, name) {
  return fields.find(([each]) => each === name)?.[1] ?? ""
}

/** Put the fields into their inputs; others stay as they are. Returns those that have none (yet). */
export function fill(form, fields) {
  const values = new Map()
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value])
  const loose = new Map(values)
  for (const input of form.elements) {
    const { name, type } = input
    if (!values.has(name) || APART.has(name) || PRESSED.has(type)) continue
    const wanted = values.get(name)
    if (type === "radio" || type === "checkbox") {
      input.checked = wanted.includes(input.value)
      if (input.checked) loose.delete(name)
    } else if (loose.has(name)) {
      input.value = wanted.shift()
      if (wanted.length === 0) loose.delete(name)
    }
  }
  return fields.filter(([name]) => loose.has(name))
}
