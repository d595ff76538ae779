// <found-map>: squares with how many things were found in each. Never a point: there is none.

import { gather } from "#js/map/gather.js"
import { GroundMap } from "#js/map/leaflet.js"

const SIZE = 44
const GAP = 46 // pixels between two counts, so that each can be hit with a finger
const SEEN_FROM = 13 // zoom from which squares are more than specks

class FoundMap extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.#pressed(event))
    this.#build().catch(() => (this.closest(".found-map").hidden = true))
  }

  disconnectedCallback() {
    this.map?.remove()
    this.map = null
  }

  async #build() {
    const config = JSON.parse(document.getElementById("found-map").textContent)
    const response = await fetch(config.areas, { credentials: "omit" })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const areas = await response.json()
    if (!this.isConnected) return
    this.map = new GroundMap(this.querySelector(".map-box"), { fit: config.fit, inPage: true })
    this.map.ground(areas)
    this.squares = config.squares.map(({ box, n, square }) => ({ at: middle(box), n, by: {}, box, square }))
    for (const { box, square } of this.squares) {
      this.map.square(box, { className: "found-square", onPress: () => this.#show(square) })
    }
    this.map.addEventListener("moved", () => this.#draw())
    const all = around(this.squares)
    if (all) this.map.fit(all, { maxZoom: 14, margin: 40 })
    this.#draw()
  }

  /** Counts, those that would lie on each other as one. */
  #draw() {
    if (!this.map) return
    this.toggleAttribute("data-near", this.map.zoom >= SEEN_FROM)
    const marks = gather(this.squares, (at) => this.map.pixel(at), GAP)
    const names = new Set(marks.map(({ at }) => at.join()))
    for (const name of this.map.marked) if (!names.has(name)) this.map.unmark(name)
    for (const mark of marks) {
      const count = document.createElement("div")
      count.className = "found-count"
      count.textContent = mark.n
      const onPress = () => (mark.members ? this.map.fit(around(mark.members), { maxZoom: 17 }) : this.#show(mark.square))
      this.map.mark(mark.at.join(), mark.at, count, { size: [SIZE, SIZE], anchor: [SIZE / 2, SIZE / 2], onPress })
    }
    this.map.settled()
  }

  /** The list of one square is a page of its own, with an address. */
  #show(square) {
    const next = new URL(location.href)
    next.searchParams.delete("show")
    next.searchParams.set("square", square)
    location.assign(next)
  }

  #pressed({ target }) {
    const does = target.closest("[data-does]")?.dataset.does
    if (does === "in") this.map?.zoomIn()
    if (does === "out") this.map?.zoomOut()
  }
}

const middle = ([west, south, east, north]) => [(west + east) / 2, (south + north) / 2]

/** The box around squares; null around none. */
function around(squares) {
  if (!squares.length) return null
  const side = (place, pick) => pick(...squares.map(({ box }) => box[place]))
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)]
}

customElements.define("found-map", FoundMap)
