// What somebody pressed, as the name of a command. Pure: takes facts of a key event, knows no page.

const SEQUENCE_MS = 1500 // between g and e

/** The sign that was typed, or "" for what is no single key: with a modifier, half an accent, Shift alone. */
export function sign({ key, shiftKey, ctrlKey, altKey, metaKey, isComposing }) {
  if (ctrlKey || altKey || metaKey || isComposing || [...key].length !== 1 || key === " ") return ""
  const isLetter = key.toLowerCase() !== key.toUpperCase()
  if (!isLetter) return key // "?" is Shift + ß here and Shift + / there
  return shiftKey ? key.toUpperCase() : key.toLowerCase() // whatever Caps Lock says
}

/** Whether somebody writes there: then no single key is ours. */
export function isField(element) {
  return Boolean(
    element?.closest?.(
      "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])",
    ),
  )
}

export class Presses {
  #commands
  #begun = ""
  #at = -Infinity

  /** `keys`: the key of each command, such as `{ next: "j", "go-inbox": "g e" }`. */
  constructor(keys) {
    this.#commands = new Map(Object.entries(keys).map(([name, key]) => [key, name]))
  }

  /** The command that is complete with this key; null when there is none, or more is to come. */
  press(event) {
    const typed = sign(event)
    if (!typed) return null
    const isSecond = this.#begun && event.timeStamp - this.#at < SEQUENCE_MS
    const begun = isSecond ? this.#begun : ""
    this.#begun = ""
    const found = (begun && this.#commands.get(`${begun} ${typed}`)) || this.#commands.get(typed)
    if (found) return found
    if (this.#begins(typed)) {
      this.#begun = typed
      this.#at = event.timeStamp
    }
    return null
  }

  #begins(typed) {
    return [...this.#commands.keys()].some((key) => key.startsWith(`${typed} `))
  }
}
