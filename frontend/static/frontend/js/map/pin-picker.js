// <pin-picker>: a map under a fixed crosshair. No dragging is needed: keys, buttons or two fingers
// move the map, Enter or the button takes the spot. Says "pin:taken" ({ at: [lon, lat] }).

import { GroundMap } from "#js/map/leaflet.js"

const REST_MS = 600

class PinPicker extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("[data-map]")
    this.words = this.querySelector("[data-where-words]")
    this.stop = new AbortController() // a form may move the map to another of its fields
    const { signal } = this.stop
    this.addEventListener("click", (event) => this.#pressed(event), { signal })
    this.box.addEventListener("keydown", (event) => this.#key(event), { signal })
  }

  disconnectedCallback() {
    this.stop.abort()
    clearTimeout(this.timer)
    this.map?.remove()
    this.map = null
  }

  /** Show the map, with `at` ([lon, lat]) under the cross if it is known. */
  async open({ at = null, zoom = 16 } = {}) {
    if (this.map) {
      this.map.resized()
      if (at) this.map.go(at, zoom)
    } else {
      this.#build(at, zoom)
    }
    this.box.focus({ preventScroll: true })
    this.scrollIntoView({ block: "nearest" })
  }

  #build(at, zoom) {
    const extent = this.dataset.extent.split(",").map(Number)
    this.map = new GroundMap(this.box, { fit: extent, at: at ?? undefined, zoom, inPage: true })
    this.map.addEventListener("moved", () => this.#moved())
    this.map.addEventListener("pressed", ({ detail }) => this.map.go(detail.at))
    this.#ground()
    if (at) this.#moved()
  }

  /** The boundaries under the cross; without them the map stays plain and still works. */
  async #ground() {
    const response = await fetch(this.dataset.areas, { credentials: "omit" }).catch(() => null)
    if (response?.ok && this.map) this.map.ground(await response.json())
  }

  #pressed(event) {
    if (event.target.closest("[data-take]")) this.#take()
    if (event.target.closest("[data-nearer]")) this.map?.zoomIn()
    if (event.target.closest("[data-farther]")) this.map?.zoomOut()
  }

  #key(event) {
    if (event.key === "Enter") {
      event.preventDefault()
      this.#take()
    }
  }

  #take() {
    if (!this.map) return
    const detail = { at: this.map.centre }
    this.dispatchEvent(new CustomEvent("pin:taken", { bubbles: true, detail }))
  }

  #moved() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.#ask(), REST_MS)
  }

  /** What lies under the cross, once the map has come to rest. */
  async #ask() {
    const { words } = await this.named(this.map.centre)
    if (words) this.words.textContent = words
  }

  /**
   * A place ([lon, lat]): in words, by its name alone, its town, and whether that is served here. No
   * words where nobody answers.
   */
  async named([lon, lat]) {
    const query = new URLSearchParams({ lat: lat.toFixed(6), lon: lon.toFixed(6) })
    const response = await fetch(`${this.dataset.where}?${query}`, { credentials: "omit" }).catch(() => null)
    if (!response?.ok) return { words: "", isServed: true }
    const { municipality, address } = await response.json()
    if (!municipality?.served) return { words: this.dataset.outside, isServed: false }
    const street = address ? `${address.street} ${address.house_number}`.trim() : ""
    const parts = [street, address?.locality, municipality.name].filter(Boolean)
    const name = [...new Set(parts)].join(", ")
    const words = street ? name : `${this.dataset.unknown}, ${name}`
    return { words, name, town: municipality.key, isServed: true }
  }
}

customElements.define("pin-picker", PinPicker)
