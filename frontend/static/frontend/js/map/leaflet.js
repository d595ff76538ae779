// The only module that touches Leaflet, and the only one that knows it says [lat, lon].
// Everywhere else a position is [lon, lat] and a box is [west, south, east, north].

import "#leaflet"
import { backdrop, isNear, Luck, NOTHING } from "#js/map/backdrop.js"
import { arranged } from "#js/map/names.js"

const L = globalThis.L
const MIN_ZOOM = 7
const MAX_ZOOM = 19
const flip = ([lon, lat]) => [lat, lon]
const bounds = ([west, south, east, north]) => [[south, west], [north, east]]
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches

/**
 * A map in `box`, an element with a size. Events: "moved" (after every move), "pressed" ({at}).
 *
 * `fit`: a box to show; or `at` and `zoom`. `limits`: a box beyond which nobody can pan.
 * `inPage`: the page scrolls by one finger, the map needs two.
 */
export class GroundMap extends EventTarget {
  #map
  #marks = new Map()
  #names = []
  #you = null

  constructor(box, { fit, at, zoom = 15, limits, inPage = false } = {}) {
    super()
    const still = calm()
    this.#map = L.map(box, {
      zoomControl: false,
      attributionControl: false,
      minZoom: MIN_ZOOM,
      maxZoom: MAX_ZOOM,
      zoomSnap: 0.5,
      zoomAnimation: !still,
      fadeAnimation: !still,
      markerZoomAnimation: !still,
      inertia: !still,
      keyboardPanDelta: 100,
      dragging: !(inPage && touches()),
      maxBounds: limits ? bounds(limits) : undefined,
      maxBoundsViscosity: 0.8,
    })
    if (at) this.#map.setView(flip(at), zoom)
    else if (fit) this.#map.fitBounds(bounds(fit), { animate: false, padding: [8, 8] })
    this.#map.createPane("names").classList.add("map-names")
    this.#map.on("moveend", () => this.#tell("moved"))
    this.#map.on("zoomend", () => this.#declutter())
    this.#map.on("click", ({ latlng }) => this.#tell("pressed", { at: [latlng.lng, latlng.lat] }))
    if (inPage && touches()) this.#askForTwoFingers(box)
    this.#ringForKeysOnly(box)
  }

  get zoom() {
    return this.#map.getZoom()
  }

  get maxZoom() {
    return MAX_ZOOM
  }

  get centre() {
    const { lng, lat } = this.#map.getCenter()
    return [lng, lat]
  }

  get box() {
    const seen = this.#map.getBounds()
    return [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()]
  }

  go(at, zoom = this.zoom) {
    this.#map.setView(flip(at), zoom, { animate: !calm() })
  }

  fit(box, { maxZoom = 17, margin = 48 } = {}) {
    this.#map.fitBounds(bounds(box), { animate: !calm(), padding: [margin, margin], maxZoom })
  }

  zoomIn() {
    this.#map.zoomIn()
  }

  zoomOut() {
    this.#map.zoomOut()
  }

  /** After the box changed its size. */
  resized() {
    this.#map.invalidateSize({ pan: false })
  }

  /** Pixels of a position at this zoom, for measuring distances on the screen. */
  pixel(at) {
    return this.#map.project(flip(at))
  }

  /** Pixels of a position from the box's corner. */
  place(at) {
    return this.#map.latLngToContainerPoint(flip(at))
  }

  // ── Ground ────────────────────────────────────────────────────────────────────────────────
  /** Draw areas (GeoJSON with key, name and label) as calm ground; `served`: keys, or null for all. */
  ground(areas, { served = null } = {}) {
    const mine = (feature) => !served || served.has(feature.properties.key)
    const shapes = L.geoJSON(areas, {
      interactive: false,
      style: (feature) => ({
        className: mine(feature) ? "ground-area" : "ground-area elsewhere",
        weight: 1.5,
        fillOpacity: 1,
        smoothFactor: 0.6,
      }),
    }).addTo(this.#map)
    for (const { properties } of areas.features) this.#name(properties)
    this.#declutter()
    this.#lay(shapes.getLayers().map((shape) => boxOf(shape.getBounds())))
  }

  /** Tiles under the areas; these stay opaque until the first one has come, and if none does. */
  #lay(boxes) {
    const told = backdrop()
    if (!told) return
    const box = this.#map.getContainer()
    const tiles = new Backdrop(told.url, {
      boxes,
      minZoom: told.least,
      maxNativeZoom: told.most,
      maxZoom: MAX_ZOOM,
    })
    const luck = new Luck()
    tiles.on("tileload", ({ tile }) => {
      if (tile.src.startsWith("data:")) return
      luck.came()
      if (!box.hasAttribute("data-tiles")) credit(box, told.credit)
    })
    tiles.on("tileerror", () => {
      if (!luck.failed()) return
      tiles.remove()
      box.removeAttribute("data-tiles")
      box.querySelector(".tile-credit")?.remove()
    })
    tiles.addTo(this.#map)
  }

  #name({ name, label }) {
    const words = document.createElement("span")
    words.textContent = name
    const mark = L.marker(flip(label), {
      icon: L.divIcon({ html: words, className: "ground-name", iconSize: [0, 0] }),
      pane: "names",
      interactive: false,
      keyboard: false,
    }).addTo(this.#map)
    this.#names.push({ mark, words, at: label })
  }

  /** A name moves out of the way of marks and earlier names, or steps back. */
  #declutter() {
    const size = this.#map.getSize()
    const corner = this.#map.project(this.#map.containerPointToLatLng([0, 0]))
    const marks = [...this.#marks.values()].map((mark) => this.#reach(mark))
    const labels = this.#names.map(({ words, at }) => {
      const half = reach(words)
      const { x, y } = this.pixel(at)
      const left = x - corner.x
      return { words, x, y, half, nudge: inside(left, half, size.x), isOut: left < 0 || left > size.x }
    })
    const seen = labels.filter(({ isOut }) => !isOut).map((label) => ({ ...label, x: label.x + label.nudge }))
    const places = arranged(seen, [...marks, ...this.#tools(corner)])
    for (const { words } of labels) words.hidden = true
    for (const [index, place] of places.entries()) {
      const { words, nudge } = seen[index]
      words.hidden = place === null
      words.dataset.shift = place ?? 0
      words.style.marginInlineStart = `${nudge}px`
    }
  }

  /** What lies over the map at its edge, in the map's own pixels. */
  #tools(corner) {
    const box = this.#map.getContainer()
    const tools = box.parentElement.querySelector(".map-tools")
    if (!tools) return []
    const [over, under] = [tools.getBoundingClientRect(), box.getBoundingClientRect()]
    const [half, up] = [over.width / 2 + 4, over.height / 2 + 4]
    return [{ x: corner.x + over.left - under.left + over.width / 2, y: corner.y + over.top - under.top + over.height / 2, half, up }]
  }

  #reach(mark) {
    const { x, y } = this.#map.project(mark.getLatLng())
    const { iconSize, iconAnchor } = mark.options.icon.options
    const [width, height] = iconSize ?? [0, 0]
    const [left, top] = iconAnchor ?? [0, 0]
    return { x: x - left + width / 2, y: y - top + height / 2, half: width / 2, up: height / 2 }
  }

  /** Call after marks were put or taken: names make room for them. */
  settled() {
    this.#declutter()
  }

  // ── Marks ─────────────────────────────────────────────────────────────────────────────────
  /**
   * Put an element on the map, or move and redraw the one of the same key.
   * Marks are no tab stops: beside each map stands a list that says the same.
   */
  mark(key, at, element, { size, anchor, front = 0, onPress, onHover } = {}) {
    const icon = L.divIcon({ html: element, className: "map-mark", iconSize: size, iconAnchor: anchor })
    const known = this.#marks.get(key)
    if (known) {
      known.setIcon(icon).setLatLng(flip(at)).setZIndexOffset(front)
      return
    }
    const mark = L.marker(flip(at), {
      icon,
      keyboard: false,
      zIndexOffset: front,
      interactive: Boolean(onPress),
      bubblingMouseEvents: false,
    }).addTo(this.#map)
    if (onPress) mark.on("click", () => onPress())
    if (onHover) mark.on("mouseover", () => onHover(true)).on("mouseout", () => onHover(false))
    this.#marks.set(key, mark)
  }

  unmark(key) {
    this.#marks.get(key)?.remove()
    this.#marks.delete(key)
  }

  get marked() {
    return [...this.#marks.keys()]
  }

  /** The drawing of a mark, to add or take a class. */
  drawing(key) {
    return this.#marks.get(key)?.getElement()?.firstElementChild ?? null
  }

  front(key, offset) {
    this.#marks.get(key)?.setZIndexOffset(offset)
  }

  /** A box with this look, pressed like a mark. */
  square(box, { className, onPress }) {
    const shape = L.rectangle(bounds(box), { className, bubblingMouseEvents: false }).addTo(this.#map)
    shape.on("click", () => onPress())
  }

  /** Show where the visitor is, with the circle of doubt in metres. */
  you(at, doubt) {
    this.#you?.remove()
    const dot = L.circleMarker(flip(at), { radius: 7, className: "map-you", interactive: false })
    const ring = L.circle(flip(at), { radius: doubt, className: "map-doubt", interactive: false })
    this.#you = L.layerGroup([ring, dot]).addTo(this.#map)
  }

  remove() {
    this.#map.remove()
  }

  /** Leaflet takes the focus by script, which browsers take for the keyboard's. */
  #ringForKeysOnly(box) {
    box.addEventListener("pointerdown", () => box.toggleAttribute("data-by-pointer", true), { capture: true })
    for (const sign of ["keydown", "blur"]) {
      box.addEventListener(sign, () => box.removeAttribute("data-by-pointer"))
    }
  }

  // ── Fingers ───────────────────────────────────────────────────────────────────────────────
  #askForTwoFingers(box) {
    let timer
    box.addEventListener("touchmove", ({ touches: fingers }) => {
      box.parentElement.toggleAttribute("data-two-fingers", fingers.length === 1)
      clearTimeout(timer)
      timer = setTimeout(() => box.parentElement.removeAttribute("data-two-fingers"), 1200)
    }, { passive: true })
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

/** Asks only for tiles that the server may have. */
const Backdrop = L.TileLayer.extend({
  getTileUrl(tile) {
    const isOurs = isNear({ x: tile.x, y: tile.y, z: this._getZoomForUrl() }, this.options.boxes)
    return isOurs ? L.TileLayer.prototype.getTileUrl.call(this, tile) : NOTHING
  },
})

const boxOf = (seen) => [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()]

/** Whose tiles they are, from the first one on. */
function credit(box, words) {
  box.toggleAttribute("data-tiles", true)
  const line = Object.assign(document.createElement("p"), { className: "tile-credit", textContent: words })
  box.append(line)
}

/** How far a name moves sideways so that the map's edge does not cut it. */
const inside = (left, half, width) => Math.max(0, half + 4 - left) - Math.max(0, left + half + 4 - width)

const reach = (words) => words.textContent.length * 3.9 + 6
const touches = () => matchMedia("(pointer: coarse)").matches
