// <filter-box>: the desk's search field, with what may be typed next in a list under it.

import { completed, pieceAt, suggestions } from "#js/staff/filter-words.js"

class FilterBox extends HTMLElement {
  #keys
  #input
  #list
  #lines = []
  #piece = null
  #at = -1

  connectedCallback() {
    this.#keys = JSON.parse(this.querySelector("script").textContent)
    this.#input = this.querySelector("input")
    this.#list = this.querySelector("[role=listbox]")
    const field = this.#input
    for (const name of ["input", "click"]) field.addEventListener(name, () => this.#offer())
    field.addEventListener("keydown", (event) => this.#press(event))
    field.addEventListener("blur", () => this.#close())
    this.#list.addEventListener("mousedown", (event) => event.preventDefault()) // keeps the focus
    this.#list.addEventListener("click", ({ target }) => this.#choose([...this.#list.children].indexOf(target.closest("li"))))
    field.setAttribute("role", "combobox")
    field.setAttribute("aria-autocomplete", "list")
    field.setAttribute("aria-controls", this.#list.id)
    field.setAttribute("aria-expanded", "false")
  }

  #offer() {
    const { value, selectionStart } = this.#input
    this.#piece = pieceAt(value, selectionStart)
    this.#lines = suggestions(this.#keys, this.#piece.typed)
    this.#at = -1
    this.#list.replaceChildren(...this.#lines.map((line, index) => this.#drawn(line, index)))
    this.#open(this.#lines.length > 0)
  }

  #drawn({ words, label }, index) {
    const line = document.createElement("li")
    line.id = `${this.#list.id}-${index}`
    line.setAttribute("role", "option")
    line.setAttribute("aria-selected", "false")
    const [code, said] = [document.createElement("code"), document.createElement("span")]
    code.textContent = words
    said.textContent = label
    line.append(code, said)
    return line
  }

  #open(isOpen) {
    this.#list.hidden = !isOpen
    this.#input.setAttribute("aria-expanded", String(isOpen))
    if (!isOpen) this.#input.removeAttribute("aria-activedescendant")
  }

  #close() {
    this.#lines = []
    this.#open(false)
  }

  #press(event) {
    if (!this.#lines.length || event.isComposing) return
    const steps = { ArrowDown: 1, ArrowUp: -1 }
    if (steps[event.key]) this.#step(steps[event.key])
    else if (event.key === "Enter" && this.#at >= 0) this.#choose(this.#at)
    else if (event.key === "Tab" && !event.shiftKey && this.#at >= 0) this.#choose(this.#at)
    else if (event.key === "Escape") this.#close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  #step(way) {
    const n = this.#lines.length
    this.#at = (this.#at + way + n + (this.#at < 0 && way < 0 ? 1 : 0)) % n
    for (const [index, line] of [...this.#list.children].entries()) {
      line.setAttribute("aria-selected", String(index === this.#at))
    }
    const line = this.#list.children[this.#at]
    line.scrollIntoView({ block: "nearest" })
    this.#input.setAttribute("aria-activedescendant", line.id)
  }

  #choose(index) {
    const line = this.#lines[index]
    if (!line) return
    const { text, cursor } = completed(this.#input.value, this.#input.selectionStart, this.#piece, line.insert)
    this.#input.value = text
    this.#input.setSelectionRange(cursor, cursor)
    this.#offer()
  }
}

customElements.define("filter-box", FilterBox)
