// Makes the select of kinds a field to type in: it finds by everyday words, too ("Portemonnaie").
// The select stays the truth: it is what the form sends, and what stands there without a script.

class KindPicker extends (globalThis.HTMLElement ?? Object) {
  connectedCallback() {
    this.select = this.parentElement.querySelector("select")
    const words = this.closest("[data-kind-label]").dataset
    this.options = [...this.select.options].filter((each) => each.value)
    this.select.hidden = true
    this.input = Object.assign(document.createElement("input"), {
      id: "id_kind_typed",
      type: "text",
      autocomplete: "off",
      value: this.select.value ? this.select.selectedOptions[0].text : "",
    })
    this.list = Object.assign(document.createElement("ul"), { id: "kind-list", hidden: true })
    this.state = Object.assign(document.createElement("p"), { className: "visually-hidden" })
    this.state.setAttribute("role", "status")
    this.words = words
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-controls": "kind-list",
      "aria-expanded": "false",
      placeholder: words.kindLabel,
    })) this.input.setAttribute(name, value)
    this.list.setAttribute("role", "listbox")
    this.list.setAttribute("aria-label", words.kindLabel)
    this.append(this.input, this.list, this.state)
    this.parentElement.querySelector("label").htmlFor = this.input.id
    this.input.addEventListener("input", () => this.#show(this.input.value))
    this.input.addEventListener("focus", () => this.input.select())
    this.input.addEventListener("blur", () => this.#leave())
    this.input.addEventListener("keydown", (event) => this.#key(event))
    this.list.addEventListener("pointerdown", (event) => this.#pressed(event))
  }

  #show(text) {
    this.found = rank(this.options, text)
    this.list.replaceChildren(...this.found.map((option, n) => row(option, n)))
    const isOpen = this.found.length > 0
    this.list.hidden = !isOpen
    this.input.setAttribute("aria-expanded", String(isOpen))
    this.state.textContent = isOpen
      ? this.words.count.replace("{n}", this.found.length)
      : text.trim() && this.words.none
    this.#mark(isOpen ? 0 : -1)
  }

  #mark(index) {
    this.index = index
    for (const [n, each] of [...this.list.children].entries()) {
      each.setAttribute("aria-selected", String(n === index))
      if (n === index) each.scrollIntoView({ block: "nearest" })
    }
    if (index < 0) this.input.removeAttribute("aria-activedescendant")
    else this.input.setAttribute("aria-activedescendant", `kind-${index}`)
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      if (this.list.hidden) this.#show("")
      else this.#mark((this.index + step + this.found.length) % this.found.length)
    } else if (["Enter", "Tab"].includes(event.key) && !this.list.hidden && this.index >= 0) {
      this.#choose(this.found[this.index]) // and the key goes on to the next field
    } else if (event.key === "Escape") {
      this.#close()
    }
  }

  #pressed(event) {
    const chosen = event.target.closest("[role=option]")
    if (!chosen) return
    event.preventDefault()
    this.#choose(this.found[[...this.list.children].indexOf(chosen)])
  }

  #choose(option) {
    this.input.value = option.text
    this.#close()
    if (this.select.value === option.value) return
    this.select.value = option.value
    this.select.dispatchEvent(new Event("change", { bubbles: true }))
  }

  /** What was typed and fits one kind alone counts; anything else falls back to what is chosen. */
  #leave() {
    const typed = this.input.value.trim()
    if (!this.list.hidden && typed && this.found?.length) this.#choose(this.found[Math.max(this.index, 0)])
    else this.input.value = this.select.value ? this.select.selectedOptions[0].text : ""
    this.#close()
  }

  #close() {
    this.list.hidden = true
    this.input.setAttribute("aria-expanded", "false")
    this.#mark(-1)
  }
}

function row(option, number) {
  const item = document.createElement("li")
  item.id = `kind-${number}`
  item.setAttribute("role", "option")
  const group = document.createElement("span")
  group.textContent = option.parentElement.label ?? ""
  item.append(option.text, group)
  return item
}

/** Names that begin so, then words of them, then everyday words; in the catalogue's order. */
export function rank(options, text) {
  const typed = text.trim().toLowerCase()
  if (!typed) return options
  const scored = options.map((option) => [score(option, typed), option]).filter(([points]) => points)
  return scored.sort(([a], [b]) => b - a).map(([, option]) => option).slice(0, 8)
}

function score(option, typed) {
  const name = option.text.toLowerCase()
  const words = (option.dataset?.words ?? "").split(" ")
  if (name.startsWith(typed)) return 4
  if (words.includes(typed)) return 3
  if (name.split(/[\s,/-]+/).some((word) => word.startsWith(typed))) return 3
  if (words.some((word) => word.startsWith(typed))) return 2
  return name.includes(typed) || words.some((word) => word.includes(typed)) ? 1 : 0
}

if (globalThis.customElements) {
  customElements.define("kind-picker", KindPicker)
  for (const field of document.querySelectorAll("[data-kind]")) {
    field.append(document.createElement("kind-picker"))
  }
}
