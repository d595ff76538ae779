// A field with a list under it: type, choose with the arrows, Enter. The keyboard never leaves the field.

import { ranked } from "#js/staff/keys-search.js"

const MOST = 60

/** Events: "choose" ({detail: item}). An item: `{ words, kind?, caps? }`. */
export class Combobox extends EventTarget {
  #input
  #list
  #option
  #items
  #shown = []
  #at = -1

  /** `items(typed)`: what there is to choose from; `option`: a template of one line. */
  constructor(input, list, { option, items }) {
    super()
    this.#input = input
    this.#list = list
    this.#option = option
    this.#items = items
    list.id ||= `${input.id}-liste`
    input.setAttribute("aria-controls", list.id)
    input.addEventListener("input", () => this.show())
    input.addEventListener("keydown", (event) => this.#press(event))
    list.addEventListener("mousedown", (event) => event.preventDefault()) // keep the focus
    list.addEventListener("click", ({ target }) => this.#chooseAt([...list.children].indexOf(target.closest("li"))))
  }

  get isEmpty() {
    return !this.#shown.length
  }

  show() {
    const typed = this.#input.value
    const { fixed = [], found } = this.#items(typed)
    this.#shown = [...ranked(found, typed).slice(0, MOST), ...fixed]
    this.#list.replaceChildren(...this.#shown.map((item, index) => this.#line(item, index)))
    this.#list.hidden = this.isEmpty
    this.#input.setAttribute("aria-expanded", String(!this.isEmpty))
    this.#mark(this.isEmpty ? -1 : 0)
  }

  hide() {
    this.#list.hidden = true
    this.#input.setAttribute("aria-expanded", "false")
    this.#mark(-1)
  }

  #line({ words, kind = "", caps = "" }, index) {
    const line = this.#option.content.firstElementChild.cloneNode(true)
    line.id = `${this.#list.id}-${index}`
    line.querySelector(".words").textContent = words
    line.querySelector(".kind").textContent = kind
    line.querySelector(".caps").replaceChildren(
      ...caps.split(" ").filter(Boolean).map((cap) => Object.assign(document.createElement("kbd"), { textContent: cap })),
    )
    return line
  }

  #press(event) {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (way) {
      event.preventDefault()
      if (this.#list.hidden) this.show()
      else this.#mark((this.#at + way + this.#shown.length) % this.#shown.length)
    } else if (event.key === "Enter" && !this.#list.hidden && this.#at >= 0) {
      event.preventDefault()
      this.#chooseAt(this.#at)
    } else if (event.key === "Tab" && !this.#list.hidden && this.#at >= 0 && this.#input.value) {
      this.#chooseAt(this.#at)
    }
  }

  #mark(index) {
    this.#at = index
    for (const [each, line] of [...this.#list.children].entries()) line.setAttribute("aria-selected", String(each === index))
    const line = this.#list.children[index]
    if (line) this.#input.setAttribute("aria-activedescendant", line.id)
    else this.#input.removeAttribute("aria-activedescendant")
    line?.scrollIntoView({ block: "nearest" })
  }

  #chooseAt(index) {
    const item = this.#shown[index]
    if (item) this.dispatchEvent(new CustomEvent("choose", { detail: item }))
  }
}

/** A long select as a field to type into. The select stays what the form sends. */
export function typeAhead(select, { option, frame }) {
  const box = frame.content.firstElementChild.cloneNode(true)
  const input = box.querySelector("input")
  const label = select.form.querySelector(`label[for="${CSS.escape(select.id)}"]`)
  const chosen = () => select.selectedOptions[0]?.textContent.trim() ?? ""
  input.id = `${select.id}-tippen`
  input.value = chosen()
  label?.setAttribute("for", input.id)
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name))
  }
  select.before(box)
  select.hidden = true
  const items = () => ({
    found: [...select.options].map((each) => ({
      words: each.textContent.trim(),
      kind: each.parentElement.label ?? "",
      value: each.value,
    })),
  })
  const combobox = new Combobox(input, box.querySelector("ul"), { option, items })
  combobox.addEventListener("choose", ({ detail }) => {
    select.value = detail.value
    select.dispatchEvent(new Event("change", { bubbles: true }))
    input.value = chosen()
    combobox.hide()
  })
  input.addEventListener("focus", () => input.select())
  input.addEventListener("blur", () => {
    input.value = chosen() // what was typed and not chosen chooses nothing
    combobox.hide()
  })
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || box.querySelector("ul").hidden) return
    event.preventDefault() // closes the list, not the dialog
    combobox.hide()
  })
  return input
}
