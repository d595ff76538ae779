// <place-field>: a place in words, with a map beside it. The spot taken under the cross goes along
// with its words for as long as these stay as they are; typing is the equal way. All fields of a
// form share one map, which moves to the field that asks for it.
//
// Says "place:taken" ({ at: [lon, lat], words }).

const MAP = "#js/map/pin-picker.js" // loaded when the map is opened, not before
const START_ZOOM = 14

class PlaceField extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("[data-words]")
    this.state = this.querySelector("[data-place-state]")
    this.opener = this.querySelector("[data-open-map]")
    this.opener.parentElement.hidden = false
    this.opener.addEventListener("click", () => this.#toggle())
    this.field.addEventListener("input", () => this.#typed())
    this.addEventListener("pin:taken", (event) => this.#take(event.detail.at))
  }

  get #panel() {
    return this.closest("form").querySelector("[data-pin-map]")
  }

  get #isOpen() {
    return this.opener.getAttribute("aria-expanded") === "true"
  }

  /** Known only for the words it belongs to. */
  get #spot() {
    const [spot, name] = [this.querySelector("[data-spot]"), this.querySelector("[data-spot-name]")]
    return spot?.value && name.value === this.field.value.trim() ? spot.value.split(",").map(Number) : null
  }

  /** Where the map opens: on the spot, else on what the page calls the start, else on everything. */
  get #view() {
    const { start } = this.dataset
    return this.#spot || !start ? { at: this.#spot } : { at: start.split(",").map(Number), zoom: START_ZOOM }
  }

  #toggle() {
    if (this.#isOpen) this.#close()
    else this.#open()
  }

  async #open() {
    const panel = this.#panel
    for (const each of this.closest("form").querySelectorAll("[data-open-map]")) each.setAttribute("aria-expanded", "false")
    this.append(panel)
    panel.hidden = false
    this.opener.setAttribute("aria-expanded", "true")
    try {
      await import(MAP)
      await customElements.whenDefined("pin-picker")
      await panel.querySelector("pin-picker").open(this.#view)
    } catch {
      this.#close()
      this.#say(this.dataset.noMap)
    }
  }

  #close() {
    this.#panel.hidden = true
    this.opener.setAttribute("aria-expanded", "false")
  }

  async #take(at) {
    const picker = this.#panel.querySelector("pin-picker")
    const { words, name: known, town, isServed } = await picker.named(at)
    if (!isServed) {
      picker.words.textContent = words
      return
    }
    const name = (known || this.dataset.unnamed).slice(0, this.field.maxLength)
    this.field.value = name
    this.#keep(at, name)
    this.querySelector(".hits")?.remove()
    this.#choose(town)
    this.#close()
    this.#say(this.dataset.taken)
    this.field.focus()
    this.field.dispatchEvent(new Event("change", { bubbles: true }))
    this.dispatchEvent(new CustomEvent("place:taken", { bubbles: true, detail: { at, words: name } }))
  }

  /** A form without these two listens to "place:taken" instead. */
  #keep(at, name) {
    const spot = this.querySelector("[data-spot]")
    if (!spot) return
    spot.value = at.map((degrees) => degrees.toFixed(6)).join()
    this.querySelector("[data-spot-name]").value = name
  }

  /** Where the form asks for the town, too, the map knows it. */
  #choose(town) {
    const option = [...this.closest("form").querySelectorAll("option[data-town]")].find((each) => each.dataset.town === town)
    if (option) option.selected = true
  }

  #typed() {
    this.#say(this.#spot ? this.dataset.taken : "")
  }

  #say(words) {
    this.state.textContent = words
  }
}

customElements.define("place-field", PlaceField)
