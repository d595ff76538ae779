// <small-map>: the pin in its town, drawn once it is scrolled into view. It is a picture inside a
// link to the real map; the map's code is fetched only then.

import { pin, PIN } from "#js/map/pins.js"

const LEAFLET = "#js/map/leaflet.js"
const ZOOM = 11.5 // the town around the place

class SmallMap extends HTMLElement {
  connectedCallback() {
    this.watch = new IntersectionObserver((seen) => this.#seen(seen), { rootMargin: "100px" })
    this.watch.observe(this.closest("a"))
    this.report = this.closest("live-report")
    this.onPatched = () => this.#draw()
    this.report?.addEventListener("report:patched", this.onPatched)
  }

  disconnectedCallback() {
    this.watch.disconnect()
    this.report?.removeEventListener("report:patched", this.onPatched)
    this.size?.disconnect()
    this.map?.remove()
    this.map = null
  }

  #seen(entries) {
    if (!entries.some((entry) => entry.isIntersecting)) return
    this.watch.disconnect()
    this.#build().catch(() => this.closest("a").remove())
  }

  async #build() {
    const [{ GroundMap }, response] = await Promise.all([
      import(LEAFLET),
      fetch(this.dataset.areas, { credentials: "omit" }),
    ])
    if (!response.ok) throw new Error(`status ${response.status}`)
    const areas = await response.json()
    if (!this.isConnected) return
    this.map = new GroundMap(this.querySelector("[data-map]"), { at: this.#at, zoom: ZOOM })
    this.map.ground(areas)
    this.#draw()
    this.size = new ResizeObserver(() => this.#fit())
    this.size.observe(this)
  }

  #fit() {
    this.map?.resized()
    this.map?.go(this.#at, ZOOM)
  }

  get #at() {
    return this.dataset.at.split(",").map(Number)
  }

  /** The pin has the report's present colour. */
  #draw() {
    if (!this.map) return
    const { status, hazard } = this.report.querySelector("#part-status").dataset
    this.map.mark("report", this.#at, pin({ status, hazard: hazard === "yes" }), PIN)
    this.map.settled()
  }
}

customElements.define("small-map", SmallMap)
